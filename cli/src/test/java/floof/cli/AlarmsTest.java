package floof.cli;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import floof.api.commit.CommitRequest;
import floof.api.commit.Origin;
import floof.api.view.Reader;
import floof.api.view.Times;
import floof.base.alarm.Alarm;
import floof.base.alarm.Alarms;
import floof.base.alarm.Severity;
import floof.config.access.Permissions;
import floof.config.text.Loaded;
import floof.config.text.TextParser;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** {@code show system alarms}, and who hears of new ones. */
class AlarmsTest extends OnDesk {

    private static final String LOGIN =
            """
            system {
                login {
                    class desk {
                        permissions [ view configure ];
                        deny-configuration "bgp peer secret.*";
                    }
                    class deaf { permissions configure; }
                    user ann { class operator; }
                    user bob { class desk; }
                    user zoe { class deaf; }
                }
            }
            """;

    private Alarms alarms;

    @BeforeEach
    void alarms() {
        alarms = desk.router.alarms();
    }

    private Permissions of(String user) {
        Loaded loaded = TextParser.load(TestSchema.EMPTY, LOGIN);
        assertThat(loaded.errors()).isEmpty();
        assertThat(
                        desk.router
                                .commit(
                                        CommitRequest.of(
                                                loaded.tree(), new Origin("root", "file", "")))
                                .isDone())
                .isTrue();
        return requireNonNull(Permissions.of(desk.router.running(), user));
    }

    private void raiseTwo() {
        alarms.raise(
                "bgp-peer/secret-1",
                Severity.MINOR,
                "peer secret-1: authentication fails",
                "set bgp peer secret-1 authentication-key KEY",
                List.of("bgp", "peer", "secret-1"));
        alarms.raise(
                "port-device/ge-0",
                Severity.MAJOR,
                "port ge-0: device enp1s0 is gone; what Linux sends there is lost",
                "plug it in, or 'delete interfaces ge-0'",
                List.of("interfaces", "ge-0"));
    }

    @Test
    void withoutAnyItSaysSo() {
        assertThat(desk.out("show system alarms")).isEqualTo("No alarms currently active\n");
        assertThat(desk.out("show system alarms | display json").strip()).isEqualTo("[ ]");
    }

    @Test
    void majorOnesComeFirstEachWithSinceClassAndRemedy() {
        raiseTwo();
        List<Alarm> active = alarms.active();
        assertThat(desk.out("show system alarms"))
                .isEqualTo(
                        """
                        2 alarms currently active
                        Alarm time               Class  Description
                        %s  Major  port ge-0: device enp1s0 is gone; what Linux sends there is lost
                                                        Remedy: plug it in, or 'delete interfaces ge-0'
                        %s  Minor  peer secret-1: authentication fails
                                                        Remedy: set bgp peer secret-1 authentication-key KEY
                        """
                                .formatted(
                                        Times.local(active.get(0).since()),
                                        Times.local(active.get(1).since())));
    }

    @Test
    void linesBreakBetweenWordsOnANarrowScreen() {
        raiseTwo();
        String text = Parts.text(desk.router, "system alarms", reader(Permissions.ALL), 80);
        assertThat(text.lines()).allMatch(line -> line.length() <= 80);
        assertThat(text.replaceAll("\\s+", " "))
                .contains("is gone; what Linux sends there is lost Remedy: plug it in, or");
    }

    @Test
    void programsGetJsonAndXml() {
        raiseTwo();
        assertThat(desk.out("show system alarms | display json"))
                .contains("\"id\" : \"port-device/ge-0\"")
                .contains("\"severity\" : \"major\"")
                .contains("\"since\" : \"" + alarms.active().getFirst().since())
                .contains("\"remedy\" : \"plug it in, or 'delete interfaces ge-0'\"");
        assertThat(desk.out("show system alarms | display xml"))
                .contains("<severity>minor</severity>");
    }

    @Test
    void whoMayNotSeeAPathDoesNotSeeItsAlarm() {
        raiseTwo();
        assertThat(shown(of("ann"))).contains("ge-0", "secret-1").startsWith("2 alarms");
        assertThat(shown(of("bob"))).contains("ge-0").doesNotContain("secret").startsWith("1 al");
        assertThat(AlarmNews.greeting(alarms, reader(of("bob")))).startsWith("1 alarm currently");
        assertThat(AlarmNews.greeting(alarms, reader(of("zoe")))).isEmpty();
    }

    private String shown(Permissions permissions) {
        return Parts.text(desk.router, "system alarms", reader(permissions), 0);
    }

    private static Reader reader(Permissions permissions) {
        return new Reader("somebody", permissions);
    }

    @Test
    void aNewAlarmReachesWhoMayKnowOfItOnce() {
        Permissions bob = of("bob");
        Permissions zoe = of("zoe");
        List<String> toBob = new ArrayList<>();
        List<String> toZoe = new ArrayList<>();
        Runnable bobEnds = alarms.listen(new AlarmNews(() -> bob, toBob::add));
        Runnable zoeEnds = alarms.listen(new AlarmNews(() -> zoe, toZoe::add));
        raiseTwo();
        alarms.raise(
                "port-device/ge-0",
                Severity.MAJOR,
                "port ge-0: device enp1s0 is still gone",
                "plug it in",
                List.of("interfaces", "ge-0"));
        alarms.clear("port-device/ge-0");
        bobEnds.run();
        zoeEnds.run();
        Instant since = Instant.now();
        assertThat(toBob).hasSize(1);
        assertThat(toBob.getFirst())
                .startsWith("\nMajor alarm at ")
                .contains("device enp1s0 is gone", "\nRemedy: plug it in")
                .contains(Times.local(since).substring(0, 10));
        assertThat(toZoe).isEmpty();
    }

    @Test
    void manyAtOnceAreAnnouncedNotListed() {
        List<String> shown = new ArrayList<>();
        Runnable end = alarms.listen(new AlarmNews(() -> Permissions.ALL, shown::add));
        for (int i = 0; i < 3 * AlarmNews.SHOWN_MAX; i++) {
            alarms.raise("n/" + i, Severity.MINOR, "n", "");
        }
        end.run();
        assertThat(shown).hasSize(AlarmNews.SHOWN_MAX + 1);
        assertThat(shown.getLast()).isEqualTo("\nMore alarms: see 'show system alarms'\n");
    }
}
