package floof.testkit;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** What came of all cases, printed as they end and summed up. Thread: any. */
final class Report {

    private static final int SLOWEST = 10;

    /** Lines of a fault that are printed at once; the rest is in the file of failures. */
    private static final int LINES = 12;

    /** Skipping for want of these is no fault of who runs the tests. */
    private static final String HARDWARE = "CPUs";

    private record Case(Fork.Outcome outcome, String name, long ms, String text) {}

    private record Time(String name, long ms, int cases) {}

    private final List<Case> cases = new ArrayList<>();
    private final List<Time> times = new ArrayList<>();
    private final Map<String, List<Case>> running = new HashMap<>();
    private final long startNs = System.nanoTime();

    synchronized void begin(String name) {
        running.put(name, new ArrayList<>());
    }

    synchronized void add(Fork.Outcome outcome, long ms, String name, String text) {
        Case added = new Case(outcome, name, ms, text);
        cases.add(added);
        running.forEach((type, list) -> {
            if (name.startsWith(type)) {
                list.add(added);
            }
        });
        if (outcome == Fork.Outcome.FAILED) {
            print("[ERROR] %s -- Time elapsed: %.3f s <<< FAILURE!", name, ms / 1e3);
            text.lines().limit(LINES).forEach(line -> print("%s", line));
        }
    }

    synchronized void end(String name, long ms) {
        List<Case> own = running.getOrDefault(name, List.of());
        running.remove(name);
        times.add(new Time(name, ms, own.size()));
        long failed = count(own, Fork.Outcome.FAILED);
        long skipped = count(own, Fork.Outcome.SKIPPED);
        print(
                "[%s] Tests run: %d, Failures: %d, Errors: 0, Skipped: %d, Time elapsed: %.3f s%s"
                        + " -- in %s",
                failed != 0 ? "ERROR" : skipped != 0 ? "WARNING" : "INFO",
                own.size(),
                failed,
                skipped,
                ms / 1e3,
                failed != 0 ? " <<< FAILURE!" : "",
                name);
    }

    private static long count(List<Case> cases, Fork.Outcome outcome) {
        return cases.stream().filter(it -> it.outcome() == outcome).count();
    }

    private static void print(String format, Object... values) {
        System.out.println(format.formatted(values));
    }

    /**
     * Prints what failed, what was skipped and what took longest; the names of all cases and the
     * whole text of failures go into files.
     *
     * @param mayNot whether a skipped test is a failure
     * @return whether all is well
     */
    synchronized boolean finish(Path folder, boolean mayNot) throws IOException {
        Files.createDirectories(folder);
        Files.write(
                folder.resolve("cases.txt"),
                cases.stream().map(it -> it.outcome() + " " + it.name()).sorted().toList());
        Files.write(
                folder.resolve("times.txt"),
                cases.stream()
                        .sorted(Comparator.comparingLong(Case::ms).reversed())
                        .map(it -> "%7.1f s  %s".formatted(it.ms() / 1e3, it.name()))
                        .toList());
        Files.write(
                folder.resolve("failures.txt"),
                select(Fork.Outcome.FAILED).stream()
                        .map(it -> it.name() + "\n" + it.text())
                        .toList());
        print("");
        print("The %d slowest classes:", Math.min(SLOWEST, times.size()));
        times.stream()
                .sorted(Comparator.comparingLong(Time::ms).reversed())
                .limit(SLOWEST)
                .forEach(it -> print("  %7.1f s  %s (%d)", it.ms() / 1e3, it.name(), it.cases()));
        List<Case> skipped = select(Fork.Outcome.SKIPPED);
        List<Case> wrong = skipped.stream().filter(it -> mayNot && isMissing(it)).toList();
        if (!skipped.isEmpty()) {
            print("Skipped%s:", wrong.isEmpty() ? "" : ", which is a failure here");
            skipped.forEach(it -> print("  %s: %s", it.name(), first(it)));
        }
        List<Case> failed = select(Fork.Outcome.FAILED);
        if (!failed.isEmpty()) {
            print("Failed (all of it in %s):", folder.resolve("failures.txt"));
            failed.forEach(it -> print("  %s: %s", it.name(), first(it)));
        }
        long s = (System.nanoTime() - startNs) / 1_000_000_000;
        long passed = count(cases, Fork.Outcome.PASSED);
        print(
                "Tests run: %d, Failures: %d, Errors: 0, Skipped: %d",
                cases.size(), failed.size(), skipped.size());
        print(
                "%d passed, %d failed, %d skipped in %d min %d s",
                passed,
                failed.size() + wrong.size(),
                skipped.size() - wrong.size(),
                s / 60,
                s % 60);
        return failed.isEmpty() && wrong.isEmpty() && passed != 0;
    }

    private List<Case> select(Fork.Outcome outcome) {
        return cases.stream()
                .filter(it -> it.outcome() == outcome)
                .sorted(Comparator.comparing(Case::name))
                .toList();
    }

    private static boolean isMissing(Case skipped) {
        return !skipped.text().contains(HARDWARE);
    }

    /** What went wrong in one line: up to the stack trace. */
    private static String first(Case it) {
        return String.join(
                " ",
                it.text()
                        .lines()
                        .takeWhile(line -> !line.startsWith("\tat "))
                        .map(String::strip)
                        .filter(line -> !line.isEmpty())
                        .limit(4)
                        .toList());
    }
}
