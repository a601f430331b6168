package floof.cli;

import floof.base.alarm.Severity;
import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Alarms at a terminal. */
@Timeout(300)
class AlarmsTerminalTest extends OnTerminal {

    @Test
    void aNewAlarmAppearsAboveTheLineThatIsBeingTyped() throws IOException {
        type("show ver");
        expect("show ver");
        router.alarms().raise("a", Severity.MAJOR, "port ge-0: its device is gone", "plug it in");
        expect("port ge-0: its device is gone\nRemedy: plug it in");
        type("\r");
        expect("FloofOS: 0.1.0");
        type("exit\r");
        expect("status 0");
        connect();
        expect("1 alarm currently active: see 'show system alarms'");
    }
}
