package floof.sync;

import static org.assertj.core.api.Assertions.assertThat;

import floof.base.Prefix;
import floof.base.alarm.Alarms;
import floof.base.task.Tasks;
import floof.fpc.Message;
import floof.testkit.Eventually;
import floof.testkit.Netns;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A namespace, a manager that records, and mirrors between them, gone after the test. */
@Timeout(300)
abstract class MirrorScene {
    @TempDir Path folder;

    final Alarms alarms = new Alarms(InstantSource.system());
    final Netns network = Netns.withPair().addressed();
    final List<AutoCloseable> open = new ArrayList<>();

    @AfterEach
    void end() throws Exception {
        for (AutoCloseable each : open.reversed()) {
            each.close();
        }
        network.close();
    }

    RecordingManager manager() throws IOException {
        RecordingManager manager = new RecordingManager(folder.resolve("fpc.sock"));
        open.add(manager);
        return manager;
    }

    private static final Duration RETRY = Duration.ofMillis(50);

    MirrorSettings settings() {
        return new MirrorSettings(
                folder.resolve("fpc.sock"), 8 << 20, 512, 3_600_000, 3_600_000, RETRY);
    }

    MirrorSettings settings(int bufferBytes, int hitMs, int auditMs) {
        return new MirrorSettings(
                folder.resolve("fpc.sock"), bufferBytes, 512, hitMs, auditMs, RETRY);
    }

    Mirror mirror(MirrorSettings settings) {
        Mirror mirror =
                new Mirror(List.of(mirrored(network, 0)), settings, alarms, Tasks.printing());
        open.add(mirror);
        mirror.start();
        eventually(() -> isSettled(mirror));
        return mirror;
    }

    static MirroredNamespace mirrored(Netns netns, int vrf) {
        return new MirroredNamespace(vrf, netns.name(), netns.path());
    }

    static boolean isSettled(Mirror mirror) {
        MirrorState state = mirror.state();
        return state.phase() == MirrorState.Phase.LIVE && state.pending() == 0;
    }

    static void eventually(BooleanSupplier condition) {
        Eventually.await(condition::getAsBoolean);
    }

    static void pause(int ms) {
        try {
            Thread.sleep(ms);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Waits until the manager has the routes that ip(8) tells, and says the difference if not. */
    void routesEqual(RecordingManager manager) {
        Map<Prefix, String> expected = LinuxRoutes.of(network);
        Eventually.holds(() -> manager.routes().equals(expected));
        assertThat(manager.routes()).isEqualTo(expected);
    }

    static <T extends Message.Request> boolean has(
            RecordingManager manager, Class<T> kind, java.util.function.Predicate<T> which) {
        return manager.all(kind).stream().anyMatch(which);
    }
}
