package floof.config.text;

import floof.config.edit.Edit;
import floof.config.text.Loaded.Mistake;
import floof.config.tree.Branch;
import floof.config.tree.Marks;
import floof.config.value.StatementException;
import floof.config.value.ValueType;
import floof.config.word.Lexer;
import floof.config.word.Lexer.Token;
import floof.config.word.Lexer.Type;
import java.util.ArrayList;
import java.util.List;

/**
 * Reads the nested text form onto a tree. After a mistake it goes on behind the statement, so that
 * all mistakes of a file are found at once.
 */
public final class TextParser {

    /** Longest text read: room for a million statements. */
    public static final int TEXT_MAX = 64 << 20;

    /** Deepest nesting: several times that of the schema, far below the stack's. */
    static final int DEPTH_MAX = 32;

    /** Mistakes after which reading ends. */
    public static final int ERRORS_MAX = 50;

    /** Most words in one statement: a full leaf-list, its brackets and its path. */
    static final int WORDS_MAX = Edit.VALUES_MAX + DEPTH_MAX;

    private final Lexer lexer;
    private final boolean replaces;
    private final List<Mistake> errors = new ArrayList<>();
    private final List<String> path = new ArrayList<>();
    private Token token;
    private boolean ended;

    private TextParser(Lexer lexer, boolean replaces) {
        this.lexer = lexer;
        this.replaces = replaces;
        this.token = lexer.next();
    }

    /**
     * Reads {@code text} onto {@code base}, which stays as it is; of two values the text's wins.
     */
    public static Loaded load(Branch base, String text) {
        return load(base, text, false);
    }

    /**
     * Reads what was committed before, maybe by a version that refused less: a value out of today's
     * range counts all the same, so that a new version goes on with what the old one ran.
     */
    public static Loaded loadStored(Branch empty, String text) {
        return ValueType.STORED.isBound()
                ? load(empty, text)
                : ScopedValue.where(ValueType.STORED, _ -> {}).call(() -> load(empty, text));
    }

    /**
     * As {@link #load}, but what stands behind {@code replace:} takes the place of all that {@code
     * base} has there, and what stands behind {@code delete:} goes.
     */
    public static Loaded replace(Branch base, String text) {
        return load(base, text, true);
    }

    private static Loaded load(Branch base, String text, boolean replaces) {
        if (text.length() > TEXT_MAX) {
            String size = "text of " + text.length() + " characters";
            String message = size + "; expected at most " + TEXT_MAX;
            return new Loaded(base, List.of(new Mistake(1, 1, "", message)));
        }
        TextParser parser = new TextParser(new Lexer(text, false), replaces);
        Branch tree = parser.block(base, 0);
        while (!parser.ended && parser.token.type() != Type.END) {
            parser.mistake(parser.token, "'}' without its '{'");
            parser.advance();
            tree = parser.block(tree, 0);
        }
        return new Loaded(tree, List.copyOf(parser.errors));
    }

    private void advance() {
        token = lexer.next();
    }

    private void mistake(Token at, String message) {
        errors.add(new Mistake(at.line(), at.column(), Edit.clipped(at.text()), message));
        ended |= errors.size() >= ERRORS_MAX;
    }

    private boolean isSign(String sign) {
        return token.type() == Type.SIGN && token.text().equals(sign);
    }

    /** Statements up to the closing brace or the end, which stays the current token. */
    private Branch block(Branch base, int depth) {
        Branch branch = base;
        while (!ended && token.type() != Type.END && !isSign("}")) {
            branch = statement(branch, depth);
        }
        return branch;
    }

    private Branch statement(Branch branch, int depth) {
        String annotation = annotation();
        List<Token> words = words();
        if (ended) {
            return branch;
        }
        if (token.type() == Type.BAD || words.size() > WORDS_MAX) {
            mistake(
                    token,
                    token.type() == Type.BAD ? token.text() : "statement with too many tokens");
            skip();
            return branch;
        }
        boolean isGone = tag(words, "delete:");
        boolean isReplaced = tag(words, "replace:");
        boolean isProtected = tag(words, "protect:");
        boolean inactive = tag(words, "inactive:");
        Marks marks = new Marks(inactive, tag(words, "protect:") || isProtected, annotation);
        Branch base = branch;
        if (replaces && (isGone || isReplaced) && !words.isEmpty()) {
            try {
                base = Edit.delete(branch, Edit.named(branch.schema(), texts(words)));
            } catch (StatementException e) {
                mistake(e, words, token);
            }
        }
        if (isSign("{")) {
            Branch changed = nested(base, words, marks, depth);
            return isGone ? base : changed;
        }
        if (!isSign(";") && !(words.isEmpty() && !annotation.isEmpty())) {
            mistake(token, words.isEmpty() ? "expected a statement" : "expected ';' or '{'");
            skip();
            return branch;
        }
        if (words.isEmpty()) {
            if (isSign(";")) {
                advance();
            }
            return branch;
        }
        Token end = token;
        advance();
        try {
            return isGone ? base : marked(Edit.set(base, path, texts(words)), words, marks);
        } catch (StatementException e) {
            mistake(e, words, end);
            return branch;
        }
    }

    /** The comments before a statement, each on lines of its own. */
    private String annotation() {
        StringBuilder text = new StringBuilder();
        for (; token.type() == Type.COMMENT; advance()) {
            String lines = Marks.text(token.text());
            text.append(text.isEmpty() || lines.isEmpty() ? "" : "\n").append(lines);
            if (text.length() > Marks.ANNOTATION_MAX) {
                mistake(token, "comments of more than " + Marks.ANNOTATION_MAX + " characters");
                text.setLength(0);
            }
        }
        return text.toString();
    }

    private static boolean tag(List<Token> words, String tag) {
        boolean has = !words.isEmpty() && words.getFirst().text().equals(tag);
        if (has) {
            words.removeFirst();
        }
        return has;
    }

    private static Branch marked(Branch branch, List<Token> words, Marks marks)
            throws StatementException {
        return marks.equals(Marks.NONE)
                ? branch
                : Edit.mark(branch, texts(words), old -> old.and(marks));
    }

    private Branch nested(Branch branch, List<Token> words, Marks marks, int depth) {
        Token brace = token;
        if (words.isEmpty() || depth == DEPTH_MAX) {
            mistake(brace, words.isEmpty() ? "'{' without a name" : "nested too deeply");
            skip();
            return branch;
        }
        Branch changed = branch;
        boolean[] isRead = {false};
        try {
            changed =
                    Edit.at(
                            branch,
                            path,
                            texts(words),
                            below -> {
                                isRead[0] = true;
                                advance();
                                return block(below, words, depth);
                            });
            changed = marked(changed, words, marks);
        } catch (StatementException e) {
            mistake(e, words, brace);
            if (!isRead[0]) { // the schema has no such path: its block is not looked at
                skip();
                return branch;
            }
        }
        if (isSign("}")) {
            advance();
        } else if (!ended) {
            mistake(brace, "'{' without its '}'");
            ended = true;
        }
        return changed;
    }

    private Branch block(Branch base, List<Token> words, int depth) {
        path.addAll(texts(words));
        try {
            return block(base, depth + 1);
        } finally {
            path.subList(path.size() - words.size(), path.size()).clear();
        }
    }

    /** Words and brackets up to another sign; stops early when there are too many. */
    private List<Token> words() {
        List<Token> words = new ArrayList<>();
        while ((token.type() == Type.WORD
                        || token.type() == Type.COMMENT
                        || isSign("[")
                        || isSign("]"))
                && words.size() <= WORDS_MAX) {
            if (token.type() != Type.COMMENT) {
                words.add(token);
            }
            advance();
        }
        return words;
    }

    private static List<String> texts(List<Token> words) {
        return words.stream().map(Token::text).toList();
    }

    private void mistake(StatementException e, List<Token> words, Token end) {
        mistake(e.index() < words.size() ? words.get(e.index()) : end, e.getMessage());
    }

    /** Goes behind the statement at hand: its ';', or the brace that closes its block. */
    private void skip() {
        int open = 0;
        while (token.type() != Type.END) {
            if (open == 0 && isSign("}")) {
                return;
            }
            boolean last = open == 0 && isSign(";") || open == 1 && isSign("}");
            open += isSign("{") ? 1 : isSign("}") ? -1 : 0;
            advance();
            if (last) {
                return;
            }
        }
    }
}
