package floof.lab;

import static org.assertj.core.api.Assertions.assertThat;

import floof.base.IpAddress;
import floof.base.MacAddress;
import floof.dataplane.SampleFrame;
import floof.testkit.Eventually;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
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

    private MacAddress mac(String port) {
        String link = router.inDataplane("ip", "-o", "link", "show", port).mustRun();
        return MacAddress.parse(link.replaceFirst("(?s).*link/ether ([0-9a-f:]{17}).*", "$1"));
    }

    private static byte[] packet(MacAddress to, int number) {
        return SampleFrame.udp(
                to,
                IpAddress.parse("192.0.2." + (2 + number % 200)),
                IpAddress.parse("203.0.113." + number % 256),
                2 + number % 254,
                64 + number % 1400);
    }

    /** RFC 1812 5.2.1: new MACs, one hop less; all else as it was. */
    private byte[] forwarded(byte[] packet, MacAddress from) {
        byte[] bytes = packet.clone();
        System.arraycopy(MacAddress.parse(NEXT_HOP).bytes(), 0, bytes, 0, 6);
        System.arraycopy(from.bytes(), 0, bytes, 6, 6);
        ByteBuffer frame = ByteBuffer.wrap(bytes);
        bytes[22]--;
        frame.putShort(24, (short) 0);
        int sum = 0;
        for (int at = 14; at < 34; at += 2) {
            sum += frame.getShort(at) & 0xffff;
        }
        return frame.putShort(24, (short) ~((sum & 0xffff) + (sum >>> 16))).array();
    }

    private static void write(Path file, List<byte[]> packets) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(24 + packets.size() * 2048);
        bytes.putInt(0xa1b2c3d4).putShort((short) 2).putShort((short) 4).putLong(0);
        bytes.putInt(65535).putInt(1);
        for (byte[] packet : packets) {
            bytes.putLong(0).putInt(packet.length).putInt(packet.length).put(packet);
        }
        Files.write(file, Arrays.copyOf(bytes.array(), bytes.position()));
    }

    /** The IPv4 packets of a file that the router recorded. */
    private static List<byte[]> read(Path file, String network) {
        ByteBuffer bytes;
        try {
            bytes = ByteBuffer.wrap(Files.readAllBytes(file)).order(ByteOrder.nativeOrder());
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
        byte[] prefix = Arrays.copyOf(IpAddress.parse(network).bytes(), 3);
        List<byte[]> packets = new ArrayList<>();
        bytes.position(24);
        while (bytes.remaining() >= 16) {
            byte[] packet = new byte[bytes.getInt(bytes.position() + 8)];
            bytes.position(bytes.position() + 16).get(packet);
            boolean isIp4 = packet[12] == 8 && packet[13] == 0;
            if (isIp4 && Arrays.equals(Arrays.copyOfRange(packet, 30, 33), prefix)) {
                packets.add(packet);
            }
        }
        return packets;
    }

    /** Linux's own frames on the link are there, too: only the replayed are compared. */
    @Test
    void whatIsReplayedIsRecordedPacketByPacket() throws IOException {
        MacAddress in = mac("in");
        List<byte[]> packets = new ArrayList<>();
        List<byte[]> expected = new ArrayList<>();
        for (int i = 0; i < PACKETS; i++) {
            packets.add(packet(in, i));
            expected.add(forwarded(packets.getLast(), mac("out")));
            if (i % 300 == 0) {
                packets.add(packet(MacAddress.parse("02:00:00:00:00:77"), i)); // not for us
            }
        }
        Path file = lab.folder().resolve("in.pcap");
        write(file, packets);
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
    void theGeneratorSendsWhatItIsTold() {
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
