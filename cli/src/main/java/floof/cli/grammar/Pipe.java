package floof.cli.grammar;

import floof.api.view.Kind;
import floof.cli.answer.Answer;
import floof.cli.answer.CommandException;
import floof.cli.answer.Suggestion;
import floof.cli.grammar.Position.Argument;
import floof.cli.grammar.Position.Keyword;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/** One command that output goes through; {@code words} are in full. */
public record Pipe(List<String> words) {

    static final Position.Action DONE = words -> Answer.NONE;

    private static final Position PATTERN =
            Position.then(Argument.any("<pattern>", "Regular expression", Position.end(DONE)));

    /** Most seconds between two runs of {@code refresh}: a day. */
    private static final int REFRESH_MAX_S = 86_400;

    /**
     * @param revisions those that may be compared with
     * @param file the argument that names a file
     * @param operational false in configuration mode, which has no {@code refresh} and {@code
     *     resolve}
     */
    public static Position grammar(
            Supplier<List<Suggestion>> revisions, Argument file, boolean operational) {
        Argument revision = number("<number>", 0, 49).knowing(revisions);
        Position compare =
                Position.optional(
                        DONE,
                        new Keyword(
                                "rollback",
                                "Compare with an earlier revision",
                                () -> Position.then(revision)));
        Position all = Position.of(end("all", "To all sessions"));
        Position message = Position.of(new Keyword("message", "Send as a message", () -> all));
        List<Keyword> keywords = new ArrayList<>();
        keywords.add(new Keyword("append", "Append to a file", () -> Position.then(file)));
        keywords.add(
                new Keyword("compare", "Differences from another configuration", () -> compare));
        keywords.add(end("count", "Count the lines"));
        keywords.add(new Keyword("display", "Select the output format", TreeForm::grammar));
        keywords.add(new Keyword("except", "Lines that do not match", () -> PATTERN));
        keywords.add(new Keyword("find", "From the first line that matches", () -> PATTERN));
        keywords.add(end("hold", "Stay in the pager after the last page"));
        keywords.add(new Keyword("last", "Last lines", () -> numbered("<lines>", 1, 1_000_000)));
        keywords.add(new Keyword("match", "Lines that match", () -> PATTERN));
        keywords.add(end("no-more", "No paging"));
        keywords.add(end("plan", "The steps of a commit"));
        if (operational) {
            keywords.add(
                    new Keyword(
                            "refresh",
                            "Repeat until a key is pressed",
                            () -> numbered("<seconds>", 1, REFRESH_MAX_S)));
            keywords.add(end("resolve", "Resolve addresses to host names"));
        }
        keywords.add(new Keyword("request", "Send to other sessions", () -> message));
        keywords.add(new Keyword("save", "Save to a file", () -> Position.then(file)));
        keywords.add(end("suppress-zeros", "Omit lines whose numbers are all zero"));
        keywords.add(
                new Keyword("tee", "Write to a file and to the screen", () -> Position.then(file)));
        keywords.add(
                new Keyword(
                        "trim",
                        "Remove the first columns",
                        () -> Position.then(number("<columns>", 0, 1_000))));
        return new Position(keywords);
    }

    static Keyword end(String word, String help) {
        return new Keyword(word, help, () -> Position.end(DONE));
    }

    /** A number may follow. */
    private static Position numbered(String placeholder, int minimum, int maximum) {
        return new Position(List.of(), number(placeholder, minimum, maximum), DONE);
    }

    /** The last word of a pipe that writes a file. */
    public static Position end() {
        return Position.end(DONE);
    }

    public static Pipe of(List<String> words) throws CommandException {
        Pipe pipe = new Pipe(List.copyOf(words));
        if (List.of("match", "except", "find").contains(pipe.verb())) {
            Filter.pattern(pipe.operand());
        }
        return pipe;
    }

    public static Argument number(String placeholder, int minimum, int maximum) {
        Kind kind = Kind.number(placeholder, minimum, maximum);
        return new Argument(
                ' ', placeholder, kind.range(), kind.wrong(), List::of, text -> Position.end(DONE));
    }

    public String verb() {
        return words.getFirst();
    }

    /** The word behind the verb. */
    public String operand() {
        return words.get(1);
    }

    /** The number behind the verb, or {@code fallback} when there is none. */
    public int number(int fallback) {
        return words.size() > 1 ? Integer.parseInt(operand()) : fallback;
    }

    public boolean is(String verb) {
        return verb().equals(verb);
    }
}
