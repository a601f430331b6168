package floof.base.task;

import static org.assertj.core.api.Assertions.assertThat;

import floof.base.alarm.Alarm;
import floof.base.alarm.Alarms;
import floof.base.task.Task.Failure;
import floof.testkit.Eventually;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(300)
class TasksTest {

    private final Alarms alarms = new Alarms(InstantSource.system());
    private final BlockingQueue<String> logged = new LinkedBlockingQueue<>();
    private final BlockingQueue<String> ends = new LinkedBlockingQueue<>();
    private final BlockingQueue<Alarms.Change> changes = new LinkedBlockingQueue<>();
    private final Tasks tasks =
            new Tasks(
                    alarms,
                    (line, fault) -> logged.add(line),
                    () -> ends.add("end"),
                    Duration.ofMillis(1),
                    Duration.ofMillis(50));

    TasksTest() {
        alarms.listen(changes::add);
    }

    @AfterEach
    void end() {
        tasks.close();
    }

    @Test
    void aTaskThatThrowsRaisesAnAlarmAndRunsAgain() throws InterruptedException {
        AtomicInteger runs = new AtomicInteger();
        tasks.start(
                "flaky",
                Failure.RESTART,
                self -> {
                    if (runs.incrementAndGet() <= 2) {
                        throw new IllegalStateException("broken");
                    }
                    while (!self.isEnding()) {
                        self.pause(Duration.ofHours(1));
                    }
                });
        assertThat(changes.take().isRaised()).isTrue();
        Alarms.Change second = changes.take();
        assertThat(second.alarm().text()).contains("flaky", "2 times", "broken");
        Alarms.Change cleared = changes.take();
        assertThat(cleared.isRaised()).as("well again").isFalse();
        assertThat(runs).hasValue(3);
    }

    @Test
    void anErrorEndsTheProcessAndIsNotTriedAgain() throws InterruptedException {
        AtomicInteger runs = new AtomicInteger();
        tasks.start(
                "doomed",
                Failure.RESTART,
                self -> {
                    runs.incrementAndGet();
                    throw new StackOverflowError();
                });
        assertThat(ends.take()).isEqualTo("end");
        assertThat(runs).hasValue(1);
    }

    @Test
    void oneThatMustNotDieEndsTheProcess() throws InterruptedException {
        tasks.start(
                "vital",
                Failure.END_PROCESS,
                self -> {
                    throw new IllegalStateException();
                });
        assertThat(ends.take()).isEqualTo("end");
        assertThat(logged.take()).contains("vital");
    }

    @Test
    void closingWaitsForTheEndAndClearsTheAlarm() throws InterruptedException {
        CountDownLatch runs = new CountDownLatch(1);
        List<String> order = new java.util.concurrent.CopyOnWriteArrayList<>();
        Task task =
                tasks.start(
                        "long",
                        Failure.RESTART,
                        self -> {
                            runs.countDown();
                            while (!self.isEnding()) {
                                self.pause(Duration.ofHours(1));
                            }
                            order.add("task");
                        });
        assertThat(runs.await(Eventually.LIMIT.toSeconds(), TimeUnit.SECONDS)).isTrue();
        task.close();
        order.add("closed");
        assertThat(order).containsExactly("task", "closed");
        assertThat(alarms.active()).extracting(Alarm::id).isEmpty();
    }

    @Test
    void oneThatIsClosedAtOnceRunsOnceToTidyUp() {
        for (int i = 0; i < 100; i++) {
            AtomicInteger runs = new AtomicInteger();
            tasks.start("short", Failure.RESTART, self -> runs.incrementAndGet()).close();
            assertThat(runs).hasValue(1);
        }
    }

    @Test
    void oneMayCloseItself() throws InterruptedException {
        CountDownLatch done = new CountDownLatch(1);
        tasks.start(
                "selfish",
                Failure.RESTART,
                self -> {
                    self.close();
                    done.countDown();
                });
        assertThat(done.await(Eventually.LIMIT.toSeconds(), TimeUnit.SECONDS)).isTrue();
    }
}
