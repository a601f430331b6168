package floof.control.instance;

import floof.linux.error.Errno;
import floof.linux.error.LinuxException;
import floof.linux.system.PidFd;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * Processes of an instance, told by their command lines: the identity that is right at once after
 * the start, survives the death of whoever started them and cannot be mistaken after a process
 * number was used again.
 */
public final class Processes {

    private Processes() {}

    /** What a program that was run to its end said, both streams together. */
    public record Outcome(int status, String output) {}

    /** {@link #run(String, long, List)} without input. */
    public static Outcome run(long limitMs, List<String> command) throws IOException {
        return run("", limitMs, command);
    }

    /**
     * Runs a program to its end.
     *
     * @throws IOException when it cannot be started or takes longer than {@code limitMs}
     */
    public static Outcome run(String input, long limitMs, List<String> command) throws IOException {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        boolean isDone = false;
        try {
            CompletableFuture<String> output = new CompletableFuture<>();
            Thread.ofVirtual()
                    .name("output of " + command.getFirst())
                    .start(() -> read(process, output));
            Thread.ofVirtual()
                    .name("input of " + command.getFirst())
                    .start(() -> write(process, input));
            String text = output.get(limitMs, TimeUnit.MILLISECONDS);
            isDone = process.waitFor(limitMs, TimeUnit.MILLISECONDS);
            if (!isDone) {
                throw new TimeoutException();
            }
            return new Outcome(process.exitValue(), text.strip());
        } catch (TimeoutException e) {
            throw new IOException(
                    String.join(" ", command) + " took longer than " + limitMs + " ms", e);
        } catch (ExecutionException e) {
            throw new IOException("output of " + command.getFirst() + ": " + e.getCause(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while running " + command.getFirst(), e);
        } finally {
            if (!isDone) {
                process.descendants().forEach(ProcessHandle::destroyForcibly);
                process.destroyForcibly();
            }
        }
    }

    /** A program that ends before it has read all of it says why by its status. */
    private static void write(Process process, String input) {
        try (OutputStream stream = process.getOutputStream()) {
            stream.write(input.getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
            // As above.
        }
    }

    /** To the end, which comes when the last process lets go of it. */
    private static void read(Process process, CompletableFuture<String> output) {
        try {
            byte[] bytes = process.getInputStream().readAllBytes();
            output.complete(new String(bytes, StandardCharsets.UTF_8));
        } catch (IOException e) {
            output.completeExceptionally(e);
        }
    }

    /** Living processes whose words of the command line satisfy {@code isWanted}. */
    public static List<ProcessHandle> find(Predicate<List<String>> isWanted) {
        List<ProcessHandle> found = new ArrayList<>();
        try (Stream<Path> entries = Files.list(Path.of("/proc"))) {
            entries.map(entry -> entry.getFileName().toString())
                    .filter(name -> name.matches("[0-9]+"))
                    .filter(name -> isWanted(words(name), isWanted))
                    .forEach(name -> ProcessHandle.of(Long.parseLong(name)).ifPresent(found::add));
        } catch (IOException e) {
            throw new UncheckedIOException("cannot list /proc", e);
        }
        return found;
    }

    /** Living JVMs of an instance by their main class in module {@code floof.app}. */
    public static List<ProcessHandle> findMain(String main, Instance instance) {
        return find(isMain(main, instance));
    }

    /** Whether the words of a command line are of such a JVM. */
    public static Predicate<List<String>> isMain(String main, Instance instance) {
        return words -> {
            int at = words.indexOf("floof.app/" + main);
            int option = words.indexOf("--instance");
            String name =
                    option > at && option + 1 < words.size()
                            ? words.get(option + 1)
                            : Instance.DEFAULT.name();
            return at > 0 && name.equals(instance.name());
        };
    }

    private static boolean isWanted(List<String> words, Predicate<List<String>> isWanted) {
        return !words.isEmpty() && isWanted.test(words);
    }

    /** The words of a process's command line; none when it is gone. */
    public static List<String> words(long pid) {
        return words(Long.toString(pid));
    }

    /** proc_pid_cmdline(5): words ended by zero bytes; none for one that is gone or a zombie. */
    private static List<String> words(String pid) {
        try {
            String line =
                    Files.readString(Path.of("/proc", pid, "cmdline"), StandardCharsets.ISO_8859_1);
            return line.isEmpty() ? List.of() : List.of(line.split("\0"));
        } catch (IOException e) {
            return List.of();
        }
    }

    /** SIGTERM, and after {@code graceMs} SIGKILL; returns when it is gone. */
    public static void end(ProcessHandle process, long graceMs) {
        process.destroy();
        if (!awaitEnd(process, graceMs)) {
            process.destroyForcibly();
            awaitEnd(process, 5_000);
        }
    }

    /** Waits for the end of a process, ours or not; false when it took longer. */
    private static boolean awaitEnd(ProcessHandle process, long limitMs) {
        try (PidFd pidFd = PidFd.open(process.pid())) {
            // The handle knows the start time: alive now means that the descriptor is of this one.
            return !process.isAlive() || pidFd.awaitEnd((int) limitMs);
        } catch (LinuxException e) {
            if (e.errno() == Errno.ESRCH) {
                return true;
            }
            throw e;
        }
    }

    /** Whether two files, under /proc or bind mounts, are one namespace (namespaces(7)). */
    public static boolean isSameNamespace(Path a, Path b) {
        try {
            return Files.isSameFile(a, b);
        } catch (IOException e) {
            return false; // one of them is gone
        }
    }
}
