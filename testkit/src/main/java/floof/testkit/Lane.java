package floof.testkit;

import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * One JVM at a time that runs test classes; it stays for classes of the same module. Thread: the
 * one that calls it.
 */
class Lane implements AutoCloseable {

    /** Far beyond the longest class: what takes longer hangs. */
    private static final int LIMIT_MINUTES = 2 * Fork.minutes();

    /** Exit statuses from here on are signals, of which a JVM that crashes gives itself one. */
    private static final int SIGNALLED = 128;

    /** Wait for the output of a JVM that has ended; its children may hold it open for ever. */
    private static final Duration DRAIN = Duration.ofSeconds(5);

    private final int number;
    private final Suite.Options options;
    private final Report report;
    private final Path leftovers;
    private @Nullable TestClass last;
    private @Nullable Process process;
    private @Nullable BufferedWriter in;
    private @Nullable BlockingQueue<Optional<String>> out;
    private @Nullable PrintStream log;

    Lane(int number, Suite.Options options, Report report) {
        this.number = number;
        this.options = options;
        this.report = report;
        this.leftovers = options.root().resolve("target/suite/leftovers-" + number);
    }

    @Nullable TestedModule module() {
        return last == null ? null : last.module();
    }

    /** Runs a class. The class fails if its JVM does; the lane goes on. */
    void run(TestClass test) {
        report.begin(test.name());
        try {
            if (!fits(test)) {
                close();
                start(test);
            }
            last = test;
            String fault = executeWatched(test);
            if (!fault.isEmpty()) {
                fail(test, fault);
                end();
            }
        } catch (IOException | RuntimeException | Error e) {
            fail(test, e.toString());
            abandon();
        }
    }

    private void fail(TestClass test, String fault) {
        report.add(Fork.Outcome.FAILED, 0, test.name(), fault + "; see " + logFile(test));
        report.end(test.name(), 0);
    }

    /** The fault; empty if the class finished. */
    private String executeWatched(TestClass test) throws IOException {
        AtomicBoolean hangs = new AtomicBoolean();
        Thread watch = Thread.ofVirtual().start(() -> endIfItHangs(hangs));
        try {
            if (in != null && execute(test, in)) {
                return "";
            }
            return hangs.get() ? "more than " + LIMIT_MINUTES + " minutes" : "the JVM ended";
        } finally {
            watch.interrupt();
        }
    }

    /** False when the JVM ended before the class did. */
    private boolean execute(TestClass test, BufferedWriter to) throws IOException {
        to.write(test.name() + "\n");
        to.flush();
        for (String line = next(); line != null; line = next()) {
            if (!line.startsWith(Fork.MARK)) {
                if (log != null && !line.isEmpty()) {
                    log.println(line);
                }
                continue;
            }
            String[] fields = line.substring(Fork.MARK.length()).split("\t", -1);
            Fork.Outcome outcome = Fork.Outcome.valueOf(fields[0]);
            long ms = Long.parseLong(fields[1]);
            if (outcome == Fork.Outcome.CLASS_ENDED) {
                report.end(test.name(), ms);
                return true;
            }
            byte[] text = Base64.getDecoder().decode(fields[3]);
            report.add(outcome, ms, fields[2], new String(text, StandardCharsets.UTF_8));
        }
        return false;
    }

    /** The next line; null at the end of the output, or {@link #DRAIN} after the JVM's end. */
    private @Nullable String next() {
        long endedNs = 0;
        while (out != null && process != null) {
            try {
                Optional<String> line = out.poll(100, TimeUnit.MILLISECONDS);
                if (line != null) {
                    return line.orElse(null);
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return null;
            }
            if (!process.isAlive()) {
                long nowNs = System.nanoTime();
                endedNs = endedNs == 0 ? nowNs : endedNs;
                if (nowNs - endedNs > DRAIN.toNanos()) {
                    return null;
                }
            }
        }
        return null;
    }

    /** Another thread cannot interrupt a read, so reads have a thread of their own. */
    private static void read(BufferedReader from, BlockingQueue<Optional<String>> to) {
        try (from) {
            for (String line = from.readLine(); line != null; line = from.readLine()) {
                to.add(Optional.of(line));
            }
        } catch (IOException e) {
            // It was ended by force.
        }
        to.add(Optional.empty());
    }

    private boolean fits(TestClass test) {
        return last != null
                && process != null
                && process.isAlive()
                && last.module().equals(test.module())
                && last.tags().contains("raw") == test.tags().contains("raw");
    }

    private Path logFile(TestClass test) {
        return test.module().folder().resolve("target/suite-" + number + ".log");
    }

    /** The command of the JVM that runs the class. */
    List<String> command(TestClass test) {
        boolean raw = test.tags().contains("raw");
        List<String> arguments = options.withSlow() ? List.of() : List.of("slow");
        return test.module().command(raw, options.properties(), arguments);
    }

    private void start(TestClass test) throws IOException {
        ProcessBuilder builder =
                new ProcessBuilder(command(test))
                        .directory(test.module().folder().toFile())
                        .redirectErrorStream(true);
        // The image is there: no ./floof of a test builds it anew.
        builder.environment().put("FLOOF_IS_BUILT", "1");
        builder.environment().put(Leftovers.FOLDER, leftovers.toString());
        Leftovers.prepare(leftovers);
        Process started = builder.start();
        process = started;
        in = started.outputWriter(StandardCharsets.UTF_8);
        BufferedReader reader = started.inputReader(StandardCharsets.UTF_8);
        BlockingQueue<Optional<String>> lines = new LinkedBlockingQueue<>();
        Thread.ofPlatform().daemon().name("output-" + number).start(() -> read(reader, lines));
        out = lines;
        log = new PrintStream(Files.newOutputStream(logFile(test)), true, StandardCharsets.UTF_8);
    }

    private void endIfItHangs(AtomicBoolean hangs) {
        try {
            TimeUnit.MINUTES.sleep(LIMIT_MINUTES);
            hangs.set(true);
            kill();
        } catch (InterruptedException e) {
            // The class has ended.
        }
    }

    private void kill() {
        Process running = process;
        if (running != null) {
            running.descendants().forEach(ProcessHandle::destroyForcibly);
            running.destroyForcibly();
        }
    }

    /** Gives up a JVM with which nothing can be done any more. */
    private void abandon() {
        kill();
        clear();
        process = null;
        if (log != null) {
            log.close();
        }
    }

    private void clear() {
        try {
            Leftovers.clear(leftovers);
        } catch (IOException e) {
            report.add(Fork.Outcome.FAILED, 0, "lane " + number, e.toString());
        }
    }

    /**
     * Ends the JVM by the end of its input; shutdown hooks take back what tests left.
     *
     * @return its exit status
     */
    private int end() throws IOException {
        if (process == null) {
            return 0;
        }
        try {
            if (in != null) {
                in.close();
            }
        } catch (IOException e) {
            // It has ended already.
        }
        for (String line = next(); line != null; line = next()) {
            if (log != null) {
                log.println(line);
            }
        }
        if (log != null) {
            log.close();
        }
        int status = 0;
        try {
            status = process.waitFor();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        clear();
        process = null;
        return status;
    }

    /** A JVM that crashes between two classes, or after the last, fails the one before. */
    @Override
    public void close() throws IOException {
        TestClass before = last;
        int status = end();
        if (status >= SIGNALLED && before != null) {
            String fault = "the JVM crashed after it, status " + status;
            report.add(Fork.Outcome.FAILED, 0, before.name(), fault + "; see " + logFile(before));
        }
    }
}
