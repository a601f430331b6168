package floof.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class CommandsTest {

    @Test
    void runInOrderAndNoMoreThanAllowed() {
        Commands commands = new Commands();
        List<Integer> ran = new ArrayList<>();
        for (int i = 0; i < Commands.CAPACITY; i++) {
            int number = i;
            assertThat(commands.offer(() -> ran.add(number))).isTrue();
        }
        assertThat(commands.offer(() -> {})).isFalse();
        assertThat(commands.drain(3)).isEqualTo(3);
        assertThat(ran).containsExactly(0, 1, 2);
        assertThat(commands.offer(() -> ran.add(-1))).isTrue();
        assertThat(commands.drain(1000)).isEqualTo(Commands.CAPACITY - 2);
        assertThat(ran).hasSize(Commands.CAPACITY + 1).endsWith(63, -1);
        assertThat(commands.drain(1)).isZero();
    }

    /** Several threads offer while one drains: each command runs once, each thread's in order. */
    @Test
    void nothingIsLostBetweenThreads() throws InterruptedException {
        Commands commands = new Commands();
        int[] last = new int[3];
        List<Thread> offering = new ArrayList<>();
        for (int t = 0; t < last.length; t++) {
            int thread = t;
            offering.add(
                    Thread.ofPlatform()
                            .start(() -> {
                                for (int i = 1; i <= 3_000; i++) {
                                    int number = i;
                                    while (!commands.offer(
                                            () -> {
                                                assertThat(last[thread]).isEqualTo(number - 1);
                                                last[thread] = number;
                                            })) {
                                        Thread.onSpinWait();
                                    }
                                }
                            }));
        }
        int ran = 0;
        while (ran < 9_000) {
            ran += commands.drain(8);
        }
        for (Thread thread : offering) {
            thread.join();
        }
        assertThat(last).containsOnly(3_000);
    }
}
