package floof.control.service;

import floof.control.plan.Department;
import floof.control.plan.Intent;
import floof.control.plan.Step;
import java.io.Closeable;
import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A service that runs while {@code system services NAME} is configured. Thread: any. */
public final class Service implements Department, AutoCloseable {

    /** Starts it; the result ends it. */
    @FunctionalInterface
    public interface Starter {
        Closeable start() throws IOException;
    }

    private final String name;
    private final Chapter chapter;
    private final Starter starter;
    private @Nullable Closeable running;

    public Service(String name, Starter starter) {
        this.name = name;
        this.chapter = new Chapter("system services " + name, false, false);
        this.starter = starter;
    }

    @Override
    public Chapter chapter() {
        return chapter;
    }

    @Override
    public boolean isSame(String statement, Intent one, Intent other) {
        return one.services().contains(name) == other.services().contains(name);
    }

    @Override
    public synchronized List<Step> plan(Intent shall, boolean isFull) {
        boolean isWanted = shall.services().contains(name);
        if (isWanted == (running != null)) {
            return List.of();
        }
        Step start =
                new Step(
                        Step.Phase.DAEMONS,
                        chapter.name(),
                        "start " + name,
                        this::start,
                        "stop " + name,
                        this::stop);
        return List.of(isWanted ? start : start.inverse());
    }

    private synchronized void start() throws IOException {
        running = starter.start();
    }

    private synchronized void stop() throws IOException {
        Closeable ending = running;
        running = null;
        if (ending != null) {
            ending.close();
        }
    }

    /** Ends it with floofd. */
    @Override
    public void close() throws IOException {
        stop();
    }
}
