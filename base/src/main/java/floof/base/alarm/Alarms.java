package floof.base.alarm;

import java.time.Instant;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * The active alarms. Thread: any; listeners run on the thread that raised or cleared, one change at
 * a time and in order, and must neither block nor raise.
 */
public final class Alarms {

    /** Further alarms are only counted, by the alarm {@link #OVERFLOW}. */
    public static final int MAX = 1_000;

    /** The id of the alarm that stands for all that exceed the limit. */
    public static final String OVERFLOW = "alarms/overflow";

    /**
     * An alarm that was raised or cleared.
     *
     * @param isRaised false when it was cleared
     * @param isNew true when it was not active before; false when only its text changed
     */
    public record Change(Alarm alarm, boolean isRaised, boolean isNew) {}

    /** Receives changes. */
    @FunctionalInterface
    public interface Listener {
        void changed(Change change);
    }

    private final InstantSource clock;
    private final Map<String, Alarm> active = new HashMap<>();
    private final List<Listener> listeners = new CopyOnWriteArrayList<>();

    public Alarms(InstantSource clock) {
        this.clock = clock;
    }

    /** Reports every change to {@code listener}, until the result is closed. */
    public Runnable listen(Listener listener) {
        listeners.add(listener);
        return () -> listeners.remove(listener);
    }

    public void raise(String id, Severity severity, String text, String remedy) {
        raise(id, severity, text, remedy, List.of());
    }

    /**
     * Raises an alarm, or changes the text of the one with this id. Raising the same alarm again
     * changes nothing, so callers keep no state.
     */
    public synchronized void raise(
            String id, Severity severity, String text, String remedy, List<String> path) {
        Alarm before = active.get(id);
        if (before == null && active.size() >= MAX && !id.equals(OVERFLOW)) {
            raise(
                    OVERFLOW,
                    Severity.MAJOR,
                    "more than " + MAX + " alarms are active; others are not shown",
                    "repair some of those shown");
            return;
        }
        Instant since = before == null ? clock.instant() : before.since();
        Alarm alarm = new Alarm(id, severity, since, text, remedy, path);
        if (!alarm.equals(before)) {
            active.put(id, alarm);
            announce(new Change(alarm, true, before == null));
        }
    }

    /** Clears an alarm; does nothing when it is not active. */
    public synchronized void clear(String id) {
        Alarm cleared = active.remove(id);
        if (cleared != null) {
            announce(new Change(cleared, false, false));
            if (active.size() <= MAX && !id.equals(OVERFLOW)) {
                clear(OVERFLOW);
            }
        }
    }

    /** Raises or clears, by {@code isWrong}. */
    public void set(
            boolean isWrong,
            String id,
            Severity severity,
            String text,
            String remedy,
            List<String> path) {
        if (isWrong) {
            raise(id, severity, text, remedy, path);
        } else {
            clear(id);
        }
    }

    /** Active alarms: major ones first, then the oldest first. */
    public synchronized List<Alarm> active() {
        Comparator<Alarm> order =
                Comparator.comparing(Alarm::severity)
                        .reversed()
                        .thenComparing(Alarm::since)
                        .thenComparing(Alarm::id);
        return active.values().stream().sorted(order).toList();
    }

    private void announce(Change change) {
        listeners.forEach(listener -> listener.changed(change));
    }
}
