package floof.lab;

import static org.assertj.core.api.Assertions.assertThat;

import floof.base.MacAddress;
import floof.testkit.Eventually;
import floof.testkit.Packets;
import floof.testkit.Pcap;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** A router without any device: captures in, captures out. */
@Tag("slow")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class FilePortsTest {

    private static final String NEXT_HOP = "02:00:00:00:00:99";
    private static final int PACKETS = 1000;

    @AutoClose private final Network lab = new Network(Network.unique("fp"));
    private Router router;
    private Path recorded;

    @BeforeAll
    void build() {
        lab.host("router");
        router = new Router(lab, "router", lab.name());
        router.awaitReady();
        recorded = lab.folder().resolve("out.pcap");
        router.commit(
                List.of(
                        "set interfaces in driver tap",
                        "set interfaces in address 192.0.2.1/24",
                        "set interfaces out driver pcap",
                        "set interfaces out pcap record " + recorded,
                        "set interfaces out address 198.51.100.1/24",
                        "set routing static route 203.0.113.0/24 next-hop 198.51.100.2"));
        router.inDataplane(
                        "ip",
                        "neigh",
                        "replace",
                        "198.51.100.2",
                        "lladdr",
                        NEXT_HOP,
                        "dev",
                        "out",
                        "nud",
                        "permanent")
                .mustRun();
        assertThat(Eventually.holds(() -> router.must("show route 203.0.113.0/24").contains("out")))
                .isTrue();
    }

    private long mac(String port) {
        String link = router.inDataplane("ip", "-o", "link", "show", port).mustRun();
        String mac = link.replaceFirst("(?s).*link/ether ([0-9a-f:]{17}).*", "$1");
        return MacAddress.parse(mac).value();
    }

    private static byte[] packet(long to, int number) {
        return Packets.ip(
                to,
                "192.0.2." + (2 + number % 200),
                "203.0.113." + number % 256,
                2 + number % 254,
                17,
                Packets.udp(4000, 5000, 22 + number % 1400));
    }

    /** The packets to an IPv4 network of 24 bits in a file that the router recorded. */
    private static List<byte[]> read(Path file, String network) throws IOException {
        byte[] to = Packets.address(network);
        return Pcap.frames(Files.readAllBytes(file)).stream()
                .filter(packet -> packet[12] == 8 && packet[13] == 0)
                .filter(packet -> Arrays.equals(packet, 30, 33, to, 0, 3))
                .toList();
    }

    /** Linux's own frames on the link are there, too: only the replayed are compared. */
    @Test
    void whatIsReplayedIsRecordedPacketByPacket() throws IOException {
        long in = mac("in");
        long nextHop = MacAddress.parse(NEXT_HOP).value();
        List<byte[]> packets = new ArrayList<>();
        List<byte[]> expected = new ArrayList<>();
        for (int i = 0; i < PACKETS; i++) {
            packets.add(packet(in, i));
            expected.add(Packets.routed(packets.getLast(), nextHop, mac("out")));
            if (i % 300 == 0) {
                packets.add(packet(0x02_00_00_00_00_77L, i)); // not for us
            }
        }
        Path file = lab.folder().resolve("in.pcap");
        Files.write(file, Pcap.file(packets));
        router.must(
                "configure",
                "set interfaces in driver pcap",
                "set interfaces in pcap replay " + file,
                "commit and-quit");
        Eventually.holds(() -> read(recorded, "203.0.113.0").size() >= PACKETS);
        List<byte[]> seen = read(recorded, "203.0.113.0");
        assertThat(seen.toArray()).as(router::log).isEqualTo(expected.toArray());

        // A file that is none is refused with its place, and what was stays.
        Files.write(file, Arrays.copyOf(Files.readAllBytes(file), 50));
        Command.Outcome outcome =
                router.ctl(
                        "configure",
                        "set interfaces other driver pcap",
                        "set interfaces other pcap replay " + file,
                        "commit",
                        "rollback 0");
        assertThat(outcome.output()).contains("in.pcap: record 1 at byte 24");
        assertThat(router.must("show interfaces terse")).doesNotContain("other");
    }

    @Test
    void theGeneratorSendsWhatItIsTold() throws IOException {
        router.must(
                "configure",
                "set interfaces gen driver generator",
                "set interfaces gen address 192.0.3.1/24",
                "set interfaces gen generator source 192.0.3.2",
                "set interfaces gen generator destination 198.51.100.2",
                "set interfaces gen generator size 128",
                "set interfaces gen generator count 500",
                "set interfaces gen generator flows 16",
                "set interfaces gen generator rate 5000",
                "commit and-quit");
        assertThat(Eventually.holds(() -> read(recorded, "198.51.100.0").size() >= 500))
                .as(router::log)
                .isTrue();
        assertThat(read(recorded, "198.51.100.0"))
                .hasSize(500)
                .allMatch(packet -> packet.length == 128);
    }
}
