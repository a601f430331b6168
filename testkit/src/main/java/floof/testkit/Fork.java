package floof.testkit;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.engine.discovery.DiscoverySelectors;
import org.junit.platform.launcher.Launcher;
import org.junit.platform.launcher.LauncherDiscoveryRequest;
import org.junit.platform.launcher.TagFilter;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestIdentifier;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;

/**
 * A JVM that runs the test classes named on its standard input, one a line, until that ends. What
 * came of each case it says on its standard output, in lines that begin with {@link #MARK}; the
 * other lines are the tests' own.
 *
 * <p>Argument: a tag whose tests are left out, or nothing.
 */
public final class Fork implements TestExecutionListener {

    static final String MARK = "\u0001";

    /** After the mark: outcome, milliseconds, name, and what went wrong in Base64, by tabs. */
    enum Outcome {
        PASSED,
        FAILED,
        SKIPPED,
        /** All cases of the class are done. */
        CLASS_ENDED
    }

    /** A test that waits in vain fails, so that the others run and it is named. */
    private static final String TIMEOUT = "junit.jupiter.execution.timeout.testable.method.default";

    private final PrintStream out;

    private final ConcurrentMap<String, Long> startsNs = new ConcurrentHashMap<>();

    /** Reported cases of the class. */
    private final AtomicInteger reported = new AtomicInteger();

    private Fork(PrintStream out) {
        this.out = out;
    }

    /** Ends with the input; threads that tests left do not keep it. */
    public static void main(String[] arguments) throws IOException {
        Fork fork = new Fork(System.out);
        Launcher launcher = LauncherFactory.create();
        BufferedReader in =
                new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (String name = in.readLine(); name != null; name = in.readLine()) {
            fork.run(launcher, name, arguments);
        }
        System.exit(0);
    }

    /** How long a test may take; those that fuzz take longer with more rounds. */
    static int minutes() {
        String rounds = System.getenv().getOrDefault("FLOOF_FUZZ_ROUNDS", "0");
        return 10 + Integer.parseInt(rounds) / 100;
    }

    private static LauncherDiscoveryRequest request(String name, String... excludedTags) {
        LauncherDiscoveryRequestBuilder request =
                LauncherDiscoveryRequestBuilder.request()
                        .selectors(DiscoverySelectors.selectClass(name))
                        .configurationParameter(TIMEOUT, minutes() + " m");
        if (excludedTags.length != 0) {
            request.filters(TagFilter.excludeTags(excludedTags));
        }
        return request.build();
    }

    private void run(Launcher launcher, String name, String... excludedTags) {
        long startNs = System.nanoTime();
        reported.set(0);
        try {
            launcher.execute(request(name, excludedTags), this);
            if (reported.get() == 0 && !launcher.discover(request(name)).containsTests()) {
                say(Outcome.FAILED, 0, name, "there is no test in it");
            }
        } catch (RuntimeException | Error e) {
            say(Outcome.FAILED, 0, name, text(e));
        }
        say(Outcome.CLASS_ENDED, System.nanoTime() - startNs, name, "");
    }

    private static String text(@Nullable Throwable fault) {
        StringWriter text = new StringWriter();
        if (fault != null) {
            fault.printStackTrace(new PrintWriter(text, true));
        }
        return text.toString();
    }

    private void say(Outcome outcome, long ns, String name, String text) {
        reported.incrementAndGet();
        String clean = name.replaceAll("[\\t\\n\\r]", " ");
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        String encoded = Base64.getEncoder().encodeToString(bytes);
        // One print: lines of other threads do not come between. A new line first: the tests' own
        // output may have stopped in the middle of one.
        out.print("\n%s%s\t%d\t%s\t%s\n".formatted(MARK, outcome, ns / 1_000_000, clean, encoded));
        out.flush();
    }

    @Override
    public void executionStarted(TestIdentifier test) {
        startsNs.put(test.getUniqueId(), System.nanoTime());
    }

    @Override
    public void executionSkipped(TestIdentifier test, String reason) {
        say(Outcome.SKIPPED, 0, name(test), reason);
    }

    @Override
    public void executionFinished(TestIdentifier test, TestExecutionResult result) {
        Long startNs = startsNs.remove(test.getUniqueId());
        long ns = startNs == null ? 0 : System.nanoTime() - startNs;
        Throwable fault = result.getThrowable().orElse(null);
        switch (result.getStatus()) {
            case SUCCESSFUL -> {
                if (test.isTest()) {
                    say(Outcome.PASSED, ns, name(test), "");
                }
            }
            case ABORTED -> say(Outcome.SKIPPED, ns, name(test), text(fault));
            case FAILED -> say(Outcome.FAILED, ns, name(test), text(fault));
        }
    }

    /** The class or method; the cases of a repeated or parameterised one have their number. */
    private static String name(TestIdentifier test) {
        StringBuilder name = new StringBuilder();
        test.getUniqueIdObject()
                .getSegments()
                .forEach(segment -> {
                    String value = segment.getValue();
                    switch (segment.getType()) {
                        case "class" -> name.append(value);
                        case "nested-class" -> name.append('$').append(value);
                        case "method", "test-factory", "test-template" ->
                                name.append('.').append(value.replaceAll("\\(.*", ""));
                        case "test-template-invocation", "dynamic-test", "dynamic-container" ->
                                name.append(value.replace("#", "[")).append(']');
                        default -> {}
                    }
                });
        return name.toString();
    }
}
