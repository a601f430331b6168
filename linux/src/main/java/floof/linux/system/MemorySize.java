package floof.linux.system;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * How much memory this process may have: the machine's, or less where a control group limits it, as
 * containers and services are limited. Everything that is sized by memory asks here.
 */
public final class MemorySize {

    private MemorySize() {}

    /**
     * The least of {@code MemTotal} (proc_meminfo(5)) and of {@code memory.max} or, in version 1,
     * {@code memory.limit_in_bytes} of the process's control group and those above it (cgroups(7)).
     */
    public static long bytes() throws IOException {
        return bytes(Path.of("/"));
    }

    /**
     * What can be had without swapping and without killing a process: the least of {@code
     * MemAvailable} and of what each control group has left, cached files included.
     */
    public static long availableBytes() throws IOException {
        return availableBytes(Path.of("/"));
    }

    static long bytes(Path root) throws IOException {
        return least(root, line(root.resolve("proc/meminfo"), "MemTotal:"), false);
    }

    static long availableBytes(Path root) throws IOException {
        return least(root, line(root.resolve("proc/meminfo"), "MemAvailable:"), true);
    }

    /**
     * @param root where {@code proc} and the mount points are
     * @param machine what the machine has
     * @param isLeft of a group what is left, instead of its limit
     */
    private static long least(Path root, long machine, boolean isLeft) throws IOException {
        long least = machine;
        List<String> groups = Files.readAllLines(root.resolve("proc/self/cgroup"));
        for (String line : Files.readAllLines(root.resolve("proc/self/mountinfo"))) {
            // proc_pid_mountinfo(5): 4 the mounted part, 5 where; after " - " type, source, options
            String[] halves = line.split(" - ", 2);
            String[] fields = halves[0].split(" ");
            String[] kind = halves[1].split(" ");
            boolean isSecond = kind[0].equals("cgroup2");
            if (isSecond || kind[0].equals("cgroup") && has(kind[2], "memory")) {
                Path mount = root.resolve(fields[4].substring(1));
                Path group = group(groups, isSecond ? "" : "memory", fields[3], mount);
                for (; group != null && group.startsWith(mount); group = group.getParent()) {
                    long limit = limit(group, isSecond);
                    if (isLeft && limit != Long.MAX_VALUE) {
                        limit = Math.max(0, limit - used(group, isSecond));
                    }
                    least = Math.min(least, limit);
                }
            }
        }
        return least;
    }

    private static long line(Path meminfo, String name) throws IOException {
        return value(meminfo, name) << 10;
    }

    private static long value(Path file, String name) throws IOException {
        for (String line : Files.readAllLines(file)) {
            String[] words = line.split("\\s+");
            if (words[0].equals(name)) {
                return Long.parseLong(words[1]);
            }
        }
        throw new IOException(file + " has no line " + name);
    }

    /**
     * The folder of the process's group. One outside of what is mounted, as a container may see it,
     * is the mount point: that is the container's.
     *
     * @param groups lines {@code number:controllers:path}; version 2 has no controllers
     */
    private static Path group(List<String> groups, String controller, String mounted, Path mount) {
        for (String line : groups) {
            String[] fields = line.split(":", 3);
            String prefix = mounted.equals("/") ? "" : mounted;
            if (has(fields[1], controller) && fields[2].startsWith(prefix)) {
                Path group =
                        mount.resolve(fields[2].substring(prefix.length()).replaceFirst("^/", ""));
                return Files.isDirectory(group) ? group : mount;
            }
        }
        return mount;
    }

    private static boolean has(String list, String element) {
        return List.of(list.split(",")).contains(element);
    }

    private static long limit(Path group, boolean isSecond) throws IOException {
        Path file = group.resolve(isSecond ? "memory.max" : "memory.limit_in_bytes");
        if (!Files.exists(file)) {
            return Long.MAX_VALUE; // the root group, or the controller is not enabled
        }
        String text = Files.readString(file).strip();
        return text.equals("max") ? Long.MAX_VALUE : Long.parseLong(text);
    }

    /** Without files that nobody used lately: the kernel gives them up first. */
    private static long used(Path group, boolean isSecond) throws IOException {
        Path file = group.resolve(isSecond ? "memory.current" : "memory.usage_in_bytes");
        String cached = isSecond ? "inactive_file" : "total_inactive_file";
        return Long.parseLong(Files.readString(file).strip())
                - value(group.resolve("memory.stat"), cached);
    }
}
