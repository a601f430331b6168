package floof.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import floof.memory.Memory;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.LongToIntFunction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class GraphTest {

    /** Chooses exits by a function of the packet. */
    private record Chooser(LongToIntFunction choice) implements Node {
        @Override
        public void process(Frame frame) {
            for (int i = 0; i < frame.count; i++) {
                frame.exits[i] = (byte) choice.applyAsInt(frame.packets[i]);
            }
        }
    }

    /** Keeps what it gets, and how many at a time. */
    private record End(String name, List<Long> got, List<Integer> frames) implements Node {
        End(String name) {
            this(name, new ArrayList<>(), new ArrayList<>());
        }

        Graph.Place place() {
            return new Graph.Place(name, this);
        }

        @Override
        public void process(Frame frame) {
            frames.add(frame.count);
            for (int i = 0; i < frame.count; i++) {
                got.add(frame.packets[i]);
            }
        }
    }

    private static final class NoFormat implements Trace.Format {
        @Override
        public void capture(long packet, long entry) {
            Memory.putLong(entry, Packet.length(packet));
        }

        @Override
        public void describe(long entry, long before, StringBuilder text) {
            text.append(Memory.getLong(entry)).append(" bytes");
        }
    }

    private final Trace trace = new Trace(new NoFormat());

    private Graph graph(Graph.Place... places) {
        return new Graph(List.of(places), trace, System::nanoTime);
    }

    private static Graph.Place chooser(String name, List<String> exits, LongToIntFunction choice) {
        return new Graph.Place(name, new Chooser(choice), exits);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 255, 256})
    void aFrameThatStaysTogetherGoesAsAWhole(int count) {
        End a = new End("a");
        End b = new End("b");
        Graph graph = graph(chooser("in", List.of("a", "b"), packet -> 1), a.place(), b.place());
        for (int round = 0; round < 3; round++) {
            for (int i = 0; i < count; i++) {
                graph.pending(0).add(1000 * round + i);
            }
            graph.run();
        }
        assertThat(a.got).isEmpty();
        assertThat(b.got).hasSize(3 * count);
        assertThat(b.got.getLast()).isEqualTo(2000L + count - 1);
        assertThat(b.frames).hasSize(3);
        assertThat(graph.packets(2)).isEqualTo(3L * count);
        assertThat(graph.calls(2)).isEqualTo(3);
    }

    @Test
    void anEmptyGraphCallsNobody() {
        End end = new End("end");
        Graph graph = graph(chooser("in", List.of("end"), packet -> 0), end.place());
        graph.run();
        assertThat(end.frames).isEmpty();
        assertThat(graph.calls(0)).isZero();
    }

    /** Random exits over three layers against where each packet must end; order within an end. */
    @Test
    void mixedFramesAreDealtOut() {
        Random random = new Random(7);
        Map<Long, String> expected = new HashMap<>();
        End[] ends = {new End("x"), new End("y"), new End("z")};
        Graph graph =
                graph(
                        chooser("one", List.of("two", "x", "three"), p -> (int) (p % 3)),
                        chooser("two", List.of("three", "y"), p -> (int) (p / 3 % 2)),
                        chooser("three", List.of("x", "y", "z"), p -> (int) (p / 6 % 3)),
                        ends[0].place(),
                        ends[1].place(),
                        ends[2].place());
        long next = 1;
        for (int round = 0; round < 500; round++) {
            int count = 1 + random.nextInt(Frame.SIZE);
            // Now and then all packets of a frame are alike.
            boolean isUniform = random.nextInt(4) == 0;
            for (int i = 0; i < count; i++, next++) {
                long packet = isUniform ? (18L << 40) + next * 18 : next;
                expected.put(packet, way(packet));
                graph.pending(0).add(packet);
            }
            graph.run();
            for (int n = 0; n < graph.size(); n++) {
                assertThat(graph.pending(n).count).isZero();
            }
        }
        Map<Long, String> got = new HashMap<>();
        for (End end : ends) {
            end.got.forEach(packet -> assertThat(got.put(packet, end.name)).isNull());
        }
        assertThat(got).isEqualTo(expected);
    }

    private static String way(long packet) {
        int one = (int) (packet % 3);
        if (one == 1) {
            return "x";
        }
        if (one == 0 && packet / 3 % 2 == 1) {
            return "y";
        }
        return List.of("x", "y", "z").get((int) (packet / 6 % 3));
    }

    @Test
    void anExitMustLeadToALaterNode() {
        Graph.Place back = chooser("late", List.of("early"), packet -> 0);
        assertThatThrownBy(() -> graph(new End("early").place(), back))
                .hasMessageContaining("late leads to early, which is no later node");
        assertThatThrownBy(() -> graph(chooser("a", List.of("nowhere"), packet -> 0)))
                .hasMessageContaining("a leads to nowhere");
    }

    @Test
    void timesAreTakenInTheRunsAskedForOnly() {
        long[] now = {0};
        End end = new End("end");
        Graph.Place slow =
                chooser(
                        "slow",
                        List.of("end"),
                        packet -> {
                            now[0] += 5;
                            return 0;
                        });
        Graph graph = new Graph(List.of(slow, end.place()), trace, () -> now[0]);
        for (int i = 0; i < 10; i++) {
            graph.pending(0).add(i);
            graph.run();
        }
        assertThat(graph.clocks(0)).isZero();
        graph.measureEvery(4);
        for (int i = 0; i < 10; i++) {
            graph.pending(0).add(i);
            graph.run();
        }
        // Two runs of one packet were measured; all twenty count.
        assertThat(graph.clocks(0)).isEqualTo(20 * 5.0);
        assertThat(graph.clocks(1)).isZero();
    }

    @Test
    void theWaysOfTheFirstPacketsAreTold() {
        try (Buffers buffers = new Buffers(8)) {
            End end = new End("end");
            Graph graph = graph(chooser("in", List.of("end"), packet -> 0), end.place());
            trace.start(2);
            Frame frame = graph.pending(0);
            for (int i = 0; i < 3; i++) {
                long packet = buffers.pool.take();
                Packet.received(packet, 0);
                Packet.setLength(packet, 60 + i);
                frame.add(packet);
            }
            trace.mark(frame, 0, 9, 1);
            assertThat(trace.isWanted()).isFalse();
            graph.run();
            assertThat(trace.ways(graph, port -> "port " + port))
                    .extracting(Trace.Way::lines)
                    .containsExactly(
                            List.of("received on port 9", "in: 60 bytes -> end", "end: 60 bytes"),
                            List.of("received on port 9", "in: 61 bytes -> end", "end: 61 bytes"));
            trace.start(0);
            assertThat(trace.ways(graph, port -> "port " + port)).isEmpty();
        }
    }
}
