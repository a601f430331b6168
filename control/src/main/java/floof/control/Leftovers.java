package floof.control;

import floof.control.bird.Bird;
import floof.control.fastpath.FastPathProcess;
import floof.control.instance.Instance;
import floof.control.instance.Processes;
import floof.control.port.Claim;
import floof.control.port.Claims;
import floof.control.port.Devices;
import floof.linux.error.LinuxException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What an instance has in the system, given back: by the supervisor at its end, and by {@code floof
 * release} after one that was killed. Knows only what lies on disk; doing it twice does no harm.
 * The caller holds the supervisor's lock.
 */
public final class Leftovers {

    private static final Logger LOG = LoggerFactory.getLogger(Leftovers.class);

    /** Main class of floofd, as it stands on the process's command line. */
    public static final String FLOOFD = "floof.app.Floofd";

    private final Instance instance;
    private final List<String> failures = new ArrayList<>();

    private Leftovers(Instance instance) {
        this.instance = instance;
    }

    @FunctionalInterface
    private interface Step {
        void run() throws IOException;
    }

    /**
     * Ends floofd, fast path and BIRD, gives the claimed devices back, removes namespaces, memory
     * and files. Each step is tried whatever became of those before.
     *
     * @return what could not be done, for the operator; then the records of it stay
     */
    public static List<String> giveBack(Instance instance) {
        Leftovers leftovers = new Leftovers(instance);
        leftovers.run();
        return List.copyOf(leftovers.failures);
    }

    private void run() {
        if (!Files.exists(instance.run())) {
            return;
        }
        attempt("end floofd", () -> endFloofd());
        // BIRD first, so that its farewell still gets out: a neighbour that only sees the link
        // fail waits a minute before it tries again (BIRD's error wait time).
        attempt("end BIRD", () -> Bird.end(instance));
        attempt("end the fast path", () -> FastPathProcess.end(instance));
        attempt(
                "read the claims",
                () -> {
                    Claims claims = Claims.of(instance);
                    Devices devices = new Devices(instance, claims);
                    for (Claim claim : claims.all().values()) {
                        attempt("return " + claim.port(), () -> devices.release(claim));
                    }
                });
        attempt("return all devices", () -> Devices.refuseStrays(instance));
        if (failures.isEmpty()) {
            attempt("remove namespaces and memory", () -> Namespaces.remove(instance));
        }
        if (failures.isEmpty()) {
            attempt("remove " + instance.run(), () -> delete(instance.run()));
            attempt("remove " + instance.running(), () -> Files.deleteIfExists(instance.running()));
            LOG.info("instance {} has given everything back", instance.name());
        }
    }

    private void attempt(String what, Step step) {
        try {
            step.run();
        } catch (IOException | UncheckedIOException | LinuxException e) {
            failures.add("could not " + what + ": " + e.getMessage());
        }
    }

    private void endFloofd() {
        Processes.findMain(FLOOFD, instance).forEach(found -> Processes.end(found, 10_000));
    }

    private static void delete(Path folder) throws IOException {
        List<Path> all;
        try (Stream<Path> walk = Files.walk(folder)) {
            all = walk.sorted(Comparator.reverseOrder()).toList();
        }
        for (Path path : all) {
            Files.deleteIfExists(path);
        }
    }
}
