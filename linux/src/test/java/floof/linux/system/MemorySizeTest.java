package floof.linux.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import floof.linux.call.Syscall;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MemorySizeTest {

    private static final long GIB = 1L << 30;
    private static final String SECOND =
            "31 23 0:28 / /sys/fs/cgroup rw,relatime shared:4 - cgroup2 cgroup2 rw,nsdelegate\n";

    @TempDir Path root;

    private void file(String path, String text) throws IOException {
        Path file = root.resolve(path);
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
    }

    private void machine(String groups, String mounts) throws IOException {
        file("proc/meminfo", "MemTotal:       16777216 kB\nMemFree: 1 kB\n");
        file("proc/self/cgroup", groups);
        file("proc/self/mountinfo", "22 1 8:1 / / rw - ext4 /dev/sda1 rw\n" + mounts);
    }

    @Test
    void theMachinesWithoutALimit() throws Exception {
        machine("0::/system.slice/floof.service\n", SECOND);
        file("sys/fs/cgroup/system.slice/floof.service/memory.max", "max\n");
        assertThat(MemorySize.bytes(root)).isEqualTo(16 * GIB);
        machine("", "");
        assertThat(MemorySize.bytes(root)).isEqualTo(16 * GIB);
    }

    @Test
    void theLeastOfAGroupAndThoseAbove() throws Exception {
        machine("0::/system.slice/floof.service\n", SECOND);
        file("sys/fs/cgroup/system.slice/floof.service/memory.max", "" + 3 * GIB);
        assertThat(MemorySize.bytes(root)).isEqualTo(3 * GIB);
        file("sys/fs/cgroup/system.slice/memory.max", "" + 2 * GIB);
        assertThat(MemorySize.bytes(root)).isEqualTo(2 * GIB);
        file("sys/fs/cgroup/system.slice/memory.max", "" + 64 * GIB);
        assertThat(MemorySize.bytes(root)).isEqualTo(3 * GIB);
    }

    @Test
    void versionOne() throws Exception {
        machine(
                "4:memory:/docker/abc\n3:cpu,cpuacct:/\n0::/\n",
                "35 31 0:32 / /sys/fs/cgroup/memory rw - cgroup cgroup rw,memory\n"
                        + "36 31 0:33 / /sys/fs/cgroup/cpu rw - cgroup cgroup rw,cpu,cpuacct\n");
        file("sys/fs/cgroup/memory/docker/abc/memory.limit_in_bytes", "" + GIB);
        file("sys/fs/cgroup/memory/memory.limit_in_bytes", "9223372036854771712\n");
        file("sys/fs/cgroup/cpu/memory.limit_in_bytes", "1\n"); // not memory's hierarchy
        assertThat(MemorySize.bytes(root)).isEqualTo(GIB);
    }

    /** Its group is named as the host sees it; what is mounted is the container's part. */
    @Test
    void aContainersPartOfTheHierarchy() throws Exception {
        String mount = "35 31 0:32 /docker/abc /sys/fs/cgroup ro - cgroup2 cgroup rw\n";
        machine("0::/docker/abc/inner\n", mount);
        file("sys/fs/cgroup/inner/memory.max", "" + GIB);
        file("sys/fs/cgroup/memory.max", "" + 4 * GIB);
        assertThat(MemorySize.bytes(root)).isEqualTo(GIB);
        machine("0::/../other\n", mount);
        assertThat(MemorySize.bytes(root)).isEqualTo(4 * GIB);
    }

    @Test
    void whatGroupsHaveLeft() throws Exception {
        machine("0::/floof\n", SECOND);
        file("proc/meminfo", "MemTotal: 16777216 kB\nMemAvailable: 8388608 kB\n");
        assertThat(MemorySize.availableBytes(root)).isEqualTo(8 * GIB);
        file("sys/fs/cgroup/floof/memory.max", "" + 3 * GIB);
        file("sys/fs/cgroup/floof/memory.current", 2 * GIB + "\n");
        file("sys/fs/cgroup/floof/memory.stat", "anon 1\ninactive_file " + GIB / 2 + "\n");
        assertThat(MemorySize.availableBytes(root)).isEqualTo(3 * GIB / 2);
        machine(
                "4:memory:/abc\n",
                "35 31 0:32 / /sys/fs/cgroup/memory rw - cgroup cgroup rw,memory\n");
        file("proc/meminfo", "MemTotal: 16777216 kB\nMemAvailable: 8388608 kB\n");
        file("sys/fs/cgroup/memory/abc/memory.limit_in_bytes", "" + GIB);
        file("sys/fs/cgroup/memory/abc/memory.usage_in_bytes", "" + GIB);
        file("sys/fs/cgroup/memory/abc/memory.stat", "total_inactive_file 4096\n");
        assertThat(MemorySize.availableBytes(root)).isEqualTo(4096);
    }

    /** The real thing, in a group of this test's. */
    @Test
    void theKernelsLimitOfThisProcess() throws Exception {
        assumeTrue("root".equals(System.getProperty("user.name")), "needs root");
        boolean isFirst = Files.exists(Path.of("/sys/fs/cgroup/memory/memory.limit_in_bytes"));
        Path top = Path.of(isFirst ? "/sys/fs/cgroup/memory" : "/sys/fs/cgroup");
        Path group = top.resolve("floof-test-" + ProcessHandle.current().pid());
        Files.createDirectory(group);
        try {
            String limit = isFirst ? "memory.limit_in_bytes" : "memory.max";
            Files.writeString(group.resolve(limit), "" + GIB);
            Path classes =
                    Path.of(
                            Syscall.class
                                    .getProtectionDomain()
                                    .getCodeSource()
                                    .getLocation()
                                    .toURI());
            Process process =
                    new ProcessBuilder(
                                    "sh",
                                    "-c",
                                    "echo $$ >" + group.resolve("cgroup.procs") + "; exec \"$@\"",
                                    "sh",
                                    ProcessHandle.current().info().command().orElseThrow(),
                                    "-XX:TieredStopAtLevel=1",
                                    "-cp",
                                    classes + ":" + classes.resolveSibling("test-classes"),
                                    Printer.class.getName())
                            .redirectErrorStream(true)
                            .start();
            String output = new String(process.getInputStream().readAllBytes());
            assertThat(process.waitFor()).as(output).isZero();
            String[] bytes = output.strip().split(" ");
            assertThat(bytes[0]).isEqualTo("" + GIB);
            assertThat(Long.parseLong(bytes[1])).isBetween(GIB / 2, GIB - 1);
        } finally {
            Files.delete(group);
        }
        assertThat(MemorySize.bytes()).isGreaterThan(GIB);
    }

    /** Prints what a process in the group may have. */
    static final class Printer {
        private Printer() {}

        public static void main(String[] words) throws IOException {
            System.out.println(MemorySize.bytes() + " " + MemorySize.availableBytes());
        }
    }
}
