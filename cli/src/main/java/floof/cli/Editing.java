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
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The edit level, and the commands that take a path below it. */
final class Editing {

    /** Verbs that {@code wildcard range} takes. */
    private static final List<String> RANGED =
            List.of("activate", "deactivate", "delete", "protect", "set", "unprotect");

    private final Shell shell;
    private final Configuring configuring;
    private final Deque<List<String>> before = new ArrayDeque<>();
    private List<String> level = List.of();

    Editing(Shell shell, Configuring configuring) {
        this.shell = shell;
        this.configuring = configuring;
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
        Statements.Sight sight = shell.sight(configuring.candidate().tree());
        List<Keyword> keywords = new ArrayList<>(new PathCommands(sight, level).keywords());
        keywords.add(
                new Keyword("top", "Go to the top, or run a command there", () -> upTo(sight, 99)));
        keywords.add(
                new Keyword("up", "Go up one level, or run a command there", () -> ups(sight)));
        return keywords;
    }

    /** The commands that take a path below a level. */
    private final class PathCommands {

        private final Statements.Sight sight;
        private final List<String> from;

        PathCommands(Statements.Sight sight, List<String> from) {
            this.sight = sight;
            this.from = from;
        }

        List<Keyword> keywords() {
            return List.of(
                    marking("activate", "Remove the inactive tag from a statement"),
                    new Keyword("annotate", "Add a comment to a statement", this::notes),
                    naming("copy", "Copy an entry"),
                    marking("deactivate", "Keep a statement, but ignore it"),
                    at("delete", "Remove statements", Verb.DELETE, this::delete),
                    at("edit", "Go to a level", Verb.EDIT, Editing.this::edit),
                    to(
                            "insert",
                            "Reorder an entry",
                            Verb.PLACE,
                            path -> List.of(place("after", path), place("before", path))),
                    marking("protect", "Protect a statement from changes"),
                    naming("rename", "Rename an entry"),
                    new Keyword(
                            "replace",
                            "Change the text of names and values",
                            () -> new Replace(configuring.candidate(), from).grammar()),
                    at("set", "Add or change statements", Verb.SET, this::set),
                    at("show", "Show this level of the candidate", Verb.SHOW, Editing.this::show),
                    marking("unprotect", "Allow changes to a statement"),
                    new Keyword("wildcard", "Change many statements at once", this::wildcards));
        }

        /**
         * @param command gets the path from the root, with all that stands behind the verb
         */
        private Keyword at(String word, String help, Verb verb, Position.Action command) {
            Position.Action action = words -> command.run(path(from, rest(words, word)));
            return new Keyword(word, help, () -> Statements.at(verb, sight, from, action));
        }

        /**
         * @param behind what comes behind the path to an entry
         */
        private Keyword to(
                String word, String help, Verb verb, Function<List<String>, List<Keyword>> behind) {
            return new Keyword(word, help, () -> Statements.to(verb, sight, from, behind));
        }

        /** {@code copy} and {@code rename}. */
        private Keyword naming(String word, String help) {
            return to(word, help, Verb.ENTRY, path -> List.of(again(word, path)));
        }

        private Keyword marking(String word, String help) {
            return at(word, help, Verb.MARK, path -> command(word, path));
        }

        private Answer set(List<String> words) throws CommandException {
            List<String> hashed = hashed(words);
            return change(tree -> SetParser.command(tree, from, "set", hashed));
        }

        private Answer delete(List<String> path) throws CommandException {
            boolean isLevel = path.equals(from);
            if (isLevel && !asks("Delete everything under this level?")) {
                return Answer.NONE;
            }
            boolean isFound =
                    Editing.change(
                            configuring.candidate(),
                            tree -> isLevel ? Edit.clear(tree, path) : Edit.delete(tree, path));
            return isFound ? Answer.NONE : notFound();
        }

        /** Behind {@code annotate}: a statement of the level, and the text. */
        private Position notes() {
            SchemaNode schema = sight.tree().schema().at(from);
            if (schema == null || schema.kind() == Kind.LIST) {
                return noted(from);
            }
            List<Keyword> keywords = new ArrayList<>();
            for (SchemaNode child : schema.children()) {
                List<String> path = Node.below(from, child.name());
                if (shell.permissions().maySee(path)) {
                    boolean isInline = child.kind() == Kind.LIST && !child.isBlock();
                    Supplier<Position> next = () -> isInline ? noted(path) : text(path);
                    keywords.add(new Keyword(child.name(), child.help(), next));
                }
            }
            return new Position(keywords);
        }

        /** The key of an entry of the list at {@code path}, and the text. */
        private Position noted(List<String> path) {
            List<Suggestion> names =
                    sight.tree().find(path) instanceof Branch list
                            ? suggestions(list.entries().stream().map(Branch::name))
                            : List.of();
            return Position.then(
                    new Argument(
                            '>',
                            "<name>",
                            "Entry",
                            text -> null,
                            () -> names,
                            name -> text(Node.below(path, name))));
        }

        private Position wildcards() {
            List<Keyword> ranged = new ArrayList<>();
            for (String verb : RANGED) {
                Position statement =
                        words(
                                "Statement; [0-3,!2] stands for 0, 1 and 3",
                                words -> ranged(verb, rest(words, verb)));
                ranged.add(new Keyword(verb, "For each of a range: [0-3,!2]", () -> statement));
            }
            Position patterns =
                    words(
                            "Statement; in names * is any text, ? one character, [a-d]"
                                    + " one of these",
                            words -> deleteMatching(path(from, rest(words, "delete"))));
            return Position.of(
                    new Keyword(
                            "delete", "Delete what patterns match: *, ?, [a-d]", () -> patterns),
                    new Keyword("range", "Ranges of names", () -> new Position(ranged)));
        }

        private Answer ranged(String verb, List<String> words) throws CommandException {
            return change(tree -> {
                Branch changed = tree;
                for (List<String> line : Wildcards.ranges(words)) {
                    changed = SetParser.command(changed, from, verb, path(from, line));
                }
                return changed;
            });
        }
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

    private Answer show(List<String> path) {
        return new Answer.Tree(configuring.candidate().tree(), path, true);
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

    private Answer notFound() {
        shell.screen().error("warning: statement not found\n");
        return Answer.NONE;
    }

    private Answer change(Candidate.Step step) throws CommandException {
        change(configuring.candidate(), step);
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

    private boolean asks(String question) throws CommandException {
        if (!shell.screen().isTerminal()) {
            throw new CommandException(
                    "error: a script must name what it deletes; 'load override' replaces"
                            + " everything");
        }
        return shell.screen().isConfirmed(question + " [yes,no] (no) ");
    }

    private Answer edit(List<String> path) throws CommandException {
        try {
            configuring.candidate().open(path);
        } catch (StatementException e) {
            throw new CommandException("error: " + e.getMessage());
        }
        before.push(level);
        level = canonical(configuring.candidate().tree(), path);
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

    /** Behind an entry that is copied or renamed. */
    private Keyword again(String verb, List<String> path) {
        Function<String, Position> done =
                other -> Position.end(words -> command(verb, path, "to", other));
        Argument name = Argument.any("<name>", "Name", done);
        return new Keyword("to", "New name", () -> Position.then(name));
    }

    /** Does something with a statement; a warning when there is none. */
    private Answer command(String verb, List<String> path, String... more) throws CommandException {
        List<String> words = path(path, List.of(more));
        return configuring.candidate().tree().find(path) == null
                ? notFound()
                : change(tree -> SetParser.command(tree, List.of(), verb, words));
    }

    /** Behind an entry or value that is moved. */
    private Keyword place(String word, List<String> path) {
        Function<String, Position> done = name -> Position.end(words -> insert(path, word, name));
        Argument other = Argument.any("<name>", "Other entry", done).knowing(() -> others(path));
        return new Keyword(word, "Directly " + word + " another", () -> Position.then(other));
    }

    private Answer insert(List<String> path, String where, String other) throws CommandException {
        List<String> words = path(path, List.of(where, other));
        return change(tree -> SetParser.command(tree, List.of(), "insert", words));
    }

    /** What stands beside the entry or value that {@code path} ends with. */
    private List<Suggestion> others(List<String> path) {
        @Nullable Node parent =
                configuring.candidate().tree().find(path.subList(0, path.size() - 1));
        List<String> names =
                switch (parent) {
                    case null -> List.of();
                    case Branch list -> list.entries().stream().map(Branch::name).toList();
                    case Statement statement ->
                            statement.values().stream().map(Object::toString).toList();
                };
        return suggestions(names.stream().filter(name -> !name.equals(path.getLast())));
    }

    private static List<Suggestion> suggestions(Stream<String> names) {
        return names.map(name -> new Suggestion(name, "")).toList();
    }

    private Position text(List<String> path) {
        Function<String, Position> done =
                text -> Position.end(words -> command("annotate", path, text));
        return Position.then(Argument.any("<text>", "Text, \"\" to remove it", done));
    }

    /** One word or more, whatever they are. */
    private static Position words(String help, Position.Action action) {
        Function<String, Position> more =
                text -> new Position(List.of(), words(help, action).argument(), action);
        return Position.then(Argument.any("<statement>", help, more));
    }

    private Answer deleteMatching(List<String> words) throws CommandException {
        List<List<String>> paths;
        try {
            paths = Wildcards.matches(configuring.candidate().tree(), words);
        } catch (IllegalArgumentException e) {
            throw new CommandException("error: " + e.getMessage());
        }
        if (paths.isEmpty()) {
            return notFound();
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
        List<Keyword> keywords = new ArrayList<>(new PathCommands(sight, there).keywords());
        for (Keyword keyword : configuring.others()) {
            keywords.add(keyword.leadingTo(next -> next.acting(run -> at(there, run))));
        }
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
