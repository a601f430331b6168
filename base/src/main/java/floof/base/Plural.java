package floof.base;

/** Counted things in English. */
public final class Plural {

    private Plural() {}

    /** {@code 1 minute}, {@code 2 minutes}; {@code 1 entry}, {@code 2 entries}. */
    public static String of(long count, String noun) {
        return count + " " + (count == 1 ? noun : plural(noun));
    }

    private static String plural(String noun) {
        if (noun.matches(".*[^aeiou]y")) {
            return noun.substring(0, noun.length() - 1) + "ies";
        }
        return noun.matches(".*(s|x|ch|sh)") ? noun + "es" : noun + "s";
    }

    /** The verb behind it: {@code is} or {@code are}. */
    public static String are(long count) {
        return count == 1 ? "is" : "are";
    }
}
