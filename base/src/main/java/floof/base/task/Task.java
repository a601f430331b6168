package floof.base.task;

import floof.base.Uninterruptibly;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** A background task with its own thread. Thread: any, unless a method says otherwise. */
public final class Task implements AutoCloseable {

    /** The work of a task. */
    @FunctionalInterface
    public interface Body {
        /**
         * Works until {@link Task#isEnding}, or until nothing is left to do. Runs at least once,
         * however soon the task is closed. It may run again after it threw, so it opens its own
         * resources.
         */
        void run(Task self) throws Exception;
    }

    /** What happens after a task throws. */
    public enum Failure {
        /** Raise an alarm and retry, after a pause that doubles from one second to one minute. */
        RESTART,
        /** End the process: without this task it would only seem to work. */
        END_PROCESS
    }

    private final String name;
    private final Failure failure;
    private final Body body;
    private final Tasks tasks;
    private final Thread thread;
    private boolean isEnding;
    private int failures;
    private @Nullable RuntimeException injected;

    Task(String name, Failure failure, Body body, Tasks tasks) {
        this.name = name;
        this.failure = failure;
        this.body = body;
        this.tasks = tasks;
        this.thread = Thread.ofPlatform().name(name).daemon().unstarted(this::run);
    }

    public String name() {
        return name;
    }

    void start() {
        thread.start();
    }

    /** Failures since its last full minute without one. */
    synchronized int failures() {
        return failures;
    }

    /** Whether the task should end. */
    public synchronized boolean isEnding() {
        throwInjected();
        return isEnding;
    }

    private synchronized boolean mustEnd() {
        return isEnding;
    }

    /** Makes the body's next call of {@code isEnding} or {@code pause} throw this. */
    synchronized void inject(RuntimeException fault) {
        injected = fault;
        notifyAll();
    }

    private void throwInjected() {
        RuntimeException fault = injected;
        if (fault != null && Thread.currentThread() == thread) {
            injected = null;
            throw fault;
        }
    }

    /** Whether it runs now, or will be restarted after a failure. */
    public boolean isAlive() {
        return thread.isAlive();
    }

    /** Waits for {@code length}; returns earlier when the task should end or is woken. */
    public synchronized void pause(Duration length) {
        rest(length);
        throwInjected();
    }

    private synchronized void rest(Duration length) {
        if (isEnding) {
            return;
        }
        try {
            wait(Math.max(1, length.toMillis()));
        } catch (InterruptedException e) {
            // Nobody interrupts a task; an interrupt would only shorten this pause.
        }
    }

    /** Ends a {@link #pause}. */
    public synchronized void wake() {
        notifyAll();
    }

    /** Asks the task to end, without waiting for it. */
    public synchronized void end() {
        isEnding = true;
        notifyAll();
    }

    /** Asks the task to end and waits for it. Never interrupts it: it may be writing a file. */
    @Override
    public void close() {
        end();
        if (Thread.currentThread() != thread) {
            Uninterruptibly.join(thread);
        }
        tasks.ended(this);
    }

    private void run() {
        Throwable fault;
        long startedNs = System.nanoTime();
        while ((fault = attempt()) != null && !mustEnd()) {
            if (failure == Failure.END_PROCESS || fault instanceof VirtualMachineError) {
                tasks.endProcess(this, fault);
                return;
            }
            Duration ran = Duration.ofNanos(System.nanoTime() - startedNs);
            int count;
            synchronized (this) {
                failures = tasks.isSettled(ran) ? 1 : failures + 1;
                count = failures;
            }
            Duration pause = tasks.pauseAfter(count);
            tasks.failed(this, fault, pause, count);
            rest(pause);
            if (mustEnd()) {
                break;
            }
            startedNs = System.nanoTime();
        }
        tasks.ended(this);
    }

    private @Nullable Throwable attempt() {
        try {
            body.run(this);
            return null;
        } catch (Throwable e) {
            return e;
        }
    }
}
