package floof.ports;

import static org.assertj.core.api.Assertions.assertThat;

import floof.engine.BufferPool;
import floof.engine.Frame;
import floof.engine.Packet;
import floof.engine.Port;
import floof.engine.PortCounter;
import floof.engine.PortEnd;
import floof.engine.SharedDepot;
import floof.linux.system.NetworkNamespace;
import floof.testkit.Netns;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Ports with an end for each of three workers. */
class SeveralWorkersTest {

    private static final int WORKERS = 3;
    private static final int BUFFERS = 1024;
    private static final int FLOWS = 64;

    private final List<BufferPool> pools = new ArrayList<>();
    @AutoClose private final Bed bed = new Bed();
    private Path namespace;

    @BeforeEach
    void open() throws IOException {
        namespace = bed.pair();
        for (int i = 0; i < WORKERS; i++) {
            pools.add(bed.pool(BUFFERS));
        }
    }

    private void send(Solo sender, BufferPool pool, byte[] bytes) {
        assertThat(sender.transmit(new long[] {Bed.packet(pool, bytes)}, 1)).isEqualTo(1);
    }

    @Test
    void aFlowBothWaysAndItsFragmentsStayWithOneWorker() {
        BufferPool senders = bed.pool(BUFFERS);
        Solo sender = bed.solo(AfPacketPort.open(1, "one", namespace, "one", 30, List.of(senders)));
        Port port = bed.keep(AfPacketPort.open(2, "other", namespace, "other", 256, pools));
        for (int flow = 0; flow < FLOWS; flow++) {
            send(sender, senders, Flows.packet(flow, false, 0, flow));
            send(sender, senders, Flows.packet(flow, true, 0, FLOWS + flow));
            send(sender, senders, Flows.packet(flow, false, 0, 2 * FLOWS + flow));
            send(sender, senders, Flows.packet(flow, false, 0x2000, 3 * FLOWS + flow));
            send(sender, senders, Flows.packet(flow, false, 0x0002, 4 * FLOWS + flow));
        }
        Map<Integer, Integer> ends = Flows.receive(port, pools, 5 * FLOWS);
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

    /** Two queues for three workers: who has none has another send for it. */
    @Test
    void afXdpHasASocketPerQueueAndAWorkerForEach() throws IOException {
        String queues = " numrxqueues 2 numtxqueues 2";
        Netns.run(
                namespace, "ip link add q-one" + queues + " type veth peer name q-other" + queues);
        Netns.run(namespace, "ip link set q-one up");
        Netns.run(namespace, "ip link set q-other up");
        BufferPool outside = bed.pool(BUFFERS);
        Solo kernel =
                bed.solo(AfPacketPort.open(1, "one", namespace, "q-one", 256, List.of(outside)));
        int all = 8 * BUFFERS;
        bed.pool(all);
        SharedDepot depot = new SharedDepot(bed.buffers(), all);
        List<BufferPool> shared = List.of(pool(depot), pool(depot), pool(depot));
        Port port = AfXdpPort.open(4, "q", namespace, "q-other", true, bed.buffers(), shared);
        try {
            assertThat(port.end(1).isReceiving()).isTrue();
            assertThat(port.end(2).isReceiving()).isTrue();
            assertThat(port.end(0).isReceiving()).isFalse();
            assertThat(port.end(0).sender()).isEqualTo(1);
            Flows.receive(port, shared, 0); // fills the rings
            sendByLinux();
            Map<Integer, Integer> ends = Flows.receive(port, shared, 2 * FLOWS);
            assertThat(ends).hasSize(2 * FLOWS);
            assertThat(new HashSet<>(ends.values())).containsExactlyInAnyOrder(1, 2);
            for (int flow = 0; flow < FLOWS; flow++) {
                assertThat(ends.get(FLOWS + flow)).isEqualTo(ends.get(flow));
            }
            for (int worker = 1; worker <= 2; worker++) {
                long[] packets = new long[100];
                for (int i = 0; i < packets.length; i++) {
                    byte[] bytes = Flows.packet(worker, false, 0, i);
                    // Another worker took the buffer.
                    packets[i] = Bed.packet(shared.get(3 - worker), bytes);
                }
                assertThat(port.end(worker).transmit(packets, 100)).isEqualTo(100);
                assertThat(port.end(worker).counter(PortCounter.TX_PACKETS)).isEqualTo(100);
            }
            Frame frame = new Frame();
            Bed.receive(kernel, frame, 200);
            assertThat(frame.count).isEqualTo(200);
        } finally {
            port.close();
        }
        for (int worker = 0; worker < WORKERS; worker++) {
            port.end(worker).closed();
        }
        int free = depot.available();
        for (BufferPool pool : shared) {
            free += pool.available() - depot.available();
        }
        assertThat(free).isEqualTo(all);
    }

    /** Two packets of each flow by q-one, whose queue the kernel chooses by flow. */
    private void sendByLinux() throws IOException {
        Netns.run(namespace, "ip link set q-one address 02:00:00:00:00:99");
        Netns.run(namespace, "ip addr add 10.9.0.1/24 dev q-one");
        Netns.run(namespace, "ip neigh add 10.9.0.2 lladdr 02:00:00:00:00:01 dev q-one");
        InetSocketAddress to = new InetSocketAddress("10.9.0.2", 2000);
        for (int flow = 0; flow < FLOWS; flow++) {
            int port = 10_000 + flow;
            try (DatagramSocket socket =
                    NetworkNamespace.call(namespace, () -> new DatagramSocket(port))) {
                for (int again = 0; again < 2; again++) {
                    // The number lies where Flows has it, two bytes behind the header.
                    byte[] payload = new byte[22];
                    payload[5] = (byte) (again * FLOWS + flow);
                    socket.send(new DatagramPacket(payload, payload.length, to));
                }
            }
        }
    }

    private static BufferPool pool(SharedDepot depot) {
        return new BufferPool(depot);
    }

    /** One worker replays and records, the others have it do so. */
    @Test
    void aFileIsOneWorkers(@TempDir Path folder) {
        Path file = folder.resolve("one.pcap");
        try (PcapPort recorder = PcapPort.open(4, "record", null, file, 0, 0, pools)) {
            long packet = Bed.packet(pools.get(1), Flows.packet(1, false, 0, 1));
            assertThat(recorder.end(1).transmit(new long[] {packet}, 1)).isEqualTo(1);
        }
        PcapPort port = bed.keep(PcapPort.open(4, "replay", file, null, 10, 0, pools));
        assertThat(port.worker()).isEqualTo(1);
        port.start();
        Frame frame = new Frame();
        assertThat(port.end(1).receive(frame, Frame.SIZE)).isEqualTo(10);
        for (int worker : List.of(0, 2)) {
            assertThat(port.end(worker).isReceiving()).isFalse();
            assertThat(port.end(worker).sender()).isEqualTo(1);
        }
        assertThat(port.end(1).sender()).isEqualTo(PortEnd.ITSELF);
        assertThat(port.end(1).transmit(frame.packets, frame.count)).isEqualTo(10);
        assertThat(pools.get(1).available()).isEqualTo(BUFFERS);
    }

    @Test
    void everyWorkerSendsByItsOwnEnd() {
        BufferPool receivers = bed.pool(BUFFERS);
        Solo receiver =
                bed.solo(AfPacketPort.open(1, "one", namespace, "one", 256, List.of(receivers)));
        Port port = bed.keep(AfPacketPort.open(2, "other", namespace, "other", 30, pools));
        for (int worker = 0; worker < WORKERS; worker++) {
            long packet = Bed.packet(pools.get(worker), Flows.packet(worker, false, 0, worker));
            assertThat(port.end(worker).transmit(new long[] {packet}, 1)).isEqualTo(1);
            assertThat(port.end(worker).counter(PortCounter.TX_PACKETS)).isEqualTo(1);
        }
        Frame frame = new Frame();
        Bed.receive(receiver, frame, WORKERS);
        assertThat(frame.count).isEqualTo(WORKERS);
        assertThat(port.counter(PortCounter.TX_PACKETS)).isEqualTo(WORKERS);
        assertThat(Flows.receive(port, pools, 0)).as("none of its own").isEmpty();
        assertThat(pools).allMatch(pool -> pool.available() == BUFFERS);
    }

    @Test
    void oneWorkerReadsATwinAndAllWriteIt() {
        TapPort twin = bed.keep(Bed.tap(4, "twin", namespace, "twin", pools));
        Netns.run(namespace, "ip link set twin up");
        BufferPool linux = bed.pool(BUFFERS);
        Solo below = bed.solo(AfPacketPort.open(5, "below", namespace, "twin", 30, List.of(linux)));
        for (int worker = 0; worker < WORKERS; worker++) {
            assertThat(twin.end(worker).isReceiving()).isEqualTo(worker == 4 % WORKERS);
            assertThat(twin.end(worker).descriptor() == -1).isEqualTo(worker != 4 % WORKERS);
            long packet = Bed.packet(pools.get(worker), Flows.packet(worker, false, 0, worker));
            assertThat(twin.end(worker).transmit(new long[] {packet}, 1)).isEqualTo(1);
        }
        Frame frame = new Frame();
        Bed.receive(below, frame, WORKERS);
        assertThat(frame.count).isEqualTo(WORKERS);
        send(below, linux, Flows.packet(9, false, 0, 9));
        Frame read = new Frame();
        Bed.receive(twin.end(4 % WORKERS), read, 1);
        assertThat(Packet.length(read.packets[0])).isEqualTo(64);
    }
}
