package floof.ports;

import floof.engine.BufferPool;
import floof.engine.Frame;
import floof.engine.Packet;
import floof.engine.PortCounter;
import floof.engine.VirtioNet;
import floof.linux.Mapping;
import floof.linux.net.PacketSocket;
import floof.linux.net.TransmitBatch;
import floof.memory.Memory;
import floof.memory.Region;

/**
 * A worker's end of an {@link AfPacketPort}: received frames are copied from the kernel's ring into
 * buffers, sent ones are gathered by one sendmmsg(2) per burst (docs/decisions/003). VLAN tags that
 * the kernel removed are restored.
 *
 * <p>Thread: its worker; {@link #counter} any.
 */
final class AfPacketEnd extends SharedPort.End {

    private static final int MACS_BYTES = 12;
    private static final int VLAN_TAG_BYTES = 4;
    private static final int IDLE_ROUNDS = 64;
    private static final short DOT1Q = (short) 0x8100;

    private final BufferPool pool;
    private final PacketSocket socket;
    private final Region ring;
    private final TransmitBatch batch;
    private final int descriptor;
    private int next;
    private int idle;

    /**
     * @param index number of the port
     * @param name of the port
     * @param socket owned by the end, which closes it
     * @param pool of the worker
     */
    AfPacketEnd(int index, String name, PacketSocket socket, BufferPool pool) {
        super(index);
        this.pool = pool;
        this.socket = socket;
        this.batch = socket.batch();
        this.descriptor = socket.fd().number();
        Mapping mapping = socket.ring();
        ring = new Region("ring of port " + name, mapping.address(), mapping.sizeBytes());
        Memory.add(ring);
    }

    @Override
    public int descriptor() {
        return descriptor;
    }

    @Override
    public int receive(Frame frame, int max) {
        int received = 0;
        long bytes = 0;
        while (received < max) {
            long slot = socket.frameAddress(next);
            int status = Memory.getIntAcquire(slot + PacketSocket.STATUS);
            if ((status & PacketSocket.STATUS_USER) == 0) {
                break;
            }
            long packet = take(slot, status);
            Memory.putIntRelease(slot + PacketSocket.STATUS, PacketSocket.STATUS_KERNEL);
            next = next + 1 == socket.frames() ? 0 : next + 1;
            if (packet != 0) {
                frame.add(packet);
                bytes += Packet.length(packet);
                received++;
            }
        }
        if (received != 0) {
            counters.received(received, bytes);
        } else if ((++idle & IDLE_ROUNDS - 1) == 0) {
            // A link that went down leaves an error; without this read the descriptor would stay
            // ready for ever.
            socket.clearError();
        }
        return received;
    }

    /** The packet of a slot, or 0 if it was lost, which is counted. */
    private long take(long slot, int status) {
        int inRing = Memory.getInt(slot + PacketSocket.LENGTH);
        boolean tagged = (status & PacketSocket.STATUS_VLAN_VALID) != 0;
        int length = tagged ? inRing + VLAN_TAG_BYTES : inRing;
        if (!Chain.fits(length) || Memory.getInt(slot + PacketSocket.LENGTH_IN_RING) != inRing) {
            counters.add(PortCounter.RX_BAD_LENGTH, 1);
            return 0;
        }
        if (!pool.has(Chain.buffers(length))) {
            counters.add(PortCounter.RX_NO_BUFFER, 1);
            return 0;
        }
        long source = slot + (Memory.getShort(slot + PacketSocket.FRAME_OFFSET) & 0xffff);
        long packet = pool.take();
        Packet.received(packet, index);
        takeVirtioHeader(source - PacketSocket.VNET_HEADER_SIZE, packet + Packet.VIRTIO);
        if (tagged) {
            putTagBack(slot, status, source, packet);
            int present = MACS_BYTES + VLAN_TAG_BYTES;
            Chain.fill(pool, packet, present, source + MACS_BYTES, length);
        } else {
            Chain.fill(pool, packet, 0, source, length);
        }
        return packet;
    }

    /** The socket's header has no number of buffers; ours is 0, as for every sent frame. */
    private static void takeVirtioHeader(long from, long to) {
        Memory.putLong(to, Memory.getLong(from));
        Memory.putInt(to + 8, Memory.getShort(from + 8) & 0xffff);
    }

    private static void putTagBack(long slot, int status, long source, long packet) {
        long data = Packet.data(packet);
        boolean typed = (status & PacketSocket.STATUS_VLAN_TPID_VALID) != 0;
        short type = typed ? Memory.getShort(slot + PacketSocket.VLAN_TPID) : DOT1Q;
        Memory.copy(source, data, MACS_BYTES);
        Memory.putShortBe(data + MACS_BYTES, type);
        Memory.putShortBe(data + MACS_BYTES + 2, Memory.getShort(slot + PacketSocket.VLAN_TCI));
        moveOffsets(packet + Packet.VIRTIO);
    }

    /** The header's length and the checksum's position count from the frame's start. */
    private static void moveOffsets(long header) {
        if (VirtioNet.gsoType(header) != VirtioNet.GSO_NONE) {
            Memory.putShort(header + 2, (short) (Memory.getShort(header + 2) + VLAN_TAG_BYTES));
        }
        if ((VirtioNet.flags(header) & VirtioNet.NEEDS_CSUM) != 0) {
            int start = VirtioNet.checksumStart(header) + VLAN_TAG_BYTES;
            Memory.putShort(header + 6, (short) start);
        }
    }

    @Override
    public int transmit(long[] packets, int count) {
        int taken = 0;
        for (int first = 0; first < count; first += TransmitBatch.FRAMES) {
            taken += send(packets, first, Math.min(count - first, TransmitBatch.FRAMES));
        }
        pool.give(packets, count);
        return taken;
    }

    private int send(long[] packets, int first, int count) {
        long bytes = 0;
        for (int i = first; i < first + count; i++) {
            long packet = packets[i];
            bytes += Packet.length(packet);
            batch.frame(packet + Packet.VIRTIO);
            long segment = packet;
            do {
                batch.piece(Packet.data(segment), Packet.segmentLength(segment));
                segment = Packet.next(segment);
            } while (segment != 0);
        }
        int sent = batch.send();
        if (sent != count) {
            for (int i = 0; i < count; i++) {
                bytes -= batch.isSent(i) ? 0 : Packet.length(packets[first + i]);
            }
            counters.add(PortCounter.TX_FULL, batch.full());
            counters.add(PortCounter.TX_ERRORS, batch.refused());
        }
        counters.sent(sent, bytes);
        return sent;
    }

    boolean isUp() {
        return socket.isRunning();
    }

    @Override
    public long counter(PortCounter counter) {
        return counter == PortCounter.RX_MISSED ? socket.drops() : counters.get(counter);
    }

    void close() {
        Memory.remove(ring);
        socket.close();
    }
}
