package floof.engine;

import static floof.testkit.Eventually.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.List;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(300)
class WorkerTest {

    private static final int BUFFERS = 512;

    /** Gives packets back to the pool. */
    private static final class Sink implements Node {
        final BufferPool pool;
        volatile long count;

        Sink(BufferPool pool) {
            this.pool = pool;
        }

        @Override
        public void process(Frame frame) {
            pool.give(frame.packets, frame.count);
            count += frame.count;
        }
    }

    /** Nothing happens to the thread. */
    private static final class NoUsage implements Pauses.Usage {
        @Override
        public void sample() {}

        @Override
        public long involuntarySwitches() {
            return 0;
        }

        @Override
        public long voluntarySwitches() {
            return 0;
        }

        @Override
        public long pageFaults() {
            return 0;
        }
    }

    /** What the worker said of itself: +1 online, 0 quiescent, -1 offline. */
    private static final class Said implements Presence {
        final LinkedBlockingQueue<Integer> words = new LinkedBlockingQueue<>();
        volatile boolean isOnline;

        @Override
        public void online() {
            assertThat(isOnline).isFalse();
            isOnline = true;
            words.add(1);
        }

        @Override
        public void quiescent() {
            if (!isOnline) { // no assertion object: a test counts what the thread allocates
                throw new AssertionError("quiescent, but not online");
            }
        }

        @Override
        public void offline() {
            isOnline = false;
            words.add(-1);
        }
    }

    /** A generator that has packets when asked to, and can wake. */
    private static final class Tap implements PortEnd {
        final Generator generator;
        final AtomicLong waiting = new AtomicLong();
        final AtomicLong asked = new AtomicLong();
        final int descriptor;

        Tap(Generator generator, int descriptor) {
            this.generator = generator;
            this.descriptor = descriptor;
        }

        @Override
        public int index() {
            return generator.index();
        }

        @Override
        public int receive(Frame frame, int max) {
            asked.getAndIncrement();
            int count = (int) Math.min(max, waiting.get());
            waiting.addAndGet(-count);
            return count == 0 ? 0 : generator.receive(frame, count);
        }

        @Override
        public int transmit(long[] packets, int count) {
            return generator.transmit(packets, count);
        }

        @Override
        public int descriptor() {
            return descriptor;
        }

        @Override
        public long counter(PortCounter counter) {
            return generator.counter(counter);
        }
    }

    private final Buffers buffers = new Buffers(BUFFERS);
    private final Sink sink = new Sink(buffers.pool);
    private final Trace trace =
            new Trace(
                    new Trace.Format() {
                        @Override
                        public void capture(long packet, long entry) {}

                        @Override
                        public void describe(long entry, long before, StringBuilder text) {}
                    });
    private final Graph graph =
            new Graph(List.of(new Graph.Place("sink", sink)), trace, System::nanoTime);
    private final SemaphoreWaiter waiter = new SemaphoreWaiter();
    private final List<HandOver> handOvers = HandOver.among(List.of(waiter, new SemaphoreWaiter()));
    private final Said said = new Said();
    private volatile int upkeeps;
    private final AtomicLong threadId = new AtomicLong();
    private final Worker worker = worker(false);
    private final Generator generator =
            new Generator(3, buffers.pool, List.of(new byte[64], new byte[100]));

    private Worker worker(boolean isShared) {
        return new Worker(
                "worker-test",
                graph,
                trace,
                new CycleClock(),
                waiter,
                handOvers.get(0),
                said,
                new Pauses(new NoUsage()),
                () -> upkeeps++,
                false,
                isShared,
                () -> threadId.set(Thread.currentThread().threadId()));
    }

    @AfterEach
    void end() {
        worker.close();
        generator.close();
        buffers.close();
    }

    @Test
    void sleepsWhenIdleAndWakesForACommand() throws Exception {
        worker.start();
        await(() -> waiter.isAsleep && !said.isOnline);
        int[] ran = {0};
        worker.call(() -> ran[0]++);
        assertThat(ran[0]).isEqualTo(1);
        await(() -> waiter.isAsleep);
        assertThat(said.words.poll()).isEqualTo(1);
        assertThat(said.words.poll()).isEqualTo(-1);
        assertThat(said.words.poll()).isEqualTo(1);
    }

    @Test
    void receivesWhatAPortHasAndForgetsThePort() throws Exception {
        Tap tap = new Tap(generator, 5);
        worker.start();
        worker.call(() -> worker.addInput(tap, 0, false));
        assertThat(waiter.watched).hasValue(1);
        tap.waiting.set(1_000);
        waiter.wake();
        await(() -> sink.count == 1_000);
        worker.call(() -> worker.removeInput(tap));
        assertThat(waiter.watched).hasValue(0);
        tap.waiting.set(1);
        worker.call(() -> {});
        worker.call(() -> {});
        assertThat(sink.count).isEqualTo(1_000);
    }

    /** The test is the other worker. */
    @Test
    void sleepsUntilAnotherWorkerHandsItPackets() throws Exception {
        long[] packets = new long[300];
        assertThat(buffers.pool.take(packets, 0, packets.length)).isEqualTo(packets.length);
        HandOver other = handOvers.get(1);
        worker.start();
        for (int i = 0; i < packets.length; i++) {
            if (i % 100 == 0) {
                other.publish();
                int before = i;
                await(() -> sink.count == before && waiter.isAsleep);
            }
            Packet.received(packets[i], 0);
            assertThat(other.stage(0, 0, packets[i])).isTrue();
        }
        other.publish();
        await(() -> sink.count == packets.length);
        assertThat(worker.counter(Worker.PACKETS)).isEqualTo(packets.length);
        worker.close();
        assertThat(buffers.pool.available()).isEqualTo(BUFFERS);
    }

    @Test
    void aSlowInputIsServedWhileAnotherIsBusy() throws Exception {
        Tap slow = new Tap(generator, -1);
        slow.waiting.set(300);
        worker.addInput(generator, 0, false);
        worker.addInput(slow, 0, true);
        worker.start();
        await(() -> slow.waiting.get() == 0);
    }

    @Test
    void aPortWithoutDescriptorKeepsItAwake() throws Exception {
        Tap tap = new Tap(generator, -1);
        worker.addInput(tap, 0, false);
        worker.start();
        await(() -> tap.asked.get() > 100_000); // far more often than it asks before it sleeps
        assertThat(waiter.isAsleep).isFalse();
        assertThat(waiter.watched).hasValue(0);
    }

    /** Nobody wakes it, so its sleeps end by themselves. */
    @Test
    void leavesASharedCpuToOthersWhileAPortWithoutDescriptorIsIdle() throws Exception {
        Tap tap = new Tap(generator, -1);
        try (Worker shared = worker(true)) {
            shared.addInput(tap, 0, false);
            shared.start();
            await(() -> shared.counter(Worker.SLEEPS) > 20);
            tap.waiting.set(300);
            await(() -> sink.count == 300);
        }
    }

    @Test
    void marksPacketsForTheTrace() throws Exception {
        Tap tap = new Tap(generator, 5);
        worker.addInput(tap, 0, false);
        worker.start();
        worker.call(() -> trace.start(3));
        tap.waiting.set(300);
        waiter.wake();
        await(() -> sink.count == 300);
        assertThat(trace.ways(graph, port -> "port " + port)).hasSize(3);
        assertThat(trace.ways(graph, port -> "port " + port).getFirst().lines())
                .startsWith("received on port 3");
    }

    @Test
    void tellsTheCallerWhatACommandThrew() {
        worker.start();
        assertThatThrownBy(() ->
                        worker.call(() -> {
                            throw new IllegalArgumentException("so it is");
                        }))
                .hasMessage("so it is");
        worker.close();
        assertThat(said.isOnline).isFalse();
        assertThatThrownBy(() -> worker.call(() -> {})).hasMessageContaining("does not run");
    }

    @Test
    void aCommandThatWasGivenUpDoesNotRunLater() throws Exception {
        worker.start();
        AtomicBoolean release = new AtomicBoolean();
        assertThatThrownBy(() -> worker.call(() -> spinUntil(release), 20))
                .hasMessageContaining("has begun a command");
        int[] ran = {0};
        assertThatThrownBy(() -> worker.call(() -> ran[0]++, 20))
                .hasMessageContaining("does not take commands");
        release.set(true);
        worker.call(() -> {});
        assertThat(ran[0]).isZero();
    }

    private static void spinUntil(AtomicBoolean isSet) {
        while (!isSet.get()) {
            Thread.onSpinWait();
        }
    }

    /** The JVM allocates for the thread when it compiles its loop; then there is nothing more. */
    @Test
    void allocatesNothingWhileItMovesPackets() throws Exception {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        worker.addInput(generator, 0, false);
        worker.start();
        await(() -> sink.count > 500_000);
        int clean = 0;
        long deadlineNs = System.nanoTime() + TimeUnit.SECONDS.toNanos(120); // the compiler's time
        while (clean < 5 && System.nanoTime() < deadlineNs) {
            long before = threads.getThreadAllocatedBytes(threadId.get());
            long countBefore = sink.count;
            await(() -> sink.count > countBefore + 1_000_000);
            boolean isClean = threads.getThreadAllocatedBytes(threadId.get()) == before;
            clean = isClean ? clean + 1 : 0;
        }
        assertThat(clean).as("millions of packets in a row without a byte").isEqualTo(5);
    }
}
