package floof.testkit;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How a run of the tests ends. */
class ReportTest {

    @TempDir Path folder;

    private final PrintStream terminal = System.out;
    private final ByteArrayOutputStream printed = new ByteArrayOutputStream();
    private final Report report = new Report();

    @BeforeEach
    void capture() {
        System.setOut(new PrintStream(printed, true, UTF_8));
    }

    @AfterEach
    void restore() {
        System.setOut(terminal);
    }

    private void ended(String name, long ms, Fork.Outcome outcome, String text) {
        report.begin(name);
        report.add(outcome, ms, name + ".test", text);
        report.end(name, ms);
    }

    @Test
    void failuresSkippedTestsAndTheSlowestClassesAreListed() throws IOException {
        for (int i = 0; i < 11; i++) {
            ended("a.Fine" + i, 100 + i, Fork.Outcome.PASSED, "");
        }
        ended("a.Bad", 50, Fork.Outcome.FAILED, "java.lang.AssertionError: no\n\tat a.Bad");
        ended("a.Lazy", 1, Fork.Outcome.SKIPPED, "needs bird");
        assertThat(report.finish(folder, true)).isFalse();
        assertThat(printed.toString(UTF_8))
                .contains("The 10 slowest classes:\n      0.1 s  a.Fine10 (1)\n")
                .doesNotContain("s  a.Fine0 (1)")
                .contains("Skipped, which is a failure here:\n  a.Lazy.test: needs bird\n")
                .contains("failures.txt):\n  a.Bad.test: java.lang.AssertionError: no\n")
                .contains("11 passed, 2 failed, 0 skipped in ");
        assertThat(folder.resolve("failures.txt")).content().contains("a.Bad.test\n", "at a.Bad");
        assertThat(folder.resolve("times.txt")).content().startsWith("    0.1 s  a.Fine10.test");
    }

    @Test
    void whatTheMachineCannotDoIsSkipped() throws IOException {
        ended("a.Fine", 5, Fork.Outcome.PASSED, "");
        ended("a.Many", 1, Fork.Outcome.SKIPPED, "needs 4 CPUs");
        assertThat(report.finish(folder, true)).isTrue();
        assertThat(printed.toString(UTF_8)).contains("1 passed, 0 failed, 1 skipped in ");
    }

    @Test
    void aRunWithoutATestIsNoSuccess() throws IOException {
        assertThat(report.finish(folder, false)).isFalse();
    }
}
