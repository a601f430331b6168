package floof.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.opentest4j.TestAbortedException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * A network namespace of one test. It goes when it is closed, and by {@link Leftovers} when the JVM
 * dies. Needs root. Thread: any.
 */
public final class Netns implements AutoCloseable {

    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final AtomicInteger COUNT = new AtomicInteger();

    private final Path path;
    private final Runnable forget;

    /** A new one, whose loopback is down. */
    public Netns() {
        this("floof-" + ProcessHandle.current().pid() + "-" + COUNT.incrementAndGet());
    }

    /** The same under a name of the caller's. */
    public Netns(String name) {
        if (!System.getProperty("user.name").equals("root")) {
            throw new TestAbortedException("needs root");
        }
        path = Path.of("/run/netns", name);
        forget = Leftovers.note("ip", "netns", "del", name);
        here("ip netns add " + name);
    }

    /** One with a veth pair e0-e1 and loopback up. */
    public static Netns withPair() {
        Netns netns = new Netns();
        netns.ip("link set lo up");
        netns.ip("link add name e0 address 02:00:00:00:00:0a type veth peer name e1");
        return netns;
    }

    /** Puts both ends of the pair up and gives e0 192.0.2.1/24 and 2001:db8::1/64. */
    public Netns addressed() {
        ip("link set e0 up");
        ip("link set e1 up");
        ip("addr add 192.0.2.1/24 dev e0");
        ip("addr add 2001:db8::1/64 dev e0 nodad");
        return this;
    }

    /** Devices from now on are silent until they are given an address. */
    public Netns silent() {
        sysctl("ipv6/conf/all/disable_ipv6", 1);
        sysctl("ipv6/conf/default/disable_ipv6", 1);
        return this;
    }

    public String name() {
        return path.getFileName().toString();
    }

    /** Under /run/netns. */
    public Path path() {
        return path;
    }

    /** Joins two namespaces, or a device to another of the same, by a veth pair, both ends up. */
    public static void join(Path one, String device, Path other, String otherDevice) {
        run(
                one,
                "ip link add %s type veth peer name %s netns %s"
                        .formatted(device, otherDevice, other.getFileName()));
        run(one, "ip link set " + device + " up");
        run(other, "ip link set " + otherDevice + " up");
    }

    /** Runs ip(8) and returns what it printed. */
    public String ip(String arguments) {
        return run("ip " + arguments);
    }

    public JsonNode ipJson(String arguments) {
        return JSON.readTree(ip("-j " + arguments));
    }

    /** One ip(8) for many commands. */
    public void batch(CharSequence commands) {
        batch("-batch ", commands);
    }

    /** The same, but goes on after commands that the kernel refuses. */
    public void tries(CharSequence commands) {
        try {
            batch("-force -batch ", commands);
        } catch (IllegalStateException e) {
            // ip(8) fails if one command did.
        }
    }

    private void batch(String option, CharSequence commands) {
        try {
            Path file = Files.createTempFile("floof", ".batch");
            try {
                Files.writeString(file, commands);
                ip(option + file);
            } finally {
                Files.delete(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Sets what /proc/sys/net has under this name here. */
    public void sysctl(String name, Object value) {
        run("sysctl -qw net/" + name + "=" + value);
    }

    public String run(String line) {
        return run(path, line);
    }

    /**
     * Runs a program in a namespace, its words separated by blanks, without quoting.
     *
     * @return what it printed, on both streams
     * @throws IllegalStateException with that if it failed
     */
    public static String run(Path namespace, String line) {
        return here("nsenter --net=" + namespace + " -- " + line.strip());
    }

    private static String here(String line) {
        try {
            Process process =
                    new ProcessBuilder(Stream.of(line.split("\\s+")).toList())
                            .redirectErrorStream(true)
                            .start();
            process.getOutputStream().close();
            String output =
                    new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            if (process.waitFor() != 0) {
                throw new IllegalStateException(line + ": " + output);
            }
            return output;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted: " + line, e);
        }
    }

    @Override
    public void close() {
        here("ip netns del " + name());
        forget.run();
    }
}
