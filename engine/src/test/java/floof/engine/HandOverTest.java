package floof.engine;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import floof.memory.Memory;
import floof.memory.Region;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(300)
class HandOverTest {

    private static final int COUNT = 80 * Depot.BULK;

    /** Keeps the packets it gets. */
    private record Keeper(String name, Frame kept) implements Node {
        Keeper(String name) {
            this(name, new Frame());
        }

        @Override
        public void process(Frame frame) {
            System.arraycopy(frame.packets, 0, kept.packets, kept.count, frame.count);
            kept.count += frame.count;
        }
    }

    private final Region region =
            Memory.allocate("shared buffers", (long) COUNT * Packet.BUFFER_BYTES, 64);
    private final SharedDepot depot = new SharedDepot(region, COUNT);
    private final Trace trace = trace();

    @AfterEach
    void end() {
        Memory.remove(region);
    }

    private static Trace trace() {
        return new Trace(
                new Trace.Format() {
                    @Override
                    public void capture(long packet, long entry) {}

                    @Override
                    public void describe(long entry, long before, StringBuilder text) {}
                });
    }

    private static Graph graph(Trace trace, Keeper... keepers) {
        List<Graph.Place> places = new ArrayList<>();
        for (Keeper keeper : keepers) {
            places.add(new Graph.Place(keeper.name, keeper));
        }
        return new Graph(places, trace, System::nanoTime);
    }

    private static List<HandOver> among(int workers) {
        List<SemaphoreWaiter> waiters = new ArrayList<>();
        for (int i = 0; i < workers; i++) {
            waiters.add(new SemaphoreWaiter());
        }
        return HandOver.among(waiters);
    }

    private static long take(BufferPool pool) {
        long packet = pool.take();
        Packet.received(packet, 0);
        return packet;
    }

    @Test
    void ownersAreEvenAndStay() {
        HandOver three = among(3).get(1);
        int[] owned = new int[3];
        Random random = new Random(7);
        for (int i = 0; i < 30_000; i++) {
            owned[three.owner(random.nextInt())]++;
        }
        for (int count : owned) {
            assertThat(count).isBetween(9_500, 10_500);
        }
        assertThat(three.owner(0)).isZero();
        assertThat(three.owner(-1)).isEqualTo(2);
        assertThat(three.owner(1 << 31)).isEqualTo(1);
        assertThat(HandOver.alone().owner(-1)).isZero();
    }

    /** Of the two nodes each packet reaches the one it was staged for; the old trace ends. */
    @Test
    void aPacketGoesOnAtItsNode() {
        List<HandOver> two = among(2);
        BufferPool pool = new BufferPool(depot);
        Keeper first = new Keeper("first");
        Keeper second = new Keeper("second");
        Graph graph = graph(trace, first, second);
        long[] packets = new long[4];
        for (int i = 0; i < packets.length; i++) {
            packets[i] = take(pool);
            Packet.setPort(packets[i], 40 + i);
            Packet.setTraced(packets[i], 999);
            assertThat(two.get(0).stage(1, i & 1, packets[i])).isTrue();
        }
        assertThat(two.get(1).take(graph, trace, 5)).as("not published").isZero();
        two.get(0).publish();
        trace.start(1);
        assertThat(two.get(1).take(graph, trace, 5)).isEqualTo(4);
        graph.run();
        assertThat(first.kept.packets).startsWith(packets[0], packets[2]);
        assertThat(second.kept.packets).startsWith(packets[1], packets[3]);
        assertThat(Packet.isTraced(packets[3])).isFalse();
        assertThat(trace.ways(graph, port -> "port " + port).getFirst().lines())
                .containsExactly("received on port 40", "first");
        assertThat(two.get(0).counter(HandOver.GIVEN)).isEqualTo(4);
        assertThat(two.get(1).counter(HandOver.TAKEN)).isEqualTo(4);
    }

    @Test
    void aFullRingRefusesAndCountsAndHasRoomAgain() {
        List<HandOver> two = among(2);
        BufferPool pool = new BufferPool(depot);
        Keeper keeper = new Keeper("keeper");
        Graph graph = graph(trace, keeper);
        for (int round = 1; round <= 3; round++) {
            for (int i = 0; i < HandOverRing.CAPACITY; i++) {
                assertThat(two.get(0).stage(1, 0, take(pool))).isTrue();
            }
            long one = take(pool);
            assertThat(two.get(0).stage(1, 0, one)).isFalse();
            two.get(0).publish();
            assertThat(two.get(0).stage(1, 0, one)).as("published, not taken").isFalse();
            pool.give(one);
            assertThat(two.get(0).counter(HandOver.FULL)).isEqualTo(2L * round);
            for (int frames = 4; frames > 0; frames--) {
                assertThat(two.get(1).take(graph, trace, 0)).isEqualTo(Frame.SIZE);
                graph.run();
                pool.give(keeper.kept.packets, keeper.kept.count);
                keeper.kept.clear();
            }
            assertThat(two.get(1).take(graph, trace, 0)).isZero();
        }
        assertThat(pool.available()).isEqualTo(COUNT);
    }

    /** What one writes into a packet, the next reads; and each pair keeps its order. */
    private static final class Hands {
        final HandOver handOver;
        final BufferPool pool;
        final Keeper keeper = new Keeper("keeper");
        final Trace trace = trace();
        final Graph graph = graph(trace, keeper);
        final long[] given;
        final long[] seen;
        long refused;

        Hands(HandOver handOver, BufferPool pool) {
            this.handOver = handOver;
            this.pool = pool;
            given = new long[handOver.workers()];
            seen = new long[handOver.workers()];
        }

        void give(Random random, int limit) {
            for (int i = random.nextInt(limit); i > 0; i--) {
                int to = (handOver.number() + 1 + random.nextInt(given.length - 1)) % given.length;
                long packet = take(pool);
                if (packet == 0) {
                    break;
                }
                long data = Packet.data(packet);
                Memory.putLong(data, handOver.number());
                Memory.putLong(data + 8, given[to]);
                Memory.putLong(data + 1_000, given[to] * 31);
                Packet.setLength(packet, 1_008);
                if (handOver.stage(to, 0, packet)) {
                    given[to]++;
                } else {
                    refused++;
                    pool.give(packet);
                }
            }
            handOver.publish();
        }

        int take() {
            int count = handOver.take(graph, trace, 0);
            graph.run();
            for (int i = 0; i < keeper.kept.count; i++) {
                long data = Packet.data(keeper.kept.packets[i]);
                int from = (int) Memory.getLong(data);
                long number = Memory.getLong(data + 8);
                boolean isWhole = Memory.getLong(data + 1_000) == number * 31;
                if (number != seen[from]++ || !isWhole) {
                    throw new AssertionError(
                            "packet " + number + " of worker " + from + ", whole: " + isWhole);
                }
                pool.give(keeper.kept.packets[i]);
            }
            keeper.kept.clear();
            return count;
        }

        private static long take(BufferPool pool) {
            return pool.has(1) ? HandOverTest.take(pool) : 0;
        }
    }

    /**
     * Each of three threads gives to both others and takes from them, and gives buffers back that
     * another took: nothing is lost, doubled, torn or out of order. Rings run full at times.
     */
    @Test
    void threeWorkersHandEachOtherPackets() throws Exception {
        List<Hands> all = new ArrayList<>();
        List<Callable<Boolean>> tasks = new ArrayList<>();
        AtomicInteger givers = new AtomicInteger(3);
        for (HandOver handOver : among(3)) {
            Hands hands = new Hands(handOver, new BufferPool(depot));
            all.add(hands);
            tasks.add(() -> {
                Random random = new Random(handOver.number());
                for (int step = 0; step < 10_000; step++) {
                    hands.give(random, 1 + random.nextInt(300));
                    // At times it is held up.
                    if (step % 1_000 > 20) {
                        hands.take();
                    }
                }
                givers.decrementAndGet();
                while (givers.get() != 0 || hands.take() != 0) {
                    hands.take();
                    Thread.yield();
                }
                return true;
            });
        }
        try (ExecutorService threads = Executors.newFixedThreadPool(3)) {
            for (Future<Boolean> done : threads.invokeAll(tasks)) {
                assertThat(done.get()).isTrue();
            }
        }
        int free = depot.available();
        for (Hands from : all) {
            for (Hands to : all) {
                assertThat(to.seen[from.handOver.number()])
                        .isEqualTo(from.given[to.handOver.number()]);
            }
            assertThat(from.handOver.counter(HandOver.FULL)).isEqualTo(from.refused);
            free += from.pool.available() - depot.available();
        }
        assertThat(free).isEqualTo(COUNT);
        assertThat(all).anyMatch(hands -> hands.refused != 0);
    }

    /** One packet at a time to a worker that falls asleep after each: a lost wake-up shows. */
    @Test
    void aSleeperIsWokenEachTime() throws Exception {
        int rounds = 3_000;
        SemaphoreWaiter waiter = new SemaphoreWaiter();
        List<HandOver> two = HandOver.among(List.of(new SemaphoreWaiter(), waiter));
        BufferPool pool = new BufferPool(depot);
        long[] packets = {take(pool)};
        AtomicInteger taken = new AtomicInteger();
        AtomicInteger overslept = new AtomicInteger();
        Thread sleeper =
                Thread.ofPlatform()
                        .start(() -> {
                            Keeper keeper = new Keeper("keeper");
                            Graph graph = graph(trace, keeper);
                            while (taken.get() < rounds) {
                                if (two.get(1).take(graph, trace, 0) != 0) {
                                    graph.run();
                                    keeper.kept.clear();
                                    taken.incrementAndGet();
                                } else if (two.get(1).fallAsleep()) {
                                    long before = System.nanoTime();
                                    waiter.await(60_000);
                                    two.get(1).awake();
                                    if (System.nanoTime() - before > 50_000_000_000L) {
                                        overslept.incrementAndGet();
                                    }
                                }
                            }
                        });
        Random random = new Random(3);
        for (int round = 0; round < rounds; round++) {
            for (int spin = random.nextInt(200); spin > 0; spin--) {
                Thread.onSpinWait();
            }
            two.get(0).stage(1, 0, packets[0]);
            two.get(0).publish();
            while (taken.get() == round) {
                Thread.yield();
            }
        }
        sleeper.join();
        assertThat(overslept).hasValue(0);
        assertThat(two.get(0).counter(HandOver.WOKEN)).isBetween(1L, (long) rounds);
    }

    /** The compiler may allocate for the thread at first; then there is nothing more. */
    @Test
    void allocatesNothing() {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        List<HandOver> two = among(2);
        BufferPool pool = new BufferPool(depot);
        Keeper keeper = new Keeper("keeper");
        Graph graph = graph(trace, keeper);
        long allocated = -1;
        for (int attempt = 0; attempt < 10 && allocated != 0; attempt++) {
            long before = threads.getCurrentThreadAllocatedBytes();
            for (int round = 0; round < 10_000; round++) {
                for (int i = 0; i < 100; i++) {
                    two.get(0).stage(1, 0, take(pool));
                }
                two.get(0).publish();
                two.get(1).take(graph, trace, 0);
                graph.run();
                pool.give(keeper.kept.packets, keeper.kept.count);
                keeper.kept.clear();
                if (two.get(1).fallAsleep()) {
                    two.get(1).awake();
                }
            }
            allocated = threads.getCurrentThreadAllocatedBytes() - before;
        }
        assertThat(allocated).isZero();
        assertThat(two.get(1).counter(HandOver.TAKEN)).isPositive();
    }
}
