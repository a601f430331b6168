package floof.dataplane;

import floof.base.Reason;
import floof.engine.Packet;
import java.util.List;

/**
 * A node's decision about a packet: the exit in bits 0..7; if the packet leaves the fast path, the
 * reason's ordinal + 1 in bits 8..15. All nodes number their exits the same way: 0 exception, 1
 * drop, then their own.
 */
final class Verdict {

    static final int EXCEPTION = 0;
    static final int DROP = 1;

    /** A node's first own exit, which is the only one of most nodes. */
    static final int NEXT = 2;

    private static final int[] LEAVE = leave();

    private Verdict() {}

    private static int[] leave() {
        Reason[] reasons = Reason.values();
        int[] verdicts = new int[reasons.length];
        for (Reason reason : reasons) {
            verdicts[reason.ordinal()] =
                    (reason.isDrop() ? DROP : EXCEPTION) | reason.ordinal() + 1 << 8;
        }
        return verdicts;
    }

    static int of(Reason reason) {
        return LEAVE[reason.ordinal()];
    }

    /** The verdict for a reason's ordinal, which adjacencies store. */
    static int ofReason(int ordinal) {
        return LEAVE[ordinal];
    }

    /** Writes the reason into the packet if there is one; returns the exit. */
    static byte exit(int verdict, long packet) {
        if (verdict > 0xff) {
            Packet.setReason(packet, (verdict >>> 8) - 1);
        }
        return (byte) verdict;
    }

    /** Names of all exits of a node with these own exits. */
    static List<String> exits(String... own) {
        String[] names = new String[own.length + 2];
        names[EXCEPTION] = "exception";
        names[DROP] = "drop";
        System.arraycopy(own, 0, names, NEXT, own.length);
        return List.of(names);
    }
}
