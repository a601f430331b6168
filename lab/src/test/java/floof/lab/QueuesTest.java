package floof.lab;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import floof.testkit.Eventually;
import java.util.List;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import tools.jackson.databind.JsonNode;

/** Two workers behind ports of two queues, of one, and of none. */
@Tag("slow")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(120)
class QueuesTest {

    private static final int CPUS = Runtime.getRuntime().availableProcessors();

    @AutoClose private Network network;
    private Router router;

    /** {@code one} and {@code other} on both sides of the router, by two queues and by one. */
    @BeforeAll
    void build() {
        assumeTrue(CPUS > 1, "needs two CPUs");
        network = new Network(Network.unique("qu"));
        for (String host : List.of("one", "router", "other")) {
            network.host(host);
        }
        for (int queues = 1; queues <= 2; queues++) {
            String device = "eth" + queues;
            network.link("one", device, "router", "one" + queues, queues);
            network.link("other", device, "router", "other" + queues, queues);
            network.address("one", device, "192.0." + queues + ".2/24", six(queues, "a::2/64"));
            network.address("other", device, "198.51." + queues + ".2/24", six(queues, "b::2/64"));
            network.ip("one", "route add 198.51.%d.0/24 via 192.0.%1$d.1".formatted(queues));
            network.ip("other", "route add 192.0.%d.0/24 via 198.51.%1$d.1".formatted(queues));
            network.ip("one", "-6 route add " + six(queues, "b::/64 via ") + six(queues, "a::1"));
            network.ip("other", "-6 route add " + six(queues, "a::/64 via ") + six(queues, "b::1"));
        }
        Iperf.serve(network, "other");
        router = new Router(network, "router", network.name());
        router.awaitReady();
        router.commit(List.of("set fast-path workers 2"));
    }

    private static String six(int queues, String rest) {
        return "2001:db8:" + queues + rest;
    }

    private void ports(int queues, String... settings) {
        for (String side : List.of("one", "other")) {
            String port = "set interfaces " + side + "-" + queues;
            String net = side.equals("one") ? "192.0." : "198.51.";
            router.must(
                    "configure",
                    port + " device " + side + queues,
                    port + " driver af-xdp",
                    port + " address " + net + queues + ".1/24",
                    port + " address " + six(queues, side.equals("one") ? "a::1/64" : "b::1/64"),
                    settings.length == 0 ? port + " mtu 1500" : port + " " + settings[0],
                    "commit and-quit");
        }
    }

    private JsonNode workers() {
        return router.json("show fast-path statistics").get("workers");
    }

    private long handedOver() {
        long sum = 0;
        for (JsonNode worker : router.json("show fast-path workers")) {
            sum += worker.get("handedOver").asLong();
        }
        return sum;
    }

    /** Many flows at once, both families, both ways; each worker gets its share of them. */
    private void carriesByBothWorkers(int queues) {
        for (String server : List.of("198.51." + queues + ".2", six(queues, "b::2"))) {
            assertThat(Eventually.holds(() -> network.reachesSteadily("one", server)))
                    .as(router::log)
                    .isTrue();
            assertThat(network.in("one", "ping", "-nqc50", "-i0.02", server).mustRun())
                    .contains(" 50 received, 0% packet loss");
            long[] before = received();
            for (String way : List.of("--no-delay", "-R")) {
                assertThat(
                                Eventually.holds(() ->
                                        network.in(
                                                        "one", "iperf3", "-n50M", "-P8", way, "-c",
                                                        server)
                                                .run()
                                                .isGood()))
                        .as(router::log)
                        .isTrue();
            }
            long[] after = received();
            for (int worker = 0; worker < 2; worker++) {
                assertThat(after[worker] - before[worker])
                        .as("by worker %d of %s", worker, workers())
                        .isGreaterThan(100);
            }
        }
        assertThat(Eventually.holds(() -> WorkersTest.addsUp(router)))
                .as(() -> router.must("show fast-path statistics"))
                .isTrue();
    }

    private long[] received() {
        long[] received = new long[2];
        for (JsonNode worker : workers()) {
            received[worker.get("worker").asInt()] = worker.get("received").asLong();
        }
        return received;
    }

    @Test
    void eachWorkerReadsAndWritesAQueueOfItsOwn() {
        ports(2);
        long before = handedOver();
        carriesByBothWorkers(2);
        assertThat(handedOver()).as("nothing to hand over").isEqualTo(before);
    }

    /** The reader hands over what it reads, and gets back what is to be sent. */
    @Test
    void oneQueueIsSpreadOverBoth() {
        ports(1, "receive-spreading on");
        carriesByBothWorkers(1);
        assertThat(handedOver()).isGreaterThan(1_000);
        assertThat(router.must("show fast-path workers")).contains("Handed over");
        assertThat(router.must("show fast-path nodes")).contains("receive-spread", "hand-over");
        // Without, the reader forwards it all.
        router.must(
                "configure",
                "delete interfaces one-1 receive-spreading",
                "delete interfaces other-1 receive-spreading",
                "commit and-quit");
        assertThat(Eventually.holds(() -> network.reaches("one", "198.51.1.2"))).isTrue();
        assertThat(network.in("one", "iperf3", "-n50M", "-P4", "-c", "198.51.1.2").mustRun())
                .contains("receiver");
    }

    /** No queue at all: what one worker makes up, both forward. */
    @Test
    void aGeneratorIsSpreadToo() {
        ports(2);
        network.ip("other", "route replace 192.0.9.0/24 via 198.51.2.1");
        assertThat(Eventually.holds(() -> network.reaches("one", "198.51.2.2"))).isTrue();
        long[] before = received();
        router.must(
                "configure",
                "set interfaces gen driver generator",
                "set interfaces gen address 192.0.9.1/24",
                "set interfaces gen generator source 192.0.9.2",
                "set interfaces gen generator destination 198.51.2.2",
                "set interfaces gen generator count 4000",
                "set interfaces gen generator flows 64",
                "set interfaces gen generator rate 4000",
                "set interfaces gen receive-spreading on",
                "commit and-quit");
        assertThat(
                        Eventually.holds(() -> {
                            long[] now = received();
                            return now[0] + now[1] - before[0] - before[1] >= 4_000;
                        }))
                .as(() -> router.must("show fast-path statistics"))
                .isTrue();
        long[] after = received();
        for (int worker = 0; worker < 2; worker++) {
            assertThat(after[worker] - before[worker]).isGreaterThan(500);
        }
        assertThat(Eventually.holds(() -> WorkersTest.addsUp(router)))
                .as(() -> router.must("show fast-path statistics"))
                .isTrue();
        router.must("configure", "delete interfaces gen", "commit and-quit");
    }
}
