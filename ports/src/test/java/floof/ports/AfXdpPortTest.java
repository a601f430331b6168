package floof.ports;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import floof.engine.BufferPool;
import floof.engine.Frame;
import floof.engine.Packet;
import floof.engine.PortCounter;
import floof.engine.PortEnd;
import floof.linux.Epoll;
import floof.linux.Poll;
import floof.linux.error.LinuxException;
import floof.memory.Region;
import floof.testkit.Netns;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Two ports at the ends of one veth pair: what one transmits the other receives. */
class AfXdpPortTest {

    private static final int BUFFERS = 8192;

    /** Buffers that the kernel is given. */
    private static final int FILLED = BUFFERS / 16;

    private final Random random = new Random(7);
    private final Frame frame = new Frame();
    private final long[] burst = new long[256];
    @AutoClose private final Bed bed = new Bed();
    private Path namespace;
    private BufferPool pool;
    private Region buffers;
    private AfXdpPort sendingPort;
    private AfXdpPort receivingPort;
    private PortEnd sender;
    private PortEnd receiver;

    @BeforeEach
    void open() throws IOException {
        namespace = bed.pair();
        pool = bed.pool(BUFFERS);
        buffers = bed.buffers();
        sendingPort = bed.keep(port(1, "one"));
        receivingPort = bed.keep(port(2, "other"));
        sender = sendingPort.end(0);
        receiver = receivingPort.end(0);
        receiver.receive(frame, 256); // gives the kernel its first buffers
    }

    private AfXdpPort port(int index, String device) {
        return AfXdpPort.open(index, device, namespace, device, true, buffers, List.of(pool));
    }

    private byte[] frameOf(int lengthBytes) {
        return Bed.frame(random, lengthBytes);
    }

    private int send(byte[]... frames) {
        return Bed.send(sender, pool, frames);
    }

    private void giveFrame() {
        pool.give(frame.packets, frame.count);
        frame.clear();
    }

    @Test
    void carriesFramesOfAnyLengthUnchanged() {
        for (int length : new int[] {15, 59, 60, 64, 128, 1023, 1514}) {
            byte[] bytes = frameOf(length);
            assertThat(send(bytes)).isEqualTo(1);
            Bed.receive(receiver, frame, 1);
            Bed.assertUnchanged(frame.packets[0], bytes);
            assertThat(Packet.port(frame.packets[0])).isEqualTo(2);
            assertThat(Packet.segments(frame.packets[0])).isEqualTo(1);
            giveFrame();
        }
        assertThat(receiver.counter(PortCounter.RX_PACKETS)).isEqualTo(7);
        assertThat(receiver.counter(PortCounter.RX_BYTES)).isEqualTo(2863);
        assertThat(sender.counter(PortCounter.TX_PACKETS)).isEqualTo(7);
        assertThat(sender.counter(PortCounter.TX_BYTES)).isEqualTo(2863);
    }

    @Test
    void carriesABurstOf256InOrder() {
        Bed.assertCarriesABurst(sender, pool, receiver, frame);
    }

    /** Jumbo frames are chains, in both directions. */
    @Test
    void carriesLongFramesAsChains() {
        Netns.run(namespace, "ip link set one mtu 9000");
        Netns.run(namespace, "ip link set other mtu 9000");
        for (int length : new int[] {2048, 2049, 4096, 9014}) {
            byte[] bytes = frameOf(length);
            assertThat(send(bytes)).isEqualTo(1);
            Bed.receive(receiver, frame, 1);
            assertThat(frame.count).as("%d bytes", length).isEqualTo(1);
            assertThat(Bed.bytes(frame.packets[0])).isEqualTo(bytes);
            assertThat(Packet.segments(frame.packets[0])).isEqualTo((length + 2047) / 2048);
            giveFrame();
        }
    }

    @Test
    void wakesASleeper() {
        try (Epoll epoll = new Epoll(1)) {
            epoll.add(receiver.descriptor(), Poll.IN);
            assertThat(epoll.await(0)).isZero();
            send(frameOf(60));
            assertThat(epoll.await(1000)).isEqualTo(1);
            Bed.receive(receiver, frame, 1);
            assertThat(epoll.await(0)).isZero();
        }
    }

    @Test
    void countsWhatAFullRingMissed() {
        byte[][] frames = new byte[256][];
        Arrays.setAll(frames, i -> frameOf(60));
        for (int i = 0; i < 6; i++) {
            assertThat(send(frames)).isEqualTo(256);
        }
        int count = 0;
        while (receiver.receive(frame, 256) != 0) {
            count += frame.count;
            giveFrame();
        }
        assertThat(count).isEqualTo(FILLED);
        assertThat(receiver.counter(PortCounter.RX_MISSED)).isEqualTo(6 * 256 - FILLED);
        send(frameOf(61));
        Bed.receive(receiver, frame, 1);
        assertThat(frame.count).isEqualTo(1);
    }

    @Test
    @Tag("slow")
    void countsWhatADownLinkRefusesAndWorksAgain() {
        byte[][] frames = new byte[10][];
        Arrays.setAll(frames, i -> frameOf(60 + i));
        assertThat(sendingPort.isUp()).isTrue();
        Netns.run(namespace, "ip link set one down");
        assertThat(sendingPort.isUp()).isFalse();
        assertThat(send(frames)).isZero();
        assertThat(send(frames)).isZero();
        assertThat(sender.counter(PortCounter.TX_ERRORS)).isEqualTo(20);
        assertThat(sender.counter(PortCounter.TX_PACKETS)).isZero();
        Netns.run(namespace, "ip link set one up");
        Bed.receive(receiver, frame, 1); // until the link is there
        assertThat(send(frames)).isEqualTo(10);
        assertThat(sender.counter(PortCounter.TX_PACKETS)).isEqualTo(10);
        Bed.receive(receiver, frame, 20); // with those that waited in the ring
        assertThat(Bed.bytes(frame.packets[frame.count - 1])).isEqualTo(frames[9]);
    }

    @Test
    void anUnpluggedDeviceReceivesNothingAndRefusesEverything() {
        Netns.run(namespace, "ip link del one");
        assertThat(send(frameOf(60), frameOf(61))).isZero();
        assertThat(send(frameOf(60))).isZero();
        assertThat(sender.counter(PortCounter.TX_ERRORS)).isEqualTo(3);
        assertThat(sender.receive(frame, 256)).isZero();
        assertThat(sendingPort.isUp()).isFalse();
        assertThat(receivingPort.isUp()).isFalse();
        assertThat(receiver.counter(PortCounter.RX_MISSED)).isZero();
    }

    @Test
    void givesAllBuffersBackAndLeavesTheDeviceFree() {
        byte[][] frames = new byte[100][];
        Arrays.setAll(frames, i -> frameOf(60));
        send(frames);
        assertThat(pool.available()).isEqualTo(BUFFERS - FILLED);
        receivingPort.close();
        receiver.closed();
        assertThat(pool.available()).isEqualTo(BUFFERS);
        assertThat(Netns.run(namespace, "ip -o link show other")).doesNotContain("xdp");
        AfXdpPort again = port(2, "other");
        again.end(0).receive(frame, 256);
        send(frameOf(60));
        Bed.receive(again.end(0), frame, 1);
        assertThat(frame.count).isEqualTo(1);
        giveFrame();
        again.close();
        again.end(0).closed();
        assertThat(pool.available()).isEqualTo(BUFFERS);
    }

    @Test
    void repairsWhatAStockSenderLeftToTheDevice() {
        SampleTcp sample = SampleTcp.of(random, true, true, 0, 0, 12, 300);
        send(sample.partial());
        Bed.receive(receiver, frame, 1);
        assertThat(Bed.bytes(frame.packets[0])).isEqualTo(sample.bytes());
        assertThat(receiver.counter(PortCounter.RX_REPAIRED)).isEqualTo(1);
    }

    @Test
    void allocatesNothing() {
        byte[] bytes = frameOf(60);
        exchange(bytes, 30_000, 1); // until all is compiled
        exchange(bytes, 2_000, 256);
        long bursts = 200_000 / 256;
        assertThat(Bed.allocated(() -> exchange(bytes, bursts, 256))).isZero();
        assertThat(receiver.counter(PortCounter.RX_PACKETS))
                .isGreaterThanOrEqualTo(30_000 + (2_000 + bursts) * 256);
    }

    private void exchange(byte[] bytes, long bursts, int size) {
        for (int i = 0; i < bursts; i++) {
            Bed.exchange(sender, pool, burst, size, bytes, receiver, frame);
            giveFrame();
        }
    }

    @Test
    void saysWhatIsWrong() {
        assertThatThrownBy(() -> port(1, "nowhere"))
                .isInstanceOf(LinuxException.class)
                .hasMessageContaining("nowhere")
                .hasMessageContaining("ENODEV");
        assertThatThrownBy(() -> port(1, "one"))
                .isInstanceOf(LinuxException.class)
                .hasMessageContaining("EBUSY");
    }
}
