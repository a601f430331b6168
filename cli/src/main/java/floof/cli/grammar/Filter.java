package floof.cli.grammar;

import floof.cli.answer.CommandException;
import java.net.InetAddress;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import java.util.stream.Stream;

/** The pipes that choose and change lines. */
public final class Filter {

    /**
     * Characters that a pattern may look at in one line, again and again: some tenth of a second. A
     * pattern such as {@code (a+)+b} would look for ever.
     */
    static final int STEPS_MAX = 10_000_000;

    /** Addresses that {@code resolve} asks for, each on a thread; others stay as they are. */
    private static final int NAMES_MAX = 1_000;

    /** How long {@code resolve} waits for all names together, in seconds. */
    private static final int RESOLVE_S = 5;

    private static final Pattern ADDRESS =
            Pattern.compile(
                    "(?<![\\w.:])(?:\\d{1,3}(?:\\.\\d{1,3}){3}|[0-9a-f]{0,4}(?::[0-9a-f]{0,4}){2,7})"
                            + "(?![\\w.:/])");

    /** What {@code find} gives when no line matches. */
    public static final List<String> NOT_FOUND = List.of("Pattern not found");

    private Filter() {}

    /** POSIX' names of character classes are known, the rest is as Java's. */
    public static Pattern pattern(String text) throws CommandException {
        try {
            Matcher classes =
                    Pattern.compile(
                                    "\\[:(alpha|digit|alnum|upper|lower|space|punct|blank|cntrl|graph|print):]")
                            .matcher(text);
            return Pattern.compile(
                    classes.replaceAll(m -> {
                        String name = m.group(1);
                        return "\\\\p{"
                                + name.substring(0, 1).toUpperCase(Locale.ROOT)
                                + name.substring(1)
                                + "}";
                    }));
        } catch (PatternSyntaxException e) {
            throw new CommandException("error: bad pattern '" + text + "': " + e.getDescription());
        }
    }

    /** What passes of {@code lines}. */
    public static List<String> lines(Pipe pipe, List<String> lines) throws CommandException {
        try {
            return filtered(pipe, lines);
        } catch (StackOverflowError | Weary e) {
            // java.util.regex recurses for repeated groups.
            throw new CommandException("error: pattern '" + pipe.operand() + "' is too complex");
        }
    }

    private static List<String> filtered(Pipe pipe, List<String> lines) throws CommandException {
        return switch (pipe.verb()) {
            case "match" -> lines.stream().filter(matching(pipe)).toList();
            case "except" -> lines.stream().filter(matching(pipe).negate()).toList();
            case "find" -> {
                List<String> found = lines.stream().dropWhile(matching(pipe).negate()).toList();
                yield found.isEmpty() ? NOT_FOUND : found;
            }
            case "trim" ->
                    lines.stream()
                            .map(line -> line.substring(Math.min(pipe.number(0), line.length())))
                            .toList();
            case "suppress-zeros" ->
                    lines.stream().filter(Predicate.not(Filter::isAllZero)).toList();
            case "resolve" -> resolved(lines);
            default -> lines;
        };
    }

    private static Predicate<String> matching(Pipe pipe) throws CommandException {
        Pattern pattern = pattern(pipe.operand());
        return line -> pattern.matcher(new Patient(line)).find();
    }

    /** Has numbers, and none other than 0. */
    private static boolean isAllZero(String line) {
        List<String> numbers =
                Stream.of(line.strip().split("\\s+"))
                        .filter(word -> word.matches("[0-9]+(\\.[0-9]+)?%?"))
                        .toList();
        return !numbers.isEmpty() && numbers.stream().allMatch(n -> n.matches("[0.]+%?"));
    }

    private static List<String> resolved(List<String> lines) {
        Map<String, CompletableFuture<String>> names = new ConcurrentHashMap<>();
        for (String line : lines) {
            ADDRESS.matcher(line)
                    .results()
                    .map(java.util.regex.MatchResult::group)
                    .filter(address -> names.size() < NAMES_MAX)
                    .forEach(address -> names.computeIfAbsent(address, Filter::name));
        }
        CompletableFuture<Void> all =
                CompletableFuture.allOf(names.values().toArray(CompletableFuture[]::new));
        all.completeOnTimeout(null, RESOLVE_S, TimeUnit.SECONDS).join();
        return lines.stream()
                .map(line ->
                        ADDRESS.matcher(line)
                                .replaceAll(found ->
                                        Matcher.quoteReplacement(known(names, found.group()))))
                .toList();
    }

    private static String known(Map<String, CompletableFuture<String>> names, String address) {
        CompletableFuture<String> name = names.get(address);
        return name == null ? address : name.getNow(address);
    }

    /** The name of an address, on a thread of its own that ends with the resolver's own limit. */
    private static CompletableFuture<String> name(String address) {
        CompletableFuture<String> name = new CompletableFuture<>();
        Thread.ofVirtual()
                .name("resolve " + address)
                .start(() -> {
                    try {
                        name.complete(InetAddress.ofLiteral(address).getCanonicalHostName());
                    } catch (IllegalArgumentException e) {
                        name.complete(address); // looked like one
                    }
                });
        return name;
    }

    /** A pattern looked at too many characters. */
    public static final class Weary extends RuntimeException {

        Weary() {
            super(null, null, false, false);
        }
    }

    /** How many characters may still be looked at. */
    public static final class Patience {

        private long left;

        public Patience(long steps) {
            left = steps;
        }
    }

    /** A line that can be looked at only so often. */
    public static final class Patient implements CharSequence {

        private final String line;
        private final Patience patience;

        public Patient(String line) {
            this(line, new Patience(STEPS_MAX));
        }

        /**
         * @param patience shared with other lines
         */
        public Patient(String line, Patience patience) {
            this.line = line;
            this.patience = patience;
        }

        @Override
        public int length() {
            return line.length();
        }

        @Override
        public char charAt(int index) {
            if (--patience.left < 0) {
                throw new Weary();
            }
            return line.charAt(index);
        }

        @Override
        public CharSequence subSequence(int start, int end) {
            return line.substring(start, end);
        }

        @Override
        public String toString() {
            return line;
        }
    }
}
