package floof.engine;

/**
 * Up to 256 packets that take the same next step. A node reads {@link #packets} and writes one of
 * its exits for each into {@link #exits}. Thread: its worker.
 */
public final class Frame {

    public static final int SIZE = 256;

    /** Addresses of the packets, the first {@link #count} valid. */
    public final long[] packets = new long[SIZE];

    /** Number of the exit each packet takes. */
    public final byte[] exits = new byte[SIZE];

    public int count;

    /** Whether any packet may be traced. */
    public boolean traced;

    /** Appends a packet; the caller makes sure that it fits. */
    public void add(long packet) {
        packets[count++] = packet;
    }

    public void clear() {
        count = 0;
        traced = false;
    }
}
