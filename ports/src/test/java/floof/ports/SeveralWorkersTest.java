package floof.ports;

import static org.assertj.core.api.Assertions.assertThat;

import floof.engine.BufferPool;
import floof.engine.Frame;
import floof.engine.Packet;
import floof.engine.Port;
import floof.engine.PortCounter;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Ports with an end for each of three workers. */
class SeveralWorkersTest {

    private static final int WORKERS = 3;
    private static final int BUFFERS = 1024;
    private static final int FLOWS = 64;

    private final List<BufferPool> pools = new ArrayList<>();
    private Bed bed;
    private Path namespace;

    @BeforeEach
    void open() throws IOException {
        bed = new Bed();
        namespace = bed.namespace();
        Bed.join(namespace, "one", namespace, "other");
        for (int i = 0; i < WORKERS; i++) {
            pools.add(bed.pool(BUFFERS));
        }
    }

    @AfterEach
    void close() {
        bed.close();
    }

    /** A UDP packet of a flow, or a fragment of one; {@code number} is its payload. */
    private static byte[] packet(int flow, boolean isReply, int fragment, int number) {
        int here = 0x0a00_0000 | flow;
        int there = 0x0a01_0000 | flow;
        byte[] bytes = Bed.ETHERNET.clone();
        ByteBuffer buffer = ByteBuffer.allocate(64).put(bytes);
        buffer.putShort(12, (short) 0x0800)
                .putInt(14, 0x4500_0032)
                .putInt(18, fragment)
                .putInt(22, 0x4011_0000)
                .putInt(26, isReply ? there : here)
                .putInt(30, isReply ? here : there)
                .putInt(34, isReply ? 2000 << 16 | 1000 : 1000 << 16 | 2000)
                .putInt(44, number);
        return buffer.array();
    }

    private void send(Solo sender, BufferPool pool, byte[] bytes) {
        assertThat(sender.transmit(new long[] {Bed.packet(pool, bytes)}, 1)).isEqualTo(1);
    }

    /** What each end receives until there are {@code count}: the numbers, and whose they are. */
    private Map<Integer, Integer> receive(Port port, int count) {
        Map<Integer, Integer> endOfNumber = new HashMap<>();
        long deadlineNs = System.nanoTime() + 5_000_000_000L;
        do {
            for (int worker = 0; worker < WORKERS; worker++) {
                Frame frame = new Frame();
                port.end(worker).receive(frame, Frame.SIZE);
                for (int i = 0; i < frame.count; i++) {
                    byte[] bytes = Bed.bytes(frame.packets[i]);
                    if (!Arrays.equals(bytes, 0, 12, Bed.ETHERNET, 0, 12)) {
                        continue; // Linux says something of its own
                    }
                    int number = ByteBuffer.wrap(bytes).getInt(44);
                    assertThat(endOfNumber.put(number, worker))
                            .as("second copy of %d, by worker %d", number, worker)
                            .isNull();
                    pools.get(worker).give(frame.packets[i]);
                }
            }
        } while (endOfNumber.size() < count && System.nanoTime() < deadlineNs);
        return endOfNumber;
    }

    @Test
    void aFlowBothWaysAndItsFragmentsStayWithOneWorker() {
        BufferPool senders = bed.pool(BUFFERS);
        Solo sender = bed.solo(AfPacketPort.open(1, "one", namespace, "one", 30, List.of(senders)));
        Port port = bed.keep(AfPacketPort.open(2, "other", namespace, "other", 256, pools));
        for (int flow = 0; flow < FLOWS; flow++) {
            send(sender, senders, packet(flow, false, 0, flow));
            send(sender, senders, packet(flow, true, 0, FLOWS + flow));
            send(sender, senders, packet(flow, false, 0, 2 * FLOWS + flow));
            send(sender, senders, packet(flow, false, 0x2000, 3 * FLOWS + flow));
            send(sender, senders, packet(flow, false, 0x0002, 4 * FLOWS + flow));
        }
        Map<Integer, Integer> ends = receive(port, 5 * FLOWS);
        assertThat(ends).hasSize(5 * FLOWS);
        Set<Integer> used = new HashSet<>();
        for (int flow = 0; flow < FLOWS; flow++) {
            int end = ends.getOrDefault(flow, -1);
            used.add(end);
            assertThat(ends.get(FLOWS + flow)).as("the way back").isEqualTo(end);
            assertThat(ends.get(2 * FLOWS + flow)).as("the next packet").isEqualTo(end);
            assertThat(ends.get(4 * FLOWS + flow))
                    .as("the last fragment comes where the first does")
                    .isEqualTo(ends.get(3 * FLOWS + flow));
        }
        assertThat(used).hasSize(WORKERS);
        assertThat(port.counter(PortCounter.RX_PACKETS)).isEqualTo(5 * FLOWS);
        assertThat(pools).allMatch(pool -> pool.available() == BUFFERS);
    }

    @Test
    void everyWorkerSendsByItsOwnEnd() {
        BufferPool receivers = bed.pool(BUFFERS);
        Solo receiver =
                bed.solo(AfPacketPort.open(1, "one", namespace, "one", 256, List.of(receivers)));
        Port port = bed.keep(AfPacketPort.open(2, "other", namespace, "other", 30, pools));
        for (int worker = 0; worker < WORKERS; worker++) {
            long packet = Bed.packet(pools.get(worker), packet(worker, false, 0, worker));
            assertThat(port.end(worker).transmit(new long[] {packet}, 1)).isEqualTo(1);
            assertThat(port.end(worker).counter(PortCounter.TX_PACKETS)).isEqualTo(1);
        }
        Frame frame = new Frame();
        Bed.receive(receiver, frame, WORKERS);
        assertThat(frame.count).isEqualTo(WORKERS);
        assertThat(port.counter(PortCounter.TX_PACKETS)).isEqualTo(WORKERS);
        assertThat(receive(port, 0)).as("none of its own").isEmpty();
        assertThat(pools).allMatch(pool -> pool.available() == BUFFERS);
    }

    @Test
    void oneWorkerReadsATwinAndAllWriteIt() {
        TapPort twin = bed.keep(TapPort.open(4, "twin", namespace, "twin", pools));
        Bed.run(namespace, "ip link set twin up");
        BufferPool linux = bed.pool(BUFFERS);
        Solo below = bed.solo(AfPacketPort.open(5, "below", namespace, "twin", 30, List.of(linux)));
        for (int worker = 0; worker < WORKERS; worker++) {
            assertThat(twin.end(worker).isReceiving()).isEqualTo(worker == 4 % WORKERS);
            assertThat(twin.end(worker).descriptor() == -1).isEqualTo(worker != 4 % WORKERS);
            long packet = Bed.packet(pools.get(worker), packet(worker, false, 0, worker));
            assertThat(twin.end(worker).transmit(new long[] {packet}, 1)).isEqualTo(1);
        }
        Frame frame = new Frame();
        Bed.receive(below, frame, WORKERS);
        assertThat(frame.count).isEqualTo(WORKERS);
        send(below, linux, packet(9, false, 0, 9));
        Frame read = new Frame();
        Bed.receive(twin.end(4 % WORKERS), read, 1);
        assertThat(Packet.length(read.packets[0])).isEqualTo(64);
    }
}
