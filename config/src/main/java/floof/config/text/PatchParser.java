package floof.config.text;

import floof.config.edit.Edit;
import floof.config.edit.Entries;
import floof.config.text.Loaded.Mistake;
import floof.config.tree.Branch;
import floof.config.tree.Change;
import floof.config.tree.Marks;
import floof.config.tree.Node;
import floof.config.tree.SchemaNode;
import floof.config.tree.Statement;
import floof.config.value.StatementException;
import floof.config.word.Lexer;
import floof.config.word.Lexer.Token;
import floof.config.word.Lexer.Type;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** Applies what {@code show | compare} printed, in the form that {@link DiffPrinter} describes. */
public final class PatchParser {

    private final String[] lines;
    private final List<Mistake> errors = new ArrayList<>();
    private Branch tree;
    private int at;

    /** Where the lines are meant; null when the banner was bad: they are skipped. */
    private @Nullable List<String> level = List.of();

    /** An annotation for the statement on the next line; null for none. */
    private @Nullable String annotation;

    /** Levels that lost something: empty ones go at the end, for they may get something first. */
    private final List<List<String>> emptied = new ArrayList<>();

    /** Marks to be made when all else is done: what is protected could not change any more. */
    private final List<Marking> markings = new ArrayList<>();

    private final List<Marking> protections = new ArrayList<>();

    private record Marking(int line, List<String> words, UnaryOperator<Marks> change) {}

    /** Path of the statement above, when it says where the next one moves. */
    private @Nullable List<String> above;

    private PatchParser(Branch base, String text) {
        this.tree = base;
        this.lines = text.split("\n", -1);
    }

    /** Applies {@code text} to {@code base}, a root that stays as it is. */
    public static Loaded load(Branch base, String text) {
        if (text.length() > TextParser.TEXT_MAX) {
            return TextParser.load(base, text); // has the message
        }
        PatchParser parser = new PatchParser(base, text);
        while (parser.at < parser.lines.length && parser.errors.size() < TextParser.ERRORS_MAX) {
            parser.run();
        }
        parser.emptied.forEach(parser::prune);
        parser.markings.forEach(parser::mark);
        parser.protections.reversed().forEach(parser::mark); // what is inside first
        return new Loaded(parser.tree, List.copyOf(parser.errors));
    }

    private void mistake(int line, String token, String message) {
        errors.add(new Mistake(line + 1, 1, Edit.clipped(token), message));
    }

    /** One banner, or the lines of one sign that follow each other. */
    private void run() {
        String line = lines[at];
        int start = at++;
        if (line.isBlank()) {
            return;
        }
        if (line.startsWith("[edit")) {
            banner(line, start);
            return;
        }
        char sign = line.charAt(0);
        while (sign != '!'
                && sign != ' '
                && at < lines.length
                && !lines[at].isEmpty()
                && lines[at].charAt(0) == sign) {
            at++;
        }
        List<String> here = level;
        if (here == null) {
            return;
        }
        switch (sign) {
            case '+', '-' -> change(here, sign == '+', start);
            case ' ', '!' -> stub(here, line, start);
            default -> mistake(start, line, "expected '[edit', '+', '-', '!' or a space");
        }
    }

    private void banner(String line, int start) {
        String path = line.strip().replaceAll("^\\[edit|\\]$", "").strip();
        level = path.isEmpty() ? List.of() : List.of(path.split(" "));
        above = null;
        SchemaNode schema = tree.schema().at(level);
        if (schema == null || !schema.isBranch()) {
            mistake(start, line, "there is no such level");
            level = null;
        }
    }

    private void change(List<String> here, boolean isAdded, int start) {
        StringBuilder text = new StringBuilder();
        for (int i = start; i < at; i++) {
            text.append(' ').append(lines[i], 1, lines[i].length()).append('\n');
        }
        above = null;
        String comment = comment(text.toString());
        if (comment != null) {
            annotation = isAdded ? Marks.text(comment) : "";
        }
        try {
            tree =
                    at(
                            tree,
                            here,
                            branch ->
                                    isAdded
                                            ? loaded(branch, text.toString(), start)
                                            : without(branch, text.toString(), start));
            if (!isAdded) {
                emptied.add(here);
            }
        } catch (StatementException e) {
            mistake(start, lines[start], e.getMessage());
        }
    }

    /** The comment that the text ends with; null when it ends otherwise. */
    private static @Nullable String comment(String text) {
        return new Lexer(text, false)
                .tokens()
                .reduce((_, last) -> last)
                .filter(last -> last.type() == Type.COMMENT)
                .map(Token::text)
                .orElse(null);
    }

    /** As {@link Edit#at}, but what becomes empty stays. */
    private static Branch at(Branch branch, List<String> path, Edit.Change change)
            throws StatementException {
        Branch child = path.isEmpty() ? null : branch.branch(path.getFirst());
        if (child == null || child.marks().isProtected()) {
            return Edit.at(branch, path, change);
        }
        return branch.with(at(child, path.subList(1, path.size()), change));
    }

    private void prune(List<String> path) {
        for (int end = path.size(); end > 0; end--) {
            List<String> place = path.subList(0, end);
            if (!(tree.find(place) instanceof Branch branch)
                    || branch.key() != null
                    || !branch.isEmpty()) {
                return;
            }
            tree = Diff.apply(tree, List.of(new Change.Removed(place, branch)));
        }
    }

    private Branch loaded(Branch branch, String text, int start) {
        Loaded loaded = TextParser.load(branch, text);
        for (Mistake mistake : loaded.errors()) {
            errors.add(
                    new Mistake(
                            start + mistake.line(),
                            mistake.column(),
                            mistake.token(),
                            mistake.message()));
        }
        return loaded.tree();
    }

    private Branch without(Branch branch, String text, int start) throws StatementException {
        Branch result = branch;
        for (Node gone : loaded(branch.bare(), text, start).children()) {
            List<String> path = List.of(gone.name());
            if (gone instanceof Branch list && !list.schema().isBlock()) {
                for (Branch entry : list.entries()) {
                    result = without(result, Node.below(path, entry.name()), start);
                }
            } else if (gone instanceof Statement values && !values.values().isEmpty()) {
                for (Comparable<?> value : values.values()) {
                    result = without(result, Node.below(path, value.toString()), start);
                }
            } else {
                result = without(result, path, start);
            }
        }
        return result;
    }

    private Branch without(Branch branch, List<String> words, int start) throws StatementException {
        Branch result = Edit.delete(branch, words);
        if (result == branch) {
            mistake(start, lines[start], "statement not found: " + String.join(" ", words));
        }
        return result;
    }

    /** A statement that is there: its annotation, tag or place changes, or it is an anchor. */
    private void stub(List<String> here, String line, int start) {
        List<String> words = new ArrayList<>(here);
        new Lexer(line.substring(1), false)
                .tokens()
                .takeWhile(token -> token.type() == Type.WORD)
                .forEach(token -> words.add(token.text()));
        String tag = words.size() > here.size() ? words.get(here.size()) : "";
        try {
            if (line.charAt(0) == ' ') {
                anchor(words, start);
                return;
            }
            if (List.of("inactive:", "active:", "protect:", "unprotect:").contains(tag)) {
                words.remove(here.size());
            }
            switch (tag) {
                case "inactive:" -> later(start, words, marks -> marks.inactive(true));
                case "active:" -> later(start, words, marks -> marks.inactive(false));
                case "protect:" ->
                        protections.add(
                                new Marking(start, words, marks -> marks.isProtected(true)));
                case "unprotect:" ->
                        tree = Edit.mark(tree, words, marks -> marks.isProtected(false));
                default -> move(words);
            }
        } catch (StatementException e) {
            mistake(start, line, e.getMessage());
        }
    }

    private void later(int line, List<String> words, UnaryOperator<Marks> change) {
        markings.add(new Marking(line, List.copyOf(words), change));
    }

    private void mark(Marking marking) {
        try {
            tree = Edit.mark(tree, marking.words(), marking.change());
            if (tree.find(Edit.named(tree.schema(), marking.words())) == null) {
                mistake(marking.line(), lines[marking.line()], "statement not found");
            }
        } catch (StatementException e) {
            mistake(marking.line(), lines[marking.line()], e.getMessage());
        }
    }

    private void anchor(List<String> words, int start) {
        String text = annotation;
        annotation = null;
        above = text == null ? words : null;
        if (text != null) {
            later(start, words, marks -> marks.annotation(text));
        }
    }

    private void move(List<String> words) throws StatementException {
        List<String> anchor = above;
        boolean isSibling =
                anchor != null
                        && anchor.size() == words.size()
                        && anchor.subList(0, words.size() - 1)
                                .equals(words.subList(0, words.size() - 1));
        if (anchor != null && isSibling) {
            tree = Entries.insert(tree, words, false, anchor.getLast());
        } else {
            tree = Entries.first(tree, words);
        }
        above = words;
    }
}
