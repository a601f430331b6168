package floof.engine;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * A ring of packet addresses from one worker to another. One thread writes and one reads, without a
 * lock or a compare-and-set.
 *
 * <p>Both cursors count packets since the start. The writer releases its cursor after writing the
 * cells and the packets; the reader acquires it before reading them. The reader releases its own
 * cursor after reading the cells; the writer acquires it before reusing them. Each side caches the
 * other's cursor, so that it reads the other's cache line only when the ring seems full, or empty.
 *
 * <p>A packet's address is a multiple of 64; its lowest six bits name the node at which it
 * continues.
 *
 * <p>Thread: {@link #stage} and {@link #publish} the writer; {@link #take} and {@link #isEmpty} the
 * reader.
 */
final class HandOverRing {

    /**
     * Capacity in packets: one millisecond at a million packets a second, which is longer than a
     * sleeping reader needs to wake; or four frames while the reader is busy with one.
     */
    static final int CAPACITY = 4 * Frame.SIZE;

    /** Nodes that an address can name. */
    static final int NODES_MAX = 64;

    private static final int MASK = CAPACITY - 1;
    private static final long NODE_BITS = NODES_MAX - 1;

    private static final VarHandle CURSORS = MethodHandles.arrayElementVarHandle(long[].class);

    // Cells of 'cursors', at least 128 bytes from those of the other side, since caches fetch lines
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

    /** Makes staged packets visible to the reader; returns their number. */
    int publish() {
        long count = cursors[STAGED] - cursors[PUBLISHED];
        if (count != 0) {
            CURSORS.setRelease(cursors, PUBLISHED, cursors[STAGED]);
        }
        return (int) count;
    }

    /** Whether the ring is empty; reads the writer's cursor. */
    boolean isEmpty() {
        return (long) CURSORS.getAcquire(cursors, PUBLISHED) == cursors[TAKEN];
    }

    /**
     * Takes up to {@code max} packets; returns their number. See {@link #packet} and {@link #node}.
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

    /** The packet at an index of those taken. */
    static long packet(long entry) {
        return entry & ~NODE_BITS;
    }

    /** The node at an index of those taken. */
    static int node(long entry) {
        return (int) (entry & NODE_BITS);
    }
}
