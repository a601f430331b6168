package floof.dataplane;

import static org.assertj.core.api.Assertions.assertThat;

import floof.base.IpAddress;
import floof.base.Reason;
import floof.testkit.Packets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.IntFunction;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Storms at 250,000 packets per second for a second: who else is heard meanwhile. */
class PolicingTest {

    private static final long ROUTER = TestRouter.MAC0.value();
    private static final String HOST4 = "192.0.2.2";
    private static final String HOST6 = "2001:db8:1::2";
    private static final int CYCLES = 1_000;
    private static final int NEXT_HOP_MAX = Policer.NEXT_HOP_RATE + Policer.BURST_MIN;

    private final TestRouter router = new TestRouter();

    @AfterEach
    void tearDown() {
        router.close();
    }

    private static byte[] udp4(String to) {
        return Packets.ip(ROUTER, HOST4, to, 64, 17, Packets.udp(0, 0, 10));
    }

    private static byte[] udp6(String to) {
        return Packets.ip(ROUTER, HOST6, to, 64, 17, Packets.udp(0, 0, 10));
    }

    /** Cycles of 1 ms, each of 248 packets of the storm and the others; what Linux got of each. */
    private List<byte[]> storm(byte[] storm, byte[]... others) {
        List<byte[]> taken = new ArrayList<>();
        for (int cycle = 0; cycle < CYCLES; cycle++) {
            router.clock.nowNs += 1_000_000;
            List<byte[]> frames = new ArrayList<>();
            for (int i = 0; i < 248; i++) {
                frames.add(storm);
            }
            frames.addAll(List.of(others));
            router.twins[0].sent.clear();
            router.receive(0, frames);
            taken.addAll(router.twins[0].sent);
        }
        assertThat(router.unaccounted()).isZero();
        return taken;
    }

    private static long times(byte[] frame, List<byte[]> sent) {
        return sent.stream().filter(other -> Arrays.equals(frame, other)).count();
    }

    /** One unresolved next hop at line rate starves neither BGP nor ARP, which go first. */
    @Test
    void controlGoesFirst() {
        byte[] bgp = Packets.ip(ROUTER, HOST4, "192.0.2.1", 1, 6, Packets.tcp(0, 179, 0));
        byte[] arp = Packets.ethernet(ROUTER, 0x0806, new byte[46]);
        List<byte[]> taken = storm(udp4("198.51.100.9"), bgp, arp);
        assertThat(times(bgp, taken)).isEqualTo(CYCLES);
        assertThat(times(arp, taken)).isEqualTo(CYCLES);
        assertThat(taken.subList(0, 2)).containsExactlyInAnyOrder(bgp, arp);
        assertThat(router.policed(Reason.MULTIHOP_CONTROL) + router.policed(Reason.ARP)).isZero();
        assertThat(router.count(Reason.NEIGHBOUR_UNRESOLVED))
                .isBetween((long) Policer.NEXT_HOP_RATE, (long) NEXT_HOP_MAX);
    }

    private static byte[] tcp(String from, int flags) {
        return Packets.ip(ROUTER, from, "192.0.2.1", 64, 6, Packets.tcp(0, 179, flags));
    }

    /** Sessions with neighbours and from afar go on while first packets are forged. */
    @Test
    void aSynFloodStarvesNoSession() {
        router.neighbour(0, HOST4);
        byte[] syn = tcp("203.0.113.66", 0x02);
        byte[] near = tcp(HOST4, 0x10);
        byte[] far = tcp("203.0.113.2", 0x10);
        List<byte[]> taken = storm(syn, near, far);
        assertThat(times(near, taken)).isEqualTo(CYCLES);
        assertThat(times(far, taken)).isEqualTo(CYCLES);
        assertThat(times(syn, taken)).isBetween(1L, (long) most(Reason.NEW_SESSION));
    }

    /** What a flood from afar may take, whatever it says it is, is not the neighbours'. */
    @Test
    void aFloodFromAfarStarvesNoNeighbour() {
        router.neighbour(0, HOST4);
        byte[] forged = tcp("203.0.113.66", 0x10);
        byte[] near = tcp(HOST4, 0x10);
        List<byte[]> taken = storm(forged, near);
        assertThat(times(near, taken)).isEqualTo(CYCLES);
        assertThat(times(forged, taken)).isBetween(1L, (long) most(Reason.MULTIHOP_CONTROL));
    }

    private static byte[] bfd(String from) {
        return Packets.ip(ROUTER, from, "192.0.2.1", 254, 17, Packets.udp(0, 4784, 24));
    }

    private static byte[] tcp6(String from) {
        return Packets.ip(ROUTER, from, "2001:db8:1::1", 64, 6, Packets.tcp(0, 179, 0x10));
    }

    private void peers(String... addresses) {
        router.view.peers.set(
                Stream.of(addresses).map(IpAddress::parse).toList(), router.clock.nowNs);
    }

    /** How many of each get through, sent once a millisecond after 240 forged packets. */
    private List<Long> besideAFlood(IntFunction<byte[]> forged, byte[]... sessions) {
        List<byte[]> taken = new ArrayList<>();
        int number = 0;
        for (int cycle = 0; cycle < CYCLES; cycle++) {
            router.clock.nowNs += 1_000_000;
            List<byte[]> frames = new ArrayList<>();
            for (int i = 0; i < 240; i++) {
                frames.add(forged.apply(number++));
            }
            frames.addAll(List.of(sessions));
            router.twins[0].sent.clear();
            router.receive(0, frames);
            taken.addAll(router.twins[0].sent);
        }
        assertThat(router.unaccounted()).isZero();
        assertThat(taken).hasSizeLessThan(CYCLES * 100);
        return Stream.of(sessions).map(session -> times(session, taken)).toList();
    }

    private static String stranger(int number) {
        return "100." + (64 + number % 7) + "." + number / 250 % 250 + "." + (1 + number % 250);
    }

    /** Segments of no session, from addresses that are forged at random: BGP and BFD from afar. */
    @Test
    void aFloodOfStrangersStarvesNoConfiguredPeer() {
        byte[] far = tcp("203.0.113.2", 0x10);
        byte[] far6 = tcp6("2001:db8:3::2");
        byte[] bfd = bfd("203.0.113.2");
        byte[] opening = tcp("203.0.113.3", 0x02);
        IntFunction<byte[]> forged =
                i ->
                        switch (i % 4) {
                            case 0 -> bfd(stranger(i));
                            case 1 -> tcp(stranger(i), 0x02);
                            default -> tcp(stranger(i), 0x10);
                        };
        assertThat(besideAFlood(forged, far, far6, bfd, opening))
                .as("without peers")
                .allSatisfy(count -> assertThat(count).isLessThan(CYCLES / 2L));
        peers("203.0.113.2", "203.0.113.3", "2001:db8:3::2", "192.0.2.77");
        assertThat(besideAFlood(forged, far, far6, bfd, opening)).containsOnly((long) CYCLES);
    }

    /** Addresses of other neighbours on the link are as good as any, but for the peer's own. */
    @Test
    void aFloodOfNeighboursStarvesNoConfiguredNeighbour() {
        router.neighbour(0, HOST4);
        router.neighbour(0, "192.0.2.66");
        byte[] near = tcp(HOST4, 0x10);
        byte[] forged = tcp("192.0.2.66", 0x10);
        assertThat(besideAFlood(_ -> forged, near).getFirst()).isLessThan(CYCLES / 2L);
        peers(HOST4);
        assertThat(besideAFlood(_ -> forged, near)).containsExactly((long) CYCLES);
    }

    /** Who knows a peer's address may starve its TCP, but neither its BFD nor another peer. */
    @Test
    void aPeersForgedAddressHarmsThatPeerAlone() {
        router.neighbour(0, HOST4);
        peers("203.0.113.2", "203.0.113.3", HOST4);
        byte[] forged = tcp("203.0.113.2", 0x18);
        byte[] victim = tcp("203.0.113.2", 0x10);
        List<Long> through =
                besideAFlood(
                        _ -> forged,
                        victim,
                        bfd("203.0.113.2"),
                        tcp("203.0.113.3", 0x10),
                        tcp(HOST4, 0x10));
        assertThat(through.getFirst()).isLessThan(CYCLES / 2L);
        assertThat(through.subList(1, 4)).containsOnly((long) CYCLES);
    }

    /** On another port than its own a neighbour's address is one from afar. */
    @Test
    void aNeighboursAddressForgedOnAnotherPortHarmsNoNeighbour() {
        router.neighbour(1, "198.51.100.2");
        peers("198.51.100.2");
        byte[] forged = tcp("198.51.100.2", 0x10);
        long to = TestRouter.MAC1.value();
        byte[] tcp = Packets.tcp(0, 179, 0x10);
        byte[] near = Packets.ip(to, "198.51.100.2", "192.0.2.1", 64, 6, tcp);
        for (int cycle = 0; cycle < CYCLES; cycle++) {
            router.clock.nowNs += 1_000_000;
            router.receive(0, java.util.Collections.nCopies(240, forged));
            router.receive(1, near);
        }
        assertThat(router.twins[1].sent).hasSize(CYCLES);
        assertThat(router.policed(Reason.LOCAL_CONTROL)).isZero();
        assertThat(router.unaccounted()).isZero();
    }

    /** Each has its own, also in a table that is as full as it may be; who is gone has none. */
    @Test
    void everyPeerHasItsOwnUntilItIsNoLongerConfigured() {
        List<IpAddress> all = new ArrayList<>();
        for (int i = 0; i < 2_047; i++) {
            all.add(IpAddress.ip4((203 << 24) + i));
        }
        router.view.peers.set(all, router.clock.nowNs);
        byte[] flood = tcp("100.64.0.1", 0x10);
        for (int i = 0; i < 20; i++) {
            router.receive(0, java.util.Collections.nCopies(240, flood));
        }
        long before = router.count(Reason.MULTIHOP_CONTROL);
        all.forEach(peer -> router.receive(0, tcp(peer.toString(), 0x10)));
        assertThat(router.count(Reason.MULTIHOP_CONTROL)).isEqualTo(before + all.size());
        router.view.peers.set(List.of(), router.clock.nowNs);
        all.forEach(peer -> router.receive(0, tcp(peer.toString(), 0x10)));
        assertThat(router.count(Reason.MULTIHOP_CONTROL)).isEqualTo(before + all.size());
    }

    /** In a second from full buckets. */
    private static int most(Reason reason) {
        return reason.packetsPerSecond()
                + Policer.burst(reason)
                + Policer.portRate(reason)
                + Policer.BURST_MIN
                + 1;
    }

    /** A storm at one port leaves each other port its own part. */
    @Test
    void anArpStormOfOnePortStarvesNoOther() {
        byte[] arp = Packets.ethernet(ROUTER, 0x0806, new byte[46]);
        byte[] other = Packets.ethernet(TestRouter.MAC1.value(), 0x0806, new byte[46]);
        int sent = 0;
        for (int cycle = 0; cycle < CYCLES; cycle++) {
            router.clock.nowNs += 1_000_000;
            router.receive(0, java.util.Collections.nCopies(250, arp));
            if (cycle % 10 == 9) {
                router.receive(1, other);
                sent++;
            }
        }
        assertThat(sent).isEqualTo(Policer.portRate(Reason.ARP));
        assertThat(router.twins[1].sent).hasSize(sent);
        assertThat(router.twins[0].sent).hasSizeLessThanOrEqualTo(most(Reason.ARP));
        assertThat(router.unaccounted()).isZero();
    }

    /** Nor does it starve other next hops that Linux has to learn: hosts and gateways. */
    @Test
    void anotherNextHopIsStillLearnt() {
        gateway("100.64.0.0/16", "198.51.100.77");
        gateway("2001:db8:77::/48", "2001:db8:2::77");
        byte[] storm = udp4("198.51.100.9");
        byte[] host4 = udp4("198.51.100.10");
        byte[] host6 = udp6("2001:db8:2::10");
        byte[] behind4 = udp4("100.64.1.1");
        byte[] behind6 = udp6("2001:db8:77::1");
        List<byte[]> taken = storm(storm, host4, host6, behind4, behind6);
        for (byte[] frame : List.of(storm, host4, host6, behind4, behind6)) {
            assertThat(times(frame, taken))
                    .isBetween((long) Policer.NEXT_HOP_RATE, (long) NEXT_HOP_MAX);
        }
    }

    /** All that lies behind a gateway shares its bucket. */
    @Test
    void aGatewayIsOneNextHop() {
        gateway("100.64.0.0/16", "198.51.100.77");
        for (int i = 0; i < 10_000; i++) {
            router.receive(0, udp4("100.64." + i / 256 + "." + i % 256));
        }
        assertThat(router.count(Reason.NEIGHBOUR_UNRESOLVED)).isEqualTo(Policer.BURST_MIN);
        assertThat(router.unaccounted()).isZero();
    }

    /** Who sends to every address of a network is held by the reason's own bucket. */
    @Test
    void aScanIsPolicedAsAWhole() {
        router.route("100.64.0.0/10", router.gleans[1]);
        int scanned = 200_000;
        for (int i = 0; i < scanned; i++) {
            router.clock.nowNs += 1_000; // a million packets per second
            int low = i % 65_536;
            router.receive(0, udp4("100." + (64 + i / 65_536) + "." + low / 256 + "." + low % 256));
        }
        long own = Policer.portRate(Reason.NEIGHBOUR_UNRESOLVED) / 5 + Policer.BURST_MIN + 1;
        int rate = Reason.NEIGHBOUR_UNRESOLVED.packetsPerSecond();
        assertThat(router.count(Reason.NEIGHBOUR_UNRESOLVED))
                .isBetween(
                        rate / 10L, rate / 5L + Policer.burst(Reason.NEIGHBOUR_UNRESOLVED) + own);
    }

    private void gateway(String prefix, String address) {
        int adjacency =
                router.writer.addAdjacency(
                        router.interfaces[1],
                        0,
                        IpAddress.parse(address),
                        Reason.NEIGHBOUR_UNRESOLVED);
        router.route(prefix, adjacency);
    }
}
