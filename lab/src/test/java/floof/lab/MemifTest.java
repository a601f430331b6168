package floof.lab;

import static org.assertj.core.api.Assertions.assertThat;

import floof.testkit.Eventually;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;

/**
 * Two routers with shared memory between them, stock hosts behind each:
 *
 * <pre>
 *   client ───────── left ═════ memif ═════ right ───────── server
 *      192.0.2.0/24       198.51.100.0/24      203.0.113.0/24
 * </pre>
 */
@Tag("slow")
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class MemifTest {

    private static final String NAME = "mf" + ProcessHandle.current().pid() % 1_000;
    private static final String SERVER = "203.0.113.2";

    @AutoClose private static Network network;
    private static Router left;
    private static Router right;

    @BeforeAll
    static void build() {
        network = new Network(NAME);
        List.of("client", "left", "right", "server").forEach(network::host);
        network.link("client", "eth0", "left", "eth0");
        network.link("right", "eth0", "server", "eth0");
        network.address("client", "eth0", "192.0.2.2/24");
        network.address("server", "eth0", SERVER + "/24");
        network.ip("client", "route add default via 192.0.2.1");
        network.ip("server", "route add default via 203.0.113.1");
        left = router("left", "client", "192.0.2.1/24", "198.51.100.1/24", "198.51.100.2");
        right = router("right", "server", "203.0.113.1/24", "198.51.100.2/24", "198.51.100.1");
        Iperf.serve(network, "server");
    }

    private static Router router(
            String host, String role, String toHost, String toPeer, String peer) {
        Router router = new Router(network, host, NAME + host.charAt(0));
        router.awaitReady();
        List<String> lines = new ArrayList<>();
        lines.add("set interfaces ge-0 device eth0");
        lines.add("set interfaces ge-0 address " + toHost);
        lines.add("set interfaces mem0 driver memif");
        lines.add("set interfaces mem0 memif socket " + network.folder().resolve("memif.sock"));
        lines.add("set interfaces mem0 memif role " + role);
        lines.add("set interfaces mem0 address " + toPeer);
        lines.add("set routing static route 0.0.0.0/0 next-hop " + peer);
        router.commit(lines);
        return router;
    }

    @Test
    @Order(1)
    void stockHostsSpeakTcpThroughTwoRouters() {
        awaitPing();
        assertThat(network.in("client", "ping", "-nc", "50", "-i", "0.02", SERVER).mustRun())
                .contains(" 50 received, 0% packet loss");
        Iperf.carries(network, "client", SERVER, 100);
        Iperf.carries(network, "client", SERVER, 100, "-R");
    }

    /** Workers that have nothing to do sleep, and a packet over the memif wakes them. */
    @Test
    @Order(2)
    void anIdleMemifSleeps() throws InterruptedException {
        assertThat(Eventually.holds(() -> cpuMsOfTwoSeconds() < 1_000)).as("of 4 s").isTrue();
        assertThat(network.in("client", "ping", "-nqc", "5", "-i", "0.5", SERVER).mustRun())
                .contains(" 5 received");
    }

    private static long cpuMsOfTwoSeconds() throws InterruptedException {
        long before = cpuMs(left) + cpuMs(right);
        Thread.sleep(2_000);
        return cpuMs(left) + cpuMs(right) - before;
    }

    private static long cpuMs(Router router) {
        return router.fastPath().info().totalCpuDuration().orElseThrow().toMillis();
    }

    /** The client's fast path, then the server's: the carrier goes, all comes back by itself. */
    @Test
    @Order(3)
    void whoIsKilledIsConnectedAgain() {
        for (Router killed : List.of(left, right)) {
            Process flood =
                    network.start(
                            "flood-" + killed.instance(),
                            network.in("client", "ping", "-nqfc", "1000000", SERVER));
            long before = killed.fastPath().pid();
            assertThat(killed.fastPath().destroyForcibly()).isTrue();
            awaitPing();
            flood.destroy();
            assertThat(killed.fastPath().pid()).isNotEqualTo(before);
            Iperf.carries(network, "client", SERVER, 100);
        }
    }

    @Test
    @Order(4)
    void theTwinHasTheCarrierOfTheMemif() {
        assertThat(carrier(right)).isTrue();
        left.must("configure", "delete interfaces mem0", "commit and-quit");
        assertThat(Eventually.holds(() -> !carrier(right))).isTrue();
    }

    private static boolean carrier(Router router) {
        return router.inDataplane("ip", "link", "show", "dev", "mem0")
                .mustRun()
                .contains("LOWER_UP");
    }

    private static void awaitPing() {
        assertThat(Eventually.holds(() -> network.reachesSteadily("client", SERVER)))
                .as(() -> left.log() + "\n" + right.log())
                .isTrue();
    }
}
