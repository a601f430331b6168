package floof.linux;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Network namespaces of one test, gone when it is closed. Needs root. */
final class Sandbox implements AutoCloseable {

    private final List<Path> namespaces = new ArrayList<>();

    Sandbox() {
        assumeTrue("root".equals(System.getProperty("user.name")), "needs root");
    }

    /** A path for a namespace that is deleted with the sandbox. */
    Path path(String name) {
        Path path =
                Path.of(
                        "/run/netns",
                        "floof-t" + ProcessHandle.current().pid() + "-" + name + namespaces.size());
        namespaces.add(path);
        return path;
    }

    /** A new namespace whose devices are silent until they are given an address. */
    Path namespace(String name) {
        Path path = path(name);
        NetworkNamespace.create(path);
        disableIp6(path);
        return path;
    }

    /** Joins two namespaces by a veth pair, both ends up. */
    static void join(Path one, String oneDevice, Path other, String otherDevice) {
        run(
                one,
                "ip link add "
                        + oneDevice
                        + " type veth peer name "
                        + otherDevice
                        + " netns "
                        + other.getFileName());
        run(one, "ip link set " + oneDevice + " up");
        run(other, "ip link set " + otherDevice + " up");
    }

    /** Runs a program in the namespace and returns what it printed. */
    static String run(Path namespace, String line) {
        try {
            Process process =
                    NetworkNamespace.program(namespace, List.of(line.split(" ")))
                            .redirectErrorStream(true)
                            .start();
            String output =
                    new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            if (process.waitFor() != 0) {
                throw new IllegalStateException(line + ": " + output);
            }
            return output;
        } catch (IOException | InterruptedException e) {
            throw new IllegalStateException(line, e);
        }
    }

    /** /proc/sys/net shows the namespace of the thread that looks. */
    private static void disableIp6(Path namespace) {
        try {
            for (String which : List.of("all", "default")) {
                Path file = Path.of("/proc/sys/net/ipv6/conf", which, "disable_ipv6");
                NetworkNamespace.call(namespace, () -> Files.writeString(file, "1"));
            }
        } catch (IOException e) {
            throw new IllegalStateException("disable IPv6 in " + namespace, e);
        }
    }

    @Override
    public void close() {
        namespaces.forEach(NetworkNamespace::delete);
    }
}
