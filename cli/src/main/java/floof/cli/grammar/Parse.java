package floof.cli.grammar;

import floof.cli.answer.CommandException;
import floof.cli.answer.Suggestion;
import floof.cli.answer.Word;
import floof.config.tree.TextPrinter;
import floof.config.value.Secret;
import java.util.ArrayList;
import java.util.List;

/**
 * A command line against the grammar.
 *
 * @param words the command's words, keywords in full
 * @param action what it does
 * @param pipes what its output goes through
 * @param masked the line as others may read it and it can be read back: without secrets, words in
 *     quotes where they need them
 */
public record Parse(List<String> words, Position.Action action, List<Pipe> pipes, String masked) {

    /** More words than these are no help in an error: ? lists them. */
    private static final int EXPECTED_MAX = 8;

    /** Grammar behind a |. */
    public interface Pipes {

        /**
         * @param command what precedes it, keywords in full, pipes included
         */
        Position behind(List<String> command);
    }

    /** Reads a whole line. */
    public static Parse of(Position grammar, Pipes pipes, String line) throws CommandException {
        List<Word> words = Word.split(line);
        Walk walk = new Walk(grammar);
        int at = 0;
        while (at < words.size() && !words.get(at).isPipe()) {
            walk.step(words.get(at++));
        }
        Position.Action action = walk.position.action();
        if (action == null) {
            throw missing(at < words.size() ? words.get(at).column() : end(words));
        }
        List<Pipe> chain = new ArrayList<>();
        List<String> shown = new ArrayList<>(walk.shown);
        while (at < words.size()) {
            Walk pipe = new Walk(pipes.behind(walk.words));
            at++;
            while (at < words.size() && !words.get(at).isPipe()) {
                pipe.step(words.get(at++));
            }
            if (pipe.position.action() == null) {
                throw missing(at < words.size() ? words.get(at).column() : end(words));
            }
            chain.add(Pipe.of(pipe.words));
            shown.add("|");
            shown.addAll(pipe.shown);
        }
        return new Parse(walk.words, action, chain, String.join(" ", shown));
    }

    /**
     * A line that is no command, for logs: the words up to the one at fault, which the grammar
     * knows; of the others, any of which may be a secret, how long they are.
     */
    public static String faulty(Position grammar, Pipes pipes, String line) {
        List<Word> words;
        try {
            words = Word.split(line);
        } catch (CommandException e) {
            return unknown(line.strip());
        }
        Walk walk = new Walk(grammar);
        List<String> before = new ArrayList<>();
        List<String> shown = new ArrayList<>();
        boolean isKnown = true;
        for (Word word : words) {
            if (isKnown && word.isPipe() && walk.position.action() != null) {
                before.addAll(walk.words);
                walk = new Walk(pipes.behind(before));
                before.add("|");
                shown.add("|");
                continue;
            }
            isKnown = isKnown && walk.knows(word);
            shown.add(isKnown ? walk.shown.getLast() : unknown(word.text()));
        }
        return String.join(" ", shown);
    }

    private static String unknown(String text) {
        return "/* " + text.length() + " characters */";
    }

    /** The canonical line: keywords spelled out, arguments in their declared order, pipes. */
    public String command() {
        StringBuilder command = new StringBuilder(String.join(" ", action.canonical(words)));
        pipes.forEach(pipe -> command.append(" | ").append(String.join(" ", pipe.words())));
        return command.toString();
    }

    private static CommandException missing(int column) {
        return new CommandException("missing argument.", column);
    }

    private static int end(List<Word> words) {
        return words.isEmpty() ? 0 : words.getLast().end() + 1;
    }

    /**
     * What may stand at the end of {@code line}.
     *
     * @param prefix the word that has begun, empty behind a space
     * @param start column where it begins
     */
    public record Completion(String prefix, int start, Position position) {

        /** What may stand there: each time made of all names that are known, which may be many. */
        public List<Suggestion> suggestions() {
            return position.suggestions(prefix);
        }
    }

    /** What may stand at the end of an unfinished line. */
    public static Completion complete(Position grammar, Pipes pipes, String line)
            throws CommandException {
        List<Word> words = Word.split(line);
        boolean open =
                !words.isEmpty()
                        && words.getLast().end() == line.length()
                        && !words.getLast().isPipe();
        Word last = open ? words.getLast() : new Word("", line.length(), line.length(), false);
        Walk walk = new Walk(grammar);
        List<String> before = new ArrayList<>();
        for (Word word : open ? words.subList(0, words.size() - 1) : words) {
            if (!word.isPipe()) {
                walk.step(word);
            } else if (walk.position.action() == null) {
                throw missing(word.column());
            } else {
                before.addAll(walk.words);
                walk = new Walk(pipes.behind(before));
                before.add("|");
            }
        }
        return new Completion(last.text(), last.column(), walk.position);
    }

    /** Goes from place to place, word by word. */
    private static final class Walk {

        private Position position;
        private final List<String> words = new ArrayList<>();
        private final List<String> shown = new ArrayList<>();

        Walk(Position start) {
            this.position = start;
        }

        /** Goes on, where the grammar has that word. */
        boolean knows(Word word) {
            try {
                step(word);
                return true;
            } catch (CommandException e) {
                return false;
            }
        }

        void step(Word word) throws CommandException {
            Position.Keyword keyword = position.keyword(word);
            if (keyword != null) {
                words.add(keyword.word());
                shown.add(keyword.word());
                position = keyword.next().get();
                return;
            }
            Position.Argument argument = position.argument();
            if (argument == null) {
                throw unknown(word);
            }
            String wrong = argument.wrong().apply(word.text());
            if (wrong != null && argument.isSecret()) {
                throw new CommandException("error: " + wrong);
            }
            if (wrong != null) {
                throw new CommandException(
                        "invalid value '" + word.text() + "': " + wrong, word.column());
            }
            words.add(word.text());
            shown.add(argument.isSecret() ? Secret.MASK : TextPrinter.quoted(word.text()));
            position = argument.next().apply(word.text());
        }

        private CommandException unknown(Word word) {
            List<String> expected =
                    position.keywords().stream().map(k -> "<" + k.word() + ">").toList();
            String message =
                    words.isEmpty()
                            ? "unknown command."
                            : expected.isEmpty() || expected.size() > EXPECTED_MAX
                                    ? "syntax error."
                                    : "syntax error, expecting "
                                            + String.join(" or ", expected)
                                            + ".";
            return new CommandException(message, word.column());
        }
    }
}
