package floof.api.view;

import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** How long ago something began, as operators read it. */
public final class Ages {

    private Ages() {}

    /** {@code MM:SS}, {@code HH:MM:SS}, {@code Nd HH:MM:SS} or {@code NwNd HH:MM:SS}. */
    public static String text(Duration age) {
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
    public static String text(@Nullable Instant since, Instant now) {
        return since == null ? "-" : text(Duration.between(since, now));
    }
}
