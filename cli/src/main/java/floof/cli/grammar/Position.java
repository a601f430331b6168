package floof.cli.grammar;

import floof.cli.answer.Answer;
import floof.cli.answer.CommandException;
import floof.cli.answer.Suggestion;
import floof.cli.answer.Word;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A place in the grammar between two words: what may come next, and whether the command may end
 * here. Built as a line is read, so that live values stand beside fixed keywords.
 *
 * @param keywords words that may come, in the order of help
 * @param argument the free word that may come, or null
 * @param action what the command does when it ends here, or null when it may not
 */
public record Position(
        List<Keyword> keywords, @Nullable Argument argument, @Nullable Action action) {

    /** What a command does; {@code words} are the line's, keywords in full. */
    public interface Action {
        Answer run(List<String> words) throws CommandException;

        /** The line that the patterns of classes match: arguments in their declared order. */
        default List<String> canonical(List<String> words) {
            return words;
        }

        /** The same, with another form of the line. */
        default Action as(UnaryOperator<List<String>> canonical) {
            Action own = this;
            return new Action() {
                @Override
                public Answer run(List<String> words) throws CommandException {
                    return own.run(words);
                }

                @Override
                public List<String> canonical(List<String> words) {
                    return canonical.apply(words);
                }
            };
        }
    }

    /** A fixed word, and what comes behind it. */
    public record Keyword(char mark, String word, String help, Supplier<Position> next) {

        public Keyword(String word, String help, Supplier<Position> next) {
            this(' ', word, help, next);
        }

        /** The same word with something else behind it. */
        public Keyword leadingTo(UnaryOperator<Position> behind) {
            return new Keyword(mark, word, help, () -> behind.apply(next.get()));
        }
    }

    /**
     * A free word.
     *
     * @param wrong says what is wrong with a text, or null for nothing
     * @param known values that exist, for completion
     * @param next what comes behind a value
     * @param files names of files that begin with a text, folders with a slash at the end
     * @param isSecret the word must not be repeated, neither on the screen nor in a log
     */
    public record Argument(
            char mark,
            String placeholder,
            String help,
            Function<String, @Nullable String> wrong,
            Supplier<List<Suggestion>> known,
            Function<String, Position> next,
            Function<String, List<Suggestion>> files,
            boolean isSecret) {

        public Argument(
                char mark,
                String placeholder,
                String help,
                Function<String, @Nullable String> wrong,
                Supplier<List<Suggestion>> known,
                Function<String, Position> next) {
            this(mark, placeholder, help, wrong, known, next, prefix -> List.of(), false);
        }

        /** The same word with something else behind it. */
        public Argument leadingTo(Function<String, Position> behind) {
            return new Argument(mark, placeholder, help, wrong, known, behind, files, isSecret);
        }

        /** The same word with values that exist. */
        public Argument knowing(Supplier<List<Suggestion>> values) {
            return new Argument(mark, placeholder, help, wrong, values, next, files, isSecret);
        }

        /** Any text. */
        public static Argument any(
                String placeholder, String help, Function<String, Position> next) {
            return new Argument(' ', placeholder, help, text -> null, List::of, next);
        }

        /** Any text; the same comes behind each. */
        public static Argument any(String placeholder, String help, Position next) {
            return any(placeholder, help, text -> next);
        }

        /** Whether a text is one of the values that exist. */
        boolean isKnown(String text) {
            return known.get().stream().anyMatch(value -> value.word().equals(text));
        }
    }

    public Position(List<Keyword> keywords) {
        this(keywords, null, null);
    }

    /**
     * Without the words that may not begin a command.
     *
     * @param before what precedes them, with a space behind it, or nothing
     */
    public Position only(Predicate<String> mayBegin, String before) {
        List<Keyword> left = new ArrayList<>();
        for (Keyword keyword : keywords) {
            String words = before + keyword.word();
            if (mayBegin.test(words)) {
                left.add(keyword.leadingTo(next -> next.only(mayBegin, words + " ")));
            }
        }
        Argument free = argument;
        return new Position(
                left,
                free == null
                        ? null
                        : free.leadingTo(text ->
                                free.next().apply(text).only(mayBegin, before + text + " ")),
                action);
    }

    /** One of these words must follow; help has them in order of the alphabet. */
    public static Position sorted(List<Keyword> keywords) {
        return new Position(keywords.stream().sorted(Comparator.comparing(Keyword::word)).toList());
    }

    /** The same with its actions made into others. */
    public Position acting(UnaryOperator<Action> other) {
        Action own = action;
        Argument free = argument;
        return new Position(
                keywords.stream()
                        .map(keyword -> keyword.leadingTo(next -> next.acting(other)))
                        .toList(),
                free == null ? null : free.leadingTo(text -> free.next().apply(text).acting(other)),
                own == null ? null : other.apply(own).as(own::canonical));
    }

    /** The same, where {@code detail} may follow: then tables have every column. */
    public Position detailed() {
        Action own = action;
        if (own == null) {
            return this;
        }
        Action whole = words -> own.run(words).whole();
        Keyword detail =
                new Keyword(
                        "detail",
                        "Show all columns, regardless of the screen width",
                        () -> end(whole.as(own::canonical)));
        return new Position(
                sorted(Stream.concat(keywords.stream(), Stream.of(detail)).toList()).keywords,
                argument,
                action);
    }

    /** Nothing may follow. */
    public static Position end(Action action) {
        return new Position(List.of(), null, action);
    }

    /** This word must follow. */
    public static Position then(Argument argument) {
        return new Position(List.of(), argument, null);
    }

    /** One of these words must follow. */
    public static Position of(Keyword... keywords) {
        return new Position(List.of(keywords));
    }

    /** One of these words may follow. */
    public static Position optional(Action action, Keyword... keywords) {
        return new Position(List.of(keywords), null, action);
    }

    /** The keyword a word means: spelled out, or the only one it begins; null when it is none. */
    @Nullable Keyword keyword(Word word) throws CommandException {
        if (word.quoted()) {
            return null;
        }
        List<Keyword> matching = new ArrayList<>();
        for (Keyword keyword : keywords) {
            if (keyword.word().equals(word.text())) {
                return keyword;
            }
            if (keyword.word().startsWith(word.text())) {
                matching.add(keyword);
            }
        }
        if (matching.isEmpty() || argument != null && argument.isKnown(word.text())) {
            return null;
        }
        if (matching.size() > 1) {
            throw new CommandException(
                    "'" + word.text() + "' is ambiguous.", word.column(), suggestions(word.text()));
        }
        return matching.getFirst();
    }

    /** What may come that begins with {@code prefix}; with an empty prefix, placeholders too. */
    List<Suggestion> suggestions(String prefix) {
        List<Suggestion> suggestions = new ArrayList<>();
        if (prefix.isEmpty() && action != null) {
            suggestions.add(Suggestion.placeholder(' ', "<[Enter]>", "Execute this command"));
        }
        if (argument != null) {
            for (Suggestion value : argument.known().get()) {
                if (value.word().startsWith(prefix)) {
                    suggestions.add(value);
                }
            }
            suggestions.addAll(argument.files().apply(prefix));
            if (prefix.isEmpty() || argument.wrong().apply(prefix) == null) {
                suggestions.add(
                        Suggestion.placeholder(
                                argument.mark(), argument.placeholder(), argument.help()));
            }
        }
        for (Keyword keyword : keywords) {
            if (keyword.word().startsWith(prefix)) {
                suggestions.add(new Suggestion(keyword.mark(), keyword.word(), keyword.help()));
            }
        }
        if (prefix.isEmpty() && action != null) {
            suggestions.add(Suggestion.placeholder(' ', "|", "Pipe through a command"));
        }
        return suggestions;
    }
}
