package floof.lab.bench;

import floof.lab.Command;
import floof.lab.Router;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * On which core what is compared runs, and before whom: all alike, whether they are ours or not.
 * Threads are their folders below {@code /proc/PID/task}.
 */
final class Pinning {

    private static final String FIRST = "-20";
    private static final String IN_TURN = "0";

    private Pinning() {}

    /** A process's threads whose names contain this. */
    static List<Path> threads(long pid, String name) {
        try (Stream<Path> tasks = Files.list(Path.of("/proc", "" + pid, "task"))) {
            return tasks.filter(task -> name(task).contains(name)).toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String name(Path task) {
        try {
            return Files.readString(task.resolve("comm"));
        } catch (IOException e) {
            return ""; // it ended meanwhile
        }
    }

    /** A router's first worker goes to a core, whatever the router chose; its thread. */
    static Path worker(Router router, int core) {
        String pattern = "floof.app.FastPath.*--instance " + router.instance() + "( |$)";
        long pid = Long.parseLong(Command.of("pgrep", "-f", pattern).mustRun().strip());
        serveFirst(pid);
        Path worker = threads(pid, "worker-0").getFirst();
        pin(worker, core);
        return worker;
    }

    /** To a core, before all others of its session there. */
    static void pin(Path thread, int core) {
        String id = thread.getFileName().toString();
        Command.of("taskset", "-pc", "" + core, id).mustRun();
        Command.of("renice", "-n", "-20", "-p", id).mustRun();
    }

    /**
     * Before other sessions: where the scheduler groups processes by session (autogroup, sched(7)),
     * nice values count within a session only.
     */
    static void serveFirst(long pid) {
        serve(pid, FIRST);
    }

    /** This process's session, until the process ends: others of it run on afterwards. */
    static void serveFirstMeanwhile() {
        long own = ProcessHandle.current().pid();
        serve(own, FIRST);
        Runtime.getRuntime().addShutdownHook(new Thread(() -> serve(own, IN_TURN), "in-turn"));
    }

    private static void serve(long pid, String nice) {
        Path group = Path.of("/proc", "" + pid, "autogroup");
        try {
            if (Files.exists(group)) {
                Files.writeString(group, nice);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
