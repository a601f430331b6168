package floof.cli.answer;

import floof.api.commit.CommitTime;
import floof.api.view.Ages;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
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

    /**
     * The time in {@code hh:mm[:ss]} (today, or tomorrow when that is over), {@code yyyy-mm-dd
     * hh:mm[:ss]} or {@code reboot}.
     *
     * @throws IllegalArgumentException when it is none of these or not a minute ahead
     */
    public static CommitTime commitTime(String text, Instant now, ZoneId zone) {
        if (text.equals("reboot")) {
            return new CommitTime.Reboot();
        }
        try {
            Instant time;
            if (text.length() <= 8) {
                LocalDateTime today = now.atZone(zone).toLocalDate().atTime(LocalTime.parse(text));
                boolean isOver = !today.atZone(zone).toInstant().isAfter(now);
                time = (isOver ? today.plusDays(1) : today).atZone(zone).toInstant();
            } else {
                time = LocalDateTime.parse(text.replaceFirst(" +", "T")).atZone(zone).toInstant();
            }
            if (time.isBefore(now.plusSeconds(60))) {
                throw new IllegalArgumentException("expected a time at least a minute ahead");
            }
            return new CommitTime.At(time);
        } catch (DateTimeParseException e) {
            throw new IllegalArgumentException(
                    "expected \"hh:mm[:ss]\", \"yyyy-mm-dd hh:mm[:ss]\" or \"reboot\"", e);
        }
    }

    /** {@code 03:20:57}, in the machine's time zone. */
    public static String clock(Instant time) {
        return CLOCK.format(time.atZone(ZoneId.systemDefault()));
    }

    public static String age(Duration age) {
        return Ages.text(age);
    }

    /** Age of what began at {@code since}; {@code -} when that is unknown. */
    public static String age(@Nullable Instant since, Instant now) {
        return Ages.text(since, now);
    }
}
