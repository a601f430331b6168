package floof.base.alarm;

import java.time.Instant;
import java.util.List;

/**
 * Something that is wrong now.
 *
 * @param id what it is about, unique among active alarms: kind and subject, {@code
 *     port-device/ge-0}
 * @param since when it was raised first; a change of its text keeps this
 * @param text one line: place, value, expectation
 * @param remedy the command or statement that mends it, or what is being done about it
 * @param path the configuration that it is about, {@code [interfaces, ge-0]}; empty for none. Who
 *     may not see that path does not see the alarm
 */
public record Alarm(
        String id,
        Severity severity,
        Instant since,
        String text,
        String remedy,
        List<String> path) {

    public Alarm {
        path = List.copyOf(path);
    }
}
