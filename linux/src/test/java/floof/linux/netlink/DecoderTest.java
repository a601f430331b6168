package floof.linux.netlink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import floof.base.IpAddress;
import floof.base.Prefix;
import floof.testkit.Netns;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Bytes by hand; x86-64's order. */
class DecoderTest {
    /** rtmsg: IPv4, /24, table main, protocol bird, unicast. */
    private static final String RTMSG = "02180000fe0c0001" + "00000000";

    private static ByteBuffer datagram(String hex) {
        return ByteBuffer.wrap(HexFormat.of().parseHex(hex)).order(ByteOrder.LITTLE_ENDIAN);
    }

    /** A message with its header in front of the body. */
    private static String message(int type, String body) {
        ByteBuffer header = ByteBuffer.allocate(16).order(ByteOrder.LITTLE_ENDIAN);
        header.putInt(16 + body.length() / 2).putShort((short) type);
        return HexFormat.of().formatHex(header.array()) + body;
    }

    private static RtnetlinkObject only(String hex) {
        Decoder decoder = new Decoder(datagram(hex));
        assertThat(decoder.next()).isTrue();
        RtnetlinkObject object = decoder.object();
        assertThat(decoder.next()).isFalse();
        assertThat(object).isNotNull();
        return java.util.Objects.requireNonNull(object);
    }

    private static String destination() {
        return "08000100" + "0a010200";
    }

    @Test
    void readsARouteByHand() {
        String body =
                RTMSG
                        + destination()
                        + "0800040007000000" // RTA_OIF 7
                        + "08000500c0000202" // RTA_GATEWAY 192.0.2.2
                        + "08000600ffffffff"; // RTA_PRIORITY 2^32-1
        Route route = (Route) only(message(Netlink.RTM_NEWROUTE, body));
        assertThat(route.prefix()).isEqualTo(Prefix.parse("10.1.2.0/24"));
        assertThat(route.metric()).isEqualTo(0xffff_ffffL);
        assertThat(route.protocol()).isEqualTo(12);
        assertThat(route.nextHops())
                .containsExactly(new Route.NextHop(IpAddress.parse("192.0.2.2"), 7, 1, 0, false));
    }

    @Test
    void readsMultipathWithGatewaysOfBothFamilies() {
        String first = "1000" + "01" + "02" + "03000000" + "08000500c0000202"; // dead, weight 3
        String via = "16001200" + "0a00" + "20010db8" + "00".repeat(11) + "02" + "0000";
        String second = "2000" + "00" + "00" + "04000000" + via;
        String body = RTMSG + destination() + "34000900" + first + second;
        Route route = (Route) only(message(Netlink.RTM_NEWROUTE, body));
        assertThat(route.nextHops())
                .containsExactly(
                        new Route.NextHop(IpAddress.parse("192.0.2.2"), 3, 3, 1, false),
                        new Route.NextHop(IpAddress.parse("2001:db8::2"), 4, 1, 0, false));
    }

    @Test
    void faultsNameTheAttributeAndItsOffset() {
        assertFault(RTMSG + "07000100" + "0a010200", "RTM_NEWROUTE RTA_DST at offset 28: 3 bytes");
        assertFault(
                RTMSG + destination() + "03000500",
                "RTM_NEWROUTE RTA_GATEWAY at offset 36: length 3");
        assertFault(
                RTMSG + destination() + "ff000500c0000202",
                "RTM_NEWROUTE RTA_GATEWAY at offset 36: length 255; expected 4..8");
        assertFault(RTMSG + destination() + "0800", "RTM_NEWROUTE at offset 36: 2 bytes");
        assertFault(
                RTMSG + destination() + "0c000900" + "0000000003000000",
                "RTM_NEWROUTE RTA_MULTIPATH at offset 40: next hop of 0 bytes; expected 8..8");
        assertFault(
                RTMSG + destination() + "0a001200" + "0700" + "c00002020000",
                "RTM_NEWROUTE RTA_VIA at offset 36: family 7; expected 2 or 10");
        assertFault("0221" + RTMSG.substring(4) + destination(), "of length 33");
        assertFault("0218", "payload of 2 bytes; expected 12 at least");
    }

    private static void assertFault(String body, String text) {
        Decoder decoder = new Decoder(datagram(message(Netlink.RTM_NEWROUTE, body)));
        assertThat(decoder.next()).isTrue();
        assertThatThrownBy(decoder::object)
                .isInstanceOf(MalformedNetlink.class)
                .hasMessageContaining(text);
    }

    @Test
    void messagesThatDoNotFitAreRefused() {
        for (String hex :
                List.of(
                        "0f000000180000000000000000000000",
                        "11000000180000000000000000000000",
                        "ffffffff180000000000000000000000",
                        "10000000")) {
            assertThatThrownBy(() -> new Decoder(datagram(hex)).next())
                    .isInstanceOf(MalformedNetlink.class);
        }
    }

    @Test
    void mutatedDumpsAreReadOrRefusedAndAlwaysEnd() {
        List<byte[]> chunks = realDump();
        Random random = new Random(11);
        int refused = 0;
        int read = 0;
        for (int i = 0; i < 60_000; i++) {
            byte[] bytes = chunks.get(random.nextInt(chunks.size())).clone();
            for (int flips = 1 + random.nextInt(6); flips > 0; flips--) {
                bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
            }
            ByteBuffer buffer = ByteBuffer.wrap(bytes).order(ByteOrder.nativeOrder());
            buffer.limit(random.nextInt(8) == 0 ? random.nextInt(bytes.length) : bytes.length);
            try {
                Decoder decoder = new Decoder(buffer);
                while (decoder.next()) {
                    read += decoder.object() == null ? 0 : 1;
                    if (decoder.type() == Netlink.NLMSG_ERROR) {
                        decoder.errorText();
                    }
                }
            } catch (MalformedNetlink e) {
                refused++;
            }
        }
        assertThat(refused).isGreaterThan(5_000);
        assertThat(read).isGreaterThan(50_000);
    }

    /** What the kernel says of a small network of every kind of object. */
    private static List<byte[]> realDump() {
        List<byte[]> chunks = new java.util.ArrayList<>();
        try (Netns network = Netns.withPair().addressed()) {
            network.ip("route add 10.0.0.0/8 nexthop via 192.0.2.2 nexthop via 192.0.2.3 weight 7");
            network.ip("route add 10.1.0.0/16 via inet6 2001:db8::2 dev e0");
            network.ip("neigh add 192.0.2.2 lladdr 02:00:00:00:00:02 dev e0");
            network.ip("rule add from 10.0.0.0/8 table 100");
            NetlinkSocket socket =
                    floof.linux.system.NetworkNamespace.call(
                            network.path(), () -> new NetlinkSocket("raw"));
            try (socket) {
                int[] types = {18, 22, 26, 30, 34};
                int[] bodies = {16, 8, 12, 12, 12};
                for (int i = 0; i < types.length; i++) {
                    Outgoing request = new Outgoing(types[i], Netlink.NLM_F_DUMP, "");
                    for (int j = 0; j < bodies[i]; j++) {
                        request.u8(0);
                    }
                    socket.send(request.finished(1));
                    ByteBuffer chunk;
                    while ((chunk = socket.receive(100)) != null) {
                        byte[] bytes = new byte[chunk.remaining()];
                        chunk.get(bytes);
                        chunks.add(bytes);
                    }
                }
            } catch (NetlinkOverrun e) {
                throw new IllegalStateException(e);
            }
        }
        return chunks;
    }
}
