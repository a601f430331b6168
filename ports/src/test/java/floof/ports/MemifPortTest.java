package floof.ports;

import static floof.testkit.Eventually.await;
import static org.assertj.core.api.Assertions.assertThat;

import floof.engine.BufferPool;
import floof.engine.Frame;
import floof.engine.Packet;
import floof.engine.PortCounter;
import floof.engine.PortEnd;
import floof.engine.VirtioNet;
import floof.linux.EventFd;
import floof.linux.Poll;
import floof.linux.SharedMemory;
import floof.linux.net.MessageSocket;
import floof.memory.Memory;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.Executor;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Two memifs in one process, and one whose other side the test itself is. */
class MemifPortTest {

    private static final int BUFFERS = 4096;
    private static final int RING = 64;

    /** The port's thread and this one take turns, as if this were the worker. */
    private final Object worker = new Object();

    private final Executor onWorker =
            command -> {
                synchronized (worker) {
                    command.run();
                }
            };

    @TempDir Path folder;
    @AutoClose private final Bed bed = new Bed();
    private BufferPool pool;

    @BeforeEach
    void begin() {
        pool = bed.pool(BUFFERS);
    }

    private MemifPort open(int index, boolean isServer, int id) {
        return MemifPort.open(
                index,
                isServer ? "server" : "client",
                new MemifPort.Settings(folder.resolve("memif.sock"), isServer, id, RING, false),
                List.of(pool),
                List.of(onWorker));
    }

    private MemifPort[] pair() {
        MemifPort server = bed.keep(open(1, true, 7));
        MemifPort client = bed.keep(open(2, false, 7));
        await(() -> server.isUp() && client.isUp());
        return new MemifPort[] {server, client};
    }

    private byte[] frame(Random random, int length) {
        byte[] bytes = new byte[length];
        random.nextBytes(bytes);
        return bytes;
    }

    private List<byte[]> receive(PortEnd end, int count) {
        List<byte[]> got = new ArrayList<>();
        Frame frame = new Frame();
        synchronized (worker) {
            Bed.receive(end, frame, count);
            for (int i = 0; i < frame.count; i++) {
                got.add(Bed.bytes(frame.packets[i]));
                assertThat(VirtioNet.isWhole(frame.packets[i] + Packet.VIRTIO)).isTrue();
                assertThat(Packet.port(frame.packets[i])).isEqualTo(end.index());
            }
            pool.give(frame.packets, frame.count);
        }
        return got;
    }

    private int send(PortEnd end, byte[]... frames) {
        long[] packets = new long[frames.length];
        for (int i = 0; i < frames.length; i++) {
            packets[i] = Bed.packet(pool, frames[i]);
        }
        synchronized (worker) {
            return end.transmit(packets, packets.length);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1})
    void everyLengthComesThroughBothWays(int from) {
        MemifPort[] pair = pair();
        PortEnd sender = pair[from].end(0);
        PortEnd receiver = pair[1 - from].end(0);
        Random random = new Random(1);
        long bytes = 0;
        int count = 0;
        for (int length = Chain.FRAME_BYTES_MIN; length < 9_500; length += length < 300 ? 1 : 97) {
            byte[] one = frame(random, length);
            byte[] two = frame(random, 64);
            assertThat(send(sender, one, two)).isEqualTo(2);
            assertThat(receive(receiver, 2)).containsExactly(one, two);
            bytes += length + 64;
            count += 2;
        }
        byte[] longest = frame(random, Packet.FRAME_BYTES_MAX);
        assertThat(send(sender, longest)).isOne();
        assertThat(receive(receiver, 1)).containsExactly(longest);
        assertThat(receiver.counter(PortCounter.RX_PACKETS)).isEqualTo(count + 1);
        assertThat(sender.counter(PortCounter.TX_BYTES)).isEqualTo(bytes + longest.length);
        assertThat(receiver.counter(PortCounter.RX_BYTES)).isEqualTo(bytes + longest.length);
        assertThat(pool.available()).isEqualTo(BUFFERS);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1})
    void countsGoRoundPast65536(int from) {
        MemifPort[] pair = pair();
        PortEnd sender = pair[from].end(0);
        PortEnd receiver = pair[1 - from].end(0);
        Random random = new Random(2);
        byte[][] burst = new byte[48][];
        for (int turn = 0; turn < 3_000; turn++) {
            for (int i = 0; i < burst.length; i++) {
                burst[i] = frame(random, 60 + random.nextInt(10));
            }
            assertThat(send(sender, burst)).isEqualTo(burst.length);
            assertThat(receive(receiver, burst.length)).containsExactly(burst);
        }
        assertThat(pool.available()).isEqualTo(BUFFERS);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1})
    void whatFindsNoRoomIsCounted(int from) {
        MemifPort[] pair = pair();
        byte[][] burst = new byte[RING + 6][];
        Arrays.setAll(burst, i -> frame(new Random(i), 64));
        assertThat(send(pair[from].end(0), burst)).isEqualTo(RING);
        assertThat(pair[from].counter(PortCounter.TX_FULL)).isEqualTo(6);
        assertThat(receive(pair[1 - from].end(0), RING))
                .containsExactly(Arrays.copyOf(burst, RING));
        assertThat(pool.available()).isEqualTo(BUFFERS);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1})
    void whoSleepsIsWoken(int from) {
        MemifPort[] pair = pair();
        PortEnd receiver = pair[1 - from].end(0);
        synchronized (worker) {
            assertThat(receiver.arm()).isTrue();
        }
        assertThat(isReadable(receiver)).isFalse();
        send(pair[from].end(0), frame(new Random(3), 64));
        assertThat(isReadable(receiver)).isTrue();
        synchronized (worker) {
            assertThat(receiver.arm()).as("with a packet waiting").isFalse();
        }
        assertThat(receive(receiver, 1)).hasSize(1);
        send(pair[from].end(0), frame(new Random(3), 64));
        assertThat(receive(receiver, 1)).hasSize(1);
        synchronized (worker) {
            assertThat(receiver.arm()).isTrue();
        }
        assertThat(isReadable(receiver)).as("while it polled, nobody signalled").isFalse();
    }

    private static boolean isReadable(PortEnd end) {
        floof.linux.Fd fd = floof.linux.Fd.own(end.descriptor(), "watched"); // not closed: not ours
        return fd.poll(Poll.IN, 0) != 0;
    }

    @Test
    void whoComesAgainIsConnectedAgain() {
        MemifPort server = bed.keep(open(1, true, 7));
        for (int round = 0; round < 3; round++) {
            MemifPort client = open(2, false, 7);
            await(() -> server.isUp() && client.isUp());
            byte[] bytes = frame(new Random(round), 100);
            assertThat(send(client.end(0), bytes)).isOne();
            assertThat(receive(server.end(0), 1)).containsExactly(bytes);
            client.close();
            await(() -> !server.isUp());
        }
        // The state is down a moment before the rings are no longer used.
        await(() -> {
            send(server.end(0), frame(new Random(1), 64));
            return server.counter(PortCounter.TX_ERRORS) == 1;
        });
        assertThat(pool.available()).isEqualTo(BUFFERS);
    }

    @Test
    void aClientFindsTheServerThatComesLaterOrAgain() throws Exception {
        MemifPort client = bed.keep(open(2, false, 7));
        await(() -> client.state().contains("ENOENT"));
        MemifPort first = open(1, true, 7);
        await(client::isUp);
        first.close();
        assertThat(Files.exists(folder.resolve("memif.sock"))).isFalse();
        await(() -> !client.isUp());
        MemifPort second = bed.keep(open(1, true, 7));
        await(() -> client.isUp() && second.isUp());
        assertThat(send(client.end(0), frame(new Random(1), 64))).isOne();
        assertThat(receive(second.end(0), 1)).hasSize(1);
    }

    @Test
    void anotherNumberIsRefused() {
        MemifPort server = bed.keep(open(1, true, 7));
        MemifPort client = bed.keep(open(2, false, 8));
        await(() -> client.state().equals("refused: ID not found"));
        assertThat(server.isUp()).isFalse();
    }

    @Test
    void theWayOfAPacketAllocatesNothing() {
        MemifPort[] pair = pair();
        PortEnd sender = pair[1].end(0);
        PortEnd receiver = pair[0].end(0);
        long[] packets = new long[32];
        Frame frame = new Frame();
        Runnable run =
                () -> {
                    for (int turn = 0; turn < 20_000; turn++) {
                        pool.take(packets, 0, packets.length);
                        for (long packet : packets) {
                            Packet.setLength(packet, 64);
                            VirtioNet.clear(packet + Packet.VIRTIO);
                        }
                        sender.transmit(packets, packets.length);
                        receiver.receive(frame, Frame.SIZE);
                        pool.give(frame.packets, frame.count);
                        frame.count = 0;
                        receiver.arm();
                    }
                };
        assertThat(Bed.allocated(run)).isZero();
        assertThat(receiver.counter(PortCounter.RX_PACKETS)).isGreaterThan(600_000);
    }

    // ---- an other side that is not to be trusted ----------------------------------------------

    /** A client made by hand: it says to the server what the test wants. */
    private final class Stranger implements AutoCloseable {

        final MessageSocket socket = MessageSocket.connect(folder.resolve("memif.sock"));
        final SharedMemory memory = SharedMemory.create("stranger", MemifBuffers.sizeBytes(RING));
        final EventFd interrupt = new EventFd("stranger");
        final long address = memory.mapping().address();
        final MemifRing out = new MemifRing(address, RING, interrupt);
        final MemifRing in =
                new MemifRing(address + MemifBuffers.ringOffset(1, RING), RING, interrupt);

        Stranger() {
            Memory.add(new floof.memory.Region("stranger", address, memory.mapping().sizeBytes()));
            MemifBuffers.initialise(out, in);
            next();
            say(MemifMessage.init(7, "stranger"));
        }

        MemifMessage next() {
            socket.fd().poll(Poll.IN, 5_000);
            MessageSocket.Message message =
                    Objects.requireNonNull(socket.receive(MemifMessage.SIZE_BYTES));
            return new MemifMessage(
                    ByteBuffer.wrap(message.bytes()).order(ByteOrder.LITTLE_ENDIAN), message.fd());
        }

        MemifMessage say(MemifMessage message) {
            socket.send(message.bytes().array(), message.fd());
            return next();
        }

        void connect() {
            say(MemifMessage.region(0, memory.mapping().sizeBytes(), memory.fd()));
            long second = MemifBuffers.ringOffset(1, RING);
            say(MemifMessage.ring(MemifMessage.TO_SERVER, 0, RING, interrupt.fd()));
            say(MemifMessage.ring(0, second, RING, interrupt.fd()));
            assertThat(say(MemifMessage.of(MemifMessage.CONNECT)).type())
                    .isEqualTo(MemifMessage.CONNECTED);
        }

        /** Puts a descriptor into the ring to the server. */
        void put(int count, int flags, int region, long length, long offset) {
            long descriptor = out.descriptor(count);
            Memory.putLong(descriptor, flags | (long) region << 16 | length << 32);
            Memory.putLong(descriptor + MemifRing.OFFSET, offset);
        }

        void head(int count) {
            Memory.putShortRelease(out.headAddress(), (short) count);
        }

        @Override
        public void close() {
            socket.close();
        }
    }

    @Test
    @Tag("slow")
    void badDescriptorsAreCountedAndPassedOver() {
        MemifPort server = bed.keep(open(1, true, 7));
        try (Stranger stranger = new Stranger()) {
            stranger.connect();
            await(server::isUp);
            long size = stranger.memory.mapping().sizeBytes();
            stranger.put(0, 0, 0, 64, size - 63); // one byte beyond
            stranger.put(1, 0, 0, 64, 0xffff_ffffL);
            stranger.put(2, 0, 0, 0xffff_ffffL, 4096);
            stranger.put(3, 0, 1, 64, 4096); // no such region
            stranger.put(4, 0, 0xffff, 64, 4096);
            stranger.put(5, 0, 0, 0, 4096);
            stranger.put(6, 0, 0, 13, 4096);
            stranger.put(7, 0, 0, Packet.FRAME_BYTES_MAX + 1L, 4096);
            stranger.put(8, 1, 0, 64, 4096); // goes on in a bad one
            stranger.put(9, 0, 9, 64, 4096);
            stranger.put(10, 0, 0, 64, size - 64); // good: the last bytes
            stranger.put(11, 0, 0, Packet.FRAME_BYTES_MAX, 4096); // good: the longest
            stranger.head(12);
            assertThat(receive(server.end(0), 2))
                    .extracting(it -> it.length)
                    .containsExactly(64, Packet.FRAME_BYTES_MAX);
            assertThat(server.counter(PortCounter.RX_BAD_LENGTH)).isEqualTo(9);
            for (int i = 0; i < RING; i++) {
                stranger.put(12 + i, 1, 0, 64, 4096); // a chain without an end
            }
            stranger.head(12 + RING);
            assertThat(receive(server.end(0), 1)).isEmpty();
            assertThat(server.counter(PortCounter.RX_BAD_LENGTH)).isEqualTo(10);
            stranger.head(12 + 3 * RING + 5); // more than the ring holds
            assertThat(receive(server.end(0), 1)).isEmpty();
            assertThat(pool.available()).isEqualTo(BUFFERS);
        }
        await(() -> !server.isUp());
    }

    @Test
    void badBuffersAreNotWrittenTo() {
        MemifPort server = bed.keep(open(1, true, 7));
        try (Stranger stranger = new Stranger()) {
            stranger.connect();
            await(server::isUp);
            long first = stranger.in.descriptor(0);
            Memory.putLong(first, MemifRing.word(0, 0, 2048));
            Memory.putLong(first + MemifRing.OFFSET, stranger.memory.mapping().sizeBytes() - 2047);
            Memory.putShortRelease(stranger.in.headAddress(), (short) RING);
            assertThat(send(server.end(0), frame(new Random(1), 64))).isZero();
            assertThat(server.counter(PortCounter.TX_FULL)).isOne();
            Memory.putLong(first + MemifRing.OFFSET, 4096);
            assertThat(send(server.end(0), frame(new Random(1), 64))).isOne();
            assertThat(pool.available()).isEqualTo(BUFFERS);
        }
    }

    @Test
    void memoryThatMayShrinkIsRefused() throws Exception {
        bed.keep(open(1, true, 7));
        try (Stranger stranger = new Stranger();
                floof.linux.Fd file =
                        floof.linux.Fd.open(
                                Files.write(Path.of("/dev/shm", "floof-memif-test"), new byte[8192])
                                        .toString(),
                                floof.linux.Fd.O_RDWR,
                                0)) {
            Files.delete(Path.of("/dev/shm/floof-memif-test"));
            MemifMessage answer = stranger.say(MemifMessage.region(0, 8192, file));
            assertThat(answer.type()).isEqualTo(MemifMessage.DISCONNECT);
        }
        try (Stranger stranger = new Stranger()) {
            MemifMessage answer =
                    stranger.say(
                            MemifMessage.region(
                                    0,
                                    stranger.memory.mapping().sizeBytes() + 4096,
                                    stranger.memory.fd()));
            assertThat(answer.text(6, 96)).contains("bytes instead of");
        }
    }

    @Test
    void ringsOutsideTheRegionAreRefused() {
        bed.keep(open(1, true, 7));
        for (long offset : new long[] {-4096, MemifBuffers.sizeBytes(RING) - 64, 8}) {
            try (Stranger stranger = new Stranger()) {
                long size = stranger.memory.mapping().sizeBytes();
                stranger.say(MemifMessage.region(0, size, stranger.memory.fd()));
                MemifMessage answer =
                        stranger.say(MemifMessage.ring(1, offset, RING, stranger.interrupt.fd()));
                assertThat(answer.type()).isEqualTo(MemifMessage.DISCONNECT);
            }
        }
    }
}
