package floof.control;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import floof.base.alarm.Alarms;
import floof.base.task.Tasks;
import floof.control.instance.Instance;
import floof.linux.system.NetworkNamespace;
import floof.testkit.Netns;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
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
        Netns netns = new Netns(instance.name() + "-" + suffix);
        atEnd(netns::close);
        return netns.path();
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
