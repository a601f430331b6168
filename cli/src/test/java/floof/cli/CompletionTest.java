package floof.cli;

import static org.assertj.core.api.Assertions.assertThat;

import floof.api.commit.CommitRequest;
import floof.api.commit.Origin;
import floof.cli.answer.CommandException;
import floof.cli.screen.InputPipe;
import floof.cli.screen.ScriptScreen;
import floof.cli.wire.Client;
import floof.config.text.Loaded;
import floof.config.text.TextParser;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** What completion offers of what there is, and to whom. */
class CompletionTest {

    private static final String CONFIGURATION =
            """
            groups {
                jumbo { interfaces { <ge-*> { mtu 9000; } } }
                quiet { interfaces { <*> { disable; } } }
            }
            system {
                login {
                    class noc {
                        permissions [ configure view view-configuration ];
                        deny-commands "commit|show arp|.* \\\\| save";
                        deny-configuration "bgp peer secret|routing static route 10.*";
                    }
                    class pinger { permissions network; }
                    user ann { full-name "Ann B"; class noc; }
                    user zoe { class pinger; }
                }
            }
            interfaces {
                ge-0 { description "to the exchange"; device eth0; }
            }
            routing {
                static { route 10.0.0.0/8 { blackhole; } route 11.0.0.0/8 { blackhole; } }
            }
            bgp {
                asn 1;
                router-id 192.0.2.1;
                peer open { description "all may see it"; remote-as 2; neighbor 192.0.2.2; }
                peer secret { remote-as 3; neighbor 192.0.2.3; authentication-key abc; }
            }
            """;

    private final FakeRouter router = new FakeRouter();
    private final Shell root = shell("root");
    private final Shell ann = shell("ann");

    private Shell shell(String user) {
        return new Shell(
                router,
                new ScriptScreen(new InputPipe(), (type, bytes, offset, length) -> {}),
                new Client(user, "-", "1", Path.of("/")),
                new Sessions(router));
    }

    @BeforeEach
    void commit() {
        Loaded loaded = TextParser.load(TestSchema.EMPTY, CONFIGURATION);
        assertThat(loaded.errors()).isEmpty();
        Origin origin = new Origin("root", "file", "");
        assertThat(router.commit(CommitRequest.of(loaded.tree(), origin)).isDone()).isTrue();
    }

    @AfterEach
    void close() {
        root.close();
        ann.close();
    }

    /** {@code WORD HELP} of all that completion may type. */
    private static List<String> offered(Shell shell, String line) throws CommandException {
        return shell.complete(line).suggestions().stream()
                .filter(suggestion -> !suggestion.isPlaceholder())
                .map(suggestion -> (suggestion.word() + " " + suggestion.help()).strip())
                .toList();
    }

    @Test
    @DisplayName("62, 63 names of what is there, with their descriptions, in operational commands")
    void operational() throws Exception {
        assertThat(offered(root, "ping 192.0.2.9 interface "))
                .containsExactly("ge-0 the client", "ge-1", "lo");
        assertThat(offered(root, "ping 192.0.2.9 source 192"))
                .containsExactly("192.0.2.1 ge-0", "192.0.2.77 ge-0");
        assertThat(offered(root, "monitor interface ge-"))
                .containsExactly("ge-0 the client", "ge-1");
        assertThat(offered(root, "show interfaces terse g"))
                .containsExactly("ge-0 the client", "ge-1");
        assertThat(offered(root, "show bgp neighbor "))
                .containsExactly(
                        "198.51.100.2 transit the way out",
                        "2001:db8:2::2 transit the way out",
                        "transit the way out");
        assertThat(offered(root, "clear bgp neighbor 2"))
                .containsExactly("2001:db8:2::2 transit the way out");
        assertThat(offered(root, "show route 1"))
                .containsExactly("192.0.2.0/24 ge-0", "10.0.0.0/8 Static", "11.0.0.0/8 Static");
        assertThat(offered(root, "show route table "))
                .containsExactly("inet.0 Routes of inet.0", "inet6.0 Routes of inet6.0");
        assertThat(offered(root, "show system rollback "))
                .hasSize(2)
                .anyMatch(line -> line.matches("0 [-0-9]+ [:0-9]+ .* by root via file"));
        assertThat(offered(root, "show configuration | compare rollback "))
                .singleElement()
                .asString()
                .matches("0 [-0-9]+ [:0-9]+ .* by root via file");
    }

    @Test
    @DisplayName("62, 63 names that a value of the configuration may refer to")
    void references() throws Exception {
        root.execute("configure");
        assertThat(offered(root, "set interfaces ge-0 apply-groups "))
                .containsExactly("jumbo", "quiet", "[ Several values");
        assertThat(offered(root, "set interfaces ge-0 apply-groups-except q"))
                .containsExactly("quiet");
        assertThat(offered(root, "set system login user bob class "))
                .containsExactly(
                        "operator Built in",
                        "read-only Built in",
                        "super-user Built in",
                        "noc",
                        "pinger");
        assertThat(offered(root, "set system login user ")).containsExactly("ann Ann B", "zoe");
        assertThat(offered(root, "set interfaces ge-1 device ")).containsExactly("eth0", "eth1");
        assertThat(offered(root, "delete interfaces ge-0 description "))
                .containsExactly("to the exchange");
        assertThat(offered(root, "set bgp peer ")).contains("open all may see it", "secret");
        assertThat(offered(root, "delete groups ")).containsExactly("jumbo", "quiet");
        assertThat(offered(root, "set groups jumbo interfaces ")).containsExactly("<ge-*>");
        assertThat(offered(root, "rollback "))
                .anyMatch(line -> line.matches("0 .* by root via file"));
        assertThat(offered(root, "delete bgp peer secret authentication-key "))
                .as("a secret is never offered")
                .isEmpty();
    }

    @Test
    void whatAClassMayNotSeeOrRunIsNotOffered() throws Exception {
        assertThat(offered(ann, "sh")).isNotEmpty();
        assertThat(offered(ann, "show a")).isEmpty();
        assertThat(offered(ann, "show version | s"))
                .containsExactly("suppress-zeros Omit lines whose numbers are all zero");
        assertThat(offered(ann, "show configuration bgp peer "))
                .containsExactly("open all may see it");
        assertThat(offered(ann, "show route 1"))
                .containsExactly("192.0.2.0/24 ge-0", "11.0.0.0/8 Static");
        Shell zoe = shell("zoe");
        assertThat(offered(zoe, "ping 192.0.2.9 ")).contains("interface Interface to send from");
        assertThat(offered(zoe, "ping 192.0.2.9 interface ")).isEmpty();
        zoe.close();
        ann.execute("configure");
        assertThat(offered(ann, "com")).isEmpty();
        assertThat(offered(ann, "run show a")).isEmpty();
        assertThat(offered(ann, "run show interfaces g")).hasSize(2);
        assertThat(offered(ann, "top ")).noneMatch(line -> line.startsWith("commit"));
        assertThat(offered(ann, "set bgp peer "))
                .contains("open all may see it")
                .doesNotContain("secret");
        assertThat(offered(ann, "set system ")).noneMatch(line -> line.startsWith("login"));
    }

    @Test
    @DisplayName("68 a command behind run has the pipes of operational mode")
    void pipes() throws Exception {
        assertThat(offered(root, "show arp | re")).hasSize(3);
        root.execute("configure");
        assertThat(offered(root, "show | re")).containsExactly("request Send to other sessions");
        assertThat(offered(root, "run show arp | re")).hasSize(3);
        assertThat(offered(root, "run show arp | count | re")).hasSize(3);
    }
}
