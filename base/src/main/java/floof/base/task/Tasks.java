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
 * The background tasks of a process. When a task throws, it raises an alarm and is restarted, or it
 * ends the process and the parent restarts that. No task dies silently. Thread: any.
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
     * @param log receives one line and the exception
     * @param endProcess ends the process so that its parent restarts it; may return before that
     */
    public Tasks(Alarms alarms, BiConsumer<String, Throwable> log, Runnable endProcess) {
        this(alarms, log, endProcess, FIRST_PAUSE, LONGEST_PAUSE);
    }

    /**
     * @param firstPause before the first restart; doubles with each further restart
     * @param settled the longest pause; also how long a restarted task must run before its alarm is
     *     cleared
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

    /** For tools and tests: prints failures; nobody sees the alarms. */
    public static Tasks printing() {
        return new Tasks(
                new Alarms(InstantSource.system()),
                (line, fault) -> System.err.println(line + ": " + fault),
                () -> {});
    }

    /**
     * Starts a task on a daemon thread of that name. The owner of the task closes it.
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

    /** Tasks that run now or will be restarted. */
    public List<String> names() {
        synchronized (living) {
            return living.stream().map(Task::name).sorted().toList();
        }
    }

    /**
     * Makes a task fail at its next call of {@code isEnding} or {@code pause}, so that tests can
     * check that its death is noticed and its work continues.
     */
    public void fail(String name) {
        synchronized (living) {
            living.stream()
                    .filter(task -> task.name().equals(name))
                    .forEach(task -> task.inject(new IllegalStateException("made to fail")));
        }
    }

    /** Ends the tasks that their owners did not close, last started first. */
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

    /** Limits the pause after a failure to {@code settled}. */
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
                "it restarts automatically; see show log floofd");
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
