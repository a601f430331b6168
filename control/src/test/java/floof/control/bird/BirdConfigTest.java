package floof.control.bird;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import floof.base.InterfaceAddress;
import floof.base.IpAddress;
import floof.base.Prefix;
import floof.config.text.SetParser;
import floof.config.text.TextParser;
import floof.config.tree.Branch;
import floof.control.Intents;
import floof.control.TestSchema;
import floof.control.plan.FastPathSettings;
import floof.control.plan.Intent;
import floof.fpc.Driver;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BirdConfigTest {

    @TempDir Path folder;

    @Test
    void birdTakesTheEmptyConfiguration() throws Exception {
        assertAccepted(Intent.EMPTY);
    }

    @Test
    void birdTakesEverythingThatCanBeSaid() throws Exception {
        assertAccepted(full("an \"odd\" \\ description; } protocol\n"));
    }

    /** A thousand changes of a few routes, one after the other, against text made anew. */
    @Test
    void whatChangesIsReadAsIfMadeAnew() {
        Random random = new Random(7);
        BirdConfig kept = new BirdConfig(folder);
        Branch tree = TestSchema.EMPTY;
        Intent intent = Intent.EMPTY;
        for (int round = 0; round < 1_000; round++) {
            StringBuilder lines = new StringBuilder();
            for (int i = random.nextInt(4); i >= 0; i--) {
                String prefix =
                        random.nextInt(8) == 0
                                ? "2001:db8:" + random.nextInt(9) + "::/48"
                                : "10.0." + random.nextInt(40) + ".0/24";
                String route = " routing static route " + prefix;
                lines.append(
                                switch (random.nextInt(4)) {
                                    case 0 -> "delete" + route;
                                    case 1 -> "set" + route + " blackhole";
                                    default ->
                                            "delete"
                                                    + route
                                                    + " blackhole\nset"
                                                    + route
                                                    + " next-hop "
                                                    + (prefix.contains(":")
                                                            ? "2001:db8::"
                                                            : "192.0.2.")
                                                    + (1 + random.nextInt(9));
                                })
                        .append('\n');
            }
            if (random.nextInt(50) == 0) {
                lines.append("delete routing\n");
            }
            Branch next = SetParser.load(tree, lines.toString()).tree();
            intent = Intent.of(next, tree, intent);
            tree = next;
            assertThat(intent.routes()).isEqualTo(Intent.of(tree).routes());
            assertThat(kept.text(intent)).isEqualTo(BirdConfig.text(intent, folder));
        }
        assertThat(intent.routes()).hasSizeGreaterThan(10);
    }

    @Test
    void birdTakesEveryStatement() throws Exception {
        assertAccepted(
                BirdLab.intent(
                        """
                        routing { static { route 10.0.0.0/8 { prohibit; preference 7; metric 3; } } }
                        bgp {
                            asn 65000; router-id 192.0.2.1; prefixes [ 198.18.0.0/16 3fff::/20 ];
                            merge-paths; reject-bogons;
                            peer a {
                                remote-as 65001; neighbor [ 192.0.2.2 2001:db8::2 ];
                                authentication-key x;
                                session {
                                    hold-time 9; keepalive 2; graceful-restart helper; max-stale 5;
                                    multihop 7; listen4 192.0.2.1; listen6 2001:db8::1;
                                    bfd; bfd-interval 50; bfd-multiplier 4;
                                }
                            }
                            peer b {
                                remote-as 65002; neighbor 192.0.2.3;
                                session { graceful-restart off; }
                            }
                        }
                        """));
    }

    @Test
    void aChangeNamesTheSessionsItEnds() {
        String text =
                BirdConfig.text(
                        BirdLab.intent(
                                """
                                bgp {
                                    asn 65000; router-id 192.0.2.1;
                                    peer a { remote-as 65001; neighbor [ 192.0.2.2 2001:db8::2 ]; }
                                    peer b { remote-as 65002; neighbor 192.0.2.3; }
                                }
                                """),
                        folder);
        assertThat(BgpSessions.ended(text, text)).isEmpty();
        assertThat(BgpSessions.ended("", text)).isEmpty();
        assertThat(BgpSessions.ended(text, text.replaceFirst("hold time 90", "hold time 30")))
                .containsExactly("192.0.2.2");
        assertThat(BgpSessions.ended(text, text.replace("description \"a\"", "description \"c\"")))
                .isEmpty();
        assertThat(
                        BgpSessions.ended(
                                text,
                                text.replace("hold time 90;", "hold time 90;\n    bfd { x; };")
                                        .replace("import filter routable", "import filter public")))
                .isEmpty();
        assertThat(
                        BgpSessions.ended(
                                text, text.replace("router id 192.0.2.1", "router id 1.1.1.1")))
                .containsExactly("192.0.2.2", "2001:db8::2", "192.0.2.3");
        assertThat(BgpSessions.ended(text, text.substring(0, text.indexOf("protocol bgp bgp_b"))))
                .containsExactly("192.0.2.3");
    }

    @Test
    void aDescriptionCannotLeaveItsString() {
        assertThat(BirdConfig.quote("a\"; } protocol x {\n\""))
                .isEqualTo("\"a'; } protocol x { '\"");
    }

    @Test
    void protocolNamesNeverMeet() {
        assertThat(
                        List.of("a-b", "a_b", "a_2db", "a", "a.b").stream()
                                .map(name -> BgpSessions.protocolName(name, 1)))
                .doesNotHaveDuplicates()
                .allMatch(name -> name.matches("[A-Za-z_][A-Za-z0-9_.-]*"));
    }

    @Test
    void routesAndPrefixesAreInTheirFamily() {
        String text = BirdConfig.text(full(""), Path.of("/x/bird.log"));
        assertThat(text)
                .contains("route 10.0.0.0/8 via 192.0.2.2 via 192.0.2.3;")
                .contains("route 2001:db8:f::/48 blackhole;")
                .contains("if net ~ [ 203.0.113.0/24 ] then accept;")
                .contains("neighbor 2001:db8::2 as 65001;")
                .contains("router id 192.0.2.1;");
    }

    @Test
    void thePasswordOfAPeerReachesBirdAndNothingElse() throws Exception {
        String configuration =
                """
                bgp {
                    asn 1;
                    router-id 192.0.2.1;
                    peer p {
                        remote-as 2;
                        neighbor 192.0.2.2;
                        authentication-key "it's a \\ \\\\ key; #";
                    }
                }
                """;
        Intent intent = Intent.of(TextParser.load(TestSchema.EMPTY, configuration).tree());
        assertThat(intent.toString()).doesNotContain("key;");
        assertThat(BirdConfig.text(intent, Path.of("/x/bird.log")))
                .contains("    password \"it's a \\ \\ key; #\";\n    hold time 90;");
        assertAccepted(intent);
        assertThat(BirdConfig.text(full(""), Path.of("/x"))).doesNotContain("password");
    }

    private void assertAccepted(Intent intent) throws Exception {
        assumeTrue(Files.isExecutable(Path.of("/usr/sbin/bird")));
        Path file = folder.resolve("bird.conf");
        Files.writeString(file, BirdConfig.text(intent, folder.resolve("bird.log")));
        Process bird =
                new ProcessBuilder("/usr/sbin/bird", "-p", "-c", file.toString())
                        .redirectErrorStream(true)
                        .start();
        String said = new String(bird.getInputStream().readAllBytes());
        assertThat(bird.waitFor()).as(said).isZero();
    }

    static Intent full(String description) {
        TreeMap<String, Intent.Port> ports = new TreeMap<>();
        ports.put(
                "ge0",
                new Intent.Port(
                        "ge0",
                        Intents.attachment(Driver.AF_PACKET, "eth0"),
                        false,
                        0,
                        List.of(InterfaceAddress.parse("192.0.2.1/24"))));
        return new Intent(
                ports,
                List.of(
                        route("10.0.0.0/8", "192.0.2.2", "192.0.2.3"),
                        route("2001:db8:f::/48"),
                        route("::/0", "2001:db8::2")),
                new Intent.Bgp(
                        4_200_000_000L,
                        IpAddress.parse("192.0.2.1"),
                        List.of(Prefix.parse("203.0.113.0/24"), Prefix.parse("2001:db8:1::/48")),
                        false,
                        List.of(
                                Intents.peer(
                                        "peer-1.x",
                                        65001,
                                        List.of(
                                                IpAddress.parse("192.0.2.2"),
                                                IpAddress.parse("2001:db8::2")),
                                        description))),
                FastPathSettings.DEFAULT,
                Set.of());
    }

    private static Intent.StaticRoute route(String prefix, String... nextHops) {
        return Intents.route(
                Prefix.parse(prefix), Arrays.stream(nextHops).map(IpAddress::parse).toList());
    }
}
