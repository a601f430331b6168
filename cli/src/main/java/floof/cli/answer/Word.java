package floof.cli.answer;

import java.util.ArrayList;
import java.util.List;

/**
 * A word of a command line.
 *
 * @param column zero-based place of its first character, a quote included
 * @param end behind its last character
 * @param quoted true when any of it was in quotes: then it is no keyword, pipe or bracket
 */
public record Word(String text, int column, int end, boolean quoted) {

    /** Longest command line: a leaf-list of thousands of addresses. */
    public static final int LINE_MAX = 1 << 20;

    /** Longest word, as in files: regular expressions take too long for longer ones. */
    static final int WORD_MAX = 4096;

    public boolean isPipe() {
        return !quoted && text.equals("|");
    }

    /**
     * Splits at white space; quotes hold words together, a backslash in quotes makes a quote or a
     * backslash part of the word; before anything else, as in a regular expression, it is itself.
     * An unquoted | is a word of its own.
     *
     * @throws CommandException for quotes that do not end, and words that are too long
     */
    public static List<Word> split(String line) throws CommandException {
        List<Word> words = new ArrayList<>();
        int at = 0;
        while (at < line.length()) {
            if (Character.isWhitespace(line.charAt(at))) {
                at++;
            } else {
                Word word = word(line, at);
                if (word.text.length() > WORD_MAX) {
                    throw new CommandException(
                            "error: argument of "
                                    + word.text.length()
                                    + " characters; expected at most "
                                    + WORD_MAX);
                }
                words.add(word);
                at = word.end;
            }
        }
        return words;
    }

    private static Word word(String line, int start) throws CommandException {
        if (line.charAt(start) == '|') {
            return new Word("|", start, start + 1, false);
        }
        StringBuilder text = new StringBuilder();
        boolean quoted = false;
        int at = start;
        while (at < line.length()) {
            char c = line.charAt(at);
            if (c == '"') {
                quoted = true;
                at = quote(line, at + 1, text);
            } else if (Character.isWhitespace(c) || c == '|') {
                break;
            } else {
                text.append(c);
                at++;
            }
        }
        return new Word(text.toString(), start, at, quoted);
    }

    private static int quote(String line, int from, StringBuilder text) throws CommandException {
        int at = from;
        while (at < line.length() && line.charAt(at) != '"') {
            boolean escapes = at + 1 < line.length() && "\"\\".indexOf(line.charAt(at + 1)) >= 0;
            if (line.charAt(at) == '\\' && escapes) {
                at++;
            }
            text.append(line.charAt(at++));
        }
        if (at >= line.length()) {
            throw new CommandException("syntax error, expecting <\">.", line.length());
        }
        return at + 1;
    }

    /**
     * Splits a script's line at each ';' outside quotes; a # begins a comment at a command's start.
     */
    public static List<String> commands(String line) {
        List<String> commands = new ArrayList<>();
        StringBuilder command = new StringBuilder();
        boolean quoted = false;
        for (int i = 0; i < line.length(); i++) {
            char c = line.charAt(i);
            if (c == '\\' && quoted && i + 1 < line.length()) {
                command.append(c).append(line.charAt(++i));
                continue;
            }
            quoted ^= c == '"';
            if (c == ';' && !quoted) {
                commands.add(command.toString().strip());
                command.setLength(0);
            } else {
                command.append(c);
            }
        }
        commands.add(command.toString().strip());
        commands.removeIf(text -> text.isEmpty() || isComment(text));
        return commands;
    }

    public static boolean isComment(String line) {
        return line.stripLeading().startsWith("#");
    }
}
