package floof.lab;

import static org.assertj.core.api.Assertions.assertThat;

import floof.testkit.Eventually;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** Ends a process by -9 at a system call, before that is made (strace(1), {@code --inject}). */
final class Strace {

    private Strace() {}

    /**
     * Waits for the moment; it has come when the returned process has ended.
     *
     * @param call and which one of them it is: {@code write:2}
     * @param paths only calls with one of these files count
     */
    static Process killAt(Network network, ProcessHandle process, String call, List<Path> paths)
            throws InterruptedException {
        List<String> words = new ArrayList<>(List.of("strace", "-f", "-qq", "-p"));
        words.add("" + process.pid());
        words.addAll(List.of("-e", "inject=" + call.replace(":", ":signal=SIGKILL:when=")));
        paths.forEach(path -> words.addAll(List.of("-P", path.toString())));
        Process strace =
                Command.of(words.toArray(String[]::new))
                        .start(network.folder().resolve("strace").toFile());
        assertThat(Eventually.holds(() -> isTraced(process))).isTrue();
        return strace;
    }

    /** All its threads are. */
    private static boolean isTraced(ProcessHandle process) {
        try (Stream<Path> tasks = Files.list(Path.of("/proc", "" + process.pid(), "task"))) {
            return tasks.noneMatch(task -> {
                try {
                    return Files.readString(task.resolve("status")).contains("TracerPid:\t0\n");
                } catch (IOException e) {
                    return false; // it has ended
                }
            });
        } catch (IOException e) {
            return false;
        }
    }
}
