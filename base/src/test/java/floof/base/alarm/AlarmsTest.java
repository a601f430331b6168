package floof.base.alarm;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class AlarmsTest {

    private Instant now = Instant.EPOCH;
    private final Alarms alarms = new Alarms(() -> now);

    @Test
    void theFirstRaiseSaysSinceWhen() {
        alarms.raise("port-device/ge-0", Severity.MAJOR, "gone", "plug it in");
        now = now.plusSeconds(5);
        alarms.raise("port-device/ge-0", Severity.MAJOR, "still gone", "plug it in");
        assertThat(alarms.active())
                .singleElement()
                .satisfies(alarm -> {
                    assertThat(alarm.since()).isEqualTo(Instant.EPOCH);
                    assertThat(alarm.text()).isEqualTo("still gone");
                });
    }

    @Test
    void majorOnesComeFirstThenTheOldest() {
        alarms.raise("c", Severity.MINOR, "c", "");
        now = now.plusSeconds(1);
        alarms.raise("b", Severity.MAJOR, "b", "");
        now = now.plusSeconds(1);
        alarms.raise("a", Severity.MAJOR, "a", "");
        assertThat(alarms.active()).extracting(Alarm::id).containsExactly("b", "a", "c");
    }

    @Test
    void listenersHearEachChangeOnce() {
        List<String> heard = new ArrayList<>();
        Runnable end = alarms.listen(c -> heard.add((c.isRaised() ? "+" : "-") + c.alarm().id()));
        alarms.raise("a", Severity.MINOR, "a", "");
        alarms.raise("a", Severity.MINOR, "a", "");
        alarms.clear("a");
        alarms.clear("a");
        end.run();
        alarms.raise("b", Severity.MINOR, "b", "");
        assertThat(heard).containsExactly("+a", "-a");
    }

    @Test
    void anotherTextIsAChangeButNotANewAlarm() {
        List<Boolean> areNew = new ArrayList<>();
        Runnable end = alarms.listen(change -> areNew.add(change.isNew()));
        alarms.raise("a", Severity.MINOR, "3 routes", "");
        alarms.raise("a", Severity.MINOR, "4 routes", "");
        alarms.clear("a");
        alarms.raise("a", Severity.MINOR, "5 routes", "");
        end.run();
        assertThat(areNew).containsExactly(true, false, false, true);
    }

    @Test
    void theirNumberIsBoundedAndTheRestIsSaid() {
        for (int i = 0; i <= Alarms.MAX; i++) {
            alarms.raise("n/" + i, Severity.MINOR, "n", "");
        }
        assertThat(alarms.active()).hasSize(Alarms.MAX + 1);
        assertThat(alarms.active().getFirst().id()).isEqualTo(Alarms.OVERFLOW);
        alarms.clear("n/0");
        assertThat(alarms.active()).extracting(Alarm::id).doesNotContain(Alarms.OVERFLOW);
    }
}
