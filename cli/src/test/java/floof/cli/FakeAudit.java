package floof.cli;

import floof.api.AuditLog;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** An audit log in memory; it can be full. */
final class FakeAudit implements AuditLog {

    private final List<Entry> entries = new ArrayList<>();
    volatile boolean isFull;

    @Override
    public synchronized void add(String user, String client, Kind kind, String text)
            throws IOException {
        if (isFull) {
            throw new IOException("No space left on device");
        }
        entries.add(new Entry(entries.size() + 1L, Instant.EPOCH, user, client, kind, text));
    }

    /** What was told, as {@code user kind text}. */
    synchronized List<String> told() {
        return entries.stream().map(e -> e.user() + " " + e.kind() + " " + e.text()).toList();
    }

    @Override
    public synchronized List<Entry> last(int count) {
        return List.copyOf(entries.subList(Math.max(0, entries.size() - count), entries.size()));
    }

    @Override
    public synchronized Verification verify() {
        return new Verification(entries.size(), null);
    }
}
