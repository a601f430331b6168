package floof.linux;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
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

    Path namespace(String name) {
        Path path = path(name);
        NetworkNamespace.create(path);
        run(path, "ip link set lo up");
        return path;
    }

    /** Joins two namespaces by a veth pair, both ends up and without IPv6. */
    static void join(Path one, String oneDevice, Path other, String otherDevice) {
        run(
                one,
                "ip link add "
                        + oneDevice
                        + " type veth peer name "
                        + otherDevice
                        + " netns "
                        + other.getFileName());
        for (Path path : List.of(one, other)) {
            run(path, "sysctl -qw net.ipv6.conf.all.disable_ipv6=1");
        }
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

    @Override
    public void close() {
        namespaces.forEach(NetworkNamespace::delete);
    }
}
