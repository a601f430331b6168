package floof.dataplane;

import static org.assertj.core.api.Assertions.assertThat;

import floof.base.IpAddress;
import floof.base.MacAddress;
import floof.base.Reason;
import floof.engine.Frame;
import floof.engine.Trace;
import floof.tables.Counters;
import floof.testkit.Packets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is forwarded is right in every byte; what is noise does no harm. */
class ForwardingTest {

    private static final long ROUTER = TestRouter.MAC0.value();

    private final TestRouter router = new TestRouter();

    @AfterEach
    void close() {
        router.close();
    }

    private static byte[] udp4(int ttl, int payload) {
        return Packets.ip(ROUTER, "192.0.2.2", "203.0.113.2", ttl, 17, Packets.udp(1, 2, payload));
    }

    private static byte[] expected(byte[] frame) {
        return Packets.routed(frame, TestRouter.NEIGHBOUR.value(), TestRouter.MAC1.value());
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 255, 256})
    void framesOfEverySize(int size) {
        List<byte[]> frames = new ArrayList<>();
        List<byte[]> forwarded = new ArrayList<>();
        Random random = new Random(4);
        for (int i = 0; i < size; i++) {
            byte[] payload = Packets.udp(random.nextInt(65536), 80, random.nextInt(1400));
            byte[] frame =
                    random.nextBoolean()
                            ? Packets.ip(
                                    ROUTER,
                                    "192.0.2.2",
                                    "203.0.113." + i % 256,
                                    2 + random.nextInt(250),
                                    17,
                                    payload)
                            : Packets.ip(
                                    ROUTER,
                                    "2001:db8:1::2",
                                    "2001:db8:3::" + i,
                                    2 + random.nextInt(250),
                                    17,
                                    payload);
            frames.add(frame);
            forwarded.add(expected(frame));
        }
        router.receive(0, frames);
        assertThat(router.devices[1].sent).containsExactlyInAnyOrderElementsOf(forwarded);
        assertThat(router.unaccounted()).isZero();
        assertThat(router.pool.available()).isEqualTo(TestRouter.BUFFERS);
        assertThat(Counters.interfaceTotal(router.tables, router.interfaces[1], Counters.TX_BYTES))
                .isEqualTo(frames.stream().mapToLong(frame -> frame.length).sum());
    }

    /** Every value of the checksum's neighbourhood: incremental equals full computation. */
    @Test
    void checksumsAreMendedRightly() {
        for (int id = 0; id < 65_536; id += 13) {
            byte[] frame = Packets.with(udp4(64, 0), 18, id >>> 8, id);
            router.devices[1].sent.clear();
            router.receive(0, Packets.mendHeader(frame, 14));
            byte[] sent = router.devices[1].sent.getFirst();
            assertThat(Packets.sum(sent, 14, 20)).isEqualTo(0xffff);
        }
    }

    @Test
    void paddingStaysAndFragmentsPass() {
        byte[] padded = Arrays.copyOf(udp4(9, 0), 60);
        byte[] fragment = Packets.mendHeader(Packets.with(udp4(9, 92), 20, 0x20, 0x40), 14);
        router.receive(0, padded, fragment);
        assertThat(router.devices[1].sent).containsExactly(expected(padded), expected(fragment));
    }

    @Test
    void framesOfLinuxGoOutAsTheyAre() {
        byte[] frame =
                Packets.ip(
                        TestRouter.NEIGHBOUR.value(), "192.0.2.1", "127.0.0.1", 1, 1, new byte[8]);
        Frame input = router.graph.pending(router.graph.indexOf(ForwardingGraph.TWIN_INPUT));
        input.add(router.packet(1, frame));
        router.graph.run();
        assertThat(router.devices[1].sent).containsExactly(frame);
        assertThat(
                        Counters.interfaceTotal(
                                router.tables, router.interfaces[1], Counters.TX_PACKETS))
                .isOne();
    }

    /** Flows stay together, and all members of a group get their share. */
    @ParameterizedTest
    @ValueSource(strings = {"203.0.113.%d", "2001:db8:3::%d"})
    void equalCostPathsAreChosenByFlow(String pattern) {
        int second =
                router.writer.addAdjacency(
                        router.interfaces[1],
                        0,
                        IpAddress.parse("198.51.100.7"),
                        Reason.NEIGHBOUR_UNRESOLVED);
        MacAddress other = MacAddress.parse("02:00:00:00:00:07");
        router.writer.forward(second, other, TestRouter.MAC1, 1, 1500);
        int group = router.writer.group(new int[] {router.adjacency, second}, new int[] {3, 1});
        router.route(pattern.contains(":") ? "2001:db8:3::/64" : "203.0.113.0/24", group);
        String source = pattern.contains(":") ? "2001:db8:1::2" : "192.0.2.2";
        int toSecond = 0;
        int flows = 800;
        for (int flow = 0; flow < flows; flow++) {
            byte[] udp = Packets.udp(1000 + flow, 53, 10);
            byte[] frame = Packets.ip(ROUTER, source, pattern.formatted(flow % 200), 64, 17, udp);
            router.devices[1].sent.clear();
            router.receive(0, frame, frame);
            byte[] first = router.devices[1].sent.get(0);
            assertThat(router.devices[1].sent.get(1)).as("one flow, one way").isEqualTo(first);
            toSecond += first[5] == 7 ? 1 : 0;
        }
        assertThat((double) toSecond / flows).isBetween(0.18, 0.32);
    }

    @Test
    void tracesTellEachNodeAndDecision() {
        router.trace.start(2);
        byte[] good = udp4(64, 8);
        byte[] expired = udp4(1, 8);
        Frame input = router.graph.pending(router.graph.indexOf(ForwardingGraph.DEVICE_INPUT));
        input.add(router.packet(0, good));
        input.add(router.packet(0, expired));
        input.add(router.packet(0, good));
        router.trace.mark(input, 0, 0, 1);
        router.graph.run();
        List<List<String>> ways = ways(router);
        assertThat(
                        ways.get(0).stream()
                                .map(line ->
                                        line.replaceAll(
                                                "^(.*bytes), [0-9a-f:]{17} >", "$1, MAC >")))
                .containsExactly(
                        "received on port 0",
                        "ethernet-input: 50 bytes, MAC > 02:00:00:00:00:01, 192.0.2.2 > 203.0.113.2"
                                + " protocol 17 port 1 > 2 ttl 64 -> ip4-input",
                        "ip4-input -> ip4-lookup",
                        "ip4-lookup: adjacency " + router.adjacency + " -> ip4-rewrite",
                        "ip4-rewrite: 50 bytes, MAC > 02:00:00:00:00:03, 192.0.2.2 > 203.0.113.2"
                                + " protocol 17 port 1 > 2 ttl 63 -> port-output",
                        "port-output");
        assertThat(ways.get(1).get(4)).endsWith("ttl-expired -> exception");
        assertThat(ways.get(1).getLast()).isEqualTo("twin-output");
    }

    private static List<List<String>> ways(TestRouter router) {
        return router.trace.ways(router.graph, port -> "port " + port).stream()
                .map(Trace.Way::lines)
                .toList();
    }

    /** IPv6 with both addresses; and whatever noise comes, a trace is text, not a failure. */
    @Test
    void aTraceReadsWhatIsThereOnly() {
        byte[] udp = Packets.udp(7, 8, 8);
        byte[] six = Packets.ip(ROUTER, "2001:db8:1::2", "2001:db8:3::2", 64, 17, udp);
        router.trace.start(Trace.RECORDS_MAX);
        Frame input = router.graph.pending(router.graph.indexOf(ForwardingGraph.DEVICE_INPUT));
        input.add(router.packet(0, six));
        for (int length = 0; length < six.length; length++) {
            input.add(router.packet(0, Arrays.copyOf(six, length)));
        }
        router.trace.mark(input, 0, 0, 1);
        router.graph.run();
        List<List<String>> ways = ways(router);
        assertThat(ways).hasSize(six.length + 1);
        assertThat(ways.getFirst().get(1))
                .contains("2001:db8:1::2 > 2001:db8:3::2 next header 17 port 7 > 8 hop limit 64");
        assertThat(ways.get(1 + 40).toString()).contains("truncated").doesNotContain("2001:db8");
    }

    /** Noise of every kind: nothing throws, nothing is lost, the counters add up. */
    @Test
    void noiseIsAccountedFor() {
        Random random = new Random(5);
        byte[][] seeds = {
            udp4(64, 30),
            Packets.ip(ROUTER, "2001:db8:1::2", "2001:db8:3::2", 64, 6, new byte[60]),
            Packets.ethernet(ROUTER, 0x0806, new byte[46]),
            Packets.ip(ROUTER, "192.0.2.2", "192.0.2.1", 64, 1, new byte[30]),
        };
        long received = 0;
        for (int round = 0; round < 2_000; round++) {
            router.clock.nowNs += 10_000;
            List<byte[]> frames = new ArrayList<>();
            for (int i = 0; i < 100; i++) {
                frames.add(mutated(seeds[random.nextInt(seeds.length)], random));
            }
            received += frames.size();
            router.receive(random.nextInt(3), frames);
            router.devices[0].sent.clear();
            router.devices[1].sent.clear();
            router.twins[0].sent.clear();
            router.twins[1].sent.clear();
        }
        assertThat(received).isEqualTo(200_000);
        assertThat(router.unaccounted()).isZero();
        assertThat(router.pool.available()).isEqualTo(TestRouter.BUFFERS);
    }

    private static byte[] mutated(byte[] seed, Random random) {
        byte[] frame = random.nextInt(20) == 0 ? new byte[random.nextInt(200)] : seed.clone();
        if (frame.length == 0) {
            return frame;
        }
        int changes = random.nextInt(4);
        for (int i = 0; i < changes; i++) {
            frame[random.nextInt(frame.length)] = (byte) random.nextInt();
        }
        if (random.nextInt(4) == 0) {
            frame = Arrays.copyOf(frame, random.nextInt(frame.length + 40));
        }
        if (random.nextBoolean()
                && frame.length >= 34
                && frame[12] == 8
                && frame[13] == 0
                && (frame[14] & 15) == 5) {
            Packets.mendHeader(frame, 14);
        }
        return frame;
    }
}
