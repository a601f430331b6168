package floof.linux.xdp;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import floof.linux.Bpf;
import floof.linux.Fd;
import floof.linux.error.LinuxException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * A BPF program of type XDP in the kernel, put together instruction by instruction
 * (Documentation/bpf/standardization/instruction-set.rst). Thread: any.
 *
 * <p>An instruction: 0 u8 opcode, 1 u8 destination and (high) source register, 2 s16 offset, 4 s32
 * immediate.
 */
public final class XdpProgram implements AutoCloseable {

    /** Return values of a program. */
    public static final int XDP_DROP = 1;

    private static final int XDP_PASS = 2;

    private static final int TYPE_XDP = 6;
    private static final int ATTACH_XDP = 37;

    /** The program can take frames of several pieces. */
    private static final int FLAG_FRAGS = 1 << 5;

    private static final int TEST_LIVE_FRAMES = 1 << 1;
    private static final int LOG_BYTES = 16 << 10;

    private final Fd fd;

    private XdpProgram(Fd fd) {
        this.fd = fd;
    }

    /** Instructions in the making. */
    public static final class Code {

        /** {@code r1} on entry: {@code struct xdp_md}. */
        public static final int CONTEXT = 1;

        /** Offsets in {@code struct xdp_md}, u32 each. */
        public static final int MD_DATA = 0;

        public static final int MD_DATA_END = 4;
        public static final int MD_RX_QUEUE_INDEX = 16;

        /** Numbers of helper functions (linux/bpf.h). */
        public static final int REDIRECT = 23;

        public static final int REDIRECT_MAP = 51;

        private static final int INSTRUCTIONS_MAX = 64;

        private final ByteBuffer bytes =
                ByteBuffer.allocate(8 * INSTRUCTIONS_MAX).order(ByteOrder.nativeOrder());

        private Code add(int opcode, int destination, int source, int offset, int immediate) {
            bytes.put((byte) opcode).put((byte) (source << 4 | destination));
            bytes.putShort((short) offset).putInt(immediate);
            return this;
        }

        /** {@code to = value}. */
        public Code set(int to, int value) {
            return add(0xb7, to, 0, 0, value);
        }

        /** {@code to = value}, 64 bits. */
        public Code set(int to, long value) {
            return add(0x18, to, 0, 0, (int) value).add(0, 0, 0, 0, (int) (value >>> 32));
        }

        /** {@code to = map}. */
        public Code map(int to, Fd map) {
            return add(0x18, to, 1, 0, map.number()).add(0, 0, 0, 0, 0);
        }

        /** {@code to = from}. */
        public Code copy(int to, int from) {
            return add(0xbf, to, from, 0, 0);
        }

        /** {@code to += value}. */
        public Code plus(int to, int value) {
            return add(0x07, to, 0, 0, value);
        }

        /** {@code to = *(u32 *) (from + offset)}. */
        public Code load(int to, int from, int offset) {
            return add(0x61, to, from, offset, 0);
        }

        /** {@code *(u64 *) (at + offset) = from}. */
        public Code store(int at, int offset, int from) {
            return add(0x7b, at, from, offset, 0);
        }

        /** Jumps over {@code count} instructions if {@code one > other}. */
        public Code skipIfGreater(int one, int other, int count) {
            return add(0x2d, one, other, count, 0);
        }

        /** Calls a helper with {@code r1} to {@code r5}; its result is in {@code r0}. */
        public Code call(int helper) {
            return add(0x85, 0, 0, 0, helper);
        }

        /** Returns {@code r0}. */
        public Code exit() {
            return add(0x95, 0, 0, 0, 0);
        }
    }

    /**
     * Loads a program.
     *
     * @param name for bpftool: at most 15 letters, digits, '_'
     * @throws LinuxException with what the verifier said
     */
    public static XdpProgram load(String name, Code code) {
        int instructions = code.bytes.position() / 8;
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment image = arena.allocate(code.bytes.position(), 8);
            image.copyFrom(MemorySegment.ofArray(code.bytes.array()).asSlice(0, image.byteSize()));
            MemorySegment log = arena.allocate(LOG_BYTES);
            MemorySegment attributes = arena.allocate(128, 8);
            attributes.set(JAVA_INT, 0, TYPE_XDP);
            attributes.set(JAVA_INT, 4, instructions);
            attributes.set(JAVA_LONG, 8, image.address());
            attributes.set(JAVA_LONG, 16, arena.allocateFrom("GPL").address());
            attributes.set(JAVA_INT, 24, 1);
            attributes.set(JAVA_INT, 28, LOG_BYTES);
            attributes.set(JAVA_LONG, 32, log.address());
            attributes.set(JAVA_INT, 44, FLAG_FRAGS);
            attributes.setString(48, name);
            attributes.set(JAVA_INT, 68, ATTACH_XDP);
            try {
                return new XdpProgram(Bpf.open(Bpf.PROG_LOAD, attributes, "XDP program " + name));
            } catch (LinuxException e) {
                String said = log.getString(0).strip();
                throw said.isEmpty()
                        ? e
                        : new LinuxException(
                                e.errno(), "bpf(load " + name + "), verifier: " + said);
            }
        }
    }

    /**
     * Attaches it to a device of the calling thread's namespace: in the driver where that can, else
     * in the kernel's generic place. It stays until the returned link, or the process, ends.
     *
     * @throws LinuxException with EBUSY or EEXIST when the device has a program
     */
    public Fd attach(int ifindex) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment attributes = arena.allocate(64, 8);
            attributes.set(JAVA_INT, 0, fd.number());
            attributes.set(JAVA_INT, 4, ifindex);
            attributes.set(JAVA_INT, 8, ATTACH_XDP);
            return Bpf.open(Bpf.LINK_CREATE, attributes, "XDP link at device " + ifindex);
        }
    }

    /**
     * Attaches a program that lets every frame pass, as {@link #attach} does. At a veth it makes
     * the peer cut its frames of many packets itself (veth_xdp_set in drivers/net/veth.c).
     */
    public static Fd attachPass(int ifindex) {
        try (XdpProgram program = load("floof_pass", new Code().set(0, XDP_PASS).exit())) {
            return program.attach(ifindex);
        }
    }

    /**
     * Runs it on copies of a frame that are real: what it redirects is sent. On the calling thread,
     * in its namespace (Documentation/bpf/bpf_prog_run.rst).
     *
     * @param frame what each copy starts as; a page is used again with what the receivers left in
     *     it
     * @param count how many
     */
    public void generate(byte[] frame, int count) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment attributes = arena.allocate(80, 8);
            attributes.set(JAVA_INT, 0, fd.number());
            attributes.set(JAVA_INT, 8, frame.length);
            attributes.set(JAVA_LONG, 16, arena.allocateFrom(JAVA_BYTE, frame).address());
            attributes.set(JAVA_INT, 32, count);
            attributes.set(JAVA_INT, 64, TEST_LIVE_FRAMES);
            Bpf.run(Bpf.PROG_TEST_RUN, attributes, "live frames");
        }
    }

    @Override
    public void close() {
        fd.close();
    }
}
