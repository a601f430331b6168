package floof.ports;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import floof.engine.BufferPool;
import floof.engine.Frame;
import floof.engine.Packet;
import floof.engine.PortCounter;
import floof.linux.Epoll;
import floof.linux.Poll;
import floof.linux.error.LinuxException;
import floof.memory.Memory;
import floof.testkit.Netns;
import floof.testkit.Packets;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Two ports at the ends of one veth pair: what one transmits the other receives. */
class AfPacketPortTest {

    private static final int BUFFERS = 1024;

    private final Random random = new Random(7);
    private final Frame frame = new Frame();
    private final long[] burst = new long[256];
    @AutoClose private final Bed bed = new Bed();
    private Path namespace;
    private BufferPool senders;
    private Solo sender;

    @BeforeEach
    void open() throws IOException {
        namespace = bed.pair();
        senders = bed.pool(BUFFERS);
        sender = bed.solo(AfPacketPort.open(1, "one", namespace, "one", 30, List.of(senders)));
    }

    private Solo receiver(int frames, BufferPool pool) {
        return bed.solo(AfPacketPort.open(2, "other", namespace, "other", frames, List.of(pool)));
    }

    private byte[] frameOf(int lengthBytes) {
        return Bed.frame(random, lengthBytes);
    }

    private int send(byte[]... frames) {
        return Bed.send(sender, senders, frames);
    }

    @Test
    void carriesFramesOfAnyLengthUnchanged() {
        BufferPool pool = bed.pool(BUFFERS);
        Solo receiver = receiver(30, pool);
        for (int length : new int[] {15, 59, 60, 64, 128, 1023, 1514}) {
            byte[] bytes = frameOf(length);
            assertThat(send(bytes)).isEqualTo(1);
            Bed.receive(receiver, frame, 1);
            Bed.assertUnchanged(frame.packets[0], bytes);
            assertThat(Packet.port(frame.packets[0])).isEqualTo(2);
            assertThat(Packet.segments(frame.packets[0])).isEqualTo(1);
            pool.give(frame.packets[0]);
            frame.clear();
        }
        assertThat(receiver.counter(PortCounter.RX_PACKETS)).isEqualTo(7);
        assertThat(receiver.counter(PortCounter.RX_BYTES)).isEqualTo(2863);
        assertThat(sender.counter(PortCounter.TX_PACKETS)).isEqualTo(7);
        assertThat(sender.counter(PortCounter.TX_BYTES)).isEqualTo(2863);
        assertThat(sender.counter(PortCounter.RX_PACKETS)).isZero(); // none of its own
        assertThat(pool.available()).isEqualTo(BUFFERS);
        assertThat(senders.available()).isEqualTo(BUFFERS);
    }

    /** An IPv4 TCP frame that stands for many. */
    private byte[] segmented(int lengthBytes) {
        byte[] tcp = Packets.tcp(1000, 2000, 0x10, Packets.noise(random, lengthBytes - 54));
        return Packets.ip(Bed.STATION, "10.0.0.1", "10.0.0.2", 64, 6, tcp);
    }

    /** Its virtio_net_hdr. */
    private static byte[] header(int tagBytes) {
        return Bed.header(1, 54 + tagBytes, 1460, 34 + tagBytes, 16);
    }

    @Test
    void carriesASegmentationOffloadFrameAsAChainWithItsHeader() {
        BufferPool pool = bed.pool(BUFFERS);
        Solo receiver = receiver(30, pool);
        for (int length : new int[] {2048, 2049, 40_000, 65_535}) {
            byte[] header = header(0);
            byte[] bytes = segmented(length);
            long packet = Bed.packet(senders, bytes);
            Memory.copy(header, 0, packet + Packet.VIRTIO, 12);
            assertThat(sender.transmit(new long[] {packet}, 1)).isEqualTo(1);
            Bed.receive(receiver, frame, 1);
            long received = frame.packets[0];
            assertThat(Bed.bytes(received)).isEqualTo(bytes);
            byte[] seen = Bed.header(received);
            if (length < 4096) { // the kernel keeps a short one in one piece and says so
                ByteBuffer.wrap(seen).order(ByteOrder.nativeOrder()).putShort(2, (short) 54);
            }
            assertThat(seen).isEqualTo(header);
            assertThat(Packet.segments(received)).isEqualTo((length + 2047) / 2048);
            pool.give(received);
            frame.clear();
        }
        assertThat(pool.available()).isEqualTo(BUFFERS);
        assertThat(senders.available()).isEqualTo(BUFFERS);
    }

    @Test
    void carriesABurstOf256InOrder() {
        BufferPool pool = bed.pool(BUFFERS);
        Solo receiver = receiver(256, pool);
        Bed.assertCarriesABurst(sender, senders, receiver, frame);
    }

    @Test
    void countsWhatItHasNoBufferForAndLosesNone() {
        BufferPool pool = bed.pool(5);
        Solo receiver = receiver(30, pool);
        byte[][] frames = new byte[10][];
        Arrays.setAll(frames, i -> frameOf(200));
        send(frames);
        Bed.receive(receiver, frame, 10);
        assertThat(frame.count).isEqualTo(5);
        assertThat(pool.available()).isZero();
        assertThat(receiver.counter(PortCounter.RX_NO_BUFFER)).isEqualTo(5);
        pool.give(frame.packets, 3);
        long packet = Bed.packet(senders, segmented(10_000));
        Memory.copy(header(0), 0, packet + Packet.VIRTIO, 12);
        sender.transmit(new long[] {packet}, 1);
        send(frameOf(200));
        frame.clear();
        Bed.receive(receiver, frame, 1);
        assertThat(frame.count).isEqualTo(1); // the short one; the chain of five had no room
        assertThat(pool.available()).isEqualTo(2);
        assertThat(receiver.counter(PortCounter.RX_NO_BUFFER)).isEqualTo(6);
        assertThat(receiver.counter(PortCounter.RX_PACKETS)).isEqualTo(6);
    }

    @Test
    @Tag("slow")
    void countsWhatAFullRingMissed() {
        BufferPool pool = bed.pool(BUFFERS);
        Solo receiver = receiver(30, pool);
        byte[][] frames = new byte[40][];
        Arrays.setAll(frames, i -> frameOf(60 + i));
        send(frames);
        Bed.receive(receiver, frame, 31);
        assertThat(frame.count).isEqualTo(30);
        assertThat(receiver.counter(PortCounter.RX_MISSED)).isEqualTo(10);
        send(frames[7]);
        Bed.receive(receiver, frame, 31);
        assertThat(Bed.bytes(frame.packets[30])).isEqualTo(frames[7]);
        receiver.close();
        assertThat(receiver.counter(PortCounter.RX_MISSED)).isEqualTo(10);
    }

    @Test
    void countsWhatTheDeviceRefusesAndKeepsNoBuffer() {
        Solo receiver = receiver(30, bed.pool(BUFFERS));
        assertThat(send(frameOf(60), frameOf(1600), frameOf(61), frameOf(13))).isEqualTo(2);
        assertThat(sender.counter(PortCounter.TX_PACKETS)).isEqualTo(2);
        assertThat(sender.counter(PortCounter.TX_BYTES)).isEqualTo(121);
        assertThat(sender.counter(PortCounter.TX_ERRORS)).isEqualTo(2);
        assertThat(senders.available()).isEqualTo(BUFFERS);
        Bed.receive(receiver, frame, 2);
        assertThat(frame.count).isEqualTo(2);
    }

    @Test
    void survivesALinkThatGoesDownAndUp() {
        Solo receiver = receiver(30, bed.pool(BUFFERS));
        try (Epoll epoll = new Epoll(1)) {
            epoll.add(sender.descriptor(), Poll.IN);
            Netns.run(namespace, "ip link set one down");
            assertThat(epoll.await(1000)).isEqualTo(1);
            assertThat(epoll.events(0) & Poll.ERR).isNotZero();
            for (int i = 0; i < 100; i++) {
                assertThat(sender.receive(frame, 256)).isZero();
            }
            assertThat(epoll.await(0)).isZero();
            assertThat(send(frameOf(60), frameOf(60))).isZero();
            assertThat(sender.counter(PortCounter.TX_ERRORS)).isEqualTo(2);
            assertThat(senders.available()).isEqualTo(BUFFERS);
            Netns.run(namespace, "ip link set one up");
            assertThat(send(frameOf(60))).isEqualTo(1);
            Bed.receive(receiver, frame, 1);
            assertThat(frame.count).isEqualTo(1);
        }
    }

    @Test
    void putsVlanTagsBack() {
        Solo receiver = receiver(30, bed.pool(BUFFERS));
        for (int length : new int[] {64, 1518}) {
            byte[] bytes = Packets.tagged(frameOf(length - 4), 0x8100_e123);
            assertThat(send(bytes)).isEqualTo(1);
            frame.clear();
            Bed.receive(receiver, frame, 1);
            assertThat(Bed.bytes(frame.packets[0])).isEqualTo(bytes);
        }
        byte[] header = header(4);
        byte[] tagged = Packets.tagged(segmented(40_000), 0x8100_0007);
        long packet = Bed.packet(senders, tagged);
        Memory.copy(header, 0, packet + Packet.VIRTIO, 12);
        assertThat(sender.transmit(new long[] {packet}, 1)).isEqualTo(1);
        frame.clear();
        Bed.receive(receiver, frame, 1);
        assertThat(Bed.bytes(frame.packets[0])).isEqualTo(tagged);
        assertThat(Bed.header(frame.packets[0])).isEqualTo(header);
    }

    @Test
    void allocatesNothing() {
        BufferPool pool = bed.pool(BUFFERS);
        Solo receiver = receiver(512, pool);
        byte[] bytes = frameOf(60);
        exchange(receiver, pool, bytes, 30_000, 1); // until all is compiled
        Bed.idle(receiver, frame);
        long bursts = 200_000 / 256;
        assertThat(Bed.allocated(() -> exchange(receiver, pool, bytes, bursts, 256))).isZero();
        assertThat(receiver.counter(PortCounter.RX_PACKETS))
                .isGreaterThanOrEqualTo(30_000 + bursts * 256);
    }

    private void exchange(Solo receiver, BufferPool pool, byte[] bytes, long bursts, int size) {
        for (int i = 0; i < bursts; i++) {
            Bed.exchange(sender, senders, burst, size, bytes, receiver, frame);
            pool.give(frame.packets, frame.count);
            frame.clear();
        }
    }

    @Test
    void saysWhatIsMissing() {
        assertThatThrownBy(
                        () -> AfPacketPort.open(1, "x", namespace, "nowhere", 30, List.of(senders)))
                .isInstanceOf(LinuxException.class)
                .hasMessageContaining("nowhere")
                .hasMessageContaining("ENODEV");
        Path missing = Path.of("/run/netns/floof-missing");
        assertThatThrownBy(() -> AfPacketPort.open(1, "x", missing, "one", 30, List.of(senders)))
                .hasMessageContaining("open(/run/netns/floof-missing, 0x0): ENOENT");
    }
}
