package floof.cli;

import floof.cli.answer.Answer;
import floof.cli.answer.CommandException;
import floof.cli.grammar.Filter;
import floof.cli.grammar.Pipe;
import floof.cli.grammar.Position;
import floof.cli.grammar.Position.Argument;
import floof.cli.grammar.Position.Keyword;
import floof.config.candidate.Candidate;
import floof.config.edit.Replacing;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** {@code replace pattern A with B [upto N]}, below a level of a candidate. */
final class Replace {

    /** Characters that may be looked at, a second or so: a hundred for each of a million values. */
    private static final long STEPS_MAX = 100_000_000;

    private final Candidate candidate;
    private final List<String> level;

    Replace(Candidate candidate, List<String> level) {
        this.candidate = candidate;
        this.level = level;
    }

    /** Behind {@code replace}. */
    Position grammar() {
        Argument times =
                Pipe.number("<times>", 1, 1_000_000).leadingTo(text -> Position.end(this::run));
        Keyword upto = new Keyword("upto", "Only the first matches", () -> Position.then(times));
        Position end = Position.optional(this::run, upto);
        Argument text = Argument.any("<text>", "Text; & is the match, \\1 a group", end);
        Keyword with = new Keyword("with", "Replacement text", () -> Position.then(text));
        Argument pattern = Argument.any("<pattern>", "Regular expression", Position.of(with));
        return Position.of(
                new Keyword(
                        "pattern",
                        "Where a regular expression matches",
                        () -> Position.then(pattern)));
    }

    private Answer run(List<String> words) throws CommandException {
        int from = words.indexOf("pattern") + 1;
        boolean isLimited = words.size() > from + 3;
        Pattern pattern = Filter.pattern(words.get(from));
        String text = words.get(from + 2);
        int[] left = {isLimited ? Integer.parseInt(words.getLast()) : Integer.MAX_VALUE};
        Filter.Patience patience = new Filter.Patience(STEPS_MAX);
        try {
            Editing.change(
                    candidate,
                    tree ->
                            Replacing.of(
                                    tree,
                                    level,
                                    old -> replaced(old, pattern, text, left, patience)));
        } catch (StackOverflowError | Filter.Weary e) {
            throw new CommandException("error: pattern '" + pattern + "' is too complex");
        }
        return Answer.NONE;
    }

    /**
     * @param left how many replacements are allowed; counted down
     * @param patience for all texts together: others wait for the candidate meanwhile
     */
    private static String replaced(
            String old, Pattern pattern, String text, int[] left, Filter.Patience patience) {
        Matcher matcher = pattern.matcher(new Filter.Patient(old, patience));
        StringBuilder young = new StringBuilder();
        int end = 0;
        while (left[0] > 0 && matcher.find()) {
            left[0]--;
            young.append(old, end, matcher.start());
            append(young, matcher, text);
            end = matcher.end();
        }
        return young.append(old, end, old.length()).toString();
    }

    private static void append(StringBuilder out, Matcher matcher, String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            char next = i + 1 < text.length() ? text.charAt(i + 1) : ' ';
            if (c == '&') {
                out.append(matcher.group());
            } else if (c == '\\' && next >= '1' && next <= '9') {
                String group = next - '0' <= matcher.groupCount() ? matcher.group(next - '0') : "";
                out.append(group == null ? "" : group);
                i++;
            } else if (c == '\\' && i + 1 < text.length()) {
                out.append(next);
                i++;
            } else {
                out.append(c);
            }
        }
    }
}
