package floof.config.text;

import static floof.config.value.StatementException.Kind.INVALID;
import static floof.config.value.StatementException.Kind.MISSING;
import static floof.config.value.StatementException.Kind.UNKNOWN;

import floof.config.edit.Edit;
import floof.config.edit.Entries;
import floof.config.text.Loaded.Mistake;
import floof.config.tree.Branch;
import floof.config.tree.Marks;
import floof.config.value.StatementException;
import floof.config.word.Lexer;
import floof.config.word.Lexer.Token;
import floof.config.word.Lexer.Type;
import java.util.ArrayList;
import java.util.List;

/**
 * Reads lines of {@code set}, {@code delete} and the other commands that change a configuration, in
 * their order, onto a tree.
 */
public final class SetParser {

    /** What is said of a command that is about nothing. */
    public static final String NOT_FOUND = "statement not found";

    private final Lexer lexer;
    private final List<Mistake> errors = new ArrayList<>();
    private final List<Mistake> warnings = new ArrayList<>();

    /** Where {@code edit} has led. */
    private List<String> level = List.of();

    private SetParser(Lexer lexer) {
        this.lexer = lexer;
    }

    /** Reads {@code text} onto {@code base}, which stays as it is. */
    public static Loaded load(Branch base, String text) {
        if (text.length() > TextParser.TEXT_MAX) {
            return TextParser.load(base, text); // has the message
        }
        SetParser parser = new SetParser(new Lexer(text, true));
        Branch tree = parser.lines(base);
        return new Loaded(tree, List.copyOf(parser.errors), List.copyOf(parser.warnings));
    }

    private Branch lines(Branch base) {
        Branch tree = base;
        List<Token> words = new ArrayList<>();
        Token bad = null;
        while (errors.size() < TextParser.ERRORS_MAX) {
            Token token = lexer.next();
            if (token.type() == Type.NEWLINE || token.type() == Type.END) {
                if (bad != null) {
                    mistake(bad, bad.text());
                } else if (!words.isEmpty()) {
                    tree = line(tree, words, token);
                }
                words.clear();
                bad = null;
                if (token.type() == Type.END) {
                    break;
                }
            } else if (token.type() == Type.BAD && bad == null) {
                bad = token;
            } else if (bad == null && words.size() == TextParser.WORDS_MAX) {
                bad = token.bad("line with too many tokens");
            } else if (bad == null && token.type() != Type.COMMENT) {
                words.add(token);
            }
        }
        return tree;
    }

    private Branch line(Branch tree, List<Token> tokens, Token end) {
        List<String> words = new ArrayList<>(level);
        tokens.subList(1, tokens.size()).forEach(token -> words.add(token.text()));
        Token verb = tokens.getFirst();
        try {
            Branch changed = run(tree, level, verb.text(), words);
            if (isAboutNothing(tree, changed, verb.text(), words)) {
                String said = String.join(" ", tokens.stream().map(Token::text).toList());
                warnings.add(
                        new Mistake(verb.line(), verb.column(), Edit.clipped(said), NOT_FOUND));
            }
            return changed;
        } catch (StatementException e) {
            int at = e.index() - level.size() + 1;
            mistake(at >= 0 && at < tokens.size() ? tokens.get(at) : end, e.getMessage());
            return tree;
        }
    }

    /** Whether a command was about a statement that is not there, and so changed nothing. */
    private static boolean isAboutNothing(
            Branch tree, Branch changed, String verb, List<String> words)
            throws StatementException {
        return tree == changed
                && switch (verb) {
                    case "delete" -> true;
                    case "annotate" -> isMissing(tree, words.subList(0, words.size() - 1));
                    case "activate", "deactivate", "protect", "unprotect" -> isMissing(tree, words);
                    default -> false;
                };
    }

    private static boolean isMissing(Branch tree, List<String> words) throws StatementException {
        return tree.find(Edit.named(tree.schema(), words)) == null;
    }

    private Branch run(Branch tree, List<String> from, String verb, List<String> words)
            throws StatementException {
        if (!List.of("edit", "top", "up").contains(verb)) {
            return command(tree, from, verb, words);
        }
        if (verb.equals("edit")) {
            Edit.at(tree, words, branch -> branch); // refuses what the schema lacks
            level = List.copyOf(words);
        } else if (words.size() > level.size()) {
            throw new StatementException(UNKNOWN, level.size(), "nothing may follow");
        } else {
            level = verb.equals("top") ? List.of() : Diff.parent(tree.schema(), level);
        }
        return tree;
    }

    /**
     * One command that changes a configuration.
     *
     * @param level the first of {@code words}: where the command was given
     * @param words from the root, with all that stands behind the verb
     */
    public static Branch command(Branch tree, List<String> level, String verb, List<String> words)
            throws StatementException {
        int from = level.size();
        return switch (verb) {
            case "set" -> Edit.set(tree, words);
            case "delete" -> Edit.delete(tree, some(words, from));
            case "activate" -> Edit.mark(tree, some(words, from), marks -> marks.inactive(false));
            case "deactivate" -> Edit.mark(tree, some(words, from), marks -> marks.inactive(true));
            case "protect" -> Edit.mark(tree, some(words, from), marks -> marks.isProtected(true));
            case "unprotect" ->
                    Edit.mark(tree, some(words, from), marks -> marks.isProtected(false));
            case "annotate" -> annotate(tree, words, from);
            case "rename" -> Entries.rename(tree, path(words, from, "to"), words.getLast());
            case "copy" -> Entries.copy(tree, path(words, from, "to"), words.getLast());
            case "insert" -> {
                List<String> path = path(words, from, "before", "after");
                boolean isBefore = words.get(words.size() - 2).equals("before");
                yield Entries.insert(tree, path, isBefore, words.getLast());
            }
            default ->
                    throw new StatementException(
                            UNKNOWN,
                            from - 1,
                            "expected set, delete or another command that edits");
        };
    }

    /** Edit would take no words for everything; a line that says so by accident must not. */
    private static List<String> some(List<String> words, int from) throws StatementException {
        if (words.size() <= from) {
            throw new StatementException(MISSING, words.size(), "expected a statement");
        }
        return words;
    }

    /** The words before the last two, the first of which is one of {@code keywords}. */
    private static List<String> path(List<String> words, int from, String... keywords)
            throws StatementException {
        int at = words.size() - 2;
        if (at <= from || !List.of(keywords).contains(words.get(at))) {
            throw new StatementException(
                    MISSING,
                    words.size(),
                    "expected a statement, " + String.join(" or ", keywords) + ", and another");
        }
        return words.subList(0, at);
    }

    private static Branch annotate(Branch tree, List<String> words, int from)
            throws StatementException {
        String text = Marks.unescaped(some(words, from + 1).getLast());
        String wrong = Marks.wrong(text);
        if (wrong != null) {
            throw new StatementException(INVALID, words.size() - 1, wrong);
        }
        return Edit.mark(tree, words.subList(0, words.size() - 1), marks -> marks.annotation(text));
    }

    private void mistake(Token at, String message) {
        String token = at.text().equals("\n") ? "" : Edit.clipped(at.text());
        errors.add(new Mistake(at.line(), at.column(), token, message));
    }
}
