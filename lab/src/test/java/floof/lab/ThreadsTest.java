package floof.lab;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Nothing dies quietly: threads are tasks of {@code floof.base.task}, or stand here with a reason.
 */
class ThreadsTest {

    private static final String FAST_PATH =
            "of the fast path's process, which an uncaught exception ends";
    private static final String SESSION = "of one session; its end is the session's";
    private static final String CLIENT = "of floofctl, which ends with its main thread";
    private static final String ASKED = "somebody waits for its result and gets what it throws";

    private static final Map<String, String> REASONS =
            Map.ofEntries(
                    Map.entry("floof.base.task.Task", "a task itself"),
                    Map.entry("floof.base.task.Tasks", "clears an alarm later"),
                    Map.entry("floof.app.FastPath", FAST_PATH),
                    Map.entry("floof.app.WarmUp", FAST_PATH),
                    Map.entry("floof.engine.Worker", FAST_PATH),
                    Map.entry("floof.linux.system.OwnThread", ASKED),
                    Map.entry("floof.ports.MemifPort", FAST_PATH),
                    Map.entry("floof.app.Training", "of the training's process"),
                    Map.entry("floof.app.Floofd", "the JVM's shutdown hook"),
                    Map.entry("floof.app.Supervisor", "the JVM's shutdown hook"),
                    Map.entry(
                            "floof.fpc.FpcClient",
                            "of one connection; its end is the connection's, which is made anew"),
                    Map.entry("floof.linux.system.NetworkNamespace", ASKED),
                    Map.entry("floof.control.port.Twin", ASKED),
                    Map.entry("floof.control.instance.Processes", ASKED),
                    Map.entry("floof.cli.grammar.Filter", SESSION),
                    Map.entry("floof.cli.Logs", SESSION),
                    Map.entry("floof.cli.Session", SESSION),
                    Map.entry("floof.cli.TerminalScreen", SESSION),
                    Map.entry("floof.cli.screen.Working", SESSION),
                    Map.entry("floof.cli.client.Floofctl", CLIENT),
                    Map.entry("floof.cli.client.Rehearsal", CLIENT),
                    Map.entry("floof.cli.client.Tty", CLIENT));

    private static final Set<String> MAKERS =
            Set.of("ofPlatform", "ofVirtual", "startVirtualThread", "supplyAsync", "runAsync");

    @Test
    @Tag("slow")
    void threadsAreTasksOrHaveAReason() {
        Set<String> found = new TreeSet<>();
        List<java.nio.file.Path> classes =
                ArchitectureTest.MODULES.stream()
                        .map(module -> Router.repository().resolve(module + "/target/classes"))
                        .toList();
        for (JavaClass type : new ClassFileImporter().importPaths(classes)) {
            type.getAccessesFromSelf().stream()
                    .filter(ThreadsTest::makesAThread)
                    .forEach(access -> found.add(type.getName().replaceAll("\\$.*", "")));
        }
        assertThat(found).containsExactlyInAnyOrderElementsOf(REASONS.keySet());
    }

    private static boolean makesAThread(JavaAccess<?> access) {
        String owner = access.getTargetOwner().getName();
        String name = access.getName();
        boolean isThread = owner.equals(Thread.class.getName());
        boolean isConstructor = name.equals("<init>");
        return isThread && (MAKERS.contains(name) || isConstructor)
                || owner.equals(CompletableFuture.class.getName()) && MAKERS.contains(name)
                || owner.equals(CompletableFuture.class.getName()) && name.equals("delayedExecutor")
                || owner.equals(Executors.class.getName())
                || owner.equals("java.util.Timer") && isConstructor;
    }
}
