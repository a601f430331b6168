package floof.base.alarm;

import java.time.Instant;
import java.util.List;

/**
 * A fault that exists now.
 *
 * @param id kind and subject, unique among active alarms: {@code port-device/ge-0}
 * @param since when it was first raised; a change of the text keeps this
 * @param text one line: place, value, expectation
 * @param remedy the command or statement that repairs it, or what the router is doing about it
 * @param path the configuration path concerned, {@code [interfaces, ge-0]}; empty for none. Users
 *     who may not see that path do not see the alarm
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
