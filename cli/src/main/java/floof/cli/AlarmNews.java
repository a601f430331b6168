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

/** Tells one session of new alarms, as far as its user may know of them. Thread: any. */
final class AlarmNews implements Alarms.Listener {

    /** New alarms shown to a session in each {@link #PERIOD}; the rest are only summed up. */
    static final int TOLD_MAX = 5;

    private static final Duration PERIOD = Duration.ofMinutes(1);

    private static final String COMMAND = "show system alarms";

    private final Supplier<Permissions> reader;
    private final Consumer<String> out;
    private Instant periodEnd = Instant.MIN;
    private int told;

    AlarmNews(Supplier<Permissions> reader, Consumer<String> out) {
        this.reader = reader;
        this.out = out;
    }

    @Override
    public synchronized void changed(Alarms.Change change) {
        Alarm alarm = change.alarm();
        Permissions permissions = reader.get();
        boolean mayHear = permissions.mayRun(COMMAND) && permissions.mayHearOf(alarm.path());
        if (!change.isNew() || !mayHear) {
            return;
        }
        Instant now = Instant.now();
        if (!now.isBefore(periodEnd)) {
            periodEnd = now.plus(PERIOD);
            told = 0;
        }
        told++;
        if (told <= TOLD_MAX) {
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
        } else if (told == TOLD_MAX + 1) {
            out.accept("\nMore alarms: see '" + COMMAND + "'\n");
        }
    }

    /** For a session that begins: that there are some, or nothing. */
    static String greeting(Alarms alarms, Reader reader) {
        int count =
                reader.permissions().mayRun(COMMAND) ? ShowAlarms.seen(alarms, reader).size() : 0;
        return count == 0
                ? ""
                : Plural.of(count, "alarm") + " currently active: see '" + COMMAND + "'\n";
    }
}
