package floof.sync;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import floof.base.Prefix;
import floof.linux.NetworkNamespace;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
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
                    "floof-s" + ProcessHandle.current().pid() + "-" + COUNT.incrementAndGet());

    Network() {
        assumeTrue("root".equals(System.getProperty("user.name")), "needs root");
        NetworkNamespace.create(path);
        try {
            ip("link set lo up");
            ip("link add name e0 address 02:00:00:00:00:0a type veth peer name e1");
            ip("link set e0 up");
            ip("link set e1 up");
            ip("addr add 192.0.2.1/24 dev e0");
            ip("addr add 2001:db8::1/64 dev e0 nodad");
        } catch (RuntimeException e) {
            close();
            throw e;
        }
    }

    MirroredNamespace mirrored(int vrf) {
        return new MirroredNamespace(vrf, path.getFileName().toString(), path);
    }

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

    void sysctl(String name, Object value) {
        try {
            NetworkNamespace.call(
                    path,
                    () -> Files.writeString(Path.of("/proc/sys/net/" + name), value.toString()));
        } catch (IOException e) {
            throw new IllegalStateException(name, e);
        }
    }

    /** One ip(8) for many commands. */
    void batch(CharSequence commands) {
        batch("-batch ", commands);
    }

    /** Goes on after commands that the kernel refuses. */
    void tries(CharSequence commands) {
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
            throw new IllegalStateException(e);
        }
    }

    JsonNode ipJson(String arguments) {
        return JSON.readTree(ip("-j " + arguments));
    }

    /**
     * Prefixes of table main and their ways as ip(8) tells them, best metric only: {@code via
     * GATEWAY dev NAME}, joined by commas.
     */
    Map<Prefix, String> routes() {
        Map<Prefix, String> routes = new TreeMap<>();
        Map<Prefix, Long> metrics = new TreeMap<>();
        for (String family : List.of("-4", "-6")) {
            for (JsonNode route : ipJson(family + " route show table main")) {
                Prefix prefix = prefix(route.get("dst").asString(), family.equals("-4"));
                long metric = route.path("metric").asLong(0);
                if (!prefix.address().isLinkLocal()
                        && metric < metrics.getOrDefault(prefix, Long.MAX_VALUE)) {
                    metrics.put(prefix, metric);
                    routes.put(prefix, ways(route));
                }
            }
        }
        return routes;
    }

    private static Prefix prefix(String text, boolean isIp4) {
        if (text.equals("default")) {
            return Prefix.parse(isIp4 ? "0.0.0.0/0" : "::/0");
        }
        return Prefix.parse(text.contains("/") ? text : text + (isIp4 ? "/32" : "/128"));
    }

    private static String ways(JsonNode route) {
        String type = route.path("type").asString("unicast");
        if (!type.equals("unicast")) {
            return type;
        }
        if (!route.has("nexthops")) {
            return way(route);
        }
        List<String> ways = new java.util.ArrayList<>();
        route.get("nexthops").forEach(hop -> ways.add(way(hop)));
        ways.sort(null);
        return String.join(",", ways);
    }

    private static String way(JsonNode hop) {
        String gateway = hop.path("gateway").asString(hop.at("/via/host").asString(""));
        boolean isDead = hop.path("flags").toString().contains("\"dead\"");
        return (gateway.isEmpty() ? "" : "via " + gateway + " ")
                + "dev "
                + hop.get("dev").asString()
                + (isDead ? " dead" : "");
    }

    @Override
    public void close() {
        NetworkNamespace.delete(path);
    }
}
