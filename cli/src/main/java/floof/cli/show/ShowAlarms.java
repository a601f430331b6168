package floof.cli.show;

import floof.base.Plural;
import floof.base.alarm.Alarm;
import floof.base.alarm.Alarms;
import floof.cli.answer.Answer;
import floof.cli.answer.Columns;
import floof.cli.answer.Times;
import floof.config.access.Permissions;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** Alarms as operators see them: {@code show system alarms}, and word of new ones. */
public final class ShowAlarms {

    /** New alarms shown to a session in each {@link #PERIOD}; the rest are only summed up. */
    public static final int TOLD_MAX = 5;

    private static final Duration PERIOD = Duration.ofMinutes(1);

    private static final String COMMAND = "show system alarms";

    private static final int TEXT_COLUMN = 32;

    /** Less than this is no column: then lines are left to the terminal. */
    private static final int TEXT_MIN = 20;

    private ShowAlarms() {}

    public static Answer of(List<Alarm> active, Permissions reader) {
        List<Alarm> alarms = seen(active, reader);
        if (alarms.isEmpty()) {
            return Answer.Data.of(Alarm.class, alarms, "No alarms currently active\n");
        }
        String count = Plural.of(alarms.size(), "alarm") + " currently active\n";
        Answer.Fitted list = columns -> list(alarms, columns);
        return Answer.Data.of(Alarm.class, alarms, count, list);
    }

    /** For a session that begins: that there are some, or nothing. */
    public static String greeting(List<Alarm> active, Permissions reader) {
        int count = reader.mayRun(COMMAND) ? seen(active, reader).size() : 0;
        return count == 0
                ? ""
                : Plural.of(count, "alarm") + " currently active: see '" + COMMAND + "'\n";
    }

    /** Those that the reader may know of. */
    private static List<Alarm> seen(List<Alarm> active, Permissions reader) {
        return active.stream().filter(alarm -> reader.mayHearOf(alarm.path())).toList();
    }

    private static String list(List<Alarm> alarms, int columns) {
        int room = columns - TEXT_COLUMN;
        StringBuilder text = new StringBuilder();
        row(text, "Alarm time", "Class", List.of("Description"));
        for (Alarm alarm : alarms) {
            List<String> lines = Columns.wrap(alarm.text(), room < TEXT_MIN ? 0 : room);
            row(text, Times.local(alarm.since()), name(alarm), lines);
            Columns.wrap("Remedy: " + alarm.remedy(), room < TEXT_MIN ? 0 : room)
                    .forEach(line -> row(text, "", "", List.of(line)));
        }
        return text.toString();
    }

    private static void row(StringBuilder out, String time, String kind, List<String> lines) {
        String left = time + Columns.space(time, 25) + kind;
        for (String line : lines) {
            out.append(left).append(Columns.space(left, TEXT_COLUMN)).append(line).append('\n');
            left = "";
        }
    }

    private static String name(Alarm alarm) {
        return switch (alarm.severity()) {
            case MAJOR -> "Major";
            case MINOR -> "Minor";
        };
    }

    /** Tells one session of new alarms, as far as its user may know of them. Thread: any. */
    public static final class News implements Alarms.Listener {

        private final Supplier<Permissions> reader;
        private final Consumer<String> out;
        private Instant periodEnd = Instant.MIN;
        private int told;

        public News(Supplier<Permissions> reader, Consumer<String> out) {
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
                                + name(alarm)
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
    }
}
