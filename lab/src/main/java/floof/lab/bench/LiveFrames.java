package floof.lab.bench;

import floof.base.Uninterruptibly;
import floof.linux.system.CurrentThread;
import floof.linux.xdp.XdpProgram;
import floof.linux.xdp.XdpProgram.Code;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;

/**
 * The fastest source of frames for a veth: an XDP program, run by the kernel over and over, writes
 * each frame and sends it out of the device (live frames, Documentation/bpf/bpf_prog_run.rst). What
 * the other end's driver does then runs on the same core. The other end must poll (NAPI), as it
 * does with an XDP program or with GRO.
 */
final class LiveFrames implements AutoCloseable {

    /**
     * Frames of one system call: half a second or more, as each waits for RCU's grace periods, some
     * 15 ms in which nothing is sent.
     */
    private static final int COUNT = 1 << 21;

    /** A receiver changes no more than the first bytes: MACs, TTL, checksum. */
    private static final int WRITTEN_BYTES = 32;

    private final Thread thread;
    private volatile double perSecond;
    private volatile int threadId;
    private volatile boolean isClosing;

    /**
     * Sends until it is closed.
     *
     * @param namespace that the device is in
     * @param ifindex the device
     */
    LiveFrames(Path namespace, int ifindex, byte[] frame, int core) {
        thread = Sending.start("live-frames", namespace, core, () -> send(ifindex, frame));
    }

    private void send(int ifindex, byte[] frame) {
        threadId = CurrentThread.id();
        try (XdpProgram program = XdpProgram.load("live_frames", code(ifindex, frame))) {
            while (!isClosing) {
                long startNs = System.nanoTime();
                program.generate(frame, COUNT);
                perSecond = COUNT * 1e9 / (System.nanoTime() - startNs);
            }
        }
    }

    private static Code code(int ifindex, byte[] frame) {
        ByteBuffer bytes = ByteBuffer.wrap(frame).order(ByteOrder.nativeOrder());
        int words = WRITTEN_BYTES / Long.BYTES;
        Code code =
                new Code()
                        .load(2, Code.CONTEXT, Code.MD_DATA)
                        .load(4, Code.CONTEXT, Code.MD_DATA_END)
                        .copy(5, 2)
                        .plus(5, WRITTEN_BYTES)
                        .skipIfGreater(5, 4, 3 * words + 4);
        for (int i = 0; i < words; i++) {
            code.set(3, bytes.getLong(i * Long.BYTES)).store(2, i * Long.BYTES, 3);
        }
        return code.set(1, ifindex)
                .set(2, 0)
                .call(Code.REDIRECT)
                .exit()
                .set(0, XdpProgram.XDP_DROP)
                .exit();
    }

    /** Id of the sending thread; 0 until it runs. */
    int threadId() {
        return threadId;
    }

    /** Frames per second of the last system call; 0 before its end. */
    double perSecond() {
        return perSecond;
    }

    @Override
    public void close() {
        isClosing = true;
        Uninterruptibly.join(thread);
    }
}
