package floof.cli;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Times as operators read them. */
final class Times {

    private static final DateTimeFormatter LOCAL =
            DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss zzz", Locale.ROOT);

    private Times() {}

    /** {@code 2026-02-15 03:20:57 PST}, in the machine's time zone. */
    static String local(Instant time) {
        return LOCAL.format(time.atZone(ZoneId.systemDefault()));
    }

    /** {@code MM:SS}, {@code HH:MM:SS}, {@code Nd HH:MM:SS} or {@code NwNd HH:MM:SS}. */
    static String age(Duration age) {
        long seconds = Math.max(0, age.toSeconds());
        long days = seconds / 86_400;
        String clock =
                String.format(
                        "%02d:%02d:%02d", seconds / 3600 % 24, seconds / 60 % 60, seconds % 60);
        if (days >= 7) {
            return days / 7 + "w" + days % 7 + "d " + clock;
        }
        if (days > 0) {
            return days + "d " + clock;
        }
        return seconds >= 3600 ? clock : clock.substring(3);
    }

    /** Age of what began at {@code since}; {@code -} when that is unknown. */
    static String age(@Nullable Instant since, Instant now) {
        return since == null ? "-" : age(Duration.between(since, now));
    }
}
