package floof.lab;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A program run to its end, in a network namespace or in ours. Thread: any.
 *
 * @param words the program and its arguments
 * @param namespace name of a network namespace under /run/netns, or null for our own
 */
public record Command(List<String> words, @Nullable String namespace) {

    /** How long a program may take unless told otherwise. */
    public static final Duration TIME_LIMIT = Duration.ofSeconds(60);

    /** What came of it: both streams together, and the exit status (-1: it ran out of time). */
    public record Outcome(int status, String output) {
        public boolean isGood() {
            return status == 0;
        }
    }

    public static Command of(String... words) {
        return new Command(List.of(words), null);
    }

    /** One line of words separated by blanks, without quoting. */
    public static Command line(String line) {
        return of(line.strip().split("\\s+"));
    }

    public Command in(String name) {
        return new Command(words, name);
    }

    ProcessBuilder builder() {
        List<String> full = new ArrayList<>();
        if (namespace != null) {
            full.addAll(List.of("nsenter", "--net=/run/netns/" + namespace, "--"));
        }
        full.addAll(words);
        return new ProcessBuilder(full).redirectErrorStream(true);
    }

    /** Starts it with its output going to a file. */
    public Process start(File output) {
        try {
            return builder().redirectOutput(output).redirectInput(new File("/dev/null")).start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public Outcome run() {
        return run("", TIME_LIMIT);
    }

    /** Runs it with this standard input; ends it (by its own pid) when time is up. */
    public Outcome run(String input, Duration limit) {
        try {
            Process process = builder().start();
            Thread feeder = Thread.ofVirtual().name("feeder").start(() -> feed(process, input));
            StringBuilder output = new StringBuilder();
            Thread reader = Thread.ofVirtual().name("reader").start(() -> drain(process, output));
            boolean ended = process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS);
            if (!ended) {
                process.descendants().forEach(ProcessHandle::destroyForcibly);
                process.destroyForcibly();
            }
            feeder.join();
            reader.join(2_000);
            synchronized (output) {
                return new Outcome(ended ? process.exitValue() : -1, output.toString());
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while running " + words, e);
        }
    }

    /**
     * Runs it and expects status 0.
     *
     * @throws IllegalStateException with the command and what it printed
     */
    public String mustRun() {
        Outcome outcome = run();
        if (!outcome.isGood()) {
            throw new IllegalStateException(
                    String.join(" ", words)
                            + (namespace == null ? "" : " (in " + namespace + ")")
                            + " ended with "
                            + outcome.status()
                            + ": "
                            + outcome.output());
        }
        return outcome.output();
    }

    private static void feed(Process process, String input) {
        try (var stream = process.getOutputStream()) {
            stream.write(input.getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
            // The program ended without reading all of it: its status tells.
        }
    }

    private static void drain(Process process, StringBuilder output) {
        try (var stream = process.inputReader(StandardCharsets.UTF_8)) {
            char[] buffer = new char[8192];
            int count;
            while ((count = stream.read(buffer)) >= 0) {
                synchronized (output) {
                    output.append(buffer, 0, count);
                }
            }
        } catch (IOException e) {
            // Ended by force: what was read so far counts.
        }
    }
}
