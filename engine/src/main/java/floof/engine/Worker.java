package floof.engine;

import floof.base.Uninterruptibly;
import java.util.Arrays;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * One thread that moves packets. In each cycle it reads the clock, runs a few commands, takes
 * packets that other workers hand over, and receives a frame from each input. After each step it
 * runs the graph until it is empty.
 *
 * <p>It polls while there is work and a little longer, then sleeps until a port, a command or
 * another worker wakes it. It never sleeps in busy mode. An input without a descriptor cannot wake
 * it: then it polls on, or sleeps for a millisecond at a time where others need its CPU.
 *
 * <p>Thread: {@link #start}, {@link #close} and {@link #call} any but the worker's; the inputs: the
 * worker's.
 */
public final class Worker implements AutoCloseable {

    /** Commands per cycle; a limit, so that a flood of commands does not stop the packets. */
    private static final int COMMANDS_PER_CYCLE = 8;

    /**
     * About the cost of falling asleep and waking: after polling for this long, sleeping costs
     * little more.
     */
    private static final long SPIN_NS = 50_000;

    /** Longest sleep: limits the damage if a wake-up were lost. */
    private static final int SLEEP_MS = 1_000;

    /** Longest sleep with an input that cannot wake it: the packets meanwhile must fit its ring. */
    private static final int NAP_MS = 1;

    /**
     * A slow input needs a system call each time. While the others keep the worker busy, it is
     * polled in one cycle of this many.
     */
    private static final int SLOW_EVERY = 8;

    /** How long a command waits for a worker; a worker normally gets to it within microseconds. */
    public static final long CALL_MS = 10_000;

    /** Between two runs of the upkeep while there is work. */
    private static final long UPKEEP_NS = 1_000_000;

    /** Counter: cycles of the loop. */
    public static final int CYCLES = 0;

    /** Counter: cycles with packets. */
    public static final int BUSY_CYCLES = 1;

    /** Counter: packets received, or taken from other workers. */
    public static final int PACKETS = 2;

    /** Counter: sleeps. */
    public static final int SLEEPS = 3;

    private record Input(PortEnd end, int node, boolean isSlow) {}

    private final Graph graph;
    private final Trace trace;
    private final CycleClock clock;
    private final Waiter waiter;
    private final HandOver handOver;
    private final Presence presence;
    private final Pauses pauses;
    private final Runnable upkeep;
    private final Thread thread;
    private final Tally counters = new Tally(4);
    private final Commands commands = new Commands();
    private Input[] inputs = {};
    private final boolean isBusy;
    private final boolean isShared;

    /** Longest sleep; 0: it polls. */
    private int sleepMs;

    private int cycle;
    private long upkeptNs;
    private volatile boolean isClosing;

    /**
     * @param name of the thread
     * @param waiter the one that its hand-over wakes
     * @param upkeep run on the thread every now and then, before each sleep, and at the end
     * @param isBusy keeps polling when there is nothing to do, instead of sleeping
     * @param isShared whether others need its CPU, which an idle worker must not keep
     * @param onStart runs first on the thread and decides where it runs
     */
    public Worker(
            String name,
            Graph graph,
            Trace trace,
            CycleClock clock,
            Waiter waiter,
            HandOver handOver,
            Presence presence,
            Pauses pauses,
            Runnable upkeep,
            boolean isBusy,
            boolean isShared,
            Runnable onStart) {
        this.graph = graph;
        this.trace = trace;
        this.clock = clock;
        this.waiter = waiter;
        this.handOver = handOver;
        this.presence = presence;
        this.pauses = pauses;
        this.upkeep = upkeep;
        this.isBusy = isBusy;
        this.isShared = isShared;
        this.thread =
                Thread.ofPlatform()
                        .name(name)
                        .unstarted(() -> {
                            onStart.run();
                            run();
                        });
        updateSleep();
    }

    /** Starts the thread. Once. */
    public void start() {
        thread.start();
    }

    /**
     * Starts receiving from an end, if it has a queue.
     *
     * @param node of the graph that takes what it receives
     * @param isSlow whether asking an idle port costs a system call
     */
    public void addInput(PortEnd end, int node, boolean isSlow) {
        if (!end.isReceiving()) {
            return;
        }
        inputs = Arrays.copyOf(inputs, inputs.length + 1);
        inputs[inputs.length - 1] = new Input(end, node, isSlow);
        if (end.descriptor() != -1) {
            waiter.watch(end);
        }
        updateSleep();
    }

    /** Stops receiving from an end; its port may then be closed. */
    public void removeInput(PortEnd end) {
        int before = inputs.length;
        inputs = Arrays.stream(inputs).filter(input -> input.end() != end).toArray(Input[]::new);
        if (inputs.length != before && end.descriptor() != -1) {
            waiter.forget(end);
        }
        updateSleep();
    }

    private void updateSleep() {
        boolean canWake = Arrays.stream(inputs).allMatch(it -> it.end().descriptor() != -1);
        int idleMs = canWake ? SLEEP_MS : isShared ? NAP_MS : 0;
        sleepMs = isBusy ? 0 : idleMs;
    }

    /**
     * Runs a command on the worker's thread and waits until it ends. Exceptions of the command are
     * thrown here.
     *
     * @throws IllegalStateException when the worker has ended, or does not start the command in
     *     time. The command will not run later, unless the text says that it has begun
     */
    public void call(Runnable command) {
        call(command, CALL_MS);
    }

    /** The same with another time limit. */
    public void call(Runnable command, long limitMs) {
        Call call = new Call(command);
        long deadlineNs = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(limitMs);
        while (!commands.offer(call)) {
            pause(deadlineNs);
        }
        waiter.wake();
        call.await(this, deadlineNs);
    }

    private void pause(long deadlineNs) {
        if (isLate(deadlineNs)) {
            throw late();
        }
        Thread.onSpinWait();
    }

    private boolean isLate(long deadlineNs) {
        return !thread.isAlive() || System.nanoTime() - deadlineNs > 0;
    }

    private IllegalStateException late() {
        return new IllegalStateException(
                thread.getName()
                        + (thread.isAlive() ? " does not take commands" : " does not run"));
    }

    private static final class Call implements Runnable {

        /** Set by the worker, which runs the command, or by the caller, which gave up. */
        private final AtomicBoolean isTaken = new AtomicBoolean();

        private final Runnable command;
        private final CountDownLatch done = new CountDownLatch(1);
        private @Nullable RuntimeException thrown;

        Call(Runnable command) {
            this.command = command;
        }

        @Override
        public void run() {
            if (!isTaken.compareAndSet(false, true)) {
                return;
            }
            try {
                command.run();
            } catch (RuntimeException e) {
                thrown = e;
            } finally {
                done.countDown();
            }
        }

        void await(Worker worker, long deadlineNs) {
            boolean wasInterrupted = false;
            boolean isDone = false;
            while (!isDone) {
                try {
                    isDone = done.await(1, TimeUnit.MILLISECONDS);
                } catch (InterruptedException e) {
                    wasInterrupted = true;
                }
                if (!isDone && worker.isLate(deadlineNs)) {
                    if (isTaken.compareAndSet(false, true)) {
                        throw worker.late();
                    }
                    throw new IllegalStateException(
                            worker.thread.getName() + " has begun a command and does not end it");
                }
            }
            if (wasInterrupted) {
                Thread.currentThread().interrupt();
            }
            if (thrown != null) {
                throw thrown;
            }
        }
    }

    /** Ends the thread after the current cycle and waits for it. */
    @Override
    public void close() {
        isClosing = true;
        waiter.wake();
        Uninterruptibly.join(thread);
    }

    private void run() {
        presence.online();
        awake();
        long lastWorkNs = clock.nowNs;
        int packets = 0;
        int done = 0;
        while (!isClosing) {
            long nowNs = System.nanoTime();
            pauses.cycle(nowNs, nowNs - clock.nowNs, packets, done);
            clock.nowNs = nowNs;
            done = commands.drain(COMMANDS_PER_CYCLE);
            packets = poll();
            presence.quiescent();
            counters.add(CYCLES, 1);
            if (packets != 0) {
                counters.add(PACKETS, packets);
                counters.add(BUSY_CYCLES, 1);
            }
            if (nowNs - upkeptNs > UPKEEP_NS) {
                upkeptNs = nowNs;
                upkeep.run();
            }
            if (packets + done != 0) {
                lastWorkNs = nowNs;
            } else if (sleepMs != 0 && nowNs - lastWorkNs > SPIN_NS && handOver.fallAsleep()) {
                sleep();
                lastWorkNs = clock.nowNs;
            } else {
                Thread.onSpinWait();
            }
        }
        upkeep.run();
        presence.offline();
    }

    private void sleep() {
        upkeep.run();
        presence.offline();
        waiter.await(arm() ? sleepMs : 0);
        handOver.awake();
        presence.online();
        counters.add(SLEEPS, 1);
        awake();
    }

    /** Whether no input has packets, after all of them were armed to wake this worker. */
    private boolean arm() {
        boolean isIdle = true;
        for (Input input : inputs) {
            isIdle &= input.end.arm();
        }
        return isIdle;
    }

    private void awake() {
        clock.nowNs = System.nanoTime();
        pauses.restart(clock.nowNs);
    }

    /** One of {@link #CYCLES} ... {@link #SLEEPS}. Thread: any. */
    public long counter(int counter) {
        return counters.get(counter);
    }

    /** What delayed it. */
    public Pauses pauses() {
        return pauses;
    }

    /**
     * Takes at most one frame from the other workers and from each input; returns the number of
     * packets.
     */
    private int poll() {
        int work = handOver.take(graph, trace, clock.nowNs);
        if (work != 0) {
            graph.run();
        }
        boolean isSlowTurn = cycle++ % SLOW_EVERY == 0;
        for (Input input : inputs) {
            if (!input.isSlow || isSlowTurn) {
                work += receive(input);
            }
        }
        if (work == 0 && !isSlowTurn) {
            for (Input input : inputs) {
                if (input.isSlow) {
                    work += receive(input);
                }
            }
        }
        return work;
    }

    private int receive(Input input) {
        Frame frame = graph.pending(input.node);
        int count = input.end.receive(frame, Frame.SIZE);
        if (count != 0) {
            if (trace.isWanted()) {
                trace.mark(frame, 0, input.end.index(), clock.nowNs);
            }
            graph.run();
        }
        return count;
    }
}
