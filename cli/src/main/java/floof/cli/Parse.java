package floof.cli;

import floof.config.Secret;
import java.util.ArrayList;
import java.util.List;

/**
 * A command line against the grammar.
 *
 * @param words the command's words, keywords in full
 * @param action what it does
 * @param pipes what its output goes through
 * @param shown the words as others may read them: without secrets
 */
record Parse(List<String> words, Position.Action action, List<Pipe> pipes, List<String> shown) {

    /** More words than these are no help in an error: ? lists them. */
    private static final int EXPECTED_MAX = 8;

    /** Grammar behind a |. */
    interface Pipes {

        /**
         * @param command what precedes it, keywords in full, pipes included
         */
        Position behind(List<String> command);
    }

    /** Reads a whole line. */
    static Parse of(Position grammar, Pipes pipes, String line) throws CommandException {
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
        }
        return new Parse(walk.words, action, chain, walk.shown);
    }

    /** The line in full: keywords spelled out, one space between words. */
    String command() {
        return piped(words);
    }

    /** The same without secrets, for logs. */
    String masked() {
        return piped(shown);
    }

    private String piped(List<String> first) {
        StringBuilder command = new StringBuilder(String.join(" ", first));
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
    record Completion(String prefix, int start, Position position, List<Suggestion> suggestions) {}

    /** What may stand at the end of an unfinished line. */
    static Completion complete(Position grammar, Pipes pipes, String line) throws CommandException {
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
        return new Completion(
                last.text(), last.column(), walk.position, walk.position.suggestions(last.text()));
    }

    /** Goes from place to place, word by word. */
    private static final class Walk {

        private Position position;
        private final List<String> words = new ArrayList<>();
        private final List<String> shown = new ArrayList<>();

        Walk(Position start) {
            this.position = start;
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
            shown.add(argument.isSecret() ? Secret.MASK : word.text());
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
