package floof.linux.net;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import floof.linux.Poll;
import floof.linux.system.NetworkNamespace;
import floof.testkit.Netns;
import floof.testkit.Packets;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A host "left" and a host "right" with a namespace between, in which the sockets are opened. */
@SuppressWarnings("restricted")
class PacketSocketTest {

    private static final int MEGABYTES = 64;
    private static final ValueLayout.OfInt UNALIGNED = ValueLayout.JAVA_INT_UNALIGNED;

    private Netns left;
    private Netns middle;
    private Netns right;

    @BeforeEach
    void join() {
        left = new Netns().silent();
        middle = new Netns().silent();
        right = new Netns().silent();
        Netns.join(middle.path(), "west", left.path(), "eth");
        Netns.join(middle.path(), "east", right.path(), "eth");
        left.run("ip address add 10.2.0.1/24 dev eth");
        right.run("ip address add 10.2.0.2/24 dev eth");
    }

    @AfterEach
    void end() {
        List.of(left, middle, right).forEach(Netns::close);
    }

    private PacketSocket open(String device, int frames) {
        return NetworkNamespace.call(middle.path(), () -> PacketSocket.open(device, frames));
    }

    private static MemorySegment memory(PacketSocket socket) {
        return MemorySegment.ofAddress(socket.ring().address())
                .reinterpret(socket.ring().sizeBytes());
    }

    /** Sends one datagram to a neighbour that is not there. */
    private void sendFromLeft(int count, int sizeBytes) throws IOException {
        left.run("ip neighbour replace 10.2.0.9 lladdr 02:00:00:00:00:09 dev eth");
        try (DatagramChannel sender = NetworkNamespace.call(left.path(), DatagramChannel::open)) {
            ByteBuffer bytes = ByteBuffer.allocate(sizeBytes);
            for (int i = 0; i < count; i++) {
                sender.send(bytes.clear(), new InetSocketAddress("10.2.0.9", 9));
            }
        }
    }

    @Test
    void carriesStockTcpWithItsSegmentationOffload() throws Exception {
        try (PacketSocket west = open("west", PacketSocket.DEFAULT_FRAMES);
                PacketSocket east = open("east", PacketSocket.DEFAULT_FRAMES);
                ServerSocket server =
                        NetworkNamespace.call(
                                right.path(),
                                () ->
                                        new ServerSocket(
                                                5000, 1, InetAddress.getByName("10.2.0.2")));
                SocketChannel client = NetworkNamespace.call(left.path(), SocketChannel::open)) {
            FutureTask<Long> receiver = new FutureTask<>(() -> firstDifference(server));
            Thread.ofPlatform().name("receiver").start(receiver);
            FutureTask<Boolean> sender = new FutureTask<>(() -> send(client));
            Thread.ofPlatform().name("sender").start(sender);
            Cable there = new Cable(west, east);
            Cable back = new Cable(east, west);
            while (!receiver.isDone()) {
                if (!there.pass() & !back.pass()) {
                    west.fd().poll(Poll.IN, 1);
                }
            }
            assertThat(sender.get()).isTrue();
            assertThat(receiver.get()).isEqualTo(MEGABYTES * 1_000_000L);
            assertThat(there.longest).isGreaterThan(32 << 10).isLessThanOrEqualTo(65_550);
            assertThat(there.segmentType).isEqualTo(1); // VIRTIO_NET_HDR_GSO_TCPV4
            assertThat(there.segmentSize).isEqualTo(1500 - 20 - 32);
            assertThat(there.sent).isEqualTo(there.frames);
            assertThat(west.drops() + east.drops()).isZero();
        }
    }

    private static boolean send(SocketChannel client) throws IOException {
        client.connect(new InetSocketAddress("10.2.0.2", 5000));
        Random random = new Random(1);
        byte[] bytes = new byte[1_000_000];
        for (int i = 0; i < MEGABYTES; i++) {
            random.nextBytes(bytes);
            ByteBuffer buffer = ByteBuffer.wrap(bytes);
            while (buffer.hasRemaining()) {
                client.write(buffer);
            }
        }
        client.shutdownOutput();
        return client.getOption(StandardSocketOptions.SO_SNDBUF) > 0;
    }

    /** How many bytes are as they were sent, before one that is not or the end. */
    private static long firstDifference(ServerSocket server) throws IOException {
        Random random = new Random(1);
        byte[] expected = new byte[1_000_000];
        long good = 0;
        try (var connection = server.accept();
                var input = connection.getInputStream()) {
            while (true) {
                byte[] bytes = input.readNBytes(expected.length);
                random.nextBytes(expected);
                int different = java.util.Arrays.mismatch(bytes, expected);
                if (different >= 0) {
                    return good + different;
                }
                good += bytes.length;
            }
        }
    }

    @Test
    void tellsVlanTagsApartFromTheFrame() throws Exception {
        try (PacketSocket west = open("west", 1);
                Arena arena = Arena.ofConfined();
                PacketSocket peer =
                        NetworkNamespace.call(left.path(), () -> PacketSocket.open("eth", 1))) {
            byte[] frame = Packets.ethernet(0x02_00_00_00_00_00L, 0x0800, new byte[46]);
            sendRaw(arena, peer.batch(), Packets.tagged(frame, 0x8100_2064));
            assertThat(west.fd().poll(Poll.IN, 1000)).isEqualTo(Poll.IN);
            MemorySegment ring = memory(west);
            int status = ring.get(JAVA_INT, PacketSocket.STATUS);
            assertThat(ring.get(JAVA_INT, PacketSocket.LENGTH)).isEqualTo(60);
            assertThat(status & PacketSocket.STATUS_VLAN_VALID).isNotZero();
            assertThat(status & PacketSocket.STATUS_VLAN_TPID_VALID).isNotZero();
            assertThat(ring.get(JAVA_SHORT, PacketSocket.VLAN_TCI)).isEqualTo((short) 0x2064);
            assertThat(ring.get(JAVA_SHORT, PacketSocket.VLAN_TPID)).isEqualTo((short) 0x8100);
        }
    }

    private static int sendRaw(Arena arena, TransmitBatch batch, byte[]... frames) {
        MemorySegment header = arena.allocate(PacketSocket.VNET_HEADER_SIZE);
        for (byte[] frame : frames) {
            batch.frame(header.address());
            batch.piece(arena.allocateFrom(JAVA_BYTE, frame).address(), frame.length);
        }
        return batch.send();
    }

    @Test
    void skipsAFrameThatTheKernelRefusesAndGoesOn() {
        try (PacketSocket west = open("west", 1);
                PacketSocket east = open("east", 1);
                Arena arena = Arena.ofConfined()) {
            byte[] good = new byte[60];
            byte[] tooLong = new byte[2000];
            byte[] tooShort = new byte[13];
            TransmitBatch batch = east.batch();
            assertThat(sendRaw(arena, batch, tooLong, good, tooShort, good, tooLong)).isEqualTo(2);
            assertThat(batch.refused()).isEqualTo(3);
            assertThat(batch.full()).isZero();
            assertThat(batch.isSent(0)).isFalse();
            assertThat(batch.isSent(1)).isTrue();
            assertThat(batch.isSent(4)).isFalse();
            assertThat(batch.frames()).isZero();
            assertThat(sendRaw(arena, batch, good)).isEqualTo(1);
            middle.run("ip link set east down");
            assertThat(sendRaw(arena, batch, good, good)).isZero();
            assertThat(batch.refused()).isEqualTo(2);
            assertThat(west.drops()).isZero();
        }
    }

    @Test
    void countsWhatAFullRingLoses() throws IOException {
        try (PacketSocket west = open("west", 31)) {
            assertThat(west.frames()).isEqualTo(60);
            sendFromLeft(70, 100);
            assertThat(west.drops()).isEqualTo(10);
            assertThat(west.drops()).isEqualTo(10);
            MemorySegment ring = memory(west);
            for (int i = 0; i < 60; i++) {
                long at = west.frameAddress(i) - west.ring().address();
                assertThat(ring.get(JAVA_INT, at + PacketSocket.STATUS) & PacketSocket.STATUS_USER)
                        .isEqualTo(PacketSocket.STATUS_USER);
                assertThat(ring.get(JAVA_INT, at + PacketSocket.LENGTH)).isEqualTo(142);
            }
        }
    }

    /** 0 is the first number that a kernel chooses after it booted: no test could ask for that. */
    @Test
    void aGroupIsOneWhateverItsNumber() throws IOException {
        for (int id : new int[] {0, 0xffff}) {
            List<PacketSocket> group =
                    NetworkNamespace.call(
                            middle.path(), () -> PacketSocket.openGroup("west", 1, 3, id));
            try {
                assertThat(group).allMatch(member -> member.group() == id);
                sendFromLeft(20, 100);
                assertThat(received(group)).hasSize(20);
            } finally {
                group.forEach(PacketSocket::close);
            }
        }
    }

    @Test
    void aGroupThatFormsUnderTrafficGetsNothingTwice() throws Exception {
        AtomicBoolean isOver = new AtomicBoolean();
        FutureTask<Integer> sender = new FutureTask<>(() -> sendNumbers(isOver));
        Thread.ofPlatform().name("sender").start(sender);
        try {
            for (int round = 0; round < 20; round++) {
                List<PacketSocket> group =
                        NetworkNamespace.call(
                                middle.path(), () -> PacketSocket.openGroup("west", 1, 3));
                try {
                    List<Integer> numbers = List.of();
                    while (numbers.size() < 30 && !sender.isDone()) {
                        numbers = received(group);
                    }
                    assertThat(numbers).as("round %d", round).doesNotHaveDuplicates();
                } finally {
                    group.forEach(PacketSocket::close);
                }
            }
        } finally {
            isOver.set(true);
        }
        assertThat(sender.get()).isGreaterThan(20 * 30);
    }

    /** One number after the other in datagrams of eight flows in turn; how many. */
    private int sendNumbers(AtomicBoolean isOver) throws IOException {
        left.run("ip neighbour replace 10.2.0.9 lladdr 02:00:00:00:00:09 dev eth");
        List<DatagramChannel> flows = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            flows.add(NetworkNamespace.call(left.path(), DatagramChannel::open));
        }
        int number = 0;
        while (!isOver.get()) {
            ByteBuffer bytes = ByteBuffer.allocate(100).putInt(0, number);
            flows.get(number++ % 8).send(bytes, new InetSocketAddress("10.2.0.9", 9));
        }
        for (DatagramChannel flow : flows) {
            flow.close();
        }
        return number;
    }

    /** The first four bytes of each datagram in rings that nobody empties. */
    private static List<Integer> received(List<PacketSocket> group) {
        List<Integer> numbers = new ArrayList<>();
        for (PacketSocket socket : group) {
            MemorySegment ring = memory(socket);
            for (int i = 0; i < socket.frames(); i++) {
                long at = socket.frameAddress(i) - socket.ring().address();
                boolean isOurs = (ring.get(JAVA_INT, at) & PacketSocket.STATUS_USER) != 0;
                if (isOurs && ring.get(JAVA_INT, at + PacketSocket.LENGTH) == 142) {
                    int offset = ring.get(JAVA_SHORT, at + PacketSocket.FRAME_OFFSET);
                    numbers.add(Integer.reverseBytes(ring.get(UNALIGNED, at + offset + 42)));
                }
            }
        }
        return numbers;
    }

    @Test
    void saysWhichDeviceIsMissing() {
        assertThatThrownBy(() -> open("nowhere", 1))
                .hasMessageMatching(
                        "ioctl\\(fd \\d+ device nowhere, SIOCGIFINDEX nowhere\\):"
                                + " ENODEV \\(No such device\\)");
    }
}
