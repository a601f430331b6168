package floof.linux;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.List;

/**
 * An account of the machine, and work on files with its rights alone (credentials(7)). Thread: any.
 *
 * @param groups all groups it is in
 */
@SuppressWarnings("restricted")
public record Account(String name, int uid, int gid, List<Integer> groups) {

    /** Of struct passwd (pwd.h): name, password, uid, gid. */
    private static final long UID_OFFSET = 16;

    private static final long GID_OFFSET = 20;
    private static final long PASSWD_BYTES = 48;

    /** Groups an account may be in: {@code NGROUPS_MAX} of Linux. */
    private static final int GROUPS_MAX = 65536;

    /** Work on files. */
    @FunctionalInterface
    public interface Work<T> {
        T run() throws IOException;
    }

    /**
     * By the machine's databases of accounts (nsswitch.conf(5)).
     *
     * @throws IOException when there is no such account
     */
    public static Account of(String name) throws IOException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment text = arena.allocateFrom(name);
            MemorySegment entry = arena.allocate(PASSWD_BYTES, 8);
            MemorySegment found = arena.allocate(ADDRESS);
            int error = Errno.ERANGE;
            for (int bytes = 4096; error == Errno.ERANGE && bytes <= 1 << 20; bytes *= 4) {
                error =
                        call(
                                "getpwnam_r",
                                FunctionDescriptor.of(
                                        JAVA_INT, ADDRESS, ADDRESS, ADDRESS, JAVA_LONG, ADDRESS),
                                text,
                                entry,
                                arena.allocate(bytes),
                                (long) bytes,
                                found);
            }
            if (found.get(ADDRESS, 0).equals(MemorySegment.NULL)) {
                throw new IOException("there is no account '" + name + "'");
            }
            int gid = entry.get(JAVA_INT, GID_OFFSET);
            return new Account(name, entry.get(JAVA_INT, UID_OFFSET), gid, groups(text, gid));
        }
    }

    private static List<Integer> groups(MemorySegment name, int gid) throws IOException {
        try (Arena arena = Arena.ofConfined()) {
            for (int room = 64; room <= GROUPS_MAX; room *= 32) {
                MemorySegment groups = arena.allocate(JAVA_INT, room);
                MemorySegment count = arena.allocateFrom(JAVA_INT, room);
                int result =
                        call(
                                "getgrouplist",
                                FunctionDescriptor.of(
                                        JAVA_INT, ADDRESS, JAVA_INT, ADDRESS, ADDRESS),
                                name,
                                gid,
                                groups,
                                count);
                if (result >= 0) {
                    return list(groups, count.get(JAVA_INT, 0));
                }
            }
            throw new IOException("the account is in more than " + GROUPS_MAX + " groups");
        }
    }

    private static int call(String function, FunctionDescriptor descriptor, Object... arguments) {
        Linker linker = Linker.nativeLinker();
        try {
            return (int)
                    linker.downcallHandle(linker.defaultLookup().findOrThrow(function), descriptor)
                            .invokeWithArguments(arguments);
        } catch (Throwable t) {
            throw new AssertionError(function, t);
        }
    }

    /**
     * Works on files with the rights of this account: the kernel refuses what it may not touch, and
     * what is made is its own. Only this thread changes, and it changes back.
     */
    public <T> T call(Work<T> work) throws IOException {
        if (uid == 0) {
            return work.run();
        }
        if (Thread.currentThread().isVirtual()) {
            throw new IllegalStateException("a virtual thread has no rights of its own");
        }
        List<Integer> before = groupsOfThread();
        try {
            setGroups(groups);
            become(Syscall.SETFSGID, "setfsgid", gid);
            become(Syscall.SETFSUID, "setfsuid", uid);
            return work.run();
        } finally {
            become(Syscall.SETFSUID, "setfsuid", 0);
            become(Syscall.SETFSGID, "setfsgid", 0);
            setGroups(before);
        }
    }

    /** setfsuid(2) tells no errors: it is asked again with an id that it refuses. */
    private static void become(int call, String name, int id) {
        Syscall.call(call, id);
        long now = Syscall.call(call, -1);
        if ((int) now != id) {
            throw LinuxException.of(Errno.EPERM, name, id);
        }
    }

    private static List<Integer> groupsOfThread() {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment groups = arena.allocate(JAVA_INT, GROUPS_MAX);
            long count =
                    Syscall.check(
                            Syscall.call(Syscall.GETGROUPS, GROUPS_MAX, groups.address()),
                            "getgroups");
            return list(groups, (int) count);
        }
    }

    private static List<Integer> list(MemorySegment groups, int count) {
        return Arrays.stream(groups.toArray(JAVA_INT)).limit(count).boxed().toList();
    }

    private static void setGroups(List<Integer> groups) {
        try (Arena arena = Arena.ofConfined()) {
            int[] ids = groups.stream().mapToInt(Integer::intValue).toArray();
            MemorySegment list = arena.allocateFrom(JAVA_INT, ids);
            Syscall.check(Syscall.call(Syscall.SETGROUPS, ids.length, list.address()), "setgroups");
        }
    }
}
