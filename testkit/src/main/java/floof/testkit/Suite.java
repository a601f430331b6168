package floof.testkit;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Runs the tests of a checkout whose modules are compiled, side by side.
 *
 * <p>Arguments: the checkout; {@code --all} for those tagged {@code slow}, too, as for classes that
 * are named; names of modules, tags or classes, nothing for all; {@code -Dtest=CLASS} the same,
 * other {@code -D} for the tests.
 */
public final class Suite {

    /**
     * Those that take longest begin first, so that none of them is what all wait for; before them
     * the one whose cache the routers of the others start with.
     */
    private static final List<String> LONGEST =
            List.of(
                    "StartTest",
                    "MachineRestartTest",
                    "DaemonsTest",
                    "SurvivalTest",
                    "DpdkTest",
                    "OperationTest",
                    "ScreenTranscriptTest",
                    "SmallHeapTest",
                    "LiveRouterTest",
                    "DaemonTest",
                    "PortsTest",
                    "RandomLinuxTest",
                    "MirrorTest",
                    "CommitSurvivalTest",
                    "StateFilesTest",
                    "PortsKilledTest",
                    "SshTest",
                    "LinuxStateTest",
                    "ForwardingTest",
                    "FullTablesTest",
                    "FilePortsTest",
                    "QueuesTest",
                    "WorkersTest",
                    "UnpluggedTest");

    /**
     * How it was called.
     *
     * @param names of modules, tags or classes
     * @param properties for the JVMs
     */
    record Options(Path root, boolean withSlow, Set<String> names, List<String> properties) {

        static Options of(List<String> arguments) {
            Set<String> names = new TreeSet<>();
            List<String> properties = new ArrayList<>();
            for (String word : arguments.subList(1, arguments.size())) {
                if (word.startsWith("-Dtest=")) {
                    names.add(word.substring("-Dtest=".length()));
                } else if (word.startsWith("-D")) {
                    properties.add(word);
                } else if (!word.equals("--all")) {
                    names.add(word);
                }
            }
            boolean isClass = names.stream().anyMatch(name -> name.endsWith("Test"));
            boolean all = isClass || arguments.contains("--all");
            Path root = Path.of(arguments.getFirst()).toAbsolutePath();
            return new Options(root, all, names, properties);
        }

        /** Names of no class, module or tag. */
        private Set<String> unknown(List<TestClass> all) {
            Set<String> unknown = new TreeSet<>(names);
            for (TestClass test : all) {
                unknown.remove(test.simpleName());
                unknown.remove(test.module().name());
                unknown.removeAll(test.tags());
            }
            return unknown;
        }

        /** A class counts for more than its module: {@code config -Dtest=ManualTest}. */
        private List<TestClass> select(List<TestClass> all) {
            List<TestClass> named =
                    all.stream().filter(it -> names.contains(it.simpleName())).toList();
            return !named.isEmpty()
                    ? named
                    : all.stream()
                            .filter(it -> withSlow || !it.tags().contains("slow"))
                            .filter(it ->
                                    names.isEmpty()
                                            || names.contains(it.module().name())
                                            || it.tags().stream().anyMatch(names::contains))
                            .toList();
        }
    }

    private final Set<String> unknown;
    private final List<TestClass> waiting;
    private final Set<TestedModule> taken = new HashSet<>();
    private final Options options;
    private final Report report = new Report();

    private Suite(Options options) throws IOException {
        this.options = options;
        List<TestClass> all = new ArrayList<>();
        for (TestedModule module : TestedModule.of(options.root())) {
            all.addAll(TestClass.of(module));
        }
        unknown = options.unknown(all);
        waiting = new ArrayList<>(options.select(all));
        waiting.sort(Comparator.comparingInt(Suite::rank));
    }

    private static int rank(TestClass test) {
        int rank = LONGEST.indexOf(test.simpleName());
        return rank < 0 ? LONGEST.size() : rank;
    }

    /** Exit status 0 when all passed, 1 when not, 2 when something named was not found. */
    public static void main(String[] arguments) throws IOException, InterruptedException {
        Suite suite = new Suite(Options.of(List.of(arguments)));
        if (suite.waiting.isEmpty() || !suite.unknown.isEmpty()) {
            Set<String> names = suite.unknown.isEmpty() ? suite.options.names() : suite.unknown;
            System.err.println("no test named " + names);
            System.exit(2);
        }
        System.exit(suite.run() ? 0 : 1);
    }

    private boolean run() throws IOException, InterruptedException {
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < lanes(); i++) {
            int number = i;
            threads.add(Thread.ofPlatform().name("lane-" + i).start(() -> run(number)));
        }
        for (Thread thread : threads) {
            thread.join();
        }
        waiting.forEach(test -> report.add(Fork.Outcome.FAILED, 0, test.name(), "was not run"));
        boolean isRoot = "root".equals(System.getProperty("user.name"));
        return report.finish(options.root().resolve("target/suite"), isRoot);
    }

    /** Tests of the lab wait half of the time: more of them than CPUs keep these busy. */
    private static int lanes() {
        String lanes = System.getenv("FLOOF_TEST_LANES");
        return lanes != null
                ? Integer.parseInt(lanes)
                : Runtime.getRuntime().availableProcessors() + 1;
    }

    private void run(int number) {
        try (Lane lane = new Lane(number, options, report)) {
            for (TestClass test = next(lane); test != null; test = next(lane)) {
                lane.run(test);
            }
        } catch (IOException | RuntimeException | Error e) {
            report.add(Fork.Outcome.FAILED, 0, "lane " + number, e.toString());
        }
    }

    /**
     * One of the lane's module while there is any, then the first of those whose module nobody
     * works at, then any. Lane 0 begins with the lab, which is more than half of all.
     */
    private synchronized @Nullable TestClass next(Lane lane) {
        TestedModule module = lane.module();
        TestClass chosen =
                waiting.stream()
                        .filter(test -> module == null || test.module().equals(module))
                        .filter(test -> module != null || !isTaken(test))
                        .findFirst()
                        .or(() -> waiting.stream().filter(test -> !isTaken(test)).findFirst())
                        .or(() -> waiting.stream().findFirst())
                        .orElse(null);
        if (chosen != null) {
            waiting.remove(chosen);
            taken.add(chosen.module());
        }
        return chosen;
    }

    private boolean isTaken(TestClass test) {
        return taken.contains(test.module());
    }
}
