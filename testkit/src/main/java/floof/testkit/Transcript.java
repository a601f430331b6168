package floof.testkit;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * A file of commands and what they print. A line {@code $ ...} or {@code » ...} is a command, the
 * lines behind it are its output; a line {@code == ...} is a heading, and an empty line before it
 * belongs to it. With {@code -Dtranscript.update=true} the file is written anew: read the
 * difference before it is committed. Thread: one.
 */
public final class Transcript {

    /** Whether nothing is expected. */
    public static final boolean IS_UPDATED = Boolean.getBoolean("transcript.update");

    /**
     * A line with its mark, and those after it. Or a heading, or the empty line before one.
     *
     * @param number of the line in the file, from 1 on
     */
    public record Step(int number, String line, List<String> output) {

        /** The line without its mark. */
        public String command() {
            return line.substring(2);
        }

        private boolean isCommand() {
            return line.startsWith("$ ") || line.startsWith("» ");
        }
    }

    /** Runs a command; returns the lines that it printed. */
    public interface Runner {
        List<String> run(Step step) throws Exception;
    }

    private final Path file;
    private final List<Step> steps = new ArrayList<>();

    public Transcript(Path file) throws IOException {
        this.file = file;
        List<String> lines = Files.readAllLines(file);
        for (int i = 0; i < lines.size(); i++) {
            String line = lines.get(i);
            boolean isBreak =
                    line.isEmpty() && i + 1 < lines.size() && lines.get(i + 1).startsWith("== ");
            if (isBreak || line.matches("(\\$|»|==) .*")) {
                steps.add(new Step(i + 1, line, new ArrayList<>()));
            } else {
                steps.getLast().output.add(line);
            }
        }
    }

    public List<String> commands() {
        return steps.stream().filter(Step::isCommand).map(Step::command).toList();
    }

    /** Runs all commands in turn, up to the first that prints something else. */
    public void check(Runner runner) throws Exception {
        List<String> written = new ArrayList<>();
        for (Step step : steps) {
            List<String> printed = step.isCommand() ? runner.run(step) : step.output;
            if (!IS_UPDATED && !printed.equals(step.output)) {
                throw new AssertionError(difference(step, printed));
            }
            written.add(step.line);
            written.addAll(printed);
        }
        if (IS_UPDATED) {
            Files.write(file, written);
        }
    }

    private String difference(Step step, List<String> printed) {
        int same = 0;
        while (same < Math.min(printed.size(), step.output.size())
                && printed.get(same).equals(step.output.get(same))) {
            same++;
        }
        return "%s:%d: %s: expected '%s' and not '%s' in:\n%s"
                .formatted(
                        file,
                        step.number + 1 + same,
                        step.line,
                        line(step.output, same),
                        line(printed, same),
                        String.join("\n", printed));
    }

    private static String line(List<String> lines, int index) {
        return index < lines.size() ? lines.get(index) : "<the end>";
    }
}
