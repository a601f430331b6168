package floof.lab;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import floof.base.MacAddress;
import floof.linux.dpdk.Eal;
import floof.linux.system.Cpus;
import floof.linux.system.CurrentThread;
import floof.testkit.Eventually;
import floof.testkit.Packets;
import floof.testkit.Pcap;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Random;
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
import tools.jackson.databind.json.JsonMapper;

/** Ports over DPDK's virtual devices, in the router as a user runs it. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
@Timeout(120)
@Tag("slow")
class DpdkTest {

    private static final long PEER_MAC = 0x02_00_00_00_00_66L;

    @AutoClose private Peering lab;
    private Router router;

    @BeforeAll
    void build() {
        assumeTrue(Eal.refusal() == null, "needs DPDK, which ./floof test installs");
        lab = new Peering(Network.unique("dp"));
        router = lab.router(Peering.CONFIGURATION);
        Iperf.serve(lab, "server");
    }

    /** The first port restarts the fast path warm. */
    @Test
    @Order(1)
    void driversOnKernelDevicesCarryWhatStockHostsSend() {
        assertThat(router.must("show dpdk version")).contains("without DPDK");
        assertThat(lab.awaitRoutes(router)).isTrue();
        set("set interfaces ge-0 driver dpdk", "set interfaces ge-0 dpdk vdev net_af_packet");
        answers();
        set("set interfaces ge-1 driver dpdk", "set interfaces ge-1 dpdk vdev net_af_xdp");
        answers();
        JsonNode ports = router.json("show dpdk ports");
        assertThat(ports.findValuesAsString("driver"))
                .containsExactly("net_af_packet", "net_af_xdp");
        carriesTcp(Peering.SERVER4, Peering.SERVER6);
        assertThat(router.must("show dpdk xstats ge-1")).contains("rx_good_packets");
        assertThat(router.must("show dpdk version")).contains("DPDK 22.11.");
        assertThat(router.runFolder().resolve("dpdk/floof-" + lab.name())).isEmptyDirectory();
    }

    /** A driver of ours beside one of DPDK's: both fill the mempool's buffers. */
    @Test
    @Order(2)
    void ourDriversUseTheSameBuffers() {
        set("delete interfaces ge-1 dpdk", "set interfaces ge-1 driver af-xdp");
        answers();
    }

    @Test
    @Order(3)
    void aTapOfDpdkIsADeviceOfLinux() {
        set(
                "set interfaces tap0 driver dpdk",
                "set interfaces tap0 dpdk vdev net_tap",
                "set interfaces tap0 dpdk arguments iface=dtap0",
                "set interfaces tap0 address 10.77.0.1/24",
                "set interfaces tap0 address 2001:db8:77::1/64");
        lab.address("router", "dtap0", "10.77.0.2/24", "2001:db8:77::2/64");
        lab.ip("router", "route add 192.0.2.0/24 via 10.77.0.1");
        lab.ip("router", "-6 route add 2001:db8:1::/64 via 2001:db8:77::1");
        Iperf.serve(lab, "router");
        carriesTcp("10.77.0.2", "2001:db8:77::2");
        set("delete interfaces tap0");
    }

    /** Shared memory between two fast paths; stock hosts at both ends. */
    @Test
    @Order(4)
    void memifJoinsTwoRouters() {
        String socket = "id=0,socket-abstract=no,socket=" + lab.folder().resolve("two.sock");
        lab.host("far");
        lab.host("end");
        lab.link("end", "eth0", "far", "eth0");
        lab.address("end", "eth0", "10.79.0.2/24", "2001:db8:79::2/64");
        lab.ip("end", "route add default via 10.79.0.1");
        lab.ip("end", "-6 route add default via 2001:db8:79::1");
        Router far = new Router(lab, "far", lab.name() + "f");
        set(
                "set interfaces two driver dpdk",
                "set interfaces two dpdk vdev net_memif",
                "set interfaces two dpdk arguments role=server," + socket,
                "set interfaces two address 10.78.1.1/24",
                "set interfaces two address 2001:db8:78::1/64",
                "set routing static route 10.79.0.0/24 next-hop 10.78.1.2",
                "set routing static route 2001:db8:79::/64 next-hop 2001:db8:78::2");
        far.awaitReady();
        far.commit(
                List.of(
                        "set interfaces two driver dpdk",
                        "set interfaces two dpdk vdev net_memif",
                        "set interfaces two dpdk arguments role=client," + socket,
                        "set interfaces two address 10.78.1.2/24",
                        "set interfaces two address 2001:db8:78::2/64",
                        "set interfaces ge-0 device eth0",
                        "set interfaces ge-0 address 10.79.0.1/24",
                        "set interfaces ge-0 address 2001:db8:79::1/64",
                        "set routing static route 192.0.2.0/24 next-hop 10.78.1.1",
                        "set routing static route 2001:db8:1::/64 next-hop 2001:db8:78::1"));
        Iperf.serve(lab, "end");
        carriesTcp("10.79.0.2", "2001:db8:79::2");
        far.stop();
        set("delete interfaces two", "delete routing static");
    }

    /** testpmd answers ARP and echo requests; when it dies, the link goes down and comes back. */
    @Test
    @Order(5)
    void memifSpeaksToTestpmd() {
        Path socket = serveMemif();
        awaitLink("down");
        for (int round = 0; round < 2; round++) {
            Process testpmd = lab.start("testpmd" + round, testpmd(socket));
            awaitLink("up");
            awaitPing("client", "10.78.0.2");
            // testpmd forgets an answer that finds its ring full.
            assertThat(lab.in("client", "ping", "-nqc", "50", "-i", "0.02", "10.78.0.2").mustRun())
                    .containsPattern(" (4[5-9]|50) received");
            // Under traffic.
            Process flood =
                    lab.start(
                            "flood" + round,
                            lab.in("client", "ping", "-nqfc", "100000", "10.78.0.2"));
            testpmd.descendants().forEach(ProcessHandle::destroyForcibly);
            testpmd.destroyForcibly();
            awaitLink("down");
            flood.destroy();
            awaitPing("client", Peering.SERVER4);
        }
    }

    /** Waits for another program at the socket. */
    private Path serveMemif() {
        Path socket = lab.folder().resolve("memif.sock");
        set(
                "set interfaces memif0 driver dpdk",
                "set interfaces memif0 dpdk vdev net_memif",
                "set interfaces memif0 dpdk arguments role=server,id=0,socket-abstract=no,socket="
                        + socket,
                "set interfaces memif0 address 10.78.0.1/24");
        return socket;
    }

    private Command testpmd(Path socket) {
        return Command.of(
                "dpdk-testpmd",
                "--no-huge",
                "--no-pci",
                "--no-shconf",
                "--no-telemetry",
                "-m",
                "64",
                "--lcores",
                "0@(0,1),1@(0,1)",
                "--file-prefix",
                lab.name(),
                "--vdev=net_memif0,role=client,id=0,socket-abstract=no,socket=" + socket,
                "--",
                "--total-num-mbufs=4096",
                "--forward-mode=icmpecho",
                "--stats-period=3600",
                "-a");
    }

    private void awaitLink(String state) {
        assertThat(
                        Eventually.holds(() ->
                                router.json("show dpdk ports")
                                        .findValuesAsString("link")
                                        .getLast()
                                        .equals(state)))
                .as("memif0 is %s; log: %s", state, router.log())
                .isTrue();
    }

    /**
     * A recording goes in by one port and out by another into a new one, packet by packet. The file
     * is read when the port is attached, so that happens once all is configured: when the fast path
     * was killed and comes back.
     */
    @Test
    @Order(6)
    void aFileIsRoutedIntoAFile() throws IOException {
        Path in = lab.folder().resolve("in.pcap");
        Path out = lab.folder().resolve("out.pcap");
        Files.write(in, Pcap.file(List.of()));
        serveMemif();
        set(
                "set interfaces a-out driver dpdk",
                "set interfaces a-out dpdk vdev net_pcap",
                "set interfaces a-out dpdk arguments tx_pcap=" + out,
                "set interfaces a-out address 10.80.0.1/24",
                "set interfaces b-in driver dpdk",
                "set interfaces b-in dpdk vdev net_pcap",
                "set interfaces b-in dpdk arguments rx_pcap="
                        + in
                        + ",tx_pcap="
                        + lab.folder().resolve("sink.pcap"),
                "set interfaces b-in address 10.81.0.1/24");
        router.inDataplane(
                        "ip",
                        "neigh",
                        "replace",
                        "10.80.0.2",
                        "lladdr",
                        "02:00:00:00:00:66",
                        "nud",
                        "permanent",
                        "dev",
                        "a-out")
                .mustRun();
        long mac = mac("b-in");
        List<byte[]> sent = new ArrayList<>();
        Random random = new Random(3);
        for (int i = 0; i < 500; i++) {
            sent.add(udp(mac, i, random));
        }
        Files.write(in, Pcap.file(sent));
        killFastPath();
        assertThat(Eventually.holds(() -> sentBy("a-out") >= sent.size()))
                .as("forwarded; log: %s", router.log())
                .isTrue();
        awaitPing("client", Peering.SERVER4);
        // The socket that the killed one left is no obstacle.
        assertThat(router.json("show dpdk ports").findValuesAsString("driver"))
                .contains("net_memif");
        long outMac = mac("a-out");
        set("delete interfaces a-out", "delete interfaces b-in", "delete interfaces memif0");
        List<byte[]> received = Pcap.frames(Files.readAllBytes(out));
        received.removeIf(frame -> frame.length < 34 || frame[33] != 2 || frame[23] != 17);
        assertThat(received).hasSize(sent.size());
        for (int i = 0; i < sent.size(); i++) {
            assertThat(received.get(i)).isEqualTo(Packets.routed(sent.get(i), PEER_MAC, outMac));
        }
    }

    /** Its worker polls these ports, and must still leave time to everything else. */
    @Test
    @Order(7)
    void aRouterOfOneCpuTakesCommits() {
        lab.host("single");
        BitSet cpus = CurrentThread.cpus();
        Router single;
        CurrentThread.runOn(Cpus.parse("" + cpus.nextSetBit(0)));
        try {
            single = new Router(lab, "single", lab.name() + "s");
        } finally {
            CurrentThread.runOn(cpus);
        }
        single.awaitReady();
        assertThat(single.must("show fast-path sizing")).contains("shared with everything else");
        single.commit(
                List.of(
                        "set interfaces null0 driver dpdk",
                        "set interfaces null0 dpdk vdev net_null",
                        "set interfaces null0 dpdk arguments no-rx=1",
                        "set interfaces null0 address 10.82.0.1/24"));
        assertThat(single.json("show fast-path workers").get(0).get("sleeps").asLong())
                .as("sleeps")
                .isPositive();
        single.commit(List.of("delete interfaces null0"));
        single.stop();
    }

    private void killFastPath() {
        for (ProcessHandle process : ProcessHandle.allProcesses().toList()) {
            List<String> words = List.of(process.info().arguments().orElse(new String[0]));
            if (words.contains("floof.app/floof.app.FastPath") && words.contains(lab.name())) {
                process.destroyForcibly();
            }
        }
    }

    private long sentBy(String port) {
        Command.Outcome outcome = router.ctl("show dpdk xstats | display json");
        if (!outcome.isGood()) {
            return 0;
        }
        for (JsonNode row : JsonMapper.builder().build().readTree(outcome.output())) {
            if (row.get("port").asString().equals(port)
                    && row.get("name").asString().equals("tx_good_packets")) {
                return row.get("value").asLong();
            }
        }
        return 0;
    }

    private long mac(String port) {
        String link = router.inDataplane("ip", "-o", "link", "show", "dev", port).mustRun();
        return MacAddress.parse(link.replaceAll("(?s).*link/ether (\\S+) .*", "$1")).value();
    }

    private static byte[] udp(long to, int number, Random random) {
        byte[] udp = Packets.udp(1000, 2000, Packets.noise(random, random.nextInt(1400)));
        byte[] frame = Packets.ip(to, "10.81.0.2", "10.80.0.2", 64, 17, udp);
        return Packets.mendHeader(Packets.with(frame, 18, number >> 8, number), 14);
    }

    private void set(String... lines) {
        List<String> commands = new ArrayList<>(List.of("configure"));
        commands.addAll(List.of(lines));
        commands.add("commit and-quit");
        router.must(commands.toArray(String[]::new));
    }

    private void answers() {
        for (String server : List.of(Peering.SERVER4, Peering.SERVER6)) {
            awaitPing("client", server);
            assertThat(lab.in("client", "ping", "-nqc", "20", "-i", "0.02", server).mustRun())
                    .contains(" 20 received, 0% packet loss");
        }
    }

    private void awaitPing(String host, String server) {
        assertThat(Eventually.holds(() -> lab.reachesSteadily(host, server)))
                .as("%s answers; log: %s", server, router.log())
                .isTrue();
    }

    /** TCP of the client with a server, by IPv4 and IPv6, both ways. */
    private void carriesTcp(String... servers) {
        for (String server : servers) {
            awaitPing("client", server);
            Iperf.carries(lab, "client", server, 30);
            Iperf.carries(lab, "client", server, 30, "-R");
        }
    }
}
