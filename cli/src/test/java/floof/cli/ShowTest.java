package floof.cli;

import static org.assertj.core.api.Assertions.assertThat;

import floof.api.view.Times;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Layouts that people and programs know. */
class ShowTest extends OnDesk {

    @Test
    @DisplayName("74 show interfaces terse: columns at 0, 24, 30, 35, 44, 66; more addresses below")
    void terse() {
        List<String> lines = desk.out("show interfaces terse").lines().toList();
        String header = lines.getFirst();
        assertThat(List.of("Interface", "Admin", "Link", "Proto", "Local", "Remote"))
                .extracting(header::indexOf)
                .containsExactly(0, 24, 30, 35, 44, 66);
        assertThat(lines.get(1))
                .isEqualTo("ge-0                    up    up   inet     192.0.2.1/24");
        assertThat(lines.get(2)).isEqualTo(" ".repeat(44) + "192.0.2.77/24");
        assertThat(lines.get(3)).isEqualTo(" ".repeat(35) + "inet6    2001:db8:1::1/64");
    }

    @Test
    @DisplayName("75 show route: header, legend, entry, AS path, best next hop marked")
    void route() {
        assertThat(desk.out("show route"))
                .startsWith(
                        "inet.0: 3 destinations, 3 routes (3 active, 0 holddown, 0 hidden)\n"
                                + "+ = Active Route, - = Last Active, * = Both\n\n")
                .contains(
                        """
                        203.0.113.0/24     *[BGP/170] 02:27:21, MED 0, localpref 100
                                              AS path: 65010 I, validation-state: unverified
                                            >  to 198.51.100.2 via ge-1
                                               to 198.51.100.3 via ge-1, weight 2
                        """);
    }

    @Test
    void staleRoutesAreMarked() {
        assertThat(desk.out("show route") + desk.out("show route extensive"))
                .doesNotContain("stale");
        desk.router.routes.stale = true;
        assertThat(desk.out("show route")).contains("MED 0, localpref 100, stale\n");
        assertThat(desk.out("show route extensive"))
                .contains("State: Active, fast path programmed, stale, age 02:27:21");
    }

    @Test
    @DisplayName("77 ages")
    void ages() {
        assertThat(Times.age(Duration.ofSeconds(61))).isEqualTo("01:01");
        assertThat(Times.age(Duration.ofSeconds(3661))).isEqualTo("01:01:01");
        assertThat(Times.age(Duration.ofDays(6).plusSeconds(3661))).isEqualTo("6d 01:01:01");
        assertThat(Times.age(Duration.ofDays(15).plusSeconds(1))).isEqualTo("2w1d 00:00:01");
    }

    @Test
    @DisplayName(
            "78 show route: longest match of an address, a prefix and those in it, exact, longer")
    void matching() {
        assertThat(prefixes("203.0.113.77")).containsExactly("203.0.113.0/25");
        assertThat(prefixes("203.0.113.0/24")).containsExactly("203.0.113.0/24", "203.0.113.0/25");
        assertThat(prefixes("203.0.113.0/24 exact")).containsExactly("203.0.113.0/24");
        assertThat(prefixes("203.0.113.0/24 longer")).containsExactly("203.0.113.0/25");
        assertThat(prefixes("203.0.113.0/24 orlonger"))
                .containsExactly("203.0.113.0/24", "203.0.113.0/25");
        assertThat(desk.out("show route summary | count")).isEqualTo("Count: 2 lines\n");
    }

    private List<String> prefixes(String which) {
        return desk.out("show route " + which)
                .lines()
                .filter(line -> line.matches("[0-9].*\\[.*"))
                .map(line -> line.split(" ")[0])
                .toList();
    }

    @Test
    @DisplayName("79 show bgp, arp, ipv6 neighbors, system uptime and commit, log, version")
    void others() {
        for (String show :
                List.of(
                        "bgp summary",
                        "bgp neighbor",
                        "arp",
                        "ipv6 neighbors",
                        "system uptime",
                        "system processes",
                        "system storage",
                        "chassis hardware",
                        "version")) {
            Desk.Run run = desk.run("show " + show);
            assertThat(run.status()).as(show).isZero();
            assertThat(run.out().lines()).as(show).hasSizeGreaterThan(1);
        }
    }
}
