package floof.ports;

import floof.engine.BufferPool;
import floof.engine.Frame;
import floof.engine.Packet;
import floof.engine.PortCounter;
import floof.linux.Fd;
import floof.linux.error.Errno;
import floof.linux.net.Tap;
import floof.memory.Memory;
import floof.memory.Region;
import java.lang.foreign.Arena;

/**
 * A worker's end of a {@link TapPort}. One system call per frame.
 *
 * <p>Thread: its worker; {@link #counter} any.
 */
final class TapEnd extends SharedPort.End {

    // A frame that fills the last byte was truncated.
    private static final int READ_BYTES = Tap.VNET_HEADER_SIZE + Packet.FRAME_BYTES_MAX + 1;
    // struct iovec: 0 address, 8 length; one for the header, one for each buffer.
    private static final int IOVEC_BYTES = 16;
    private static final int IOVECS_BYTES = (1 + Packet.SEGMENTS_MAX) * IOVEC_BYTES;

    private final Fd fd;
    private final boolean isReceiving;
    private final int descriptor;
    private final BufferPool pool;
    private final Arena arena = Arena.ofShared();
    private final Region scratch;
    private final long iovecs;
    private final long read;
    private volatile boolean isGone;

    /**
     * @param index number of the port
     * @param tap the port's
     * @param isReceiving whether this is the end that reads
     * @param pool of the worker
     */
    TapEnd(int index, Tap tap, boolean isReceiving, BufferPool pool) {
        super(index);
        this.fd = tap.fd();
        this.isReceiving = isReceiving;
        this.descriptor = isReceiving ? fd.number() : -1;
        this.pool = pool;
        iovecs = arena.allocate(IOVECS_BYTES + READ_BYTES, 64).address();
        read = iovecs + IOVECS_BYTES;
        scratch = new Region("scratch of TAP " + tap.name(), iovecs, IOVECS_BYTES + READ_BYTES);
        Memory.add(scratch);
    }

    @Override
    public boolean isReceiving() {
        return isReceiving;
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
            int length = fd.read(read, READ_BYTES);
            if (length < 0) { // mostly EAGAIN: nothing to read
                isGone |= length == -Errno.EBADFD;
                break;
            }
            long packet = take(length);
            if (packet != 0) {
                frame.add(packet);
                bytes += Packet.length(packet);
                received++;
            }
        }
        if (received != 0) {
            counters.received(received, bytes);
        }
        return received;
    }

    /** The packet that was read, or 0 if it was lost, which is counted. */
    private long take(int readBytes) {
        int length = readBytes - Tap.VNET_HEADER_SIZE;
        if (!Chain.fits(length)) {
            counters.add(PortCounter.RX_BAD_LENGTH, 1);
            return 0;
        }
        if (!pool.has(Chain.buffers(length))) {
            counters.add(PortCounter.RX_NO_BUFFER, 1);
            return 0;
        }
        long packet = pool.take();
        Packet.received(packet, index);
        Memory.putLong(packet + Packet.VIRTIO, Memory.getLong(read));
        // The driver fills 10 of the 12 bytes (drivers/net/tun.c, tun_put_user).
        Memory.putInt(packet + Packet.VIRTIO + 8, Memory.getShort(read + 8) & 0xffff);
        Chain.fill(pool, packet, 0, read + Tap.VNET_HEADER_SIZE, length);
        return packet;
    }

    @Override
    public int transmit(long[] packets, int count) {
        int sent = 0;
        long bytes = 0;
        for (int i = 0; i < count; i++) {
            long packet = packets[i];
            int result = fd.writev(iovecs, gather(packet));
            if (result >= 0) {
                sent++;
                bytes += Packet.length(packet);
            } else if (result == -Errno.EAGAIN || result == -Errno.ENOBUFS) {
                counters.add(PortCounter.TX_FULL, 1);
            } else {
                counters.add(PortCounter.TX_ERRORS, 1);
            }
        }
        counters.sent(sent, bytes);
        pool.give(packets, count);
        return sent;
    }

    /** Writes the array of a packet's pieces; returns their number. */
    private int gather(long packet) {
        Memory.putLong(iovecs, packet + Packet.VIRTIO);
        Memory.putLong(iovecs + 8, Tap.VNET_HEADER_SIZE);
        int pieces = 1;
        long segment = packet;
        do {
            long iovec = iovecs + (long) pieces * IOVEC_BYTES;
            Memory.putLong(iovec, Packet.data(segment));
            Memory.putLong(iovec + 8, Packet.segmentLength(segment));
            pieces++;
            segment = Packet.next(segment);
        } while (segment != 0);
        return pieces;
    }

    /** Whether somebody deleted the device. Thread: any. */
    boolean isGone() {
        return isGone;
    }

    void close() {
        if (arena.scope().isAlive()) {
            Memory.remove(scratch);
            arena.close();
        }
    }
}
