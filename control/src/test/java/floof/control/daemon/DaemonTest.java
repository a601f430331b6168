package floof.control.daemon;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import floof.base.alarm.Alarm;
import floof.base.alarm.Alarms;
import floof.base.task.Tasks;
import floof.linux.system.PidFd;
import floof.testkit.Eventually;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A small server of its own process, which dies, is stopped, or falls silent. */
@Timeout(300)
class DaemonTest {

    /** Answers a connection, unless a file tells it not to. */
    private static final String SERVER =
            """
            import os, socket, sys, time
            path = sys.argv[1]
            if os.path.exists(path): os.remove(path)
            s = socket.socket(socket.AF_UNIX)
            s.bind(path)
            s.listen()
            while True:
                c, _ = s.accept()
                while os.path.exists(path + '.silent'): time.sleep(0.1)
                try: c.send(b'x')
                except OSError: pass
                c.close()
            """;

    @TempDir private Path folder;
    private final Alarms alarms = new Alarms(InstantSource.system());
    private final Tasks tasks = new Tasks(alarms, (line, fault) -> {}, () -> {});
    private final Server server = new Server();
    private final Daemon daemon = daemon(Duration.ofMinutes(1));

    private Daemon daemon(Duration busyMax) {
        return new Daemon(server, new Policy(busyMax, OomScore.FORWARDING), alarms, tasks);
    }

    private final class Server implements Program {

        volatile boolean isBroken;
        volatile boolean isUnready;
        volatile boolean isEndAnnounced;

        private Path socket() {
            return folder.resolve("sock");
        }

        @Override
        public String name() {
            return "server";
        }

        @Override
        public @Nullable Living find() {
            String path = socket().toString();
            return Living.find(words -> words.contains(path)).stream().findFirst().orElse(null);
        }

        @Override
        public Living start(boolean isRecovery) throws IOException {
            if (isBroken) {
                throw new IOException("it is broken");
            }
            // In a shell that reaps nobody: what its child leaves is a zombie.
            String command = "python3 -c \"$0\" \"$1\" & exec sleep 1000";
            Process shell =
                    new ProcessBuilder("sh", "-c", command, SERVER, socket().toString()).start();
            parents.add(shell);
            assertThat(Eventually.holds(() -> find() != null && answers())).isTrue();
            return Objects.requireNonNull(find());
        }

        @Override
        public boolean isEndAnnounced() {
            return isEndAnnounced;
        }

        @Override
        public void revived() throws IOException {
            if (isUnready) {
                throw new IOException("it is not ready");
            }
        }

        @Override
        public void ask() throws IOException {
            try (SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX)) {
                channel.connect(UnixDomainSocketAddress.of(socket()));
                CompletableFuture<Integer> answer =
                        CompletableFuture.supplyAsync(() -> read(channel));
                if (answer.get(2, TimeUnit.SECONDS) != 1) {
                    throw new IOException("no answer");
                }
            } catch (InterruptedException | ExecutionException | TimeoutException e) {
                throw new IOException(e);
            }
        }

        private static int read(SocketChannel channel) {
            try {
                return channel.read(java.nio.ByteBuffer.allocate(1));
            } catch (IOException e) {
                return -1;
            }
        }
    }

    private final List<Process> parents = new java.util.concurrent.CopyOnWriteArrayList<>();

    @AfterEach
    void end() {
        daemon.close();
        tasks.close();
        Living left = server.find();
        if (left != null) {
            left.end(Duration.ZERO);
        }
        parents.forEach(Process::destroyForcibly);
    }

    private boolean isRestarted(Living before) throws InterruptedException {
        return Eventually.holds(() -> {
            try {
                return daemon.process().pid() != before.pid();
            } catch (IOException e) {
                return false;
            }
        });
    }

    private List<String> active() {
        return alarms.active().stream().map(Alarm::id).toList();
    }

    @Test
    void aZombieIsDead() throws Exception {
        assertThat(daemon.start(false)).isFalse();
        Living first = daemon.process();
        first.signal(PidFd.SIGKILL);
        assertThat(isRestarted(first)).isTrue();
        assertThat(Files.readString(first.proc("stat"))).as("nobody reaps it").contains(") Z ");
        assertThat(ProcessHandle.of(first.pid()).orElseThrow().isAlive())
                .as("what the JDK thinks of it")
                .isTrue();
        assertThat(first.isAlive()).isFalse();
        assertThat(Living.of(first.pid())).isNull();
    }

    @Test
    void oneThatLivesIsAdoptedAndWatchedAsItsOwn() throws Exception {
        Living living = server.start(false);
        assertThat(daemon.start(false)).isTrue();
        assertThat(daemon.process().pid()).isEqualTo(living.pid());
        Living other = Objects.requireNonNull(Living.of(parents.getFirst().pid()));
        OomScore.set(other.pid(), OomScore.CONTROL);
        assertThat(score(other) - score(living)).as("goes before").isEqualTo(400);
        living.signal(PidFd.SIGKILL);
        assertThat(isRestarted(living)).isTrue();
        assertThat(score(other) - score(daemon.process())).isEqualTo(400);
        assertThat(active()).isEmpty();
    }

    private static int score(Living process) throws IOException {
        return Integer.parseInt(Files.readString(process.proc("oom_score_adj")).strip());
    }

    @Test
    @Tag("slow")
    void oneThatASignalStoppedIsReportedAndReplaced() throws Exception {
        daemon.start(false);
        Living first = daemon.process();
        first.signal(PidFd.SIGSTOP);
        assertThat(Eventually.holds(() -> active().contains("heartbeat/server"))).isTrue();
        Alarm alarm = alarms.active().getFirst();
        assertThat(alarm.text()).contains("a signal has stopped it", "" + first.pid());
        assertThat(alarm.remedy()).contains("5 s");
        assertThat(isRestarted(first)).isTrue();
        assertThat(Eventually.holds(() -> active().isEmpty())).isTrue();
    }

    @Test
    void oneThatGoesOnIsLeftAlone() throws Exception {
        daemon.start(false);
        Living first = daemon.process();
        first.signal(PidFd.SIGSTOP);
        assertThat(Eventually.holds(() -> active().contains("heartbeat/server"))).isTrue();
        first.signal(PidFd.SIGCONT);
        assertThat(Eventually.holds(() -> active().isEmpty())).isTrue();
        assertThat(daemon.process().pid()).isEqualTo(first.pid());
    }

    @Test
    @Tag("slow")
    void oneThatIsSilentForTooLongIsReplaced() throws Exception {
        try (Daemon impatient = daemon(Duration.ofSeconds(4))) {
            impatient.start(false);
            Living first = impatient.process();
            Path silence = folder.resolve("sock.silent");
            Files.createFile(silence);
            assertThat(Eventually.holds(() -> !first.isAlive())).isTrue();
            Files.delete(silence);
            assertThat(Eventually.holds(() -> server.find() != null)).isTrue();
        }
    }

    @Test
    @Tag("slow")
    void oneThatDoesNotAnswerIsNotAdopted() throws Exception {
        Living living = server.start(false);
        living.signal(PidFd.SIGSTOP);
        assertThat(daemon.start(false)).isFalse();
        assertThat(living.isAlive()).isFalse();
    }

    @Test
    @Tag("slow")
    void oneThatIsBusyIsAdoptedWhenItAnswers() throws Exception {
        Living living = server.start(false);
        Path silence = Files.createFile(folder.resolve("sock.silent"));
        // Longer than a question waits for its answer.
        CompletableFuture.delayedExecutor(3, TimeUnit.SECONDS)
                .execute(() -> silence.toFile().delete());
        assertThat(daemon.start(false)).isTrue();
        assertThat(daemon.process().pid()).isEqualTo(living.pid());
    }

    @Test
    void oneThatRunsIsNotSaidToBeUnableToStart() throws Exception {
        List<String> texts = new java.util.concurrent.CopyOnWriteArrayList<>();
        alarms.listen(change -> texts.add(change.alarm().text()));
        daemon.start(false);
        server.isUnready = true;
        for (int i = 0; i < 2; i++) { // the second start comes after all that belongs to the first
            Living before = daemon.process();
            before.signal(PidFd.SIGKILL);
            assertThat(isRestarted(before)).isTrue();
        }
        assertThat(texts).isNotEmpty().noneMatch(text -> text.contains("cannot be started"));
    }

    @Test
    @Tag("slow")
    void oneThatCannotBeStartedIsTriedAgain() throws Exception {
        daemon.start(false);
        Living first = daemon.process();
        server.isBroken = true;
        first.signal(PidFd.SIGKILL);
        assertThat(Eventually.holds(() -> active().contains("daemon/server"))).isTrue();
        assertThat(Eventually.holds(() -> text().contains("it is broken"))).isTrue();
        server.isBroken = false;
        assertThat(isRestarted(first)).isTrue();
        assertThat(active()).isEmpty();
    }

    private String text() {
        return alarms.active().stream().map(Alarm::text).findFirst().orElse("");
    }

    @Test
    @Tag("slow")
    void aPlannedEndIsNoAlarm() throws Exception {
        List<Alarms.Change> changes = new java.util.concurrent.CopyOnWriteArrayList<>();
        alarms.listen(changes::add);
        daemon.start(false);
        Living first = daemon.process();
        daemon.recycle(process -> process.end(Duration.ofSeconds(2)));
        assertThat(isRestarted(first)).isTrue();
        Living second = daemon.process();
        daemon.restart(process -> process.end(Duration.ofSeconds(2)));
        Living third = daemon.process();
        assertThat(third.pid()).isNotEqualTo(second.pid());
        daemon.replace(process -> {
            process.end(Duration.ZERO);
            return server.start(true);
        });
        Living fourth = daemon.process();
        assertThat(fourth.pid()).isNotEqualTo(third.pid());
        server.isEndAnnounced = true;
        fourth.signal(PidFd.SIGKILL);
        assertThat(isRestarted(fourth)).isTrue();
        assertThat(changes).isEmpty();
    }

    @Test
    void oneWhoseSuccessorFailsStays() throws Exception {
        daemon.start(false);
        Living first = daemon.process();
        assertThatThrownBy(() ->
                        daemon.replace(process -> {
                            throw new IOException("no memory");
                        }))
                .hasMessage("no memory");
        assertThat(daemon.process()).isEqualTo(first);
        assertThat(active()).isEmpty();
        first.signal(PidFd.SIGKILL);
        assertThat(isRestarted(first)).as("it is watched").isTrue();
    }

    @Test
    void anEndThatFailedMakesNoLaterOnePlanned() throws Exception {
        List<String> texts = new java.util.concurrent.CopyOnWriteArrayList<>();
        alarms.listen(change -> texts.add(change.alarm().text()));
        daemon.start(false);
        Living first = daemon.process();
        assertThatThrownBy(() ->
                        daemon.recycle(process -> {
                            throw new IOException("it goes on");
                        }))
                .hasMessage("it goes on");
        first.signal(PidFd.SIGKILL);
        assertThat(isRestarted(first)).isTrue();
        assertThat(texts).anyMatch(text -> text.contains("ended unexpectedly"));
    }

    @Test
    void closingLeavesItAlone() throws Exception {
        daemon.start(false);
        daemon.close();
        assertThat(daemon.process().isAlive()).isTrue();
    }
}
