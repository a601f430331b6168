package floof.linux.xdp;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import floof.linux.Fd;
import floof.linux.Mapping;
import floof.linux.error.Errno;
import floof.linux.error.LinuxException;
import floof.linux.net.Socket;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.concurrent.locks.LockSupport;

/**
 * An AF_XDP socket at one queue of a device, with a umem of its own over memory of ours
 * (linux/if_xdp.h). Several sockets may have the same memory as their umem: buffers then go from
 * one to the other without a copy, and each has its own fill and completion ring.
 *
 * <p>Thread: the one that owns the port; {@link #statistics} any.
 */
public final class XdpSocket implements AutoCloseable {

    /** Room before a frame that XDP programs may use; the kernel leaves it in every chunk. */
    public static final int FRAME_OFFSET = 256;

    private static final int AF_XDP = 44;
    private static final int SOL_XDP = 283;
    private static final int XDP_MMAP_OFFSETS = 1;
    private static final int XDP_RX_RING = 2;
    private static final int XDP_TX_RING = 3;
    private static final int XDP_UMEM_REG = 4;
    private static final int XDP_UMEM_FILL_RING = 5;
    private static final int XDP_UMEM_COMPLETION_RING = 6;
    private static final int XDP_STATISTICS = 7;
    private static final int XDP_OPTIONS = 8;
    private static final int XDP_MAX_TX_SKB_BUDGET = 9; // since Linux 6.17
    private static final int UNALIGNED_CHUNKS = 1;
    private static final int OPTION_ZERO_COPY = 1;
    private static final int BIND_NEED_WAKEUP = 1 << 3;
    private static final int BIND_SEVERAL_PIECES = 1 << 4; // since Linux 6.6
    private static final int STATISTICS_BYTES = 48;
    private static final int SEND_BUFFER = 16 << 20;
    private static final int RELEASE_MS = 2_000;

    private final Socket socket;
    private final MemorySegment statistics = Arena.ofAuto().allocate(STATISTICS_BYTES, 8);
    private final XdpRing receive;
    private final XdpRing transmit;
    private final XdpRing fill;
    private final XdpRing completion;
    private boolean isZeroCopy;
    private boolean isClosed;

    /**
     * What the kernel counts at a socket ({@code struct xdp_statistics}).
     *
     * @param dropped received frames lost, for want of a chunk among others
     * @param receiveRingFull received frames lost because we did not take them
     * @param fillRingEmpty how often the kernel found no chunk
     * @param invalid entries of ours that the kernel would not have
     */
    public record Statistics(
            long dropped, long receiveRingFull, long fillRingEmpty, long invalid) {}

    private XdpSocket(Socket socket, MemorySegment offsets, int size) {
        this.socket = socket;
        receive = ring(socket, offsets, 0, size, XdpRing.FRAME_ENTRY_BYTES, 0);
        transmit = ring(socket, offsets, 1, size, XdpRing.FRAME_ENTRY_BYTES, 0x8000_0000L);
        fill = ring(socket, offsets, 2, size, XdpRing.CHUNK_ENTRY_BYTES, 0x1_0000_0000L);
        completion = ring(socket, offsets, 3, size, XdpRing.CHUNK_ENTRY_BYTES, 0x1_8000_0000L);
    }

    /**
     * Makes a socket and binds it; it receives once the fill ring has chunks and an {@link
     * XdpRedirect} knows it. The driver works in our memory where it can, else the kernel copies.
     *
     * @param ifindex a device of the calling thread's network namespace
     * @param queue of the device
     * @param umem address of the memory, a multiple of the page
     * @param umemBytes its length
     * @param chunkBytes of each chunk, {@link #FRAME_OFFSET} and room for a frame: 2048 to 4096
     * @param ringSize entries of each ring, a power of two
     * @throws LinuxException with EBUSY when the queue has another socket, with ENODEV
     */
    public static XdpSocket open(
            int ifindex, int queue, long umem, long umemBytes, int chunkBytes, int ringSize) {
        String what = "AF_XDP socket of device " + ifindex + " queue " + queue;
        Socket socket = Socket.open(AF_XDP, Socket.SOCK_RAW, 0, what);
        try (Arena arena = Arena.ofConfined()) {
            registerUmem(arena, socket, umem, umemBytes, chunkBytes);
            socket.option(SOL_XDP, XDP_UMEM_FILL_RING, ringSize);
            socket.option(SOL_XDP, XDP_UMEM_COMPLETION_RING, ringSize);
            socket.option(SOL_XDP, XDP_RX_RING, ringSize);
            socket.option(SOL_XDP, XDP_TX_RING, ringSize);
            socket.option(Socket.SOL_SOCKET, Socket.SO_SNDBUFFORCE, SEND_BUFFER);
            sendAllAtOnce(socket, ringSize);
            MemorySegment offsets = arena.allocate(128, 8);
            socket.option(SOL_XDP, XDP_MMAP_OFFSETS, offsets);
            XdpSocket opened = new XdpSocket(socket, offsets, ringSize);
            try {
                opened.bind(arena, ifindex, queue);
            } catch (RuntimeException e) {
                opened.close();
                throw e;
            }
            return opened;
        } catch (RuntimeException e) {
            socket.close();
            throw e;
        }
    }

    /**
     * {@code struct xdp_umem_reg}: 0 u64 address, 8 length, 16 u32 chunk, 20 headroom, 24 flags.
     */
    private static void registerUmem(
            Arena arena, Socket socket, long umem, long umemBytes, int chunkBytes) {
        MemorySegment request = arena.allocate(32, 8);
        request.set(JAVA_LONG, 0, umem);
        request.set(JAVA_LONG, 8, umemBytes);
        request.set(JAVA_INT, 16, chunkBytes);
        request.set(JAVA_INT, 24, UNALIGNED_CHUNKS);
        String shown = "umem of " + umemBytes + " bytes, chunks of " + chunkBytes;
        socket.option(SOL_XDP, XDP_UMEM_REG, request, shown);
    }

    /** One call then sends a whole burst; without, 32 frames each (TX_BATCH_SIZE). */
    private static void sendAllAtOnce(Socket socket, int ringSize) {
        LinuxException.succeeds(
                Errno.ENOPROTOOPT, () -> socket.option(SOL_XDP, XDP_MAX_TX_SKB_BUDGET, ringSize));
    }

    private void bind(Arena arena, int ifindex, int queue) {
        int flags = BIND_NEED_WAKEUP | BIND_SEVERAL_PIECES;
        if (!LinuxException.succeeds(Errno.EINVAL, () -> bind(address(ifindex, queue, flags)))) {
            bind(address(ifindex, queue, BIND_NEED_WAKEUP));
        }
        MemorySegment options = arena.allocate(JAVA_INT);
        socket.option(SOL_XDP, XDP_OPTIONS, options);
        isZeroCopy = (options.get(JAVA_INT, 0) & OPTION_ZERO_COPY) != 0;
    }

    /** The kernel lets go of a queue some time after its socket was closed (xp_put_pool). */
    private void bind(byte[] address) {
        long deadlineNs = System.nanoTime() + RELEASE_MS * 1_000_000L;
        while (true) {
            try {
                socket.bind(address);
                return;
            } catch (LinuxException e) {
                if (e.errno() != Errno.EBUSY || System.nanoTime() > deadlineNs) {
                    throw e;
                }
            }
            LockSupport.parkNanos(1_000_000);
        }
    }

    /**
     * {@code struct sockaddr_xdp}: 0 u16 family, 2 u16 flags, 4 u32 ifindex, 8 queue, 12 socket.
     */
    private static byte[] address(int ifindex, int queue, int flags) {
        return ByteBuffer.allocate(16)
                .order(ByteOrder.nativeOrder())
                .putShort((short) AF_XDP)
                .putShort((short) flags)
                .putInt(ifindex)
                .putInt(queue)
                .array();
    }

    /** {@code struct xdp_ring_offset}, u64 each: 0 producer, 8 consumer, 16 entries, 24 flags. */
    private static XdpRing ring(
            Socket socket, MemorySegment offsets, int number, int size, int entry, long page) {
        long at = number * 32L;
        long entries = offsets.get(JAVA_LONG, at + 16);
        Mapping mapping = Mapping.shared(socket.fd(), page, entries + (long) size * entry, true);
        return new XdpRing(
                mapping,
                mapping.address() + offsets.get(JAVA_LONG, at),
                mapping.address() + offsets.get(JAVA_LONG, at + 8),
                mapping.address() + offsets.get(JAVA_LONG, at + 24),
                mapping.address() + entries,
                size);
    }

    /** For poll: readable when the receive ring has frames. */
    public Fd fd() {
        return socket.fd();
    }

    /** Frames received; the kernel produces. */
    public XdpRing receive() {
        return receive;
    }

    /** Frames to send; the kernel consumes. */
    public XdpRing transmit() {
        return transmit;
    }

    /** Chunks for frames to come; the kernel consumes. */
    public XdpRing fill() {
        return fill;
    }

    /** Chunks whose frames are sent; the kernel produces. */
    public XdpRing completion() {
        return completion;
    }

    /** Whether the driver works in our memory; otherwise the kernel copies. */
    public boolean isZeroCopy() {
        return isZeroCopy;
    }

    /**
     * Lets the kernel send what the transmit ring holds, and look at the fill ring. Allocates
     * nothing.
     *
     * @return 0 or the negative errno
     */
    public int kick() {
        return socket.kick();
    }

    /** As they were when it was closed. */
    public synchronized Statistics statistics() {
        // u64: 0 dropped, 8 invalid receive, 16 invalid transmit, 24 ring full, 32 fill empty
        if (!isClosed) {
            socket.option(SOL_XDP, XDP_STATISTICS, statistics);
        }
        return new Statistics(
                statistics.get(JAVA_LONG, 0),
                statistics.get(JAVA_LONG, 24),
                statistics.get(JAVA_LONG, 32),
                statistics.get(JAVA_LONG, 8) + statistics.get(JAVA_LONG, 16));
    }

    /** Afterwards nobody writes to the umem any more. */
    @Override
    public synchronized void close() {
        if (!isClosed) {
            statistics();
            isClosed = true;
            socket.close();
            receive.mapping().unmap();
            transmit.mapping().unmap();
            fill.mapping().unmap();
            completion.mapping().unmap();
        }
    }
}
