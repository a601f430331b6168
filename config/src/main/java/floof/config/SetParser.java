package floof.config;

import floof.config.Lexer.Token;
import floof.config.Lexer.Type;
import floof.config.Loaded.Mistake;
import java.util.ArrayList;
import java.util.List;

/** Reads lines of {@code set ...} and {@code delete ...}, in their order, onto a tree. */
public final class SetParser {

    private final Lexer lexer;
    private final List<Mistake> errors = new ArrayList<>();

    private SetParser(Lexer lexer) {
        this.lexer = lexer;
    }

    /** Reads {@code text} onto {@code base}, which stays as it is. */
    public static Loaded load(Branch base, String text) {
        if (text.length() > TextParser.TEXT_MAX) {
            return TextParser.load(base, text); // has the message
        }
        SetParser parser = new SetParser(new Lexer(text, true));
        return new Loaded(parser.lines(base), List.copyOf(parser.errors));
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
            } else if (token.type() == Type.COMMENT) {
                continue;
            } else if (token.type() == Type.BAD && bad == null) {
                bad = token;
            } else if (bad == null && words.size() == TextParser.WORDS_MAX) {
                bad = new Token(Type.BAD, "line of too many words", token.line(), token.column());
            } else if (bad == null) {
                words.add(token);
            }
        }
        return tree;
    }

    private Branch line(Branch tree, List<Token> tokens, Token end) {
        List<String> words = tokens.stream().map(Token::text).skip(1).toList();
        try {
            return switch (tokens.getFirst().text()) {
                case "set" -> Edit.set(tree, words);
                case "delete" -> delete(tree, words, end);
                default -> {
                    mistake(tokens.getFirst(), "expected set or delete");
                    yield tree;
                }
            };
        } catch (StatementException e) {
            mistake(e.index() < words.size() ? tokens.get(e.index() + 1) : end, e.getMessage());
            return tree;
        }
    }

    /** Edit would take no words for everything; a line that says so by accident must not. */
    private Branch delete(Branch tree, List<String> words, Token end) throws StatementException {
        if (words.isEmpty()) {
            mistake(end, "expected a statement behind 'delete'");
            return tree;
        }
        return Edit.delete(tree, words);
    }

    private void mistake(Token at, String message) {
        String token = at.text().equals("\n") ? "" : Edit.clipped(at.text());
        errors.add(new Mistake(at.line(), at.column(), token, message));
    }
}
