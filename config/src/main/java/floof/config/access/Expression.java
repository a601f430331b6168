package floof.config.access;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/**
 * A pattern that matches from the first word on, up to the end of some word. One that takes too
 * long, or that is too complex for a text, is taken as what permits less. Immutable. Thread: any.
 *
 * @param permitsLess the answer where there is none: true for what is denied
 */
record Expression(Pattern pattern, boolean permitsLess) {

    /** Matches nothing. */
    static final Expression NOTHING = new Expression(Pattern.compile("(?!)"), false);

    /** What cannot be read denies everything. */
    private static final Expression EVERYTHING = new Expression(Pattern.compile(""), true);

    /** Characters that a match may look at: some for each of a long text. */
    private static final long LOOKS_MIN = 20_000;

    private static final long LOOKS_PER_CHARACTER = 100;

    /**
     * @param isDeny whether what it matches is denied
     */
    static Expression of(String pattern, boolean isDeny) {
        try {
            return new Expression(Permissions.Flag.whole(pattern), isDeny);
        } catch (PatternSyntaxException e) {
            return isDeny ? EVERYTHING : NOTHING;
        }
    }

    boolean matches(String text) {
        try {
            return pattern.matcher(new Bounded(text)).lookingAt();
        } catch (StackOverflowError | TooLongException e) {
            return permitsLess; // java.util.regex recurses for repeated groups, and tries them all
        }
    }

    /** True when more words could make the pattern match. */
    boolean begins(String words) {
        try {
            Matcher matcher = pattern.matcher(new Bounded(words.isEmpty() ? "" : words + " "));
            return matcher.lookingAt() || matcher.hitEnd();
        } catch (StackOverflowError | TooLongException e) {
            return true;
        }
    }

    private static final class TooLongException extends RuntimeException {

        TooLongException() {
            super("the pattern takes too long", null, false, false);
        }
    }

    /** A text that may be looked at only so often. */
    private static final class Bounded implements CharSequence {

        private final String text;
        private long left;

        Bounded(String text) {
            this.text = text;
            this.left = Math.max(LOOKS_MIN, LOOKS_PER_CHARACTER * text.length());
        }

        @Override
        public char charAt(int index) {
            if (--left < 0) {
                throw new TooLongException();
            }
            return text.charAt(index);
        }

        @Override
        public int length() {
            return text.length();
        }

        @Override
        public CharSequence subSequence(int start, int end) {
            return text.subSequence(start, end);
        }

        @Override
        public String toString() {
            return text;
        }
    }
}
