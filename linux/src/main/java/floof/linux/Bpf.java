package floof.linux;

import floof.linux.call.Syscall;
import floof.linux.error.LinuxException;
import java.lang.foreign.MemorySegment;

/** The bpf(2) system call. Thread: any. */
public final class Bpf {

    public static final int MAP_CREATE = 0;
    public static final int MAP_UPDATE_ELEM = 2;
    public static final int PROG_LOAD = 5;
    public static final int PROG_TEST_RUN = 10;
    public static final int LINK_CREATE = 28;

    private Bpf() {}

    /**
     * @param command as named here
     * @param attributes {@code union bpf_attr} (linux/bpf.h), native order, zeroed where unused
     * @return the command's result, or the negative errno
     */
    public static long call(int command, MemorySegment attributes) {
        return Syscall.call(Syscall.BPF, command, attributes.address(), attributes.byteSize());
    }

    /**
     * A command that makes a file.
     *
     * @param what for messages, the file's name too
     * @throws LinuxException when the kernel refuses
     */
    public static Fd open(int command, MemorySegment attributes, String what) {
        long fd = Syscall.check(call(command, attributes), "bpf", command, what);
        return Fd.own((int) fd, what);
    }

    /**
     * A command without a result.
     *
     * @throws LinuxException when the kernel refuses
     */
    public static void run(int command, MemorySegment attributes, String what) {
        Syscall.check(call(command, attributes), "bpf", command, what);
    }
}
