package floof.api.show;

import static floof.api.view.Layout.whole;

import floof.api.view.Commands;
import floof.api.view.Layout.Column;
import floof.api.view.Layout.Table;
import floof.api.view.Reader;
import floof.api.view.Times;
import floof.api.view.View;
import floof.base.Plural;
import floof.base.alarm.Alarm;
import floof.base.alarm.Alarms;
import java.util.List;
import java.util.stream.Stream;

/** {@code show system alarms}. */
public final class ShowAlarms {

    /** A line of the table: an alarm, or what mends the one above. */
    private record Line(String time, String severity, String text) {}

    private static final Table<Line> LINES =
            Table.of(
                    Column.of("Alarm time", Line::time),
                    Column.of("Class", Line::severity),
                    Column.of("Description", Line::text));

    private ShowAlarms() {}

    static Commands of(Alarms alarms) {
        return Commands.of(
                View.at("system alarms", "Active alarms and remedies")
                        .of(
                                Alarm.class,
                                (typed, reader) -> seen(alarms, reader),
                                whole(ShowAlarms::parts)));
    }

    /** Those that the reader may know of. */
    public static List<Alarm> seen(Alarms alarms, Reader reader) {
        return alarms.active().stream()
                .filter(alarm -> reader.permissions().mayHearOf(alarm.path()))
                .toList();
    }

    private static List<Object> parts(List<Alarm> alarms) {
        return alarms.isEmpty()
                ? List.of("No alarms currently active\n")
                : List.of(
                        Plural.of(alarms.size(), "alarm") + " currently active\n",
                        LINES.of(alarms.stream().flatMap(ShowAlarms::lines).toList()));
    }

    private static Stream<Line> lines(Alarm alarm) {
        return Stream.of(
                new Line(Times.local(alarm.since()), severity(alarm), alarm.text()),
                new Line(" ", " ", "Remedy: " + alarm.remedy()));
    }

    /** {@code Major} or {@code Minor}. */
    public static String severity(Alarm alarm) {
        return switch (alarm.severity()) {
            case MAJOR -> "Major";
            case MINOR -> "Minor";
        };
    }
}
