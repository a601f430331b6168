package floof.config.word;

import java.util.ArrayList;
import java.util.List;
import java.util.function.IntPredicate;
import org.jspecify.annotations.Nullable;

/**
 * A pattern of file-name style: {@code *} is any text, {@code ?} any character, {@code [a-d]} one
 * of those. Takes time by the product of the two lengths at most.
 */
public final class Glob {

    /** What one character may be; null stands for a star. */
    private final List<@Nullable IntPredicate> parts = new ArrayList<>();

    /**
     * @throws IllegalArgumentException for a bracket without its end, or with nothing in it
     */
    public Glob(String glob) {
        for (int i = 0; i < glob.length(); i++) {
            char c = glob.charAt(i);
            if (c == '[') {
                int end = glob.indexOf(']', i);
                if (end < i + 2) {
                    throw new IllegalArgumentException(
                            "'" + glob + "' is no pattern; expected characters in []");
                }
                parts.add(oneOf(glob.substring(i + 1, end)));
                i = end;
            } else {
                parts.add(c == '*' ? null : c == '?' ? any -> true : same -> same == c);
            }
        }
    }

    public static boolean isPattern(String word) {
        return word.chars().anyMatch(c -> c == '*' || c == '?' || c == '[') && word.length() > 1
                || word.equals("*");
    }

    private static IntPredicate oneOf(String set) {
        return c -> {
            for (int i = 0; i < set.length(); i++) {
                boolean isRange = i + 2 < set.length() && set.charAt(i + 1) == '-';
                char last = set.charAt(isRange ? i + 2 : i);
                if (c >= set.charAt(i) && c <= last) {
                    return true;
                }
                i += isRange ? 2 : 0;
            }
            return false;
        };
    }

    /** True for a pattern that any text fits. */
    boolean isAny() {
        return parts.size() == 1 && parts.getFirst() == null;
    }

    public boolean matches(String text) {
        int part = 0;
        int star = -1;
        int resume = 0;
        int at = 0;
        while (at < text.length()) {
            IntPredicate wanted = part < parts.size() ? parts.get(part) : never -> false;
            if (wanted == null) {
                star = part++;
                resume = at;
            } else if (wanted.test(text.charAt(at))) {
                part++;
                at++;
            } else if (star >= 0) {
                part = star + 1; // the last star takes one more; the ones before need no other try
                at = ++resume;
            } else {
                return false;
            }
        }
        while (part < parts.size() && parts.get(part) == null) {
            part++;
        }
        return part == parts.size();
    }
}
