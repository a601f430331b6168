package floof.linux.net;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import floof.linux.Fd;
import floof.linux.call.Syscall;
import floof.linux.error.Errno;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * Frames sent from a packet socket by one sendmmsg(2), each gathered from a {@code virtio_net_hdr}
 * and up to {@link #SEGMENTS} pieces. The kernel copies: what was added may be reused after {@link
 * #send}. Allocates nothing.
 *
 * <p>Thread: the one that owns the port.
 */
public final class TransmitBatch {

    /** Frames in a batch. */
    public static final int FRAMES = 256;

    /** Pieces of a frame: 64 KiB and a link-layer header in buffers of 2 KiB. */
    public static final int SEGMENTS = 33;

    private static final int MSG_DONTWAIT = 0x40;
    // struct mmsghdr: 16 iovecs, 24 number of iovecs, 56 u32 bytes sent.
    private static final int MESSAGE_SIZE = 64;
    // struct iovec: 0 address, 8 length.
    private static final int IOVEC_SIZE = 16;

    private final Fd fd;
    private final MemorySegment messages = Arena.ofAuto().allocate(FRAMES * MESSAGE_SIZE, 64);
    private final MemorySegment iovecs =
            Arena.ofAuto().allocate((long) FRAMES * (SEGMENTS + 1) * IOVEC_SIZE, 64);
    private int frames;
    private int pieces;
    private int full;
    private int refused;

    TransmitBatch(Fd fd) {
        this.fd = fd;
    }

    /** Begins a frame with its header, {@link PacketSocket#VNET_HEADER_SIZE} bytes. */
    public void frame(long vnetHeader) {
        long message = (long) frames * MESSAGE_SIZE;
        messages.set(JAVA_LONG, message + 16, iovecs.address() + (long) pieces * IOVEC_SIZE);
        messages.set(JAVA_LONG, message + 24, 0);
        messages.set(JAVA_INT, message + 56, 0);
        frames++;
        piece(vnetHeader, PacketSocket.VNET_HEADER_SIZE);
    }

    /** Adds a piece to the frame begun last. */
    public void piece(long address, long sizeBytes) {
        long iovec = (long) pieces * IOVEC_SIZE;
        iovecs.set(JAVA_LONG, iovec, address);
        iovecs.set(JAVA_LONG, iovec + 8, sizeBytes);
        pieces++;
        long count = (long) (frames - 1) * MESSAGE_SIZE + 24;
        messages.set(JAVA_LONG, count, messages.get(JAVA_LONG, count) + 1);
    }

    /** Frames added since the last {@link #send}. */
    public int frames() {
        return frames;
    }

    /**
     * Sends all frames and empties the batch. A frame that the kernel refuses is skipped; a device
     * that takes none ends the batch.
     *
     * @return how many were sent; {@link #full} and {@link #refused} tell of the others
     */
    public int send() {
        full = 0;
        refused = 0;
        int sent = 0;
        int at = 0;
        while (at < frames) {
            long result =
                    Syscall.repeatable(
                            Syscall.SENDMMSG,
                            fd.number(),
                            messages.address() + (long) at * MESSAGE_SIZE,
                            frames - at,
                            MSG_DONTWAIT);
            if (result > 0) {
                sent += (int) result;
                at += (int) result;
            } else if (result != -Errno.EINTR) {
                at += failed((int) -result, frames - at);
            }
        }
        frames = 0;
        pieces = 0;
        return sent;
    }

    /** Counts what one error cost; how many of the {@code left} frames to skip. */
    private int failed(int errno, int left) {
        switch (errno) {
            case Errno.EAGAIN -> { // the send buffer is full
                full += left;
                return left;
            }
            case Errno.ENOBUFS -> { // the device's queue was full
                full++;
                return 1;
            }
            case Errno.ENETDOWN, Errno.ENXIO, Errno.ENODEV -> { // the device is down or gone
                refused += left;
                return left;
            }
            default -> {
                refused++;
                return 1;
            }
        }
    }

    /** Frames of the last {@link #send} for which there was no room. */
    public int full() {
        return full;
    }

    /** Frames of the last {@link #send} that the kernel or the device would not have. */
    public int refused() {
        return refused;
    }

    /** Whether the frame that was added as this one was sent by the last {@link #send}. */
    public boolean isSent(int frame) {
        return messages.get(JAVA_INT, (long) frame * MESSAGE_SIZE + 56) != 0;
    }
}
