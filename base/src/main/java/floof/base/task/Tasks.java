package floof.base.task;

import floof.base.Plural;
import floof.base.alarm.Alarms;
import floof.base.alarm.Severity;
import floof.base.task.Task.Body;
import floof.base.task.Task.Failure;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;

/**
 * The background tasks of a process. One that throws raises an alarm and is started again, or ends
 * the process, whose parent starts it again; none dies quietly. Thread: any.
 */
public final class Tasks implements AutoCloseable {

    static final Duration FIRST_PAUSE = Duration.ofSeconds(1);

    private static final Duration LONGEST_PAUSE = Duration.ofMinutes(1);

    private final Alarms alarms;
    private final BiConsumer<String, Throwable> log;
    private final Runnable endProcess;
    private final Duration firstPause;
    private final Duration settled;

    /** Last started first. */
    private final Deque<Task> living = new ArrayDeque<>();

    /**
     * @param log takes one line, and what was thrown
     * @param endProcess ends the process so that its parent starts it again; may return before that
     */
    public Tasks(Alarms alarms, BiConsumer<String, Throwable> log, Runnable endProcess) {
        this(alarms, log, endProcess, FIRST_PAUSE, LONGEST_PAUSE);
    }

    /**
     * @param firstPause before the first restart; each further one waits twice as long
     * @param settled the longest pause, and how long a restarted task must run until its alarm goes
     */
    Tasks(
            Alarms alarms,
            BiConsumer<String, Throwable> log,
            Runnable endProcess,
            Duration firstPause,
            Duration settled) {
        this.alarms = alarms;
        this.log = log;
        this.endProcess = endProcess;
        this.firstPause = firstPause;
        this.settled = settled;
    }

    /** For tools and tests: what fails is printed, and nobody sees its alarms. */
    public static Tasks printing() {
        return new Tasks(
                new Alarms(InstantSource.system()),
                (line, fault) -> System.err.println(line + ": " + fault),
                () -> {});
    }

    /**
     * Starts a task on a daemon thread of that name. Its owner closes it.
     *
     * @param name unique in the process
     */
    public Task start(String name, Failure failure, Body body) {
        Task task = new Task(name, failure, body, this);
        synchronized (living) {
            living.push(task);
        }
        task.start();
        return task;
    }

    /** Those that run, or will run again. */
    public List<String> names() {
        synchronized (living) {
            return living.stream().map(Task::name).sorted().toList();
        }
    }

    /**
     * Makes a task fail when it next looks whether it should end, or pauses, so that tests see that
     * its death is noticed and what becomes of its work.
     */
    public void fail(String name) {
        synchronized (living) {
            living.stream()
                    .filter(task -> task.name().equals(name))
                    .forEach(task -> task.inject(new IllegalStateException("made to fail")));
        }
    }

    /** Ends what its owners left, last started first. */
    @Override
    public void close() {
        while (true) {
            Task last;
            synchronized (living) {
                last = living.peek();
            }
            if (last == null) {
                return;
            }
            last.close();
        }
    }

    /** Keeps what failed from waiting longer than {@code settled}. */
    Duration pauseAfter(int failures) {
        Duration pause = firstPause.multipliedBy(1L << Math.min(failures - 1, 20));
        return pause.compareTo(settled) < 0 ? pause : settled;
    }

    boolean isSettled(Duration ran) {
        return ran.compareTo(settled) >= 0;
    }

    void failed(Task task, Throwable fault, Duration pause, int failures) {
        log.accept(task.name() + " failed; it restarts in " + pause.toMillis() + " ms", fault);
        alarms.raise(
                alarm(task),
                Severity.MAJOR,
                "background task "
                        + task.name()
                        + " failed "
                        + Plural.of(failures, "time")
                        + " in a row: "
                        + fault,
                "it restarts by itself; show log floofd tells more");
        CompletableFuture.delayedExecutor(
                        pause.plus(settled).toNanos(), TimeUnit.NANOSECONDS, Runnable::run)
                .execute(() -> {
                    if (task.failures() == failures) {
                        alarms.clear(alarm(task));
                    }
                });
    }

    void endProcess(Task task, Throwable fault) {
        log.accept(task.name() + " failed; the process ends and starts again", fault);
        endProcess.run();
    }

    void ended(Task task) {
        synchronized (living) {
            living.remove(task);
        }
        alarms.clear(alarm(task));
    }

    private static String alarm(Task task) {
        return "task/" + task.name();
    }
}
