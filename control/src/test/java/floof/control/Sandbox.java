package floof.control;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import floof.base.alarm.Alarms;
import floof.base.task.Tasks;
import floof.control.instance.Instance;
import floof.control.instance.Processes;
import floof.linux.NetworkNamespace;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;

/** An instance of its own with namespaces beside it, for one test; all gone at its end. */
public final class Sandbox implements AutoCloseable {

    private static final AtomicInteger NUMBER = new AtomicInteger();

    private final Deque<Runnable> atEnd = new ArrayDeque<>();
    public final Instance instance;
    public final Alarms alarms = new Alarms(InstantSource.system());
    public final Tasks tasks =
            new Tasks(alarms, (line, fault) -> System.err.println(line + ": " + fault), () -> {});

    public Sandbox() {
        assumeTrue("root".equals(System.getProperty("user.name")), "needs root");
        long id = ProcessHandle.current().pid() * 10 + NUMBER.incrementAndGet();
        instance = new Instance("t" + Long.toString(id % 78_364_164_096L, 36));
        atEnd(this::removeInstance);
    }

    public void atEnd(Runnable work) {
        atEnd.push(work);
    }

    private void removeInstance() {
        Namespaces.remove(instance);
        for (Path folder : List.of(instance.run(), instance.state())) {
            if (Files.exists(folder)) {
                try (Stream<Path> all = Files.walk(folder)) {
                    all.sorted(Comparator.reverseOrder()).forEach(Sandbox::delete);
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            }
        }
    }

    private static void delete(Path path) {
        try {
            if (NetworkNamespace.exists(path)) {
                NetworkNamespace.delete(path);
            }
            Files.deleteIfExists(path);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Makes a namespace that is not the instance's. */
    public Path namespace(String suffix) {
        Path path = Path.of("/run/netns", instance.name() + "-" + suffix);
        NetworkNamespace.create(path);
        atEnd(() -> NetworkNamespace.delete(path));
        return path;
    }

    /** Runs a command line without quoting in a namespace; its output. */
    public static String in(Path namespace, String line) {
        List<String> words =
                Stream.concat(
                                Stream.of("nsenter", "--net=" + namespace, "--"),
                                Stream.of(line.strip().split("\\s+")))
                        .toList();
        try {
            Processes.Outcome outcome = Processes.run(20_000, words);
            if (outcome.status() != 0) {
                throw new IllegalStateException(line + ": " + outcome.output());
            }
            return outcome.output();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Waits until it is so; false when time ran out. */
    public static boolean await(Duration limit, BooleanSupplier isSo) throws InterruptedException {
        long deadlineNs = System.nanoTime() + limit.toNanos();
        while (!isSo.getAsBoolean()) {
            if (System.nanoTime() > deadlineNs) {
                return false;
            }
            Thread.sleep(20);
        }
        return true;
    }

    @Override
    public void close() {
        RuntimeException first = null;
        while (!atEnd.isEmpty()) {
            try {
                atEnd.pop().run();
            } catch (RuntimeException e) {
                if (first == null) {
                    first = e;
                } else {
                    first.addSuppressed(e);
                }
            }
        }
        if (first != null) {
            throw first;
        }
    }
}
