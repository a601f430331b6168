package floof.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import floof.memory.Memory;
import floof.memory.Region;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicIntegerArray;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(300)
class SharedDepotTest {

    private static final int COUNT = 40 * Depot.BULK;

    private final Region region =
            Memory.allocate("shared buffers", (long) COUNT * Packet.BUFFER_BYTES, 64);
    private final SharedDepot depot = new SharedDepot(region, COUNT);

    @AfterEach
    void end() {
        Memory.remove(region);
    }

    @Test
    void givesWholeBulksOrNone() {
        assertThat(depot.size()).isEqualTo(COUNT);
        assertThat(depot.available()).isEqualTo(COUNT);
        long[] packets = new long[COUNT + 1];
        for (int i = 0; i < COUNT; i += Depot.BULK) {
            assertThat(depot.take(packets, i)).isTrue();
        }
        assertThat(depot.take(packets, 0)).isFalse();
        assertThat(depot.available()).isZero();
        Set<Long> seen = new HashSet<>();
        for (int i = 0; i < COUNT; i++) {
            assertThat(seen.add(packets[i])).isTrue();
        }
        depot.give(packets, Depot.BULK);
        assertThat(depot.available()).isEqualTo(Depot.BULK);
        assertThat(new SharedDepot(region, Depot.BULK + 1).size()).isEqualTo(Depot.BULK);
        assertThatThrownBy(() -> new SharedDepot(region, COUNT + Depot.BULK))
                .hasMessageContaining("does not hold");
    }

    @Test
    void aPoolFetchesAndReturnsWhatItHasNoRoomFor() {
        BufferPool pool = new BufferPool(depot);
        assertThat(pool.available()).isEqualTo(COUNT);
        assertThat(pool.has(BufferPool.AT_HAND_MAX)).isTrue();
        List<Long> taken = new ArrayList<>();
        for (int i = 0; i < COUNT; i++) {
            taken.add(pool.take());
        }
        assertThat(pool.take()).isZero();
        assertThat(pool.has(1)).isFalse();
        assertThat(new HashSet<>(taken)).hasSize(COUNT).doesNotContain(0L);
        taken.forEach(pool::give);
        assertThat(pool.available()).isEqualTo(COUNT);
        assertThat(depot.available()).isGreaterThanOrEqualTo(COUNT - BufferPool.AT_HAND_MAX);
    }

    /**
     * Four workers take, chain, hand each other and give back buffers at random: at any time each
     * buffer is in one pair of hands, and at the end all are there.
     */
    @Test
    void noBufferIsLostOrDoubledBetweenWorkers() throws Exception {
        int workers = 4;
        ConcurrentLinkedQueue<Long> onTheWay = new ConcurrentLinkedQueue<>();
        AtomicIntegerArray holders = new AtomicIntegerArray(COUNT);
        List<BufferPool> pools = new ArrayList<>();
        List<Callable<Boolean>> tasks = new ArrayList<>();
        for (int worker = 0; worker < workers; worker++) {
            BufferPool pool = new BufferPool(depot);
            Random random = new Random(worker);
            pools.add(pool);
            tasks.add(() -> work(pool, random, onTheWay, holders));
        }
        try (ExecutorService threads = Executors.newFixedThreadPool(workers)) {
            for (Future<Boolean> done : threads.invokeAll(tasks)) {
                assertThat(done.get()).isTrue();
            }
        }
        onTheWay.forEach(packet -> release(pools.getFirst(), packet, holders));
        int atHand = pools.stream().mapToInt(pool -> pool.available() - depot.available()).sum();
        assertThat(atHand + depot.available()).isEqualTo(COUNT);
        Set<Long> seen = new HashSet<>();
        for (BufferPool pool : pools) {
            for (long packet = pool.take(); packet != 0; packet = pool.take()) {
                assertThat(seen.add(packet)).isTrue();
                assertThat(Packet.segments(packet)).isEqualTo(1);
                assertThat(Packet.next(packet)).isZero();
            }
        }
        assertThat(seen).hasSize(COUNT);
    }

    private boolean work(
            BufferPool pool,
            Random random,
            ConcurrentLinkedQueue<Long> onTheWay,
            AtomicIntegerArray holders) {
        for (int step = 0; step < 100_000; step++) {
            int segments = 1 + random.nextInt(8);
            if (random.nextInt(100) < 50 && pool.has(segments)) {
                onTheWay.add(chain(pool, segments, holders));
            } else {
                Long packet = onTheWay.poll();
                if (packet != null) {
                    release(pool, packet, holders);
                }
            }
        }
        return true;
    }

    private long chain(BufferPool pool, int segments, AtomicIntegerArray holders) {
        long first = hold(pool.take(), holders);
        long last = first;
        for (int i = 1; i < segments; i++) {
            long segment = hold(pool.take(), holders);
            Packet.setSegment(last, 10, segment);
            last = segment;
        }
        Packet.setSegment(last, 10, 0);
        Packet.setChain(first, 10 * segments, segments);
        return first;
    }

    private int number(long packet) {
        return (int) ((packet - region.address()) / Packet.BUFFER_BYTES);
    }

    private long hold(long packet, AtomicIntegerArray holders) {
        if (packet == 0 || holders.incrementAndGet(number(packet)) != 1) {
            throw new AssertionError("buffer " + packet + " is in two hands");
        }
        return packet;
    }

    private void release(BufferPool pool, long packet, AtomicIntegerArray holders) {
        for (long segment = packet; segment != 0; segment = Packet.next(segment)) {
            if (holders.decrementAndGet(number(segment)) != 0) {
                throw new AssertionError("buffer " + segment + " was in no hand");
            }
        }
        pool.give(packet);
    }
}
