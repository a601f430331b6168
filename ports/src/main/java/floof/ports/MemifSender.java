package floof.ports;

import floof.engine.BufferPool;
import floof.engine.Frame;
import floof.engine.Packet;
import floof.engine.PortCounter;
import floof.memory.Memory;

/**
 * Puts packets into a ring: a client uses its own buffers, a server those that the client offers,
 * after checking them.
 *
 * <p>Thread: the port's worker.
 */
final class MemifSender {

    private final MemifRing ring;
    private final MemifMemory memory;
    private final boolean isClient;
    private final BufferPool pool;
    private final Counters counters;

    /** Number of descriptors filled so far. */
    private int filled;

    /** Capacity of the buffer last opened. */
    private int capacity;

    private final long[] buffers = new long[Frame.SIZE];

    @SuppressWarnings("UnusedVariable") // as in MemifReceiver
    private long touched;

    /**
     * @param ring to the other side
     */
    MemifSender(
            MemifRing ring,
            MemifMemory memory,
            boolean isClient,
            BufferPool pool,
            Counters counters) {
        this.ring = ring;
        this.memory = memory;
        this.isClient = isClient;
        this.pool = pool;
        this.counters = counters;
    }

    /** Descriptors that can be filled; also 0 if the other side's counter is invalid. */
    private int room() {
        long address = isClient ? ring.tailAddress() : ring.headAddress();
        int count =
                isClient
                        ? ring.size() - (filled - Memory.getShortAcquire(address) & 0xffff)
                        : Memory.getShortAcquire(address) - filled & 0xffff;
        return count >= 0 && count <= ring.size() ? count : 0;
    }

    /** Sends complete packets and frees their buffers; returns how many fitted. */
    int send(long[] packets, int count) {
        int room = room();
        if (!isClient) {
            touch(Math.min(room, count));
        }
        int before = filled;
        long bytes = 0;
        int sent = 0;
        while (sent < count && room != 0) {
            int run = open(packets, sent, Math.min(Math.min(room, count - sent), buffers.length));
            for (int i = 0; i < run; i++) {
                long packet = packets[sent + i];
                int length = Packet.length(packet);
                MemifReceiver.copy(Packet.data(packet), buffers[i], length);
                describe(filled + i, 0, length);
                bytes += length;
            }
            sent += run;
            filled += run;
            room -= run;
            if (sent < count && room != 0) {
                int used = scatter(packets[sent], room);
                if (used == 0) {
                    break;
                }
                bytes += Packet.length(packets[sent++]);
                filled += used;
                room -= used;
            }
        }
        if (filled != before) {
            publish();
        }
        pool.give(packets, count);
        counters.sent(sent, bytes);
        if (sent < count) {
            counters.add(PortCounter.TX_FULL, count - sent);
        }
        return sent;
    }

    /**
     * Finds the {@link #buffers} of packets that need one each, and writes one word into each
     * buffer. A store waits until the other side's core has released the line; this way more lines
     * wait at once than if each packet were copied as a whole.
     *
     * @return how many packets, up to the first one of another kind
     */
    private int open(long[] packets, int from, int count) {
        for (int i = 0; i < count; i++) {
            long packet = packets[from + i];
            long buffer = open(filled + i);
            if (Packet.length(packet) > capacity || Packet.segments(packet) != 1) {
                return i;
            }
            buffers[i] = buffer;
            Memory.putLong(buffer, Memory.getLong(Packet.data(packet)));
        }
        return count;
    }

    /**
     * Loads the descriptors that the client has written, so that all these misses are in flight at
     * once.
     */
    private void touch(int count) {
        long sum = 0;
        for (int i = 0; i < count; i++) {
            sum += Memory.getByte(ring.descriptor(filled + i));
        }
        touched = sum;
    }

    /** Address of a descriptor's buffer; {@link #capacity} is 0 if the descriptor is invalid. */
    private long open(int count) {
        if (isClient) {
            capacity = MemifBuffers.BUFFER_BYTES;
            int slot = count & ring.size() - 1;
            return memory.address(0, MemifBuffers.bufferOffset(slot, ring.size()), capacity);
        }
        long descriptor = ring.descriptor(count);
        long word = Memory.getLong(descriptor);
        long offset = Memory.getInt(descriptor + MemifRing.OFFSET) & 0xffff_ffffL;
        int region = (int) (word >>> 16) & 0xffff;
        long address = memory.address(region, offset, Math.max(1, word >>> 32));
        capacity = address == 0 ? 0 : (int) Math.min(word >>> 32, Packet.FRAME_BYTES_MAX);
        return address;
    }

    /** A line that already has this content also stays in the other side's core. */
    private void describe(int count, int flags, int lengthBytes) {
        long descriptor = ring.descriptor(count);
        long before = Memory.getLong(descriptor);
        long word = MemifRing.word(flags, (int) (before >>> 16) & 0xffff, lengthBytes);
        if (before != word) {
            Memory.putLong(descriptor, word);
        }
    }

    /**
     * Puts a packet into as many buffers of the ring as it needs.
     *
     * @return how many; 0 if there are not enough, or if one is invalid
     */
    private int scatter(long packet, int room) {
        long segment = packet;
        int done = 0;
        int used = 0;
        while (segment != 0) {
            if (used == room) {
                return 0;
            }
            long buffer = open(filled + used);
            if (capacity == 0) {
                return 0;
            }
            int inside = 0;
            while (segment != 0 && inside < capacity) {
                int piece = Math.min(Packet.segmentLength(segment) - done, capacity - inside);
                Memory.copy(Packet.data(segment) + done, buffer + inside, piece);
                inside += piece;
                done += piece;
                if (done == Packet.segmentLength(segment)) {
                    segment = Packet.segments(packet) == 1 ? 0 : Packet.next(segment);
                    done = 0;
                }
            }
            describe(filled + used, segment == 0 ? 0 : MemifRing.CONTINUES, inside);
            used++;
        }
        return used;
    }

    private void publish() {
        long address = isClient ? ring.headAddress() : ring.tailAddress();
        Memory.putShortRelease(address, (short) filled);
        // A side that is about to sleep first unmasks, then checks the ring: one side sees the
        // other.
        Memory.fullFence();
        if (!ring.isMasked()) {
            ring.interrupt().signal();
        }
    }
}
