package floof.linux.xdp;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import floof.linux.Bpf;
import floof.linux.Fd;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * The program at a device that hands each frame to the AF_XDP socket of its receive queue; a frame
 * of a queue without one is dropped, so that the kernel does nothing with it. Thread: any.
 */
public final class XdpRedirect implements AutoCloseable {

    private static final int TYPE_XSKMAP = 17;

    private final Fd sockets;
    private final XdpProgram program;
    private final Fd link;

    private XdpRedirect(Fd sockets, XdpProgram program, Fd link) {
        this.sockets = sockets;
        this.program = program;
        this.link = link;
    }

    /**
     * Attaches it to a device of the calling thread's network namespace.
     *
     * @param queues receive queues of the device
     * @throws floof.linux.error.LinuxException when the device has a program of somebody else's,
     *     among others
     */
    public static XdpRedirect attach(int ifindex, int queues) {
        Fd sockets = map(queues);
        XdpProgram program = null;
        try {
            program = XdpProgram.load("floof_xsk", code(sockets));
            return new XdpRedirect(sockets, program, program.attach(ifindex));
        } catch (RuntimeException e) {
            if (program != null) {
                program.close();
            }
            sockets.close();
            throw e;
        }
    }

    private static XdpProgram.Code code(Fd sockets) {
        return new XdpProgram.Code()
                .load(2, XdpProgram.Code.CONTEXT, XdpProgram.Code.MD_RX_QUEUE_INDEX)
                .map(1, sockets)
                .set(3, XdpProgram.XDP_DROP)
                .call(XdpProgram.Code.REDIRECT_MAP)
                .exit();
    }

    private static Fd map(int queues) {
        try (Arena arena = Arena.ofConfined()) {
            // u32 each: 0 type, 4 key size, 8 value size, 12 entries
            MemorySegment attributes = arena.allocate(72, 8);
            attributes.set(JAVA_INT, 0, TYPE_XSKMAP);
            attributes.set(JAVA_INT, 4, Integer.BYTES);
            attributes.set(JAVA_INT, 8, Integer.BYTES);
            attributes.set(JAVA_INT, 12, queues);
            return Bpf.open(Bpf.MAP_CREATE, attributes, "map of AF_XDP sockets");
        }
    }

    /** Frames of this queue go to that socket, which is bound to it. */
    public void put(int queue, XdpSocket socket) {
        try (Arena arena = Arena.ofConfined()) {
            // 0 u32 map, 8 u64 key, 16 u64 value, both addresses
            MemorySegment attributes = arena.allocate(32, 8);
            attributes.set(JAVA_INT, 0, sockets.number());
            attributes.set(JAVA_LONG, 8, arena.allocateFrom(JAVA_INT, queue).address());
            attributes.set(
                    JAVA_LONG, 16, arena.allocateFrom(JAVA_INT, socket.fd().number()).address());
            Bpf.run(Bpf.MAP_UPDATE_ELEM, attributes, "AF_XDP socket of queue " + queue);
        }
    }

    /** Takes the program from the device. */
    @Override
    public void close() {
        link.close();
        program.close();
        sockets.close();
    }
}
