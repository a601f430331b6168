package floof.cli;

import floof.api.show.ShowAlarms;
import floof.api.view.Reader;
import floof.api.view.Times;
import floof.base.Plural;
import floof.base.alarm.Alarm;
import floof.base.alarm.Alarms;
import floof.config.access.Permissions;
import java.time.Duration;
import java.time.Instant;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** Shows one session new alarms, as far as its user may see them. Thread: any. */
final class AlarmNews implements Alarms.Listener {

    /** New alarms shown to a session in each {@link #PERIOD}; the rest are only summed up. */
    static final int SHOWN_MAX = 5;

    private static final Duration PERIOD = Duration.ofMinutes(1);

    private static final String COMMAND = "show system alarms";

    private final Supplier<Permissions> permissions;
    private final Consumer<String> out;
    private Instant periodEnd = Instant.MIN;
    private int shown;

    AlarmNews(Supplier<Permissions> permissions, Consumer<String> out) {
        this.permissions = permissions;
        this.out = out;
    }

    @Override
    public synchronized void changed(Alarms.Change change) {
        Alarm alarm = change.alarm();
        Permissions now = permissions.get();
        boolean mayHear = now.mayRun(COMMAND) && now.mayHearOf(alarm.path());
        if (!change.isNew() || !mayHear) {
            return;
        }
        Instant time = Instant.now();
        if (!time.isBefore(periodEnd)) {
            periodEnd = time.plus(PERIOD);
            shown = 0;
        }
        shown++;
        if (shown <= SHOWN_MAX) {
            out.accept(
                    "\n"
                            + ShowAlarms.severity(alarm)
                            + " alarm at "
                            + Times.local(alarm.since())
                            + ":\n"
                            + alarm.text()
                            + "\nRemedy: "
                            + alarm.remedy()
                            + "\n");
        } else if (shown == SHOWN_MAX + 1) {
            out.accept("\nMore alarms: see '" + COMMAND + "'\n");
        }
    }

    /** A line for a new session if there are alarms, else an empty text. */
    static String greeting(Alarms alarms, Reader reader) {
        int count =
                reader.permissions().mayRun(COMMAND) ? ShowAlarms.seen(alarms, reader).size() : 0;
        return count == 0
                ? ""
                : Plural.of(count, "alarm") + " currently active: see '" + COMMAND + "'\n";
    }
}
