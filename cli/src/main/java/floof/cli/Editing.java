package floof.cli;

import floof.cli.Position.Argument;
import floof.cli.Position.Keyword;
import floof.config.Branch;
import floof.config.Candidate;
import floof.config.Diff;
import floof.config.Node;
import floof.config.StatementException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.function.Supplier;

/** The edit level, and the commands that take a path below it. */
final class Editing {

    private final Shell shell;
    private final Supplier<Candidate> candidate;
    private final Deque<List<String>> before = new ArrayDeque<>();
    private List<String> level = List.of();

    /**
     * @param candidate what is edited now
     */
    Editing(Shell shell, Supplier<Candidate> candidate) {
        this.shell = shell;
        this.candidate = candidate;
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

    /** Back to the level before the last {@code edit}; false at the top. */
    boolean back() {
        if (level.isEmpty()) {
            return false;
        }
        level = before.isEmpty() ? List.of() : before.pop();
        return true;
    }

    List<Keyword> keywords() {
        Branch tree = candidate.get().tree();
        List<Keyword> keywords = new ArrayList<>(editing(tree, level));
        keywords.add(new Keyword("top", "To the top, or one command there", () -> upTo(tree, 99)));
        keywords.add(new Keyword("up", "One level up, or one command there", () -> ups(tree)));
        return keywords;
    }

    /** The commands that take a path below {@code from}. */
    private List<Keyword> editing(Branch tree, List<String> from) {
        return List.of(
                new Keyword(
                        "delete",
                        "Remove statements",
                        () ->
                                Statements.at(
                                        Statements.Verb.DELETE,
                                        tree,
                                        from,
                                        shell.permissions()::maySee,
                                        words -> delete(from, rest(words, "delete")))),
                new Keyword(
                        "edit",
                        "Go to a level",
                        () ->
                                Statements.at(
                                        Statements.Verb.EDIT,
                                        tree,
                                        from,
                                        shell.permissions()::maySee,
                                        words -> edit(path(from, rest(words, "edit"))))),
                new Keyword(
                        "set",
                        "Add or change statements",
                        () ->
                                Statements.at(
                                        Statements.Verb.SET,
                                        tree,
                                        from,
                                        shell.permissions()::maySee,
                                        words -> set(from, rest(words, "set")))),
                new Keyword(
                        "show",
                        "The candidate below this level",
                        () ->
                                Statements.at(
                                        Statements.Verb.SHOW,
                                        tree,
                                        from,
                                        shell.permissions()::maySee,
                                        words ->
                                                new Answer.Tree(
                                                        candidate.get().tree(),
                                                        path(from, rest(words, "show")),
                                                        true))));
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

    private Answer set(List<String> from, List<String> words) throws CommandException {
        try {
            candidate.get().set(path(from, hashed(words)));
            return Answer.NONE;
        } catch (StatementException e) {
            throw new CommandException("error: " + e.getMessage());
        }
    }

    /** The words with the hash of a password that the operator types twice, if they ask for it. */
    private List<String> hashed(List<String> words) throws CommandException {
        if (!words.getLast().equals(Statements.PASSWORD)) {
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

    private Answer delete(List<String> from, List<String> words) throws CommandException {
        if (words.isEmpty() && !mayDeleteAll()) {
            return Answer.NONE;
        }
        try {
            boolean found = candidate.get().delete(path(from, words));
            if (!found) {
                shell.screen().error("warning: statement not found\n");
            }
            return Answer.NONE;
        } catch (StatementException e) {
            throw new CommandException("error: " + e.getMessage());
        }
    }

    private boolean mayDeleteAll() throws CommandException {
        if (!shell.screen().isTerminal()) {
            throw new CommandException(
                    "error: a script must name what it deletes; 'load override' replaces everything");
        }
        String answer = shell.screen().ask("Delete everything under this level? [yes,no] (no) ");
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

    private Position ups(Branch tree) {
        Position one = upTo(tree, 1);
        return new Position(
                one.keywords(),
                new Argument(
                        ' ',
                        "<count>",
                        "Levels",
                        text -> text.matches("[0-9]{1,2}") ? null : "expected a number 1..99",
                        List::of,
                        text -> upTo(tree, Integer.parseInt(text))),
                one.action());
    }

    private Position upTo(Branch tree, int levels) {
        List<String> target = level;
        for (int i = 0; i < levels && !target.isEmpty(); i++) {
            target = Diff.parent(target);
        }
        List<String> there = target;
        return new Position(
                editing(tree, there),
                null,
                words -> {
                    level = there;
                    return Answer.NONE;
                });
    }
}
