package floof.sync;

import floof.base.Plural;
import floof.base.alarm.Alarms;
import floof.base.alarm.Severity;
import floof.base.task.Task;
import floof.base.task.Tasks;
import java.time.Duration;
import java.util.List;
import java.util.function.IntSupplier;

/**
 * The alarm for routes that do not fit into the fast path's tables. During a retry such a route
 * does not count as waiting, so the alarm is cleared only after none has waited for some time.
 * Thread: the task's.
 */
public final class RouteAlarm {

    static final String ID = "fast-path/routes";

    /** Consecutive readings without such a route before the alarm is cleared. */
    static final int CALM = 3;

    private static final Duration PERIOD = Duration.ofSeconds(1);

    private final Alarms alarms;
    private int calm;

    RouteAlarm(Alarms alarms) {
        this.alarms = alarms;
    }

    /** Watches until the result is closed. */
    public static Task watch(IntSupplier waitingForRoom, Alarms alarms, Tasks tasks) {
        return tasks.start(
                "route-alarm",
                Task.Failure.RESTART,
                self -> {
                    RouteAlarm alarm = new RouteAlarm(alarms);
                    while (!self.isEnding()) {
                        alarm.read(waitingForRoom.getAsInt());
                        self.pause(PERIOD);
                    }
                });
    }

    void read(int waiting) {
        calm = waiting == 0 ? calm + 1 : 0;
        if (waiting > 0) {
            alarms.raise(
                    ID,
                    Severity.MINOR,
                    Plural.of(waiting, "route")
                            + (waiting == 1 ? " does" : " do")
                            + " not fit the fast path's tables; Linux forwards to their"
                            + " destinations",
                    "raise 'fast-path limits ip4-routes' or 'ip6-routes' ('show fast-path memory'"
                            + " shows which), commit, and start the router again",
                    List.of("fast-path", "limits"));
        } else if (calm >= CALM) {
            alarms.clear(ID);
        }
    }
}
