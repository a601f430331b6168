package floof.engine;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * Packets on their way from one worker to another, by address: a ring that one thread writes and
 * one reads, without a lock or a compare-and-set.
 *
 * <p>Both cursors count packets since the start. The writer releases its cursor after the cells and
 * whatever it wrote into the packets, the reader acquires it before it looks at them; the reader
 * releases its own after it has read the cells, the writer acquires it before it writes them anew.
 * Each side keeps what it saw last of the other's cursor, so that it looks at the other's cache
 * line only when the ring seems full, or empty.
 *
 * <p>A packet's address is a multiple of 64; its lowest six bits name the node at which it goes on.
 *
 * <p>Thread: {@link #stage} and {@link #publish} the writer; {@link #take} and {@link #isEmpty} the
 * reader.
 */
final class HandOverRing {

    /**
     * Packets: a millisecond of a million packets a second, longer than a sleeping reader needs to
     * wake; or four frames while the reader is busy with one.
     */
    static final int CAPACITY = 4 * Frame.SIZE;

    /** Nodes that an address can name. */
    static final int NODES_MAX = 64;

    private static final int MASK = CAPACITY - 1;
    private static final long NODE_BITS = NODES_MAX - 1;

    private static final VarHandle CURSORS = MethodHandles.arrayElementVarHandle(long[].class);

    // Cells of 'cursors', 128 bytes and more from those of the other side, as caches fetch lines
    // in pairs. The writer's:
    private static final int PUBLISHED = 16;
    private static final int STAGED = 17;
    private static final int TAKEN_SEEN = 18;
    // The reader's:
    private static final int TAKEN = 48;
    private static final int PUBLISHED_SEEN = 49;

    private final long[] cursors = new long[64];
    private final long[] cells = new long[CAPACITY];

    /** Writes a packet that {@link #publish} will show; false when the ring is full. */
    boolean stage(long packet, int node) {
        long staged = cursors[STAGED];
        if (staged - cursors[TAKEN_SEEN] == CAPACITY) {
            cursors[TAKEN_SEEN] = (long) CURSORS.getAcquire(cursors, TAKEN);
            if (staged - cursors[TAKEN_SEEN] == CAPACITY) {
                return false;
            }
        }
        cells[(int) staged & MASK] = packet | node;
        cursors[STAGED] = staged + 1;
        return true;
    }

    /** Shows the reader what was staged; how many packets. */
    int publish() {
        long count = cursors[STAGED] - cursors[PUBLISHED];
        if (count != 0) {
            CURSORS.setRelease(cursors, PUBLISHED, cursors[STAGED]);
        }
        return (int) count;
    }

    /** Whether nothing is there to take; looks at the writer's cursor. */
    boolean isEmpty() {
        return (long) CURSORS.getAcquire(cursors, PUBLISHED) == cursors[TAKEN];
    }

    /**
     * Takes what is there, at most {@code max}; how many. See {@link #packet} and {@link #node}.
     */
    int take(long[] entries, int max) {
        long taken = cursors[TAKEN];
        if (cursors[PUBLISHED_SEEN] == taken) {
            cursors[PUBLISHED_SEEN] = (long) CURSORS.getAcquire(cursors, PUBLISHED);
        }
        int count = (int) Math.min(max, cursors[PUBLISHED_SEEN] - taken);
        for (int i = 0; i < count; i++) {
            entries[i] = cells[(int) taken + i & MASK];
        }
        if (count != 0) {
            CURSORS.setRelease(cursors, TAKEN, taken + count);
        }
        return count;
    }

    /** The packet of what was taken. */
    static long packet(long entry) {
        return entry & ~NODE_BITS;
    }

    /** The node of what was taken. */
    static int node(long entry) {
        return (int) (entry & NODE_BITS);
    }
}
