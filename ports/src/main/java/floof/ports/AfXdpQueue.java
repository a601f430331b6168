package floof.ports;

import floof.engine.BufferPool;
import floof.engine.Frame;
import floof.engine.Packet;
import floof.engine.PortCounter;
import floof.engine.VirtioNet;
import floof.linux.error.Errno;
import floof.linux.xdp.XdpRing;
import floof.linux.xdp.XdpSocket;
import floof.memory.Memory;
import floof.memory.Region;
import java.util.List;

/**
 * One queue of an AF_XDP port. The worker's buffers are its umem: the kernel writes a received
 * frame to where the packet's data begins, and reads sent frames from there.
 *
 * <p>A buffer as a chunk, whose frame begins {@link XdpSocket#FRAME_OFFSET} bytes behind its start:
 *
 * <pre>
 *   0 rte_mbuf   64 chunk starts   128 metadata   192 headroom   320 frame   2368 end of both
 * </pre>
 *
 * <p>The kernel's copy of a frame leaves the chunk's first 256 bytes alone, so that the buffer
 * headers there survive; a driver without copies (XDP_ZEROCOPY) writes by DMA from the frame on.
 *
 * <p>Thread: the port's worker.
 */
final class AfXdpQueue {

    private static final int CHUNK_OFFSET =
            Packet.MBUF_BYTES
                    + Packet.METADATA_BYTES
                    + Packet.HEADROOM_BYTES
                    - XdpSocket.FRAME_OFFSET;

    /** Size of a chunk; it ends where the buffer ends. */
    static final int CHUNK_BYTES = XdpSocket.FRAME_OFFSET + Packet.DATA_BYTES;

    /** Entries of each ring: one millisecond at a million packets a second. */
    static final int RING_SIZE = 1024;

    /** The fill ring is refilled in groups of this many. */
    private static final int FILL_BATCH = 64;

    /** A queue keeps at most this share of all buffers ready for incoming frames. */
    private static final int SHARE = 16;

    /** Calls without progress after which the device counts as stuck. */
    private static final int KICKS_MAX = 3;

    private static final long CHUNK_MASK = (1L << XdpRing.CHUNK_BITS) - 1;
    private static final int BUFFER_SHIFT = 6; // a buffer's address is a multiple of 64

    private final int port;
    private final XdpSocket socket;
    private final BufferPool pool;
    private final Counters counters;
    private final boolean isRepairing;
    private final long umem;
    private final int fillTarget;
    private final XdpRing rx;
    private final XdpRing tx;
    private final XdpRing fill;
    private final XdpRing completion;
    private final List<Region> regions;

    // Our cursors.
    private int received;
    private int sent;
    private int filled;
    private int completed;

    /** Whether the transmit ring holds frames that the device has not accepted yet. */
    private boolean isLeft;

    /** Whether the device was down or gone at the last check. */
    private boolean isDead;

    /** Bytes of the frames last put into the ring. */
    private long bytes;

    /** The buffers that the kernel has: one bit per 64 bytes of the umem. */
    private final long[] held;

    private final long[] taken = new long[FILL_BATCH];

    /** Never read; the store keeps the compiler from removing {@link #touch}. */
    @SuppressWarnings("UnusedVariable")
    private long touched;

    /** A chain that is not complete yet. */
    private long head;

    private long last;

    AfXdpQueue(
            int port,
            String name,
            XdpSocket socket,
            Region buffers,
            BufferPool pool,
            Counters counters,
            boolean isRepairing) {
        this.port = port;
        this.socket = socket;
        this.pool = pool;
        this.counters = counters;
        this.isRepairing = isRepairing;
        umem = buffers.address();
        held = new long[(int) (buffers.sizeBytes() >> BUFFER_SHIFT + 6) + 1];
        fillTarget = Math.min(RING_SIZE, pool.size() / SHARE);
        rx = socket.receive();
        tx = socket.transmit();
        fill = socket.fill();
        completion = socket.completion();
        regions =
                List.of(
                        region(name, "receive", rx),
                        region(name, "transmit", tx),
                        region(name, "fill", fill),
                        region(name, "completion", completion));
        regions.forEach(Memory::add);
    }

    private static Region region(String name, String which, XdpRing ring) {
        return new Region(
                which + " ring of port " + name,
                ring.mapping().address(),
                ring.mapping().sizeBytes());
    }

    XdpSocket socket() {
        return socket;
    }

    // ---- receiving ----------------------------------------------------------------------------

    /** Appends at most {@code max} packets to the frame; returns their number. */
    int receive(Frame frame, int max) {
        if (isLeft && !isDead) {
            counters.add(PortCounter.TX_FULL, kick());
        }
        int there = Memory.getIntAcquire(rx.producer()) - received;
        touch(Math.min(there, max));
        int count = 0;
        int repaired = 0;
        long bytes = 0;
        int i = 0;
        for (; i < there && count < max; i++) {
            long entry = frameEntry(rx, received + i);
            long address = Memory.getLong(entry);
            long lengthAndOptions = Memory.getLong(entry + 8);
            long packet = umem + (address & CHUNK_MASK) - CHUNK_OFFSET;
            release(packet);
            if (address >>> XdpRing.CHUNK_BITS != XdpSocket.FRAME_OFFSET) {
                Packet.setData(
                        packet, umem + (address & CHUNK_MASK) + (address >>> XdpRing.CHUNK_BITS));
            }
            int length = (int) lengthAndOptions;
            boolean continues = (lengthAndOptions >>> 32 & XdpRing.CONTINUED) != 0;
            if (continues || head != 0) {
                packet = chain(packet, length, continues);
                if (packet == 0) {
                    continue;
                }
            } else {
                Packet.setLength(packet, length);
            }
            if (Packet.length(packet) < Chain.FRAME_BYTES_MIN) {
                counters.add(PortCounter.RX_BAD_LENGTH, 1);
                pool.give(packet);
                continue;
            }
            Packet.received(packet, port);
            VirtioNet.clear(packet + Packet.VIRTIO);
            if (isRepairing && ChecksumRepair.repair(packet)) {
                repaired++;
            }
            bytes += Packet.length(packet);
            frame.add(packet);
            count++;
        }
        if (i != 0) {
            received += i;
            Memory.putIntRelease(rx.consumer(), received);
            counters.received(count, bytes);
            counters.add(PortCounter.RX_REPAIRED, repaired);
        }
        refill();
        return count;
    }

    /**
     * Loads from the first line of each received packet: many lines arrive from the core that wrote
     * them hardly later than one.
     */
    private void touch(int count) {
        long sum = 0;
        for (int i = 0; i < count; i++) {
            long address = Memory.getLong(frameEntry(rx, received + i));
            sum += Memory.getByte(umem + (address & CHUNK_MASK) + (address >>> XdpRing.CHUNK_BITS));
        }
        touched = sum;
    }

    /** Adds a piece to the chain; returns the complete packet after its last piece, else 0. */
    private long chain(long piece, int length, boolean continues) {
        if (head == 0) {
            head = piece;
            Packet.setChain(head, length, 1);
        } else {
            Packet.setSegment(last, Packet.segmentLength(last), piece);
            Packet.setChain(head, Packet.length(head) + length, Packet.segments(head) + 1);
        }
        Packet.setSegment(piece, length, 0);
        last = piece;
        if (continues) {
            return 0;
        }
        long packet = head;
        head = 0;
        return packet;
    }

    /** Gives the kernel buffers for incoming frames. */
    private void refill() {
        int missing = fillTarget - (filled - Memory.getIntAcquire(fill.consumer()));
        if (missing < FILL_BATCH || !pool.has(FILL_BATCH)) {
            return;
        }
        while (missing >= FILL_BATCH && pool.has(FILL_BATCH)) {
            pool.take(taken, 0, FILL_BATCH);
            for (int i = 0; i < FILL_BATCH; i++) {
                hold(taken[i]);
                Memory.putLong(chunkEntry(fill, filled + i), taken[i] + CHUNK_OFFSET - umem);
            }
            filled += FILL_BATCH;
            missing -= FILL_BATCH;
        }
        Memory.putIntRelease(fill.producer(), filled);
        if (socket.isZeroCopy() && wantsKick(fill)) {
            socket.kick();
        }
    }

    private static long frameEntry(XdpRing ring, int cursor) {
        return ring.entries() + (long) (cursor & RING_SIZE - 1) * XdpRing.FRAME_ENTRY_BYTES;
    }

    private static long chunkEntry(XdpRing ring, int cursor) {
        return ring.entries() + (long) (cursor & RING_SIZE - 1) * XdpRing.CHUNK_ENTRY_BYTES;
    }

    private static boolean wantsKick(XdpRing ring) {
        return (Memory.getIntVolatile(ring.flags()) & XdpRing.NEED_WAKEUP) != 0;
    }

    // ---- sending ------------------------------------------------------------------------------

    /**
     * Sends complete packets; returns how many the device accepted. If it is down or gone, the
     * frames in the ring stay there, counted as refused, and leave when the device works again.
     */
    int send(long[] packets, int count) {
        reclaim();
        int dropped = isLeft ? kick() : 0;
        int room = RING_SIZE - (sent - Memory.getIntAcquire(tx.consumer()));
        room =
                Math.min(
                        room,
                        RING_SIZE - (sent - completed)); // the completion ring has the same length
        int before = sent;
        int used = isDead ? 0 : put(packets, count, room);
        for (int i = used; i < count; i++) {
            pool.give(packets[i]);
        }
        int lost = count - used;
        counters.add(isDead ? PortCounter.TX_ERRORS : PortCounter.TX_FULL, lost);
        if (used != 0) {
            Memory.putIntRelease(tx.producer(), sent);
            dropped += kick();
        }
        if (isDead && used != 0) {
            int left = Math.min(sent - before, sent - Memory.getIntAcquire(tx.consumer()));
            lost += Math.min(used, left);
            counters.add(PortCounter.TX_ERRORS, Math.min(used, left));
        }
        counters.add(PortCounter.TX_FULL, dropped);
        int taken = Math.max(0, count - lost - dropped);
        counters.sent(taken, taken == used ? bytes : bytes * taken / used);
        reclaim();
        return taken;
    }

    /** Puts packets into the ring, as many as fit; returns their number and sets {@link #bytes}. */
    private int put(long[] packets, int count, int room) {
        int used = 0;
        int left = room;
        bytes = 0;
        while (used < count && Packet.segments(packets[used]) <= left) {
            long packet = packets[used++];
            int length = Packet.length(packet);
            left -= Packet.segments(packet);
            bytes += length;
            if (Packet.segments(packet) == 1) {
                put(packet, length, 0);
            } else {
                putChain(packet);
            }
        }
        return used;
    }

    private void put(long packet, int length, int options) {
        hold(packet);
        long entry = frameEntry(tx, sent);
        long chunk = packet + CHUNK_OFFSET;
        Memory.putLong(entry, chunk - umem | Packet.data(packet) - chunk << XdpRing.CHUNK_BITS);
        Memory.putLong(entry + 8, length | (long) options << 32);
        sent++;
    }

    /** Buffers return one by one, so the chain is split. */
    private void putChain(long packet) {
        Packet.setChain(packet, 0, 1);
        long segment = packet;
        while (segment != 0) {
            long next = Packet.next(segment);
            put(segment, Packet.segmentLength(segment), next == 0 ? 0 : XdpRing.CONTINUED);
            Packet.setSegment(segment, 0, 0);
            segment = next;
        }
    }

    /** Makes the kernel send; returns how many frames the device dropped. */
    private int kick() {
        if (socket.isZeroCopy()) {
            if (wantsKick(tx)) {
                socket.kick();
            }
            return 0;
        }
        int dropped = 0;
        int idle = 0;
        int consumer = Memory.getIntAcquire(tx.consumer());
        isDead = false;
        while (consumer != sent && idle < KICKS_MAX && !isDead) {
            int result = socket.kick();
            if (result == -Errno.EBUSY) {
                dropped++; // the kernel accepted the frame, the device did not
                continue;
            }
            int now = Memory.getIntAcquire(tx.consumer());
            idle = now == consumer ? idle + 1 : 0;
            isDead = result < 0 && result != -Errno.EAGAIN && result != -Errno.EINTR;
            consumer = now;
        }
        isLeft = consumer != sent;
        return dropped;
    }

    /** Takes back the buffers of sent frames. */
    private void reclaim() {
        int there = Memory.getIntAcquire(completion.producer()) - completed;
        for (int i = 0; i < there; i++) {
            long address = Memory.getLong(chunkEntry(completion, completed + i));
            long packet = umem + (address & CHUNK_MASK) - CHUNK_OFFSET;
            release(packet);
            pool.give(packet);
        }
        if (there != 0) {
            completed += there;
            Memory.putIntRelease(completion.consumer(), completed);
        }
    }

    // ---- buffers ------------------------------------------------------------------------------

    private void hold(long packet) {
        long bit = packet - umem >> BUFFER_SHIFT;
        held[(int) (bit >> 6)] |= 1L << bit;
    }

    private void release(long packet) {
        long bit = packet - umem >> BUFFER_SHIFT;
        held[(int) (bit >> 6)] &= ~(1L << bit);
    }

    /** Takes back the buffers that the kernel still had, after the socket is closed. */
    void giveBack() {
        if (head != 0) {
            pool.give(head);
            head = 0;
        }
        for (int word = 0; word < held.length; word++) {
            while (held[word] != 0) {
                long bit = word * 64L + Long.numberOfTrailingZeros(held[word]);
                held[word] &= held[word] - 1;
                pool.give(umem + (bit << BUFFER_SHIFT));
            }
        }
    }

    void close() {
        regions.forEach(Memory::remove);
        socket.close();
    }
}
