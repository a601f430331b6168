package floof.fpc;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLongArray;

/** Counts a server's messages by type. Thread: the server writes, anyone reads. */
final class MessageCounts {
    private static final MessageType[] TYPES = MessageType.values();
    private static final int UNKNOWN = TYPES.length;
    private static final int MALFORMED = TYPES.length + 1;

    private final AtomicLongArray received = new AtomicLongArray(TYPES.length + 2);
    private final AtomicLongArray refused = new AtomicLongArray(TYPES.length + 2);

    MessageCounts() {}

    void count(MessageType type, Report report) {
        count(type.ordinal(), report != Report.OK);
    }

    void countUnknown() {
        count(UNKNOWN, true);
    }

    void countMalformed() {
        count(MALFORMED, true);
    }

    private void count(int row, boolean isRefused) {
        received.incrementAndGet(row);
        if (isRefused) {
            refused.incrementAndGet(row);
        }
    }

    /** One row per type, then those of unknown type and malformed ones. */
    Message.Counters counters() {
        List<Message.CounterRow> rows = new ArrayList<>();
        for (int i = 0; i < received.length(); i++) {
            String name =
                    i < TYPES.length ? TYPES[i].label() : i == UNKNOWN ? "unknown" : "malformed";
            rows.add(new Message.CounterRow(name, List.of(received.get(i), refused.get(i))));
        }
        return new Message.Counters(
                CounterKind.MESSAGE, List.of("received", "refused"), rows, Message.END);
    }
}
