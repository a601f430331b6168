package floof.fpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import floof.base.IpAddress;
import floof.base.Prefix;
import java.nio.ByteBuffer;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class CodecTest {
    private final ByteBuffer wire = ByteBuffer.allocate(Codec.MAX_BYTES);

    private ByteBuffer written(Message.Request request) {
        wire.clear();
        Codec.putRequest(wire, request, 7, 9);
        return wire.flip();
    }

    private static Message.Request read(ByteBuffer message) {
        Codec.Header header = Codec.header(message);
        return Codec.request(Objects.requireNonNull(MessageType.of(header.type())), message);
    }

    @ParameterizedTest
    @EnumSource
    void everyRequestRoundTrips(MessageType type) {
        RandomMessages messages = new RandomMessages(type.code());
        for (int i = 0; i < 300; i++) {
            Message.Request request = messages.request(type);
            ByteBuffer message = written(request);
            assertThat(Codec.lengthBytes(message)).isEqualTo(message.remaining());
            assertThat(read(message)).isEqualTo(request);
        }
    }

    @ParameterizedTest
    @EnumSource
    void everyReplyRoundTripsAtItsLongest(MessageType type) {
        RandomMessages messages = new RandomMessages(type.code());
        for (int i = 0; i < 100; i++) {
            Reply reply = messages.reply(type);
            wire.clear();
            Codec.putReply(wire, type.code(), reply, 1L << 40, -1);
            wire.flip();
            assertThat(Codec.lengthBytes(wire)).isEqualTo(wire.remaining());
            Codec.Header header = Codec.header(wire);
            assertThat(header)
                    .isEqualTo(new Codec.Header(true, type.code(), 1L << 40, reply.report(), -1));
            assertThat(Codec.reply(type, header.report(), wire)).isEqualTo(reply);
        }
    }

    @Test
    void theHeaderLiesAsDocumented() {
        ByteBuffer message = written(new Message.Policy(3, 2));
        assertThat(HexFormat.of().formatHex(wire.array(), 0, message.limit()))
                .isEqualTo(
                        "00000020"
                                + "01"
                                + "00"
                                + "0008"
                                + "0000000000000007"
                                + "00000000"
                                + "00000009"
                                + "00000003"
                                + "00000002");
    }

    /** A process that lives reads what a new one writes: bodies must not change silently. */
    @Test
    void bodiesLieAsDocumented() {
        Message.NextHop first =
                new Message.NextHop(IpAddress.parse("192.0.2.1"), 3, 1, true, false);
        Message.NextHop second = new Message.NextHop(null, 4, 65536, false, true);
        assertThat(
                        body(
                                new Message.Route(
                                        1,
                                        Prefix.parse("10.1.0.0/16"),
                                        RouteType.PROHIBIT,
                                        0xffff_ffffL,
                                        200,
                                        List.of(first, second),
                                        true)))
                .isEqualTo(
                        "00000001"
                                + ("04" + "0a010000" + "10")
                                + "05"
                                + "ffffffff"
                                + "c8"
                                + "0002"
                                + ("04" + "c0000201" + "00000003" + "00000001" + "01" + "00")
                                + ("00" + "00000004" + "00010000" + "00" + "01")
                                + "01");
        assertThat(
                        body(
                                new Message.PortAttach(
                                        2,
                                        "ge-0",
                                        Driver.DPDK,
                                        "/n",
                                        "d",
                                        5,
                                        6,
                                        1500,
                                        new TreeMap<>(Map.of("k", "v")))))
                .isEqualTo(
                        "00000002"
                                + ("0004" + "67652d30")
                                + "02"
                                + ("0002" + "2f6e")
                                + ("0001" + "64")
                                + "00000005"
                                + "00000006"
                                + "000005dc"
                                + ("0001" + "0001" + "6b" + "0001" + "76"));
        wire.clear();
        Message.CounterRow row = new Message.CounterRow("a", List.of(-1L));
        Message.Counters counters =
                new Message.Counters(CounterKind.DROP, List.of("c"), List.of(row), 7);
        Codec.putReply(wire, MessageType.COUNTERS.code(), Reply.ok(counters), 1, 0);
        assertThat(body(wire.flip()))
                .isEqualTo(
                        "08"
                                + ("0001" + "0001" + "63")
                                + ("0001" + "0001" + "61" + "0001" + "ffffffffffffffff")
                                + "00000007");
    }

    private String body(Message.Request request) {
        return body(written(request));
    }

    private static String body(ByteBuffer message) {
        return HexFormat.of().formatHex(message.array(), Codec.HEADER_BYTES, message.limit());
    }

    @ParameterizedTest
    @EnumSource
    void everyTruncationAndExtensionIsRefused(MessageType type) {
        ByteBuffer whole = written(new RandomMessages(1).request(type));
        int end = whole.limit();
        for (int cut = Codec.HEADER_BYTES; cut < end; cut++) {
            ByteBuffer body = wire.slice(Codec.HEADER_BYTES, cut - Codec.HEADER_BYTES);
            assertThatThrownBy(() -> Codec.request(type, body))
                    .isInstanceOf(MalformedMessage.class)
                    .hasMessageContaining(type.name());
        }
        ByteBuffer longer = ByteBuffer.allocate(end - Codec.HEADER_BYTES + 1);
        longer.put(wire.slice(Codec.HEADER_BYTES, end - Codec.HEADER_BYTES)).rewind();
        assertThatThrownBy(() -> Codec.request(type, longer))
                .isInstanceOf(MalformedMessage.class)
                .hasMessage(type + ": 1 bytes after the last field; expected none");
    }

    @Test
    void faultsNamePlaceValueAndExpectation() {
        ByteBuffer message = written(new RandomMessages(5).request(MessageType.NEIGHBOUR));
        // The state is the last byte but one.
        wire.put(message.limit() - 2, (byte) 9);
        assertThatThrownBy(() -> read(message))
                .isInstanceOfSatisfying(
                        MalformedMessage.class,
                        fault -> {
                            assertThat(fault.place()).isEqualTo("NEIGHBOUR.state");
                            assertThat(fault.value()).isEqualTo("9");
                            assertThat(fault.expectation()).isEqualTo("0..5");
                        });
    }

    @Test
    void hostBitsInAPrefixAreRefused() {
        ByteBuffer body =
                ByteBuffer.wrap(HexFormat.of().parseHex("00000000" + "04c0000201" + "18"));
        assertThatThrownBy(() -> Codec.request(MessageType.ROUTE, body))
                .isInstanceOf(MalformedMessage.class)
                .hasMessageContaining("ROUTE.prefix: 192.0.2.1/24 has host bits set");
    }

    @Test
    void impossibleHeadersAreRefused() {
        assertThatThrownBy(() -> Codec.lengthBytes(hex("0000001701")))
                .hasMessage("header.length: 23; expected 24..65536");
        assertThatThrownBy(() -> Codec.lengthBytes(hex("ffffffff01")))
                .hasMessage("header.length: 4294967295; expected 24..65536");
        assertThatThrownBy(() -> Codec.lengthBytes(hex("0000001802")))
                .hasMessage("header.version: 2; expected 1");
        assertThatThrownBy(() -> Codec.header(hex("0000001801020001" + "00".repeat(16))))
                .hasMessage("header.flags: 2; expected 0 or 1");
        assertThatThrownBy(() ->
                        Codec.header(hex("0000001801000001" + "00".repeat(8) + "0000000100000000")))
                .hasMessage("header.report: 1; expected 0..0");
    }

    private static ByteBuffer hex(String digits) {
        return ByteBuffer.wrap(HexFormat.of().parseHex(digits));
    }

    @Test
    void mutatedBodiesAreReadOrRefusedAndNothingElse() {
        Random random = new Random(42);
        RandomMessages messages = new RandomMessages(42);
        int refused = 0;
        for (int i = 0; i < 50_000; i++) {
            MessageType type = MessageType.values()[random.nextInt(MessageType.values().length)];
            ByteBuffer message = written(messages.request(type));
            int size = message.limit() - Codec.HEADER_BYTES;
            for (int flips = 1 + random.nextInt(4); flips > 0 && size > 0; flips--) {
                wire.put(Codec.HEADER_BYTES + random.nextInt(size), (byte) random.nextInt());
            }
            try {
                Codec.request(type, message.position(Codec.HEADER_BYTES));
            } catch (MalformedMessage e) {
                refused++;
            }
        }
        assertThat(refused).isBetween(10_000, 49_000);
    }

    @Test
    void recordsRefuseWhatCouldNotBeSent() {
        assertThatThrownBy(() -> new Message.Port(0, "longer-than-linux", true))
                .hasMessage("PORT.name: text of 17 bytes; expected at most 15");
        assertThatThrownBy(() -> new Message.NextHop(null, 1, 0, false, false))
                .hasMessage("ROUTE.nextHops[].weight: 0; expected 1..65536");
    }
}
