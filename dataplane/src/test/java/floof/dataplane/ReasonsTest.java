package floof.dataplane;

import static floof.testkit.Packets.with;
import static org.assertj.core.api.Assertions.assertThat;

import floof.base.IpAddress;
import floof.base.MacAddress;
import floof.base.Prefix;
import floof.base.Reason;
import floof.tables.Adjacency;
import floof.tables.Interface;
import floof.testkit.Packets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every reason is provoked by packets, in frames of one, many and mixed. */
class ReasonsTest {

    private static final long ROUTER = TestRouter.MAC0.value();
    private static final List<MacAddress> OTHER_MACS =
            List.of(
                    MacAddress.parse("00:00:5e:00:01:33"),
                    MacAddress.parse("fe:ff:ff:ff:ff:ff"),
                    MacAddress.ZERO);
    private static final String HOST4 = "192.0.2.2";
    private static final String NEAR4 = "192.0.2.77";
    private static final String NEAR6 = "2001:db8:1::77";
    private static final String ELSEWHERE4 = "198.51.100.77";
    private static final String FAR4 = "203.0.113.2";
    private static final String HOST6 = "2001:db8:1::2";
    private static final String FAR6 = "2001:db8:3::2";

    private final TestRouter router = new TestRouter();

    @AfterEach
    void close() {
        router.close();
    }

    private record Case(String what, Reason reason, byte[] frame) {
        @Override
        public String toString() {
            return reason.label() + ": " + what;
        }
    }

    private static byte[] ip4(String from, String to) {
        return Packets.ip(ROUTER, from, to, 64, 17, Packets.udp(1000, 2000, 18));
    }

    private static byte[] ip6(String from, String to) {
        return Packets.ip(ROUTER, from, to, 64, 17, Packets.udp(1000, 2000, 18));
    }

    /** A good IPv4 packet with something broken, but for its checksum. */
    private static byte[] broken(byte[] frame, int offset, int... values) {
        return Packets.mendHeader(with(frame, offset, values), 14);
    }

    private static byte[] options(String from, String to) {
        byte[] nops = new byte[40];
        Arrays.fill(nops, (byte) 1);
        return Packets.ip(
                ROUTER,
                Packets.address(from),
                Packets.address(to),
                64,
                17,
                nops,
                Packets.udp(1, 2, 8));
    }

    private static byte[] local4(String from, int protocol, byte[] payload) {
        return Packets.ip(ROUTER, from, "192.0.2.1", 64, protocol, payload);
    }

    private static void control(
            List<Case> cases, Reason reason, String from4, String from6, byte[] tcpBgp) {
        cases.add(new Case("ICMP error", reason, local4(from4, 1, Packets.icmp(3, 8))));
        cases.add(new Case("BGP", reason, local4(from4, 6, tcpBgp)));
        cases.add(new Case("OSPF", reason, local4(from4, 89, new byte[24])));
        cases.add(new Case("BFD", reason, local4(from4, 17, Packets.udp(49152, 3784, 24))));
        cases.add(
                new Case("BGP", reason, Packets.ip(ROUTER, from6, "2001:db8:1::1", 1, 6, tcpBgp)));
    }

    static Stream<Case> cases() {
        byte[] tcpBgp = Packets.tcp(0, 179, 0);
        byte[] neighbourSolicitation = Packets.icmp(135, 24);
        List<Case> cases = new ArrayList<>();
        String us4 = "192.0.2.1";
        String us6 = "2001:db8:1::1";
        byte[] tcpSyn = Packets.tcp(0, 179, 2);
        byte[] tcpSynAck = Packets.tcp(0, 179, 0x12);
        cases.add(new Case("UDP", Reason.LOCAL, ip4(NEAR4, us4)));
        cases.add(new Case("UDP", Reason.LOCAL, ip6(NEAR6, us6)));
        cases.add(new Case("echo request", Reason.LOCAL, local4(NEAR4, 1, Packets.icmp(8, 8))));
        control(cases, Reason.LOCAL_CONTROL, NEAR4, NEAR6, tcpBgp);
        cases.add(new Case("SYN of a neighbour", Reason.LOCAL_CONTROL, local4(NEAR4, 6, tcpSyn)));
        // Unresolved, on another port, behind a gateway, or a route leads there: not near.
        control(cases, Reason.MULTIHOP_CONTROL, HOST4, HOST6, tcpBgp);
        for (String far : List.of(ELSEWHERE4, FAR4, "8.8.8.8")) {
            cases.add(new Case(far, Reason.MULTIHOP_CONTROL, local4(far, 6, tcpBgp)));
            cases.add(new Case(far, Reason.MULTIHOP_CONTROL, local4(far, 6, tcpSynAck)));
            cases.add(new Case(far, Reason.NEW_SESSION, local4(far, 6, tcpSyn)));
        }
        cases.add(
                new Case("SYN", Reason.NEW_SESSION, Packets.ip(ROUTER, FAR6, us6, 64, 6, tcpSyn)));
        cases.add(new Case("request", Reason.ARP, Packets.arpRequest(HOST4, us4)));
        cases.add(new Case("reply", Reason.ARP, Packets.ethernet(ROUTER, 0x0806, new byte[46])));
        cases.add(
                new Case(
                        "solicitation by multicast",
                        Reason.ND,
                        Packets.ip(
                                0x3333_ff00_0001L,
                                "::",
                                "ff02::1:ff00:1",
                                255,
                                58,
                                neighbourSolicitation)));
        cases.add(
                new Case(
                        "solicitation of us",
                        Reason.ND,
                        Packets.ip(
                                ROUTER, HOST6, "2001:db8:1::1", 255, 58, neighbourSolicitation)));
        cases.add(
                new Case(
                        "from link-local",
                        Reason.ND,
                        Packets.ip(ROUTER, "fe80::2", "fe80::1", 255, 58, neighbourSolicitation)));
        cases.add(
                new Case(
                        "OSPF hello",
                        Reason.LOCAL_MULTICAST,
                        Packets.ip(0x0100_5e00_0005L, HOST4, "224.0.0.5", 1, 89, new byte[24])));
        cases.add(
                new Case("multicast to our MAC", Reason.LOCAL_MULTICAST, ip4(HOST4, "224.0.0.5")));
        cases.add(
                new Case(
                        "DHCP",
                        Reason.LOCAL_MULTICAST,
                        Packets.ip(
                                Packets.BROADCAST,
                                "0.0.0.0",
                                "255.255.255.255",
                                64,
                                17,
                                Packets.udp(68, 67, 240))));
        cases.add(
                new Case(
                        "MLD",
                        Reason.LOCAL_MULTICAST,
                        Packets.ip(0x3333_0000_0016L, "fe80::2", "ff02::16", 1, 0, new byte[24])));
        cases.add(
                new Case(
                        "unicast in a broadcast frame",
                        Reason.LOCAL_MULTICAST,
                        Packets.ip(Packets.BROADCAST, HOST4, FAR4, 64, 17, Packets.udp(1, 2, 8))));
        cases.add(new Case("on-link", Reason.NEIGHBOUR_UNRESOLVED, ip4(HOST4, "198.51.100.9")));
        cases.add(new Case("on-link", Reason.NEIGHBOUR_UNRESOLVED, ip6(HOST6, "2001:db8:2::9")));
        cases.add(new Case("IPv4", Reason.NO_ROUTE, ip4(HOST4, "10.0.0.1")));
        cases.add(new Case("IPv6", Reason.NO_ROUTE, ip6(HOST6, "2001:db8:ffff::1")));
        cases.add(new Case("route", Reason.ROUTE_UNREACHABLE, ip4(HOST4, "10.1.0.1")));
        cases.add(new Case("route", Reason.ROUTE_PROHIBIT, ip4(HOST4, "10.2.0.1")));
        cases.add(new Case("route", Reason.ROUTE_BLACKHOLE, ip6(HOST6, "2001:db8:b::1")));
        cases.add(new Case("route", Reason.UNSUPPORTED_ROUTE, ip4(HOST4, "10.4.0.1")));
        for (int ttl = 0; ttl <= 1; ttl++) {
            cases.add(
                    new Case(
                            "TTL " + ttl,
                            Reason.TTL_EXPIRED,
                            Packets.ip(ROUTER, HOST4, FAR4, ttl, 17, Packets.udp(1, 2, 8))));
            cases.add(
                    new Case(
                            "hop limit " + ttl,
                            Reason.TTL_EXPIRED,
                            Packets.ip(ROUTER, HOST6, FAR6, ttl, 17, Packets.udp(1, 2, 8))));
        }
        cases.add(
                new Case(
                        "1501 bytes",
                        Reason.TOO_BIG,
                        Packets.ip(ROUTER, HOST4, FAR4, 64, 17, Packets.udp(1, 2, 1501 - 28))));
        cases.add(
                new Case(
                        "1501 bytes",
                        Reason.TOO_BIG,
                        Packets.ip(ROUTER, HOST6, FAR6, 64, 17, Packets.udp(1, 2, 1501 - 48))));
        cases.add(
                new Case(
                        "9000 bytes, a chain",
                        Reason.TOO_BIG,
                        Packets.ip(ROUTER, HOST4, FAR4, 64, 17, Packets.udp(1, 2, 9000 - 28))));
        cases.add(new Case("forty bytes of them", Reason.IP4_OPTIONS, options(HOST4, FAR4)));
        cases.add(
                new Case(
                        "next header 0",
                        Reason.IP6_HOP_BY_HOP,
                        Packets.ip(ROUTER, HOST6, FAR6, 64, 0, new byte[16])));
        cases.add(new Case("source", Reason.LINK_LOCAL, ip4("169.254.1.1", FAR4)));
        cases.add(new Case("destination", Reason.LINK_LOCAL, ip4(HOST4, "169.254.1.1")));
        cases.add(new Case("source", Reason.LINK_LOCAL, ip6("fe80::2", FAR6)));
        cases.add(new Case("destination", Reason.LINK_LOCAL, ip6(HOST6, "fe80::1")));
        cases.add(
                new Case(
                        "VLAN tag",
                        Reason.UNKNOWN_ETHERTYPE,
                        Packets.ethernet(ROUTER, 0x8100, new byte[50])));
        cases.add(
                new Case(
                        "LLDP",
                        Reason.UNKNOWN_ETHERTYPE,
                        Packets.ethernet(0x0180_c200_000eL, 0x88cc, new byte[46])));
        cases.add(
                new Case(
                        "garbage",
                        Reason.UNKNOWN_ETHERTYPE,
                        Packets.ethernet(ROUTER, 0xfffe, new byte[46])));
        byte[] good4 = ip4(HOST4, FAR4);
        byte[] good6 = ip6(HOST6, FAR6);
        cases.add(new Case("13 bytes", Reason.TRUNCATED, Arrays.copyOf(good4, 13)));
        cases.add(new Case("nothing", Reason.TRUNCATED, new byte[0]));
        cases.add(new Case("header only to 19", Reason.TRUNCATED, Arrays.copyOf(good4, 14 + 19)));
        cases.add(new Case("header only to 39", Reason.TRUNCATED, Arrays.copyOf(good6, 14 + 39)));
        cases.add(new Case("6 in 0x0800", Reason.BAD_VERSION, broken(good4, 14, 0x65)));
        cases.add(new Case("4 in 0x86dd", Reason.BAD_VERSION, with(good6, 14, 0x45)));
        cases.add(new Case("16 bytes", Reason.BAD_HEADER_LENGTH, with(good4, 14, 0x44)));
        cases.add(new Case("60 of 46 bytes", Reason.BAD_HEADER_LENGTH, with(good4, 14, 0x4f)));
        cases.add(new Case("total length 19", Reason.BAD_LENGTH, broken(good4, 16, 0, 19)));
        cases.add(
                new Case(
                        "total length beyond the frame",
                        Reason.BAD_LENGTH,
                        broken(good4, 16, 0, 47)));
        cases.add(
                new Case(
                        "payload length beyond the frame",
                        Reason.BAD_LENGTH,
                        with(good6, 18, 0, 27)));
        cases.add(new Case("one bit", Reason.BAD_CHECKSUM, with(good4, 24, good4[24] ^ 1)));
        cases.add(new Case("with options", Reason.BAD_CHECKSUM, with(options(HOST4, FAR4), 36, 9)));
        for (String martian :
                List.of("127.0.0.1", "0.1.2.3", "224.0.0.1", "240.0.0.1", "255.255.255.255")) {
            cases.add(new Case(martian, Reason.MARTIAN_SOURCE, ip4(martian, FAR4)));
        }
        for (String martian : List.of("::", "::1", "ff02::1", "::ffff:192.0.2.1")) {
            cases.add(new Case(martian, Reason.MARTIAN_SOURCE, ip6(martian, FAR6)));
        }
        for (String martian : List.of("127.0.0.1", "0.0.0.0", "240.0.0.1")) {
            cases.add(new Case(martian, Reason.MARTIAN_DESTINATION, ip4(HOST4, martian)));
        }
        for (String martian : List.of("::", "::1")) {
            cases.add(new Case(martian, Reason.MARTIAN_DESTINATION, ip6(HOST6, martian)));
        }
        for (MacAddress mac : OTHER_MACS) {
            cases.add(
                    new Case(
                            "to " + mac,
                            Reason.OTHER_MAC,
                            Packets.ip(mac.value(), HOST4, FAR4, 64, 17, Packets.udp(1, 2, 8))));
        }
        cases.add(
                new Case(
                        "another station",
                        Reason.NOT_OUR_MAC,
                        Packets.ip(Packets.HOST, HOST4, FAR4, 64, 17, Packets.udp(1, 2, 8))));
        return cases.stream();
    }

    /** The set of one port is not that of another, and ends when it is taken back. */
    @Test
    void aMacIsLinuxsWhereLinuxReceivesItOnly() {
        prepare();
        long other = OTHER_MACS.getFirst().value();
        byte[] virtual = Packets.ip(other, HOST4, FAR4, 64, 17, new byte[8]);
        router.receive(1, virtual);
        assertThat(router.count(Reason.NOT_OUR_MAC)).isOne();
        router.receive(0, virtual);
        assertThat(router.count(Reason.OTHER_MAC)).isOne();
        router.writer.setOtherMacs(router.interfaces[0], List.of());
        router.receive(0, virtual, Packets.ip(0, HOST4, FAR4, 64, 17, new byte[8]));
        assertThat(router.count(Reason.NOT_OUR_MAC)).isEqualTo(3);
        int flags = Interface.UP | Interface.RUNNING | Interface.ANY_MAC;
        router.writer.setInterface(router.interfaces[0], "ge-0", TestRouter.MAC0, 1500, flags, 0);
        router.receive(0, virtual);
        assertThat(router.count(Reason.OTHER_MAC)).isEqualTo(2);
        assertThat(router.unaccounted()).isZero();
    }

    private void prepare() {
        router.neighbour(0, NEAR4);
        router.neighbour(0, NEAR6);
        router.neighbour(1, ELSEWHERE4);
        router.writer.setOtherMacs(router.interfaces[0], OTHER_MACS);
        router.route("10.1.0.0/16", Adjacency.UNREACHABLE);
        router.route("10.2.0.0/16", Adjacency.PROHIBIT);
        router.route("2001:db8:b::/48", Adjacency.BLACKHOLE);
        router.route("10.4.0.0/16", Adjacency.UNSUPPORTED);
    }

    @ParameterizedTest
    @MethodSource("cases")
    void leavesForItsReason(Case given) {
        prepare();
        router.receive(0, given.frame());
        assertThat(router.count(given.reason())).as(given.toString()).isOne();
        if (given.reason().isDrop()) {
            assertThat(router.twins[0].sent).isEmpty();
        } else {
            assertThat(router.twins[0].sent)
                    .as("Linux gets the frame unchanged")
                    .containsExactly(given.frame());
        }
        assertThat(router.devices[1].sent).isEmpty();
        assertThat(router.unaccounted()).isZero();
        assertThat(router.pool.available()).isEqualTo(TestRouter.BUFFERS);
    }

    @Test
    void everyReasonOfTheListIsProvoked() {
        Set<Reason> provoked = EnumSet.noneOf(Reason.class);
        cases().forEach(given -> provoked.add(given.reason()));
        // By a state of the router or of the device, not by a packet; each has a test of its own.
        provoked.addAll(
                EnumSet.of(
                        Reason.UNSUPPORTED_POLICY,
                        Reason.TABLE_FULL,
                        Reason.INTERFACE_DOWN,
                        Reason.OUTPUT_FULL,
                        Reason.TWIN_FULL,
                        Reason.HAND_OVER_FULL));
        // Counted by drivers at the port.
        provoked.addAll(EnumSet.of(Reason.NO_BUFFER, Reason.OVERSIZED));
        assertThat(provoked).containsExactlyInAnyOrder(Reason.values());
    }

    /** All cases in one frame beside packets that are forwarded: each still goes its own way. */
    @Test
    void mixedFramesAreDealtOutRightly() {
        prepare();
        List<Case> cases = cases().toList();
        List<byte[]> frames = new ArrayList<>();
        for (Case given : cases) {
            frames.add(given.frame());
            frames.add(ip4(HOST4, FAR4));
        }
        router.receive(0, frames);
        for (Reason reason : Reason.values()) {
            assertThat(router.count(reason))
                    .as(reason.label())
                    .isEqualTo(cases.stream().filter(given -> given.reason() == reason).count());
        }
        assertThat(router.devices[1].sent).hasSize(cases.size());
        assertThat(router.unaccounted()).isZero();
    }

    @Test
    void aPolicyTheFastPathLacksExceptsEveryPacket() {
        router.writer.exceptAll(0, true);
        router.receive(
                0,
                ip4(HOST4, FAR4),
                ip6(HOST6, FAR6),
                Packets.ethernet(ROUTER, 0x0806, new byte[46]));
        assertThat(router.count(Reason.UNSUPPORTED_POLICY)).isEqualTo(2);
        assertThat(router.count(Reason.ARP)).isOne();
        router.writer.exceptAll(0, false);
        router.receive(0, ip4(HOST4, FAR4));
        assertThat(router.devices[1].sent).hasSize(1);
    }

    @Test
    void whatFoundNoRoomIsLinuxsAndTheRestIsNot() {
        byte[][] frames = {
            ip4(HOST4, FAR4),
            ip6(HOST6, FAR6),
            ip4(HOST4, "192.0.2.1"),
            Packets.ethernet(ROUTER, 0x0806, new byte[46]),
            Packets.ethernet(ROUTER, 0x0800, new byte[4])
        };
        Prefix far4 = Prefix.host(IpAddress.parse(FAR4));
        Prefix far6 = Prefix.host(IpAddress.parse(FAR6));
        Prefix wide = Prefix.parse("0.0.0.0/0");
        router.writer.overflow().expel(0, far4);
        router.writer.overflow().expel(0, far6);
        router.writer.overflow().expel(0, wide);
        router.receive(0, frames);
        assertThat(router.devices[1].sent).isEmpty();
        assertThat(router.count(Reason.TABLE_FULL)).isEqualTo(2);
        assertThat(router.count(Reason.LOCAL)).as("our own address").isOne();
        assertThat(router.count(Reason.TRUNCATED)).isOne();
        assertThat(router.unaccounted()).isZero();
        router.writer.overflow().readmit(0, wide);
        router.writer.overflow().readmit(0, far6);
        router.receive(0, frames);
        assertThat(router.count(Reason.TABLE_FULL)).as("IPv4 only").isEqualTo(3);
        assertThat(router.devices[1].sent).hasSize(1);
        router.writer.overflow().readmit(0, far4);
        router.receive(0, frames);
        assertThat(router.devices[1].sent).hasSize(3);
        assertThat(router.unaccounted()).isZero();
    }

    @Test
    void interfacesThatAreDownNeitherReceiveNorSend() {
        router.up(0, false);
        router.receive(0, ip4(HOST4, FAR4));
        assertThat(router.count(Reason.INTERFACE_DOWN)).isOne();
        router.up(0, true);
        router.up(1, false);
        router.receive(0, ip4(HOST4, FAR4), ip6(HOST6, FAR6));
        assertThat(router.count(Reason.INTERFACE_DOWN)).isEqualTo(3);
        router.receive(7, ip4(HOST4, FAR4)); // a port without an interface
        assertThat(router.count(Reason.INTERFACE_DOWN)).isEqualTo(4);
        assertThat(router.drops(0, Reason.INTERFACE_DOWN)).isOne();
        assertThat(router.devices[1].sent).isEmpty();
        assertThat(router.unaccounted()).isZero();
    }

    @Test
    void whatAPortOrALinuxDoesNotTakeIsCounted() {
        router.devices[1].room = 2;
        router.receive(0, ip4(HOST4, FAR4), ip4(HOST4, FAR4), ip4(HOST4, FAR4));
        assertThat(router.count(Reason.OUTPUT_FULL)).isOne();
        assertThat(router.devices[1].sent).hasSize(2);
        router.twins[0].room = 1;
        router.receive(0, ip4(HOST4, "192.0.2.1"), ip4(HOST4, "192.0.2.1"));
        assertThat(router.count(Reason.TWIN_FULL)).isOne();
        assertThat(router.count(Reason.LOCAL)).isOne();
        assertThat(router.drops(router.interfaces[1], Reason.OUTPUT_FULL)).isOne();
        assertThat(router.drops(router.interfaces[0], Reason.TWIN_FULL)).isOne();
        assertThat(router.unaccounted()).isZero();
        assertThat(router.pool.available()).isEqualTo(TestRouter.BUFFERS);
    }

    /** Offloaded frames are judged by the packets they stand for. */
    @Test
    void segmentationOffloadIsJudgedBySegment() {
        byte[] tcp = with(Packets.tcp(0, 0, 0, new byte[12 + 20_000]), 12, 8 << 4);
        byte[] frame = Packets.ip(ROUTER, HOST4, FAR4, 64, 6, tcp);
        offload(frame, 1448); // 20 + 32 + 1448 = 1500
        assertThat(router.devices[1].sent).hasSize(1);
        assertThat(router.devices[1].sent.getFirst()).hasSize(frame.length);
        offload(frame, 1449);
        assertThat(router.count(Reason.TOO_BIG)).isOne();
        byte[] six = Packets.ip(ROUTER, HOST6, FAR6, 64, 6, tcp);
        offload(six, 1428); // 40 + 32 + 1428 = 1500
        assertThat(router.devices[1].sent).hasSize(2);
        offload(six, 1429);
        assertThat(router.count(Reason.TOO_BIG)).isEqualTo(2);
    }

    private void offload(byte[] frame, int gsoSize) {
        long packet = router.packet(0, frame);
        long virtio = packet + floof.engine.Packet.VIRTIO;
        floof.memory.Memory.putByte(virtio, (byte) 1);
        floof.memory.Memory.putByte(virtio + 1, (byte) 1);
        floof.memory.Memory.putShort(virtio + 4, (short) gsoSize);
        router.graph.pending(router.graph.indexOf(ForwardingGraph.DEVICE_INPUT)).add(packet);
        router.graph.run();
    }
}
