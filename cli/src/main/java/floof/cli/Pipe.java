package floof.cli;

import floof.cli.Position.Argument;
import floof.cli.Position.Keyword;
import java.util.List;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/** One command that output goes through; {@code words} are in full. */
record Pipe(List<String> words) {

    private static final Position.Action DONE = words -> Answer.NONE;

    private static final Position PATTERN =
            new Position(
                    List.of(),
                    Argument.any("<pattern>", "Regular expression", Position.end(DONE)),
                    null);

    /**
     * @param revisions those that may be compared with
     */
    static Position grammar(Supplier<List<Suggestion>> revisions) {
        Argument number = number("<number>", 0, 49);
        Argument revision =
                new Argument(
                        ' ',
                        number.placeholder(),
                        number.help(),
                        number.wrong(),
                        revisions,
                        number.next());
        Keyword rollback =
                new Keyword(
                        "rollback",
                        "To an earlier one",
                        () -> new Position(List.of(), revision, null));
        return Position.of(
                new Keyword(
                        "compare",
                        "Differences to another configuration",
                        () -> Position.optional(DONE, rollback)),
                new Keyword("count", "Count the lines", () -> Position.end(DONE)),
                new Keyword(
                        "display",
                        "Another form",
                        () ->
                                Position.of(
                                        new Keyword(
                                                "detail",
                                                "The steps of a commit as well",
                                                () -> Position.end(DONE)),
                                        new Keyword("json", "JSON", () -> Position.end(DONE)),
                                        new Keyword(
                                                "set",
                                                "Commands that make this configuration",
                                                () -> Position.end(DONE)))),
                new Keyword("except", "Lines that do not match", () -> PATTERN),
                new Keyword("find", "From the first line that matches", () -> PATTERN),
                new Keyword(
                        "last",
                        "The end",
                        () -> new Position(List.of(), number("<lines>", 1, 1_000_000), DONE)),
                new Keyword("match", "Lines that match", () -> PATTERN),
                new Keyword("no-more", "No paging", () -> Position.end(DONE)),
                new Keyword(
                        "plan", "What a commit would do, step by step", () -> Position.end(DONE)),
                new Keyword(
                        "save",
                        "Into a file",
                        () ->
                                new Position(
                                        List.of(),
                                        Argument.any(
                                                "<file>", "Name of the file", Position.end(DONE)),
                                        null)));
    }

    static Pipe of(List<String> words) throws CommandException {
        Pipe pipe = new Pipe(List.copyOf(words));
        if (List.of("match", "except", "find").contains(pipe.verb())) {
            pipe.pattern();
        }
        return pipe;
    }

    static Argument number(String placeholder, int minimum, int maximum) {
        return new Argument(
                ' ',
                placeholder,
                minimum + ".." + maximum,
                text ->
                        text.matches("[0-9]{1,9}")
                                        && Integer.parseInt(text) >= minimum
                                        && Integer.parseInt(text) <= maximum
                                ? null
                                : "expected a number " + minimum + ".." + maximum,
                List::of,
                text -> Position.end(DONE));
    }

    String verb() {
        return words.getFirst();
    }

    /** The word behind the verb. */
    String operand() {
        return words.get(1);
    }

    private Pattern pattern() throws CommandException {
        try {
            return Pattern.compile(operand());
        } catch (PatternSyntaxException e) {
            throw new CommandException(
                    "error: bad pattern '" + operand() + "': " + e.getDescription());
        }
    }

    /** What passes of {@code lines}. */
    List<String> filter(List<String> lines, int screenLength) throws CommandException {
        try {
            return filtered(lines, screenLength);
        } catch (StackOverflowError e) {
            // java.util.regex recurses for repeated groups.
            throw new CommandException("error: pattern '" + operand() + "' is too complex");
        }
    }

    private List<String> filtered(List<String> lines, int screenLength) throws CommandException {
        return switch (verb()) {
            case "match" -> {
                Pattern pattern = pattern();
                yield lines.stream().filter(line -> pattern.matcher(line).find()).toList();
            }
            case "except" -> {
                Pattern pattern = pattern();
                yield lines.stream().filter(line -> !pattern.matcher(line).find()).toList();
            }
            case "find" -> {
                Pattern pattern = pattern();
                List<String> found =
                        lines.stream().dropWhile(line -> !pattern.matcher(line).find()).toList();
                yield found.isEmpty() ? List.of("Pattern not found") : found;
            }
            case "count" -> List.of("Count: " + lines.size() + " lines");
            case "last" -> {
                int count = words.size() > 1 ? Integer.parseInt(operand()) : screenLength;
                yield lines.subList(Math.max(0, lines.size() - count), lines.size());
            }
            default -> lines;
        };
    }
}
