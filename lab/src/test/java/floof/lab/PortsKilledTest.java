package floof.lab;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import floof.linux.dpdk.Eal;
import floof.testkit.Eventually;
import floof.testkit.Pcap;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.Timeout;
import tools.jackson.databind.JsonNode;

/** Ports of a fast path that is killed: what comes back, and what must not be left. */
@Tag("slow")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
@Timeout(120)
class PortsKilledTest {

    @AutoClose private final Peering lab = new Peering(Network.unique("pq"));
    private Router router;

    @BeforeAll
    void build() {
        router = lab.router(Peering.CONFIGURATION);
        assertThat(lab.awaitRoutes(router)).as("BGP routes; log: %s", router.log()).isTrue();
    }

    /**
     * Our program of XDP goes with its process; that of net_af_xdp stays with the device and is
     * taken on. When all are killed, release leaves neither.
     */
    @Test
    @Order(3)
    void programsOfXdp() {
        assumeTrue(Eal.refusal() == null, "needs DPDK, which ./floof test installs");
        router.commit(
                List.of(
                        "set interfaces ge-0 driver af-xdp",
                        "set interfaces ge-1 driver dpdk",
                        "set interfaces ge-1 dpdk vdev net_af_xdp"));
        awaitAnswers();
        List<String> before = programs();
        assertThat(before).hasSize(2);
        kill(router.fastPath());
        awaitAnswers();
        List<String> after = programs();
        assertThat(after).hasSize(2);
        assertThat(after.getFirst()).isNotEqualTo(before.getFirst());
        List<ProcessHandle> all = new ArrayList<>(router.supervisor().descendants().toList());
        all.addFirst(router.supervisor().toHandle());
        all.add(router.fastPath());
        all.forEach(PortsKilledTest::kill);
        router.stop();
        assertThat(router.runFolder()).doesNotExist();
        String devices = lab.ip("router", "-d link show type veth");
        assertThat(devices).contains("eth0", "eth1").doesNotContain("xdp", "PROMISC");
        assertThat(devices).contains("promiscuity 0").doesNotContain("promiscuity 1");
    }

    /** Lines {@code prog/xdp id N ...} of the claimed devices. */
    private List<String> programs() {
        Path namespace = router.runFolder().resolve("netns/ports");
        String links =
                Command.of("nsenter", "--net=" + namespace, "--", "ip", "-d", "link", "show")
                        .mustRun();
        return links.lines().filter(it -> it.contains("prog/xdp")).toList();
    }

    private static void kill(ProcessHandle process) {
        process.destroyForcibly();
        process.onExit().join();
    }

    private void awaitAnswers() {
        for (String server : List.of(Peering.SERVER4, Peering.SERVER6)) {
            assertThat(Eventually.holds(() -> lab.reaches("client", server)))
                    .as("%s answers; log: %s", server, router.log())
                    .isTrue();
        }
    }

    /** A port that the new fast path refuses is shown, and taken as soon as it can be. */
    @Test
    @Order(2)
    void whatIsRefusedIsTriedAgain() throws Exception {
        Path file = lab.folder().resolve("in.pcap");
        byte[] empty = Pcap.file(List.of());
        Files.write(file, empty);
        router.commit(
                List.of(
                        "set interfaces file driver pcap",
                        "set interfaces file pcap replay " + file,
                        "set interfaces file address 10.80.0.1/24"));
        assertThat(state("file")).isEqualTo("up");
        Files.delete(file);
        kill(router.fastPath());
        awaitAnswers();
        assertThat(Eventually.holds(() -> state("file").startsWith("failed")))
                .as("%s", router.json("show fast-path ports"))
                .isTrue();
        assertThat(state("file")).contains(file.toString());
        assertThat(router.must("show fast-path ports")).contains("failed: ");
        Files.write(file, empty);
        assertThat(Eventually.holds(() -> state("file").equals("up"))).as(router::log).isTrue();
        router.commit(List.of("delete interfaces file"));
    }

    private String state(String port) {
        for (JsonNode row : router.json("show fast-path ports")) {
            if (row.get("name").asString().equals(port)) {
                return row.get("state").asString();
            }
        }
        return "";
    }

    /** What the kernel could not put into the ring of a fast path that stood still. */
    @Test
    @Order(1)
    void whatTheRingDidNotTakeIsShown() {
        for (String driver : List.of("af-packet", "af-xdp")) {
            router.commit(List.of("set interfaces ge-0 driver " + driver));
            awaitAnswers();
            long received = count("received");
            long missed = count("missed");
            String pid = "" + router.fastPath().pid();
            Command.of("kill", "-STOP", pid).mustRun();
            // As many as one socket sends at once; replies cannot come.
            lab.in("client", "ping", "-nqc", "5000", "-l", "5000", "-W", "1", Peering.SERVER4)
                    .run();
            Command.of("kill", "-CONT", pid).mustRun();
            awaitAnswers();
            assertThat(count("missed")).as(driver).isGreaterThan(missed + 1000);
            assertThat(count("received") - received + count("missed") - missed)
                    .as("%s: all that was sent began at the ring", driver)
                    .isBetween(5000L, 5200L);
        }
    }

    private long count(String counter) {
        return router.json("show fast-path ports").get(0).get("counters").get(counter).asLong();
    }
}
