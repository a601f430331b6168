package floof.api.commit;

import java.time.Instant;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.format.DateTimeParseException;

/** When a commit shall be done that is not done now. */
public sealed interface CommitTime {

    /** At that time, or as soon as floofd runs after it. */
    record At(Instant time) implements CommitTime {}

    /** When the machine has started the next time. */
    record Reboot() implements CommitTime {}

    /**
     * The time in {@code hh:mm[:ss]} (today, or tomorrow when that is over), {@code yyyy-mm-dd
     * hh:mm[:ss]} or {@code reboot}.
     *
     * @throws IllegalArgumentException when it is none of these or not a minute ahead
     */
    static CommitTime parse(String text, Instant now, ZoneId zone) {
        if (text.equals("reboot")) {
            return new Reboot();
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
            return new At(time);
        } catch (DateTimeParseException e) {
            throw new IllegalArgumentException(
                    "expected \"hh:mm[:ss]\", \"yyyy-mm-dd hh:mm[:ss]\" or \"reboot\"", e);
        }
    }
}
