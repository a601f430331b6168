package floof.fpc;

import java.nio.charset.StandardCharsets;
import java.util.List;

/** The bounds of all fields; every record checks them, also those that the codec creates. */
final class Check {
    /** IFNAMSIZ without its NUL (linux/if.h). */
    static final int NAME_BYTES = 15;

    /** Paths of an instance, all below {@code /run/floof/NAME}. */
    static final int PATH_BYTES = 255;

    /** Names of statements of the configuration. */
    static final int WORD_BYTES = 31;

    /** Text for operators: an error, a line of a trace. */
    static final int TEXT_BYTES = 1024;

    static final long U32_MAX = 0xffff_ffffL;

    private Check() {}

    static void range(String place, long value, long min, long max) {
        if (value < min || value > max) {
            throw new MalformedMessage(place, value, min + ".." + max);
        }
    }

    static void index(String place, int value) {
        range(place, value, 0, Integer.MAX_VALUE);
    }

    static void text(String place, String value, int maxBytes) {
        int sizeBytes = sizeBytes(value);
        if (sizeBytes > maxBytes) {
            throw new MalformedMessage(
                    place, "text of " + sizeBytes + " bytes", "at most " + maxBytes);
        }
    }

    /** Length in UTF-8; ASCII is not encoded, as this runs for every text. */
    static int sizeBytes(String value) {
        return isAscii(value) ? value.length() : value.getBytes(StandardCharsets.UTF_8).length;
    }

    static boolean isAscii(String value) {
        for (int i = 0; i < value.length(); i++) {
            if (value.charAt(i) >= 0x80) {
                return false;
            }
        }
        return true;
    }

    static void widths(List<Message.CounterRow> rows, int columns) {
        for (Message.CounterRow row : rows) {
            if (row.values().size() != columns) {
                throw new MalformedMessage(
                        "COUNTERS.rows[" + row.name() + "].values",
                        row.values().size() + " elements",
                        "one per column, " + columns);
            }
        }
    }

    static void name(String place, String value) {
        if (value.isEmpty()) {
            throw new MalformedMessage(place, "empty text", "a name");
        }
        text(place, value, NAME_BYTES);
    }

    static <T> List<T> list(String place, List<T> value, int maxCount) {
        if (value.size() > maxCount) {
            throw new MalformedMessage(place, value.size() + " elements", "at most " + maxCount);
        }
        return List.copyOf(value);
    }
}
