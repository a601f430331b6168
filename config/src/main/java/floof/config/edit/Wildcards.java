package floof.config.edit;

import static floof.config.value.StatementException.Kind.INVALID;

import floof.config.tree.Branch;
import floof.config.tree.Node;
import floof.config.tree.Statement;
import floof.config.value.StatementException;
import floof.config.word.Glob;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** Paths with patterns in the place of keys, and words with ranges. */
public final class Wildcards {

    /** Most statements that one line stands for: every interface of a large router. */
    public static final int EXPANSION_MAX = 10_000;

    private Wildcards() {}

    /**
     * The paths of {@code root} that the words stand for: {@code *}, {@code ?} and {@code [a-d]} in
     * the place of a key or value. Words without a pattern stand for themselves.
     */
    public static List<List<String>> matches(Branch root, List<String> words) {
        List<List<String>> found = new ArrayList<>();
        matches(root, words, List.of(), found);
        return found;
    }

    private static void matches(
            Node node, List<String> words, List<String> path, List<List<String>> found) {
        if (path.size() == words.size()) {
            found.add(path);
            return;
        }
        String word = words.get(path.size());
        boolean isPattern = Glob.isPattern(word);
        switch (node) {
            case Branch branch when isPattern -> {
                Glob glob = new Glob(word);
                for (Branch entry : branch.entries()) {
                    if (glob.matches(entry.name())) {
                        matches(entry, words, Node.below(path, entry.name()), found);
                    }
                }
            }
            case Branch branch -> {
                Node child = branch.child(word);
                if (child != null) {
                    matches(child, words, Node.below(path, child.name()), found);
                }
            }
            case Statement statement -> {
                Glob glob = new Glob(isPattern ? word : "");
                for (Comparable<?> value : statement.values()) {
                    String text = value.toString();
                    if (isPattern ? glob.matches(text) : text.equals(word)) {
                        matches(statement, words, Node.below(path, text), found);
                    }
                }
            }
        }
    }

    /**
     * The lines that one stands for: {@code ge-[0-3,!2]} is ge-0, ge-1 and ge-3; numbers, letters
     * and words separated by commas, those behind ! left out.
     *
     * @throws StatementException for a range that is none, or more than {@link #EXPANSION_MAX}
     */
    public static List<List<String>> ranges(List<String> words) throws StatementException {
        List<List<String>> lines = List.of(List.of());
        for (int i = 0; i < words.size(); i++) {
            List<String> expanded = expanded(words.get(i), i);
            if ((long) lines.size() * expanded.size() > EXPANSION_MAX) {
                throw tooMany(i);
            }
            List<List<String>> longer = new ArrayList<>();
            for (List<String> line : lines) {
                for (String word : expanded) {
                    longer.add(Node.below(line, word));
                }
            }
            lines = longer;
        }
        return lines;
    }

    private static StatementException tooMany(int index) {
        return new StatementException(
                INVALID, index, "ranges stand for more than " + EXPANSION_MAX + " statements");
    }

    private static List<String> expanded(String word, int index) throws StatementException {
        int open = word.indexOf('[');
        int close = word.indexOf(']', open + 1);
        if (open < 0 || close < open + 2) {
            return List.of(word);
        }
        List<String> items = new ArrayList<>();
        Set<String> left = new TreeSet<>();
        for (String item : word.substring(open + 1, close).split(",")) {
            if (item.startsWith("!")) {
                left.addAll(range(item.substring(1), index));
            } else {
                items.addAll(range(item, index));
            }
        }
        List<String> words = new ArrayList<>();
        for (String item : items) {
            if (!left.contains(item)) {
                for (String rest : expanded(word.substring(close + 1), index)) {
                    words.add(word.substring(0, open) + item + rest);
                }
            }
            if (words.size() > EXPANSION_MAX) {
                throw tooMany(index);
            }
        }
        return words;
    }

    /** {@code 0-3}, {@code a-d}, or the word itself. */
    private static List<String> range(String item, int index) throws StatementException {
        boolean isNumbers = item.matches("[0-9]{1,9}-[0-9]{1,9}");
        if (!isNumbers && !item.matches("[a-z]-[a-z]|[A-Z]-[A-Z]")) {
            return List.of(item);
        }
        String[] ends = item.split("-");
        int first = isNumbers ? Integer.parseInt(ends[0]) : ends[0].charAt(0);
        int last = isNumbers ? Integer.parseInt(ends[1]) : ends[1].charAt(0);
        if (last < first) {
            throw new StatementException(
                    INVALID, index, "range '" + item + "' ends before it begins");
        }
        if (last - first >= EXPANSION_MAX) {
            throw tooMany(index);
        }
        List<String> values = new ArrayList<>();
        for (int i = first; i <= last; i++) {
            values.add(isNumbers ? Integer.toString(i) : Character.toString(i));
        }
        return values;
    }
}
