package floof.config.value;

/** Name of an interface, ordered as people count: ge-2 before ge-10. */
public record InterfaceName(String text) implements Comparable<InterfaceName> {

    @Override
    public int compareTo(InterfaceName other) {
        return natural(text, other.text);
    }

    /** Compares runs of digits by value, all else by character. */
    static int natural(String a, String b) {
        int i = 0;
        int j = 0;
        while (i < a.length() && j < b.length()) {
            int endA = digitsEnd(a, i);
            int endB = digitsEnd(b, j);
            int order;
            if (endA > i && endB > j) {
                String left = a.substring(i, endA).replaceFirst("^0+(?=.)", "");
                String right = b.substring(j, endB).replaceFirst("^0+(?=.)", "");
                order = Integer.compare(left.length(), right.length());
                order = order == 0 ? left.compareTo(right) : order;
            } else {
                order = Character.compare(a.charAt(i), b.charAt(j));
                endA = i + 1;
                endB = j + 1;
            }
            if (order != 0) {
                return order;
            }
            i = endA;
            j = endB;
        }
        int order = Integer.compare(a.length() - i, b.length() - j);
        // "ge-01" and "ge-1" count the same but are two names.
        return order == 0 ? a.compareTo(b) : order;
    }

    private static int digitsEnd(String text, int from) {
        int end = from;
        while (end < text.length() && text.charAt(end) >= '0' && text.charAt(end) <= '9') {
            end++;
        }
        return end;
    }

    @Override
    public String toString() {
        return text;
    }
}
