package floof.api.view;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Times as operators read them. */
public final class Times {

    private static final DateTimeFormatter LOCAL =
            DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss zzz", Locale.ROOT);

    private static final DateTimeFormatter CLOCK =
            DateTimeFormatter.ofPattern("HH:mm:ss", Locale.ROOT);

    private Times() {}

    /** {@code 2026-02-15 03:20:57 PST}, in the machine's time zone. */
    public static String local(Instant time) {
        return LOCAL.format(time.atZone(ZoneId.systemDefault()));
    }

    /** {@code 03:20:57}, in the machine's time zone. */
    public static String clock(Instant time) {
        return CLOCK.format(time.atZone(ZoneId.systemDefault()));
    }

    /** {@code MM:SS}, {@code HH:MM:SS}, {@code Nd HH:MM:SS} or {@code NwNd HH:MM:SS}. */
    public static String age(Duration age) {
        long seconds = Math.max(0, age.toSeconds());
        long days = seconds / 86_400;
        StringBuilder text = new StringBuilder();
        if (days > 0) {
            text.append(days >= 7 ? days / 7 + "w" + days % 7 : days).append("d ");
        }
        if (seconds >= 3600) {
            two(text, seconds / 3600 % 24).append(':');
        }
        two(text, seconds / 60 % 60).append(':');
        return two(text, seconds % 60).toString();
    }

    private static StringBuilder two(StringBuilder out, long number) {
        return out.append((char) ('0' + number / 10)).append((char) ('0' + number % 10));
    }

    /** Age of what began at {@code since}; {@code -} when that is unknown. */
    public static String age(@Nullable Instant since, Instant now) {
        return since == null ? "-" : age(Duration.between(since, now));
    }
}
