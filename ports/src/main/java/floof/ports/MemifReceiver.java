package floof.ports;

import floof.engine.BufferPool;
import floof.engine.Frame;
import floof.engine.Packet;
import floof.engine.PortCounter;
import floof.engine.VirtioNet;
import floof.memory.Memory;

/**
 * Takes packets out of a ring. It first scans a burst: its descriptors, then the first line of each
 * packet. So all these cache lines, which the other side's core has, are in flight at once. Only
 * then it copies packets.
 *
 * <p>The other side is not trusted: each descriptor is read once and checked.
 *
 * <p>Thread: the port's worker.
 */
final class MemifReceiver {

    /** Up to this length, copying word by word costs less than a call. */
    private static final int WORDS_MAX_BYTES = 128;

    private final int port;
    private final MemifRing ring;
    private final MemifMemory memory;
    private final boolean isClient;
    private final BufferPool pool;
    private final Counters counters;
    private final boolean isRepairing;

    /** Number of descriptors taken so far. */
    private int taken;

    // The burst: for each descriptor the piece's address (0 = invalid), length and flags.
    private final long[] pieces = new long[Frame.SIZE];
    private final int[] lengths = new int[Frame.SIZE];
    private final int[] flags = new int[Frame.SIZE];
    private final long[] buffers = new long[Frame.SIZE];

    /** Never read; the store keeps the compiler from removing the loads. */
    @SuppressWarnings("UnusedVariable")
    private long touched;

    /**
     * @param ring from the other side
     * @param isClient whether the buffers are ours and return by head; otherwise the packets return
     *     by tail
     * @param isRepairing whether received partial checksums are completed
     */
    MemifReceiver(
            int port,
            MemifRing ring,
            MemifMemory memory,
            boolean isClient,
            BufferPool pool,
            Counters counters,
            boolean isRepairing) {
        this.port = port;
        this.ring = ring;
        this.memory = memory;
        this.isClient = isClient;
        this.pool = pool;
        this.counters = counters;
        this.isRepairing = isRepairing;
        if (isClient) {
            Memory.putShortRelease(ring.headAddress(), (short) ring.size()); // all buffers are free
        }
    }

    /** Descriptors that wait; also 0 if the other side's counter is invalid. */
    int waiting() {
        long address = isClient ? ring.tailAddress() : ring.headAddress();
        int count = Memory.getShortAcquire(address) - taken & 0xffff;
        return count <= ring.size() ? count : 0;
    }

    /** Appends at most {@code max} packets to the frame; returns their number. */
    int receive(Frame frame, int max) {
        int waiting = waiting();
        if (waiting == 0) {
            return 0;
        }
        int count = Math.min(waiting, pieces.length);
        lookThrough(count);
        int wanted = Math.min(count, max);
        int have = pool.take(buffers, 0, wanted);
        int used = 0;
        int repaired = 0;
        long bytes = 0;
        int i = 0;
        while (i < count && used < have) {
            long packet = buffers[used];
            int length = lengths[i];
            if (flags[i] == 0 && length >= Chain.FRAME_BYTES_MIN && length <= Packet.DATA_BYTES) {
                copy(pieces[i], Packet.data(packet), length);
                Packet.setLength(packet, length);
                i++;
            } else {
                int end = endOfPacket(i, count);
                if (end == count + 1) {
                    if (i != 0) {
                        break; // the next burst starts with it
                    }
                    end = count; // longer than any frame, or it never ends
                    length = 0;
                    counters.add(PortCounter.RX_BAD_LENGTH, 1);
                } else {
                    length = gather(packet, i, end);
                }
                i = end;
                if (length == 0) {
                    continue;
                }
            }
            used++;
            Packet.received(packet, port);
            VirtioNet.clear(packet + Packet.VIRTIO);
            if (isRepairing && ChecksumRepair.repair(packet)) {
                repaired++;
            }
            bytes += length;
            frame.add(packet);
        }
        for (int spare = used; spare < have; spare++) {
            pool.give(buffers[spare]);
        }
        release(i);
        counters.received(used, bytes);
        if (repaired != 0) {
            counters.add(PortCounter.RX_REPAIRED, repaired);
        }
        return used;
    }

    private void lookThrough(int count) {
        long sum = 0;
        for (int i = 0; i < count; i++) {
            sum += Memory.getLong(ring.descriptor(taken + i));
        }
        for (int i = 0; i < count; i++) {
            long descriptor = ring.descriptor(taken + i);
            long word = Memory.getLong(descriptor);
            long offset = Memory.getInt(descriptor + MemifRing.OFFSET) & 0xffff_ffffL;
            long length = word >>> 32;
            long piece = memory.address((int) (word >>> 16) & 0xffff, offset, Math.max(1, length));
            pieces[i] = piece;
            lengths[i] = piece == 0 ? 0 : (int) Math.min(length, Packet.FRAME_BYTES_MAX + 1);
            flags[i] = (int) word & MemifRing.CONTINUES;
            sum += Memory.getByte(piece == 0 ? descriptor : piece);
        }
        touched = sum;
    }

    static void copy(long from, long to, int lengthBytes) {
        if (lengthBytes <= WORDS_MAX_BYTES) {
            Memory.copyWords(from, to, lengthBytes);
        } else {
            Memory.copy(from, to, lengthBytes);
        }
    }

    /** One past the packet's last descriptor; {@code count + 1} if that is not in the burst. */
    private int endOfPacket(int from, int count) {
        int i = from;
        while (i < count && flags[i] != 0) {
            i++;
        }
        return i + 1;
    }

    /**
     * Fills a packet from descriptors {@code from .. to - 1}.
     *
     * @return its length; 0 if the frame is invalid or no buffers are free (counted)
     */
    private int gather(long packet, int from, int to) {
        int length = 0;
        for (int i = from; i < to; i++) {
            length += lengths[i] == 0 ? Packet.FRAME_BYTES_MAX + 1 : lengths[i];
        }
        if (!Chain.fits(length)) {
            counters.add(PortCounter.RX_BAD_LENGTH, 1);
            return 0;
        }
        int segments = Chain.buffers(length);
        if (!pool.has(segments - 1)) {
            counters.add(PortCounter.RX_NO_BUFFER, 1);
            return 0;
        }
        long segment = packet;
        int filled = 0;
        for (int i = from; i < to; i++) {
            int done = 0;
            while (done < lengths[i]) {
                if (filled == Packet.DATA_BYTES) {
                    long next = pool.take();
                    Packet.setSegment(segment, filled, next);
                    segment = next;
                    filled = 0;
                }
                int piece = Math.min(lengths[i] - done, Packet.DATA_BYTES - filled);
                Memory.copy(pieces[i] + done, Packet.data(segment) + filled, piece);
                done += piece;
                filled += piece;
            }
        }
        if (segments == 1) {
            Packet.setLength(packet, filled);
        } else {
            Packet.setSegment(segment, filled, 0);
            Packet.setChain(packet, length, segments);
        }
        return length;
    }

    /** Returns the first {@code count} descriptors of the burst. */
    private void release(int count) {
        int before = taken;
        taken += count;
        if (!isClient) {
            Memory.putShortRelease(ring.tailAddress(), (short) taken);
            return;
        }
        for (int i = 0; i < count; i++) {
            MemifBuffers.offer(ring, before + i, ring.size());
        }
        Memory.putShortRelease(ring.headAddress(), (short) (taken + ring.size()));
    }
}
