package floof.linux.netlink;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import floof.linux.NetworkNamespace;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectMapper;

/** A namespace of one test with a veth pair e0-e1, gone when it is closed. Needs root. */
final class Network implements AutoCloseable {
    private static final AtomicInteger COUNT = new AtomicInteger();
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Path path =
            Path.of(
                    "/run/netns",
                    "floof-n" + ProcessHandle.current().pid() + "-" + COUNT.incrementAndGet());

    Network() {
        assumeTrue("root".equals(System.getProperty("user.name")), "needs root");
        NetworkNamespace.create(path);
        try {
            ip("link set lo up");
            ip("link add name e0 address 02:00:00:00:00:0a type veth peer name e1");
        } catch (RuntimeException e) {
            close();
            throw e;
        }
    }

    /** Both ends up, with addresses. */
    Network addressed() {
        ip("link set e0 up");
        ip("link set e1 up");
        ip("addr add 192.0.2.1/24 dev e0");
        ip("addr add 2001:db8::1/64 dev e0 nodad");
        return this;
    }

    Path path() {
        return path;
    }

    Rtnetlink rtnetlink() {
        return NetworkNamespace.call(path, () -> Rtnetlink.open("test"));
    }

    /** Runs ip(8) and returns what it printed. */
    String ip(String arguments) {
        return run("ip " + arguments);
    }

    String run(String line) {
        try {
            Process process =
                    NetworkNamespace.program(path, List.of(line.split(" ")))
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

    JsonNode ipJson(String arguments) {
        return JSON.readTree(ip("-j " + arguments));
    }

    @Override
    public void close() {
        NetworkNamespace.delete(path);
    }
}
