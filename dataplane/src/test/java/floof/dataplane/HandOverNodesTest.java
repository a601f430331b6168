package floof.dataplane;

import static org.assertj.core.api.Assertions.assertThat;

import floof.base.Reason;
import floof.engine.ElsewhereEnd;
import floof.engine.Frame;
import floof.engine.Graph;
import floof.engine.HandOver;
import floof.engine.PortEnd;
import floof.engine.Waiter;
import floof.tables.Counters;
import floof.testkit.Packets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Two workers' graphs over the same tables: what one receives, the other forwards or sends. */
class HandOverNodesTest {

    private static final int FLOWS = 64;

    private final List<HandOver> handOvers = HandOver.among(List.of(new Awake(), new Awake()));
    private final TestRouter router = new TestRouter(handOvers.get(0));
    private final PortTable otherPorts = new PortTable();
    private final TestRouter.TestPort otherDevice = router.new TestPort(1);
    private final TestRouter.TestPort otherTwin = router.new TestPort(0);
    private final Graph other =
            ForwardingGraph.build(
                    new TableView(router.tables, 1),
                    otherPorts,
                    router.pool,
                    router.clock,
                    router.trace,
                    handOvers.get(1));

    HandOverNodesTest() {
        otherPorts.attachDevice(otherDevice);
        otherPorts.attachTwin(otherTwin);
    }

    @AfterEach
    void close() {
        router.close();
    }

    /** Never sleeps. */
    private static final class Awake implements Waiter {
        @Override
        public void await(int timeoutMs) {}

        @Override
        public void wake() {
            throw new AssertionError("nobody sleeps");
        }

        @Override
        public void watch(PortEnd end) {}

        @Override
        public void forget(PortEnd end) {}
    }

    /** By the only receive queue of port 0, at worker 0. */
    private void receive(List<byte[]> frames) {
        Graph graph = router.graph;
        for (int from = 0; from < frames.size(); from += Frame.SIZE) {
            Frame input = graph.pending(graph.indexOf(ForwardingGraph.SPREAD_INPUT));
            for (byte[] bytes : frames.subList(from, Math.min(from + Frame.SIZE, frames.size()))) {
                input.add(router.packet(0, bytes));
            }
            graph.run();
        }
    }

    private int takeOver() {
        int all = 0;
        int count;
        do {
            count = handOvers.get(1).take(other, router.trace, 0);
            other.run();
            all += count;
        } while (count != 0);
        return all;
    }

    /** Of a frame alone: 0 or 1, the worker that has it now. */
    private int workerOf(byte[] frame) {
        receive(List.of(frame));
        int there = takeOver();
        assertThat(router.unaccounted()).isZero();
        return there;
    }

    private static byte[] udp(String from, String to, int source, int destination) {
        byte[] udp = Packets.udp(source, destination, 30);
        return Packets.ip(TestRouter.MAC0.value(), from, to, 64, 17, udp);
    }

    private static byte[] fragment(byte[] frame, int field) {
        return Packets.mendHeader(Packets.with(frame, 20, field >> 8, field), 14);
    }

    @Test
    void aFlowBothWaysBelongsToOneWorker() {
        int[] ofFour = new int[2];
        int[] ofSix = new int[2];
        for (int flow = 0; flow < FLOWS; flow++) {
            String here = "192.0.2." + (2 + flow);
            int worker = workerOf(udp(here, "203.0.113.2", 1000, 53));
            ofFour[worker]++;
            assertThat(workerOf(udp("203.0.113.2", here, 53, 1000))).isEqualTo(worker);
            assertThat(workerOf(udp(here, "203.0.113.2", 1000, 53))).isEqualTo(worker);
            int six = workerOf(udp("2001:db8:1::2", "2001:db8:3::2", 1000 + flow, 53));
            ofSix[six]++;
            assertThat(workerOf(udp("2001:db8:3::2", "2001:db8:1::2", 53, 1000 + flow)))
                    .isEqualTo(six);
        }
        for (int worker = 0; worker < 2; worker++) {
            assertThat(ofFour[worker]).isBetween(FLOWS / 4, FLOWS * 3 / 4);
            assertThat(ofSix[worker]).isBetween(FLOWS / 4, FLOWS * 3 / 4);
        }
        assertThat(router.devices[1].sent.size() + otherDevice.sent.size()).isPositive();
        assertThat(router.pool.available()).isEqualTo(TestRouter.BUFFERS);
    }

    /** They have no ports, the first has: all go by their addresses. */
    @Test
    void fragmentsStayTogether() {
        Set<Integer> used = new HashSet<>();
        for (int flow = 0; flow < FLOWS; flow++) {
            String here = "192.0.2." + (2 + flow);
            int first = workerOf(fragment(udp(here, "203.0.113.2", 1000, 53), 0x2000));
            assertThat(workerOf(fragment(udp(here, "203.0.113.2", 7, 9), 0x2003))).isEqualTo(first);
            assertThat(workerOf(fragment(udp(here, "203.0.113.2", 8, 1), 0x0006))).isEqualTo(first);
            used.add(first);
        }
        assertThat(used).containsExactlyInAnyOrder(0, 1);
    }

    @Test
    void whatIsNoIpOrNotWholeHasAPlaceToo() {
        byte[] arp = Packets.arpRequest("192.0.2.2", "192.0.2.1");
        assertThat(workerOf(arp)).isEqualTo(workerOf(arp));
        assertThat(workerOf(new byte[13])).as("worker 0's").isZero();
        byte[] ip = udp("192.0.2.2", "203.0.113.2", 1, 2);
        for (int length = 14; length < ip.length; length++) {
            byte[] cut = java.util.Arrays.copyOf(ip, length);
            assertThat(workerOf(cut)).isEqualTo(workerOf(cut));
        }
        assertThat(router.count(Reason.ARP)).isEqualTo(2);
        assertThat(router.pool.available()).isEqualTo(TestRouter.BUFFERS);
    }

    /** Else all flows of a worker would take one of two equal ways. */
    @Test
    void theOwnerSaysNothingAboutTheNextHop() {
        int[] odd = new int[2];
        int[] all = new int[2];
        for (int flow = 0; flow < 2_000; flow++) {
            byte[] frame = udp("192.0.2.2", "203.0.113.2", 1024 + flow, 53);
            long packet = router.packet(0, frame);
            int owner = handOvers.get(0).owner(FlowOwner.of(packet));
            all[owner]++;
            odd[owner] += FlowHash.ofIp4(floof.engine.Packet.data(packet) + 14) & 1;
            router.pool.give(packet);
        }
        for (int worker = 0; worker < 2; worker++) {
            assertThat(all[worker]).isBetween(850, 1_150);
            assertThat((double) odd[worker] / all[worker]).isBetween(0.4, 0.6);
        }
    }

    /** Within a flow; and each packet is counted where it ends, whoever it was handed to. */
    @Test
    void orderIsKeptAndCountsAddUp() {
        List<byte[]> frames = new ArrayList<>();
        for (int i = 0; i < 900; i++) {
            frames.add(udp("192.0.2.2", "203.0.113." + (1 + i % 200), i, 53));
        }
        for (int i = 0; i < 100; i++) {
            frames.add(udp("192.0.2.2", "192.0.2.1", i, 9));
        }
        receive(frames);
        assertThat(takeOver()).isBetween(300, 700);
        assertThat(router.devices[1].sent.size() + otherDevice.sent.size()).isEqualTo(900);
        assertThat(router.twins[0].sent.size() + otherTwin.sent.size()).isEqualTo(100);
        for (List<byte[]> sent : List.of(router.devices[1].sent, otherDevice.sent)) {
            List<Integer> order = new ArrayList<>();
            sent.forEach(it -> order.add((it[34] & 0xff) << 8 | it[35] & 0xff));
            List<Integer> sorted = new ArrayList<>(order);
            Collections.sort(sorted);
            assertThat(order).isEqualTo(sorted);
        }
        assertThat(router.unaccounted()).isZero();
        assertThat(router.pool.available()).isEqualTo(TestRouter.BUFFERS);
    }

    @Test
    void whatFindsNoRoomIsCountedAsReceivedAndDropped() {
        List<byte[]> frames = new ArrayList<>();
        byte[] one = udp("192.0.2.2", "203.0.113.2", 1, 2);
        for (int port = 3; workerOf(one) == 0; port++) {
            one = udp("192.0.2.2", "203.0.113.2", 1, port);
        }
        long before = otherDevice.sent.size();
        for (int i = 0; i < 1_100; i++) {
            frames.add(one);
        }
        receive(frames);
        assertThat(router.count(Reason.HAND_OVER_FULL)).isEqualTo(76);
        assertThat(router.unaccounted()).as("those in the ring are nobody's yet").isZero();
        assertThat(takeOver()).isEqualTo(1_024);
        assertThat(otherDevice.sent.size() - before).isEqualTo(1_024);
        assertThat(router.count(Reason.HAND_OVER_FULL)).isEqualTo(76);
        assertThat(handOvers.get(0).counter(HandOver.FULL)).isEqualTo(76);
        assertThat(router.unaccounted()).isZero();
        assertThat(router.pool.available()).isEqualTo(TestRouter.BUFFERS);
    }

    @Test
    void aPortOfAnotherWorkerSendsByIt() {
        router.ports.attachDevice(new ElsewhereEnd(1, 1));
        byte[] frame = udp("192.0.2.2", "203.0.113.2", 1, 2);
        router.receive(0, Collections.nCopies(200, frame));
        assertThat(otherDevice.sent).isEmpty();
        assertThat(takeOver()).isEqualTo(200);
        assertThat(otherDevice.sent).hasSize(200);
        assertThat(
                        Counters.interfaceTotal(
                                router.tables, router.interfaces[1], Counters.TX_PACKETS))
                .isEqualTo(200);
        assertThat(router.unaccounted()).isZero();
        for (int i = 0; i < 6; i++) {
            router.receive(0, Collections.nCopies(200, frame));
        }
        assertThat(router.count(Reason.HAND_OVER_FULL)).isEqualTo(1_200 - 1_024);
        assertThat(takeOver()).isEqualTo(1_024);
        assertThat(router.unaccounted()).isZero();
        assertThat(router.pool.available()).isEqualTo(TestRouter.BUFFERS);
    }

    /** The way of a packet is told by the workers it met. */
    @Test
    void aTraceEndsWhereThePacketIsHandedOver() {
        byte[] frame = udp("192.0.2.2", "203.0.113.2", 1, 2);
        for (int port = 3; workerOf(frame) == 0; port++) {
            frame = udp("192.0.2.2", "203.0.113.2", 1, port);
        }
        router.trace.start(2);
        Frame input = router.graph.pending(router.graph.indexOf(ForwardingGraph.SPREAD_INPUT));
        input.add(router.packet(0, frame));
        router.trace.mark(input, 0, 0, 5);
        router.graph.run();
        takeOver();
        List<floof.engine.Trace.Way> ways = router.trace.ways(router.graph, port -> "ge-" + port);
        assertThat(ways.get(0).lines().get(1)).contains("receive-spread").endsWith("-> hand-over");
        assertThat(ways.get(0).lines().getLast()).startsWith("hand-over");
        assertThat(ways.get(1).lines().getFirst()).isEqualTo("received on ge-0");
        assertThat(ways.get(1).lines().get(1)).startsWith("ethernet-input");
        assertThat(ways.get(1).lines().getLast()).startsWith("port-output");
    }
}
