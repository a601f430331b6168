package floof.lab;

import static org.assertj.core.api.Assertions.assertThat;

import floof.testkit.Eventually;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Every kind of port beside every other: stock hosts with all their offloads, which a port may know
 * nothing of.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class PortKindsTest {

    @AutoClose private final Peering lab = new Peering(Network.unique("pk"));
    private Router router;

    @BeforeAll
    void build() {
        router = lab.router(Peering.CONFIGURATION);
        Iperf.serve(lab, "server");
        Iperf.serve(lab, "client");
    }

    /** Drivers of the port to the client and of the one to the peer. */
    @ParameterizedTest
    @CsvSource({"af-xdp, af-xdp", "af-packet, af-xdp", "af-xdp, af-packet"})
    @Tag("slow")
    void carriesWhatStockHostsSend(String ge0, String ge1) {
        router.must(
                "configure",
                "set interfaces ge-0 driver " + ge0,
                "set interfaces ge-1 driver " + ge1,
                "commit and-quit");
        // The sessions begin again, over the twins: TCP of our own Linux goes out of the ports.
        assertThat(Eventually.holds(this::areEstablished))
                .as("BGP sessions; log: %s", router.log())
                .isTrue();
        assertThat(lab.awaitRoutes(router)).isTrue();
        for (String server : List.of(Peering.SERVER4, Peering.SERVER6)) {
            awaitPing(server);
            assertThat(lab.in("client", "ping", "-nqc", "50", "-i", "0.02", server).mustRun())
                    .contains(" 50 received, 0% packet loss");
            assertThat(megabits("client", server)).isPositive();
            assertThat(megabits("client", server, "-R")).isPositive();
            assertThat(megabits("client", server, "-u", "-b", "50M", "-l", "1400", "-n", "2M"))
                    .isGreaterThan(10);
        }
        if (ge0.equals(ge1)) {
            for (String server : List.of(Peering.SERVER4, Peering.SERVER6)) {
                assertThat(lab.hops(server)).isEqualTo(Peering.expectedHops(server));
                tooBig(server);
            }
        }
        // From a twin, with segmentation offload: what the graph never saw.
        for (String client : List.of(Peering.CLIENT4, Peering.CLIENT6)) {
            assertThat(megabits(null, client)).isPositive();
        }
        assertThat(lost()).isEmpty();
    }

    private boolean areEstablished() {
        JsonNode sessions = router.json("show bgp summary");
        for (JsonNode session : sessions) {
            if (!session.get("state").asString().equals("Established")) {
                return false;
            }
        }
        return sessions.size() == 2;
    }

    private void awaitPing(String server) {
        assertThat(Eventually.holds(() -> lab.reachesSteadily("client", server)))
                .as("%s answers; log: %s", server, router.log())
                .isTrue();
    }

    /** What iperf3 received; from a host, or from the router's twins. */
    private double megabits(@Nullable String host, String server, String... options) {
        List<String> words = new ArrayList<>(List.of("iperf3", "-J", "-n", "50M", "-c", server));
        words.addAll(List.of(options));
        String[] command = words.toArray(String[]::new);
        JsonNode[] ends = new JsonNode[1];
        // A server that has not yet done with the last client says that it is busy.
        boolean isMeasured =
                Eventually.holds(() -> {
                    Command run =
                            host == null ? router.inDataplane(command) : lab.in(host, command);
                    ends[0] = JsonMapper.builder().build().readTree(run.run().output());
                    ends[0] = ends[0].path("end");
                    return ends[0].has("sum_received") || ends[0].has("sum");
                });
        assertThat(isMeasured).as("%s measured", words).isTrue();
        JsonNode end = ends[0];
        JsonNode sum = end.has("sum_received") ? end.get("sum_received") : end.get("sum");
        double megabits = sum.get("bits_per_second").asDouble() / 1e6;
        System.out.printf("%s %s %s: %.0f Mbit/s%n", host, server, List.of(options), megabits);
        return megabits;
    }

    /** The error comes from Linux, for a packet that a port handed up. */
    private void tooBig(String server) {
        router.must("configure", "set interfaces ge-1 mtu 1400", "commit and-quit");
        try {
            String payload = server.contains(":") ? "1452" : "1472";
            assertThat(
                            lab.in(
                                            "client", "ping", "-nMdo", "-c", "2", "-W", "1", "-s",
                                            payload, server)
                                    .run()
                                    .output())
                    .containsPattern(
                            "(?i)(frag needed|packet too big|message too long).*mtu ?= ?1400");
        } finally {
            router.must("configure", "delete interfaces ge-1 mtu", "commit and-quit");
            lab.ip("client", "route flush cache");
            lab.ip("client", "-6 route flush cache");
        }
    }

    /** Packets that the fast path dropped for a reason that these hosts give none for. */
    private List<String> lost() {
        List<String> lost = new ArrayList<>();
        for (JsonNode row : router.json("show fast-path statistics").get("reasons")) {
            String reason = row.get("reason").asString();
            boolean isOurs = List.of("bad-checksum", "bad-length", "truncated").contains(reason);
            if (isOurs && row.get("packets").asLong() != 0) {
                lost.add(row.toString());
            }
        }
        return lost;
    }
}
