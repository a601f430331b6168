package floof.sync;

import static org.assertj.core.api.Assertions.assertThat;

import floof.base.alarm.Alarm;
import floof.base.alarm.Alarms;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class RouteAlarmTest {

    private final Alarms alarms = new Alarms(() -> Instant.EPOCH);
    private final RouteAlarm alarm = new RouteAlarm(alarms);

    @Test
    void routesWithoutRoomRaiseItAndTryingAgainDoesNotClearIt() {
        alarm.read(0);
        assertThat(alarms.active()).isEmpty();
        alarm.read(1);
        assertThat(text()).startsWith("1 route does not fit the fast path's tables");
        alarm.read(0); // on its way once more
        alarm.read(2_000);
        assertThat(text()).startsWith("2000 routes do not fit");
        for (int i = 1; i < RouteAlarm.CALM; i++) {
            alarm.read(0);
        }
        assertThat(alarms.active()).hasSize(1);
        alarm.read(0);
        assertThat(alarms.active()).isEmpty();
    }

    private String text() {
        assertThat(alarms.active()).hasSize(1);
        Alarm active = alarms.active().getFirst();
        assertThat(active.remedy()).contains("fast-path limits ip4-routes");
        return active.text();
    }
}
