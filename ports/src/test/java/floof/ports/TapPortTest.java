package floof.ports;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import floof.engine.BufferPool;
import floof.engine.Frame;
import floof.engine.Packet;
import floof.engine.PortCounter;
import floof.engine.PortEnd;
import floof.linux.net.Tap;
import floof.linux.system.NetworkNamespace;
import floof.memory.Memory;
import floof.testkit.Netns;
import floof.testkit.Packets;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A TAP port, and a packet socket on Linux's side of the same device. */
class TapPortTest {

    private static final int BUFFERS = 1024;

    private final Random random = new Random(11);
    private final Frame frame = new Frame();
    private final long[] burst = new long[256];
    @AutoClose private final Bed bed = new Bed();
    private Path namespace;
    private BufferPool pool;
    private Solo twin;

    @BeforeEach
    void open() throws IOException {
        namespace = bed.namespace();
        pool = bed.pool(BUFFERS);
        twin = bed.solo(Bed.tap(3, "eth0", namespace, "twin", List.of(pool)));
        Netns.run(namespace, "ip link set twin up");
    }

    private Solo linux(BufferPool buffers) {
        return bed.solo(AfPacketPort.open(4, "linux", namespace, "twin", 256, List.of(buffers)));
    }

    private byte[] frameOf(int lengthBytes) {
        return Bed.frame(random, lengthBytes);
    }

    /** One packet from one port to the other, both of our buffers. */
    private long pass(PortEnd from, PortEnd to, byte[] bytes, byte[] header) {
        long packet = Bed.packet(pool, bytes);
        Memory.copy(header, 0, packet + Packet.VIRTIO, 12);
        assertThat(from.transmit(new long[] {packet}, 1)).isEqualTo(1);
        frame.clear();
        Bed.receive(to, frame, 1);
        assertThat(frame.count).isEqualTo(1);
        return frame.packets[0];
    }

    @Test
    void carriesFramesUnchangedBothWays() {
        Solo linux = linux(pool);
        for (int length : new int[] {15, 60, 1514}) {
            byte[] bytes = frameOf(length);
            for (PortEnd from : new PortEnd[] {twin, linux}) {
                PortEnd to = from == twin ? linux : twin;
                long packet = pass(from, to, bytes, new byte[12]);
                Bed.assertUnchanged(packet, bytes);
                assertThat(Packet.port(packet)).isEqualTo(to.index());
                pool.give(packet);
            }
        }
        assertThat(twin.counter(PortCounter.RX_PACKETS)).isEqualTo(3);
        assertThat(twin.counter(PortCounter.TX_PACKETS)).isEqualTo(3);
        assertThat(twin.counter(PortCounter.RX_BYTES)).isEqualTo(1589);
        assertThat(twin.counter(PortCounter.TX_BYTES)).isEqualTo(1589);
        assertThat(pool.available()).isEqualTo(BUFFERS);
    }

    @Test
    void carriesASegmentationOffloadFrameWithItsHeaderBothWays() {
        Solo linux = linux(pool);
        byte[] tcp = Packets.tcp(1000, 2000, 0x10, Packets.noise(random, 60_000 - 74));
        byte[] bytes = Packets.ip(Bed.STATION, "2001:db8::1", "2001:db8::2", 64, 6, tcp);
        byte[] header = Bed.header(4, 74, 1440, 54, 16);
        for (PortEnd from : new PortEnd[] {twin, linux}) {
            long packet = pass(from, from == twin ? linux : twin, bytes, header);
            assertThat(Bed.bytes(packet)).isEqualTo(bytes);
            byte[] seen = Bed.header(packet);
            // The length of the headers is a hint; TAP tells how much lies in the first piece.
            System.arraycopy(header, 2, seen, 2, 2);
            assertThat(seen).isEqualTo(header);
            assertThat(Packet.segments(packet)).isEqualTo(30);
            pool.give(packet);
        }
        assertThat(pool.available()).isEqualTo(BUFFERS);
    }

    @Test
    void countsWhatItHasNoBufferForAndLosesNone() {
        Solo linux = linux(pool);
        BufferPool few = bed.pool(3);
        Solo other = bed.solo(Bed.tap(5, "few", namespace, "few", List.of(few)));
        Netns.run(namespace, "ip link set few up");
        Solo behind = bed.solo(AfPacketPort.open(6, "few", namespace, "few", 30, List.of(pool)));
        long[] packets = new long[5];
        Arrays.setAll(packets, i -> Bed.packet(pool, frameOf(80)));
        assertThat(behind.transmit(packets, 5)).isEqualTo(5);
        Bed.receive(other, frame, 5);
        assertThat(frame.count).isEqualTo(3);
        assertThat(other.counter(PortCounter.RX_NO_BUFFER)).isEqualTo(2);
        few.give(frame.packets, 3);
        assertThat(few.available()).isEqualTo(3);
        assertThat(pool.available()).isEqualTo(BUFFERS);
        assertThat(linux.counter(PortCounter.RX_PACKETS)).isZero();
    }

    @Test
    void countsWhatLinuxRefusesAndKeepsNoBuffer() {
        assertThat(twin.receive(frame, 256)).isZero();
        long[] packets = {Bed.packet(pool, frameOf(60)), Bed.packet(pool, frameOf(13))};
        assertThat(twin.transmit(packets, 2)).isEqualTo(1);
        assertThat(twin.counter(PortCounter.TX_ERRORS)).isEqualTo(1);
        Netns.run(namespace, "ip link set twin down");
        assertThat(twin.transmit(new long[] {Bed.packet(pool, frameOf(60))}, 1)).isZero();
        assertThat(twin.counter(PortCounter.TX_ERRORS)).isEqualTo(2);
        Netns.run(namespace, "ip link delete twin");
        assertThat(twin.transmit(new long[] {Bed.packet(pool, frameOf(60))}, 1)).isZero();
        assertThat(twin.receive(frame, 256)).isZero();
        assertThat(pool.available()).isEqualTo(BUFFERS);
    }

    @Test
    void sharesTheOpenFileOfAnotherProcess() {
        Tap held = NetworkNamespace.call(namespace, () -> Tap.open("held"));
        Netns.run(namespace, "ip link set held up");
        long pid = ProcessHandle.current().pid();
        int number = held.fd().number();
        Solo port = bed.solo(TapPort.share(1, "eth1", "held", pid, number, List.of(pool)));
        assertThatThrownBy(() -> TapPort.share(1, "eth1", "wrong", pid, number, List.of(pool)))
                .hasMessageContaining("is device held")
                .hasMessageContaining("expected wrong");
        held.close();
        assertThat(Netns.run(namespace, "ip link show held")).contains("LOWER_UP");
        assertThat(port.transmit(new long[] {Bed.packet(pool, frameOf(60))}, 1)).isEqualTo(1);
        port.close();
        assertThat(Netns.run(namespace, "ip link show held")).contains("NO-CARRIER");
    }

    @Test
    void allocatesNothing() {
        Solo linux = linux(pool);
        byte[] bytes = frameOf(60);
        exchange(linux, bytes, 30_000, 1); // until all is compiled
        Bed.idle(linux, frame);
        assertThat(Bed.allocated(() -> exchange(linux, bytes, 100_000 / 64, 64))).isZero();
        for (PortEnd end : new PortEnd[] {twin, linux}) {
            assertThat(end.counter(PortCounter.RX_PACKETS))
                    .isGreaterThanOrEqualTo(30_000 + 100_000 / 64 * 64)
                    .isEqualTo(end.counter(PortCounter.TX_PACKETS));
        }
    }

    private void exchange(PortEnd linux, byte[] bytes, int bursts, int size) {
        for (int i = 0; i < bursts; i++) {
            exchange(twin, linux, bytes, size);
            exchange(linux, twin, bytes, size);
        }
    }

    private void exchange(PortEnd from, PortEnd to, byte[] bytes, int size) {
        for (int i = 0; i < size; i++) {
            long packet = pool.take();
            Memory.copy(bytes, 0, Packet.data(packet), bytes.length);
            Packet.setLength(packet, bytes.length);
            Memory.putLong(packet + Packet.VIRTIO, 0);
            Memory.putInt(packet + Packet.VIRTIO + 8, 0);
            burst[i] = packet;
        }
        from.transmit(burst, size);
        frame.clear();
        while (to.receive(frame, Frame.SIZE - frame.count) != 0) {
            // The whole burst, then once nothing.
        }
        pool.give(frame.packets, frame.count);
    }

    /** A host behind a veth talks to Linux on the twin, as an exception would: bulk both ways. */
    @Test
    void joinsAHostToLinuxBehindTheTwin() throws Exception {
        Path host = bed.namespace();
        // Not beside the twin: Linux would answer ARP on the wire itself and go around the ports.
        Path hidden = bed.namespace();
        Netns.join(hidden, "wire", host, "eth0");
        Netns.run(host, "ip address add 10.3.0.2/24 dev eth0");
        Netns.run(namespace, "ip address add 10.3.0.1/24 dev twin");
        Solo wire = bed.solo(AfPacketPort.open(1, "wire", hidden, "wire", 512, List.of(pool)));
        try (ServerSocket server =
                        NetworkNamespace.call(
                                namespace,
                                () ->
                                        new ServerSocket(
                                                5000, 1, InetAddress.getByName("10.3.0.1")));
                SocketChannel client = NetworkNamespace.call(host, SocketChannel::open)) {
            FutureTask<Long> echo =
                    new FutureTask<>(() -> {
                        try (var connection = server.accept()) {
                            return connection
                                    .getInputStream()
                                    .transferTo(connection.getOutputStream());
                        }
                    });
            Thread.ofPlatform().name("echo").start(echo);
            FutureTask<Boolean> talk = new FutureTask<>(() -> talk(client));
            Thread.ofPlatform().name("talk").start(talk);
            Frame burst = new Frame();
            while (!talk.isDone() || !echo.isDone()) {
                forward(wire, twin, burst);
                forward(twin, wire, burst);
            }
            assertThat(talk.get()).isTrue();
            assertThat(echo.get()).isEqualTo(20_000_000);
            assertThat(twin.counter(PortCounter.TX_BYTES)).isGreaterThan(20_000_000);
            assertThat(twin.counter(PortCounter.RX_BYTES)).isGreaterThan(20_000_000);
        }
        assertThat(pool.available()).isEqualTo(BUFFERS);
    }

    private static void forward(PortEnd from, PortEnd to, Frame burst) {
        burst.clear();
        if (from.receive(burst, 64) != 0) {
            to.transmit(burst.packets, burst.count);
        }
    }

    /** Sends 20 MB in pieces and wants each back before the next. */
    private static boolean talk(SocketChannel client) throws IOException {
        client.connect(new InetSocketAddress("10.3.0.1", 5000));
        Random random = new Random(3);
        byte[] bytes = new byte[200_000];
        for (int i = 0; i < 100; i++) {
            random.nextBytes(bytes);
            ByteBuffer out = ByteBuffer.wrap(bytes);
            ByteBuffer in = ByteBuffer.allocate(bytes.length);
            while (out.hasRemaining()) {
                client.write(out);
            }
            while (in.hasRemaining()) {
                client.read(in);
            }
            if (!Arrays.equals(bytes, in.array())) {
                return false;
            }
        }
        client.shutdownOutput();
        return true;
    }
}
