package floof.linux;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.management.ThreadMXBean;
import floof.linux.system.Cpus;
import floof.linux.system.CurrentThread;
import floof.linux.system.PidFd;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Processes, threads and waiting. */
class ProcessTest {

    @Test
    void signalsAProcessAndWaitsForItsEnd() throws Exception {
        Process sleep = new ProcessBuilder("sleep", "30").start();
        try (PidFd process = PidFd.open(sleep.pid())) {
            assertThat(process.awaitEnd(20)).isFalse();
            process.signal(PidFd.SIGTERM);
            assertThat(process.awaitEnd(2000)).isTrue();
            sleep.waitFor();
            assertThatThrownBy(() -> process.signal(PidFd.SIGTERM))
                    .hasMessageMatching(
                            "pidfd_send_signal\\(fd \\d+ process %d, 15\\): ESRCH \\(.*\\)"
                                    .formatted(sleep.pid()));
            assertThatThrownBy(() -> PidFd.open(sleep.pid())).hasMessageContaining("ESRCH");
            assertThatThrownBy(() -> PidFd.kill(sleep.pid(), PidFd.SIGTERM))
                    .hasMessageStartingWith("kill(" + sleep.pid() + ", 15): ESRCH");
        } finally {
            sleep.destroyForcibly().waitFor();
        }
    }

    @Test
    void fetchesAnOpenFileOfAnotherProcess(@TempDir Path directory) throws Exception {
        Path file = Files.writeString(directory.resolve("f"), "hello");
        Process sleep = new ProcessBuilder("sleep", "30").redirectInput(file.toFile()).start();
        try (PidFd process = PidFd.open(sleep.pid());
                Fd fetched = process.fetch(0, "its input");
                Arena arena = Arena.ofConfined()) {
            MemorySegment bytes = arena.allocate(16);
            assertThat(fetched.read(bytes.address(), 16)).isEqualTo(5);
            assertThat(bytes.get(JAVA_BYTE, 0)).isEqualTo((byte) 'h');
            assertThatThrownBy(() -> process.fetch(999, "nothing"))
                    .hasMessageMatching("pidfd_getfd\\(.*, 999, nothing\\): EBADF \\(.*\\)");
        } finally {
            sleep.destroyForcibly().waitFor();
        }
    }

    @Test
    void aPollSetWakesForEachOfItsDescriptors() {
        PollSet set = new PollSet();
        List<EventFd> events = new ArrayList<>();
        for (int i = 0; i < 40; i++) {
            events.add(new EventFd("event " + i));
            set.add(events.get(i).fd().number());
        }
        assertThat(set.await(0)).isZero();
        for (EventFd event : events) {
            event.signal();
            assertThat(set.await(-1)).isEqualTo(1);
            event.drain();
        }
        events.get(3).signal();
        events.get(39).signal();
        assertThat(set.await(-1)).isEqualTo(2);
        set.remove(events.get(3).fd().number());
        assertThat(set.await(-1)).isEqualTo(1);
        int gone = events.get(3).fd().number();
        assertThatThrownBy(() -> set.remove(gone)).hasMessage("fd " + gone + " is not waited for");
        events.get(39).drain();
        long startNs = System.nanoTime();
        assertThat(set.await(20)).isZero();
        assertThat(System.nanoTime() - startNs).isGreaterThanOrEqualTo(19_000_000);
        events.forEach(EventFd::close);
    }

    @Test
    void epollTellsHowManyAreReady() {
        try (Epoll epoll = new Epoll(4);
                EventFd one = new EventFd("one");
                EventFd other = new EventFd("other")) {
            epoll.add(one.fd().number(), Poll.IN);
            epoll.add(other.fd().number(), Poll.IN);
            assertThat(epoll.await(0)).isZero();
            one.signal();
            one.signal();
            assertThat(epoll.await(1000)).isEqualTo(1);
            assertThat(epoll.events(0)).isEqualTo(Poll.IN);
            assertThat(one.drain()).isTrue();
            assertThat(one.drain()).isFalse();
            assertThat(epoll.await(0)).isZero();
            one.signal();
            other.signal();
            assertThat(epoll.await(1000)).isEqualTo(2);
            epoll.remove(one.fd().number());
            assertThat(epoll.await(1000)).isEqualTo(1);
            assertThatThrownBy(() -> epoll.remove(one.fd().number()))
                    .hasMessageMatching(
                            "epoll_ctl\\(fd \\d+ epoll, EPOLL_CTL_DEL, fd \\d+\\): ENOENT .*");
        }
    }

    @Test
    void wakingAndWaitingAllocateNothing() {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        try (Epoll epoll = new Epoll(4);
                EventFd event = new EventFd("event")) {
            epoll.add(event.fd().number(), Poll.IN);
            long allocated = 0;
            // The first rounds are interpreted and compiled.
            for (int round = 0; round < 20; round++) {
                long before = threads.getCurrentThreadAllocatedBytes();
                for (int i = 0; i < 20_000; i++) {
                    event.signal();
                    assert epoll.await(0) == 1;
                    event.drain();
                    assert epoll.await(0) == 0;
                }
                allocated = threads.getCurrentThreadAllocatedBytes() - before;
                if (round > 2 && allocated == 0) {
                    break;
                }
            }
            assertThat(allocated).isZero();
        }
    }

    @Test
    void aThreadChoosesItsCpusAndPriority() throws Exception {
        FutureTask<String> task =
                new FutureTask<>(() -> {
                    BitSet one = new BitSet();
                    one.set(CurrentThread.cpus().nextSetBit(0));
                    CurrentThread.runOn(one);
                    assertThat(CurrentThread.cpus()).isEqualTo(one);
                    CurrentThread.nice(7);
                    return Files.readString(
                            Path.of("/proc/self/task/" + CurrentThread.id() + "/stat"));
                });
        Thread.ofPlatform().start(task);
        String stat = task.get();
        // proc(5): nice is field 19, the 17th after the name in parentheses.
        assertThat(stat.substring(stat.lastIndexOf(')') + 2).split(" ")[16]).isEqualTo("7");
        BitSet none = new BitSet();
        none.set(1000);
        assertThatThrownBy(() -> CurrentThread.runOn(none))
                .hasMessage("sched_setaffinity(0, {1000}): EINVAL (Invalid argument)");
    }

    @Test
    void cpuListsReadAndWrite() {
        assertThat(Cpus.text(Cpus.parse("0-3,8\n"))).isEqualTo("0-3,8");
        assertThat(Cpus.text(Cpus.parse("7"))).isEqualTo("7");
        assertThat(Cpus.parse("1,5-6").stream()).containsExactly(1, 5, 6);
        for (String wrong : new String[] {"", "x", "3-1", "1,", "99999"}) {
            assertThatThrownBy(() -> Cpus.parse(wrong)).hasMessageContaining("not a list of CPUs");
        }
        assertThat(Cpus.threadsOfCore(0).get(0)).isTrue();
    }

    @Test
    void confinesEveryThreadOfAProcess() throws Exception {
        BitSet last = new BitSet();
        last.set(CurrentThread.cpus().length() - 1);
        Process sleep = new ProcessBuilder("sleep", "30").start();
        try {
            Cpus.confine(sleep.pid(), last);
            assertThat(Files.readString(Path.of("/proc", "" + sleep.pid(), "status")))
                    .contains("Cpus_allowed_list:\t" + Cpus.text(last) + "\n");
        } finally {
            sleep.destroyForcibly().waitFor();
        }
        Cpus.confine(sleep.pid(), last); // that it is gone is no error
    }
}
