package floof.ports;

import static org.assertj.core.api.Assertions.assertThat;

import floof.engine.BufferPool;
import floof.engine.Frame;
import floof.engine.Packet;
import floof.engine.PortCounter;
import floof.engine.PortEnd;
import floof.engine.Traffic;
import floof.memory.Memory;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Packets made up, by number and by rate. */
class GeneratorPortTest {

    private static final int BUFFERS = 512;
    private static final int RING = 64;

    private final Frame frame = new Frame();
    private final List<BufferPool> pools = List.of(pool(), pool());

    private static BufferPool pool() {
        return new BufferPool(
                Memory.allocate("buffers", (long) BUFFERS * Packet.BUFFER_BYTES, 64), BUFFERS);
    }

    private GeneratorPort port(long count, long perSecond, int ring, int frames) {
        List<byte[]> made = new ArrayList<>();
        for (int i = 0; i < frames; i++) {
            made.add(new byte[60 + i]);
        }
        GeneratorPort.Pace pace = new GeneratorPort.Pace(count, perSecond, ring);
        return new GeneratorPort(2, "g", pace, Traffic.of(made), pools);
    }

    @Test
    void sendsWhatItIsToldInTurnOnceItIsStarted() {
        GeneratorPort port = port(7, 0, 0, 3);
        PortEnd end = port.end(0);
        assertThat(port.end(1).isReceiving()).as("a second worker").isFalse();
        assertThat(port.isWaiting()).isTrue();
        assertThat(end.receive(frame, 256)).as("before its start").isZero();
        port.start();
        assertThat(port.isWaiting()).isFalse();
        assertThat(end.receive(frame, 4)).isEqualTo(4);
        assertThat(end.receive(frame, 256)).isEqualTo(3);
        assertThat(end.receive(frame, 256)).as("after the last").isZero();
        for (int i = 0; i < 7; i++) {
            assertThat(Packet.length(frame.packets[i])).isEqualTo(60 + i % 3);
            assertThat(Packet.port(frame.packets[i])).isEqualTo(2);
        }
        assertThat(end.transmit(frame.packets, 7)).isEqualTo(7);
        assertThat(port.counter(PortCounter.RX_PACKETS)).isEqualTo(7);
        assertThat(port.counter(PortCounter.TX_PACKETS)).isEqualTo(7);
        assertThat(pools.getFirst().available()).isEqualTo(BUFFERS);
        port.close();
    }

    /** A million a second for five milliseconds: the ring is full many times over. */
    @Test
    void losesWhatComesWhileTheRingIsFull() throws InterruptedException {
        GeneratorPort port = port(0, 1_000_000, RING, 1);
        PortEnd end = port.end(0);
        long startNs = System.nanoTime();
        port.start();
        Thread.sleep(5);
        assertThat(end.receive(frame, 256)).isEqualTo(RING);
        long comeMost = (System.nanoTime() - startNs) / 1_000;
        assertThat(end.counter(PortCounter.RX_MISSED)).isBetween(4_900L - RING, comeMost - RING);
        port.close();
    }

    /** What finds no buffer is counted and does not come again. */
    @Test
    void whatFindsNoBufferIsLost() {
        GeneratorPort port = port(BUFFERS + 5, 0, 0, 1);
        PortEnd end = port.end(0);
        port.start();
        int received = 0;
        for (int i = 0; i < 4; i++) {
            received += end.receive(frame, 256);
            frame.clear();
        }
        assertThat(received).isEqualTo(BUFFERS);
        assertThat(end.counter(PortCounter.RX_NO_BUFFER)).isEqualTo(5);
        port.close();
    }

    @Test
    void withoutFramesItOnlySends() {
        GeneratorPort port = port(0, 0, 0, 0);
        assertThat(port.end(0).isReceiving()).isFalse();
        assertThat(port.isWaiting()).isFalse();
        port.close();
    }
}
