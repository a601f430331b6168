package floof.cli;

import floof.base.Plural;
import floof.cli.answer.Answer;
import floof.cli.answer.CommandException;
import floof.cli.answer.Suggestion;
import floof.cli.grammar.Position;
import floof.cli.grammar.Position.Argument;
import floof.cli.grammar.Position.Keyword;
import floof.cli.grammar.Statements;
import floof.cli.grammar.Statements.Verb;
import floof.config.candidate.Candidate;
import floof.config.edit.Edit;
import floof.config.edit.Wildcards;
import floof.config.text.Diff;
import floof.config.text.SetParser;
import floof.config.tree.Branch;
import floof.config.tree.Node;
import floof.config.tree.SchemaNode;
import floof.config.tree.SchemaNode.Kind;
import floof.config.tree.Statement;
import floof.config.value.StatementException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The edit level, and the commands that take a path below it. */
final class Editing {

    /** Verbs that {@code wildcard range} takes. */
    private static final List<String> RANGED =
            List.of("activate", "deactivate", "delete", "protect", "set", "unprotect");

    private final Shell shell;
    private final Supplier<Candidate> candidate;
    private final Supplier<List<Keyword>> others;
    private final Deque<List<String>> before = new ArrayDeque<>();
    private List<String> level = List.of();

    /** A command given at a place. */
    private interface PathCommand {

        /**
         * @param words from the root, with all that stands behind the verb
         */
        Answer run(List<String> words) throws CommandException;
    }

    /**
     * @param candidate what is edited now
     * @param others the commands that are not of this class, but may depend on the level
     */
    Editing(Shell shell, Supplier<Candidate> candidate, Supplier<List<Keyword>> others) {
        this.shell = shell;
        this.candidate = candidate;
        this.others = others;
    }

    /** Where the operator is: a path from the root. */
    List<String> level() {
        return level;
    }

    /** Configuration mode begins at the top. */
    void start() {
        level = List.of();
        before.clear();
    }

    /** Return to the previous level the last {@code edit}; false at the top. */
    boolean back() {
        if (level.isEmpty()) {
            return false;
        }
        level = before.isEmpty() ? List.of() : before.pop();
        return true;
    }

    List<Keyword> keywords() {
        Statements.Sight sight = shell.sight(candidate.get().tree());
        List<Keyword> keywords = new ArrayList<>(editing(sight, level));
        keywords.add(new Keyword("top", "To the top, or one command there", () -> upTo(sight, 99)));
        keywords.add(new Keyword("up", "One level up, or one command there", () -> ups(sight)));
        return keywords;
    }

    /** The commands that take a path below {@code from}. */
    private List<Keyword> editing(Statements.Sight sight, List<String> from) {
        PathCommand show = path -> new Answer.Tree(candidate.get().tree(), path, true);
        return List.of(
                marking("activate", "Remove the inactive tag from a statement", sight, from),
                new Keyword("annotate", "Add a comment to a statement", () -> notes(sight, from)),
                again("copy", "Copy an entry", sight, from),
                marking("deactivate", "Keep a statement, but ignore it", sight, from),
                verb(
                        "delete",
                        "Remove statements",
                        Verb.DELETE,
                        sight,
                        from,
                        path -> delete(from, path)),
                verb("edit", "Go to a level", Verb.EDIT, sight, from, this::edit),
                new Keyword(
                        "insert",
                        "Move an entry within an order",
                        () ->
                                Statements.to(
                                        Verb.PLACE,
                                        sight,
                                        from,
                                        path ->
                                                List.of(
                                                        place("after", path),
                                                        place("before", path)))),
                marking("protect", "Refuse changes of a statement", sight, from),
                again("rename", "Rename an entry", sight, from),
                new Keyword(
                        "replace",
                        "Change the text of names and values",
                        () ->
                                Position.of(
                                        new Keyword(
                                                "pattern",
                                                "Where a regular expression matches",
                                                () ->
                                                        new Replace(candidate.get(), from)
                                                                .grammar()))),
                verb("set", "Add or change statements", Verb.SET, sight, from, set(from)),
                verb("show", "The candidate below this level", Verb.SHOW, sight, from, show),
                marking("unprotect", "Allow changes of a statement", sight, from),
                new Keyword("wildcard", "Many statements at once", () -> wildcards(from)));
    }

    private Keyword verb(
            String word,
            String help,
            Verb verb,
            Statements.Sight sight,
            List<String> from,
            PathCommand command) {
        return new Keyword(
                word,
                help,
                () ->
                        Statements.at(
                                verb,
                                sight,
                                from,
                                words -> command.run(path(from, rest(words, word)))));
    }

    /** The words behind {@code verb}, which {@code top} or {@code up} may precede. */
    private static List<String> rest(List<String> words, String verb) {
        return words.subList(words.indexOf(verb) + 1, words.size());
    }

    private static List<String> path(List<String> from, List<String> more) {
        List<String> path = new ArrayList<>(from);
        path.addAll(more);
        return List.copyOf(path);
    }

    private PathCommand set(List<String> from) {
        return words -> {
            List<String> hashed = hashed(words);
            return change(tree -> SetParser.command(tree, from, "set", hashed));
        };
    }

    /** The words with the hash of a password that the operator types twice, if they ask for it. */
    private List<String> hashed(List<String> words) throws CommandException {
        if (words.isEmpty() || !words.getLast().equals(Statements.PASSWORD)) {
            return words;
        }
        String password = shell.screen().askSecret("New password: ");
        String again = shell.screen().askSecret("Retype new password: ");
        if (password == null || password.isEmpty() || !password.equals(again)) {
            throw new CommandException("error: the passwords are empty or differ");
        }
        List<String> all = new ArrayList<>(words.subList(0, words.size() - 1));
        all.addAll(List.of("encrypted-password", shell.hash(password)));
        return all;
    }

    private Keyword marking(String word, String help, Statements.Sight sight, List<String> from) {
        return verb(
                word,
                help,
                Verb.MARK,
                sight,
                from,
                path ->
                        isThere(path)
                                ? change(before -> SetParser.command(before, from, word, path))
                                : Answer.NONE);
    }

    /** False, with a warning, when there is no such statement. */
    private boolean isThere(List<String> path) {
        boolean isThere = candidate.get().tree().find(path) != null;
        if (!isThere) {
            shell.screen().error("warning: statement not found\n");
        }
        return isThere;
    }

    private Answer change(Candidate.Step step) throws CommandException {
        change(candidate.get(), step);
        return Answer.NONE;
    }

    /** Changes a candidate; false when that made no difference. */
    static boolean change(Candidate candidate, Candidate.Step step) throws CommandException {
        try {
            return candidate.edit(step);
        } catch (StatementException e) {
            throw new CommandException("error: " + e.getMessage());
        }
    }

    private Answer delete(List<String> from, List<String> path) throws CommandException {
        boolean isLevel = path.equals(from);
        if (isLevel && !asks("Delete everything under this level?")) {
            return Answer.NONE;
        }
        boolean found =
                change(
                        candidate.get(),
                        tree -> isLevel ? Edit.clear(tree, path) : Edit.delete(tree, path));
        if (!found) {
            shell.screen().error("warning: statement not found\n");
        }
        return Answer.NONE;
    }

    private boolean asks(String question) throws CommandException {
        if (!shell.screen().isTerminal()) {
            throw new CommandException(
                    "error: a script must name what it deletes; 'load override' replaces"
                            + " everything");
        }
        String answer = shell.screen().ask(question + " [yes,no] (no) ");
        return answer != null && !answer.isBlank() && "yes".startsWith(answer.strip());
    }

    private Answer edit(List<String> path) throws CommandException {
        try {
            candidate.get().open(path);
        } catch (StatementException e) {
            throw new CommandException("error: " + e.getMessage());
        }
        before.push(level);
        level = canonical(candidate.get().tree(), path);
        return Answer.NONE;
    }

    /** The path with keys as they are stored: 2001:db8::/32, however it was typed. */
    private static List<String> canonical(Branch root, List<String> path) {
        List<String> names = new ArrayList<>();
        Node node = root;
        for (String word : path) {
            node = node instanceof Branch branch ? branch.child(word) : null;
            names.add(node == null ? word : node.name());
        }
        return List.copyOf(names);
    }

    /** {@code rename} and {@code copy}. */
    private Keyword again(String word, String help, Statements.Sight sight, List<String> from) {
        return new Keyword(
                word,
                help,
                () -> Statements.to(Verb.ENTRY, sight, from, path -> List.of(again(word, path))));
    }

    private Keyword again(String word, List<String> path) {
        return new Keyword(
                "to",
                "The other name",
                () -> {
                    Function<String, Position> done =
                            name -> Position.end(words -> command(word, path, "to", name));
                    return Position.then(
                            new Argument(' ', "<name>", "Name", text -> null, List::of, done));
                });
    }

    private Answer command(String verb, List<String> path, String... more) throws CommandException {
        return isThere(path)
                ? change(
                        tree -> SetParser.command(tree, List.of(), verb, path(path, List.of(more))))
                : Answer.NONE;
    }

    private Keyword place(String word, List<String> path) {
        return new Keyword(
                word,
                "Directly " + word + " another",
                () -> {
                    Function<String, Position> done =
                            name -> Position.end(words -> insert(path, word, name));
                    return Position.then(
                            new Argument(
                                    ' ',
                                    "<name>",
                                    "The other",
                                    text -> null,
                                    () -> others(path),
                                    done));
                });
    }

    private Answer insert(List<String> path, String where, String other) throws CommandException {
        return change(tree ->
                SetParser.command(tree, List.of(), "insert", path(path, List.of(where, other))));
    }

    /** What stands beside the entry or value that {@code path} ends with. */
    private List<Suggestion> others(List<String> path) {
        @Nullable Node parent = candidate.get().tree().find(path.subList(0, path.size() - 1));
        List<String> names =
                switch (parent) {
                    case null -> List.of();
                    case Branch list -> list.entries().stream().map(Branch::name).toList();
                    case Statement statement ->
                            statement.values().stream().map(Object::toString).toList();
                };
        return names.stream()
                .filter(name -> !name.equals(path.getLast()))
                .map(name -> new Suggestion(name, ""))
                .toList();
    }

    /** Behind {@code annotate}: a statement of the level, and the text. */
    private Position notes(Statements.Sight sight, List<String> from) {
        SchemaNode schema = sight.tree().schema().at(from);
        if (schema == null || schema.kind() == Kind.LIST) {
            return Position.then(noted(sight, from));
        }
        List<Keyword> keywords = new ArrayList<>();
        for (SchemaNode child : schema.children()) {
            List<String> path = path(from, List.of(child.name()));
            if (!shell.permissions().maySee(path)) {
                continue;
            }
            boolean isInline = child.kind() == Kind.LIST && !child.isBlock();
            keywords.add(
                    new Keyword(
                            child.name(),
                            child.help(),
                            () -> isInline ? Position.then(noted(sight, path)) : text(path)));
        }
        return new Position(keywords);
    }

    /** The key of an entry of the list at {@code path}. */
    private Argument noted(Statements.Sight sight, List<String> path) {
        List<Suggestion> names =
                sight.tree().find(path) instanceof Branch list
                        ? list.entries().stream().map(e -> new Suggestion(e.name(), "")).toList()
                        : List.of();
        return new Argument(
                '>',
                "<name>",
                "Entry",
                text -> null,
                () -> names,
                name -> text(path(path, List.of(name))));
    }

    private Position text(List<String> path) {
        Function<String, Position> done =
                text -> Position.end(words -> command("annotate", path, text));
        return Position.then(
                new Argument(
                        ' ', "<text>", "Text, \"\" to remove it", text -> null, List::of, done));
    }

    private Position wildcards(List<String> from) {
        List<Keyword> ranged = new ArrayList<>();
        for (String verb : RANGED) {
            ranged.add(
                    new Keyword(
                            verb,
                            "For each of a range: [0-3,!2]",
                            () ->
                                    words(
                                            "Statement; [0-3,!2] stands for 0, 1 and 3",
                                            words -> ranged(verb, from, rest(words, verb)))));
        }
        return Position.of(
                new Keyword(
                        "delete",
                        "Delete what patterns match: *, ?, [a-d]",
                        () ->
                                words(
                                        "Statement; in names * is any text, ? one character, [a-d]"
                                                + " one of these",
                                        words ->
                                                deleteMatching(path(from, rest(words, "delete"))))),
                new Keyword("range", "Ranges of names", () -> new Position(ranged)));
    }

    /** One word or more, whatever they are. */
    private static Position words(String help, Position.Action action) {
        return Position.then(
                new Argument(
                        ' ',
                        "<statement>",
                        help,
                        text -> null,
                        List::of,
                        text -> new Position(List.of(), words(help, action).argument(), action)));
    }

    private Answer ranged(String verb, List<String> from, List<String> words)
            throws CommandException {
        return change(tree -> {
            Branch changed = tree;
            for (List<String> line : Wildcards.ranges(words)) {
                changed = SetParser.command(changed, from, verb, path(from, line));
            }
            return changed;
        });
    }

    private Answer deleteMatching(List<String> words) throws CommandException {
        List<List<String>> paths;
        try {
            paths = Wildcards.matches(candidate.get().tree(), words);
        } catch (IllegalArgumentException e) {
            throw new CommandException("error: " + e.getMessage());
        }
        if (paths.isEmpty()) {
            shell.screen().error("warning: statement not found\n");
            return Answer.NONE;
        }
        paths.forEach(path -> shell.screen().print("  matched: " + path.getLast() + "\n"));
        if (!asks("Delete " + Plural.of(paths.size(), "object") + "?")) {
            return Answer.NONE;
        }
        return change(tree -> {
            Branch changed = tree;
            for (List<String> path : paths) {
                changed = Edit.delete(changed, path);
            }
            return changed;
        });
    }

    private Position ups(Statements.Sight sight) {
        Position one = upTo(sight, 1);
        return new Position(
                one.keywords(),
                new Argument(
                        ' ',
                        "<count>",
                        "Levels",
                        text -> text.matches("[0-9]{1,2}") ? null : "expected a number 1..99",
                        List::of,
                        text -> upTo(sight, Integer.parseInt(text))),
                one.action());
    }

    private Position upTo(Statements.Sight sight, int levels) {
        List<String> target = level;
        for (int i = 0; i < levels && !target.isEmpty(); i++) {
            target = Diff.parent(sight.tree().schema(), target);
        }
        List<String> there = target;
        List<Keyword> keywords = new ArrayList<>(editing(sight, there));
        others.get()
                .forEach(keyword ->
                        keywords.add(
                                new Keyword(
                                        keyword.mark(),
                                        keyword.word(),
                                        keyword.help(),
                                        () -> keyword.next().get().acting(run -> at(there, run)))));
        return new Position(
                Position.sorted(keywords).keywords(),
                null,
                words -> {
                    level = there;
                    return Answer.NONE;
                });
    }

    /** An action that takes place at another level, to which nobody moves. */
    private Position.Action at(List<String> there, Position.Action action) {
        return words -> {
            List<String> here = level;
            level = there;
            try {
                return action.run(words);
            } finally {
                level = here;
            }
        };
    }
}
