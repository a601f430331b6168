package floof.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** Classes of users: what they may run, see and change. */
class PermissionsTest {

    private static final String LOGIN =
            """
            system {
                host-name r1;
                login {
                    class noc {
                        permissions [ configure view ];
                        allow-commands "request system reboot";
                        deny-commands "show (arp|route .*exact)|.*\\\\| save";
                        deny-configuration "bgp peer secret.*|interfaces ge-0 mtu";
                    }
                    class porter {
                        allow-configuration "interfaces \\\\S+ (description|mtu)";
                    }
                    user ann { class noc; }
                    user bob { class read-only; }
                    user cat { class operator; }
                    user dan { class porter; }
                    user eve { class gone; }
                }
            }
            interfaces {
                ge-0 { driver tap; mtu 1500; description left; }
                ge-1 { driver tap; }
            }
            bgp {
                asn 1;
                router-id 192.0.2.1;
                peer open { remote-as 2; neighbor 192.0.2.2; }
                peer secret-1 { remote-as 3; neighbor 192.0.2.3; }
            }
            """;

    private final Branch tree = read(LOGIN);

    private static Branch read(String text) {
        Loaded loaded = TextParser.load(Schema.EMPTY, text);
        assertThat(loaded.errors()).isEmpty();
        return loaded.tree();
    }

    private Permissions of(String user) {
        return Objects.requireNonNull(Permissions.of(tree, user), user);
    }

    @Test
    void whoHasNoClassMayDoNothing() {
        assertThat(Permissions.of(tree, "zoe")).isNull();
        assertThat(Permissions.of(tree, "eve")).as("class is not defined").isNull();
        assertThat(Permissions.of(Schema.EMPTY, "ann")).isNull();
        assertThat(Permissions.of(Schema.EMPTY, "root")).isSameAs(Permissions.ALL);
    }

    @Test
    void commandsOfTheBuiltInClasses() {
        assertThat(of("bob").mayRun("show interfaces terse")).isTrue();
        assertThat(of("bob").mayRun("exit")).isTrue();
        assertThat(of("bob").mayRun("set cli screen-length 0")).isTrue();
        for (String command :
                List.of(
                        "configure",
                        "show configuration",
                        "show configuration system",
                        "show system audit",
                        "clear arp",
                        "ping 192.0.2.1",
                        "request system reboot",
                        "start shell",
                        "showing")) {
            assertThat(of("bob").mayRun(command)).as(command).isFalse();
            assertThat(Permissions.ALL.mayRun(command)).as(command).isTrue();
        }
        assertThat(of("cat").mayRun("clear arp")).isTrue();
        assertThat(of("cat").mayRun("ping 192.0.2.1")).isTrue();
        assertThat(of("cat").mayRun("configure")).isFalse();
        assertThat(of("cat").mayRun("start shell")).isFalse();
    }

    @Test
    void patternsAllowAndDenyCommands() {
        Permissions ann = of("ann");
        assertThat(ann.mayRun("request system reboot")).isTrue();
        assertThat(ann.mayRun("request system rebooting")).isFalse();
        assertThat(ann.mayRun("request system halt")).isFalse();
        assertThat(ann.mayRun("show arp")).isFalse();
        assertThat(ann.mayRun("show arpeggio")).as("another word").isTrue();
        assertThat(ann.mayRun("show route 192.0.2.0/24 exact")).isFalse();
        assertThat(ann.mayRun("show route x\nexact")).as("behind a newline").isFalse();
        assertThat(ann.mayRun("show version | save x")).isFalse();
        assertThat(ann.mayConfigure("show | save x")).isFalse();
        assertThat(ann.mayConfigure("set interfaces")).isTrue();
        assertThat(ann.mayBegin("request")).isTrue();
        assertThat(ann.mayBegin("request system")).isTrue();
        assertThat(ann.mayBegin("request message")).isFalse();
        assertThat(ann.mayBegin("start")).isFalse();
        assertThat(of("bob").mayBegin("show")).isTrue();
        assertThat(of("bob").mayBegin("configure")).isFalse();
    }

    @Test
    void aPatternThatIsTooComplexDenies() {
        Branch complex =
                read(
                        "system { login { class c { permissions all; deny-commands \"(a|b)*c\"; }"
                                + " user u { class c; } } }");
        Permissions user = Objects.requireNonNull(Permissions.of(complex, "u"));
        assertThat(user.mayRun("show arp")).isTrue();
        assertThat(user.mayRun("ab".repeat(1 << 19))).isFalse();
    }

    @Test
    void whatIsDeniedIsNotInTheVisibleTree() {
        String seen = of("ann").visible(tree).toString();
        assertThat(seen)
                .contains("host-name r1", "peer open", "description left")
                .doesNotContain("secret-1", "mtu", "login", "porter");
        assertThat(of("dan").visible(tree).toString())
                .isEqualTo(
                        """
                        interfaces {
                            ge-0 {
                                description left;
                                mtu 1500;
                            }
                        }
                        """);
        assertThat(of("bob").visible(tree).isEmpty()).isTrue();
        assertThat(Permissions.ALL.visible(tree)).isSameAs(tree);
        assertThat(of("ann").maySee(List.of("interfaces", "ge-0", "mtu"))).isFalse();
        assertThat(of("ann").maySee(List.of("interfaces", "ge-1", "mtu"))).isTrue();
        assertThat(of("ann").maySee(List.of("system", "login"))).isFalse();
        assertThat(of("dan").maySee(List.of("interfaces"))).isTrue();
        assertThat(of("dan").maySee(List.of("interfaces", "ge-7"))).isTrue();
        assertThat(of("dan").maySee(List.of("interfaces", "ge-7", "driver"))).isFalse();
        assertThat(of("dan").maySee(List.of("bgp"))).isFalse();
    }

    @Test
    void subtreesThatAreSeenInFullAreShared() {
        assertThat(of("ann").visible(tree).find(List.of("interfaces", "ge-1")))
                .isSameAs(tree.find(List.of("interfaces", "ge-1")));
    }

    @Test
    void whatIsHiddenOutlivesEveryEdit() throws StatementException {
        Permissions ann = of("ann");
        Branch seen = ann.visible(tree);
        assertThat(ann.merged(tree, seen)).isSameAs(tree);

        Branch emptied = ann.merged(tree, Schema.EMPTY);
        assertThat(SetPrinter.print(emptied, List.of()).lines())
                .filteredOn(line -> !line.startsWith("set system login"))
                .containsExactly(
                        "set interfaces ge-0 mtu 1500",
                        "set bgp peer secret-1 remote-as 3",
                        "set bgp peer secret-1 neighbor 192.0.2.3");
        assertThat(emptied.find(List.of("system", "login")))
                .isSameAs(tree.find(List.of("system", "login")));

        Branch set = Edit.set(seen, List.of("interfaces", "ge-0", "description", "right"));
        Branch merged = ann.merged(tree, set);
        assertThat(merged)
                .isEqualTo(Edit.set(tree, List.of("interfaces", "ge-0", "description", "right")));
    }

    @Test
    void anEditThatReachesWhatIsHiddenIsRefused() throws StatementException {
        Permissions ann = of("ann");
        Branch seen = ann.visible(tree);
        for (String line :
                List.of(
                        "interfaces ge-0 mtu 1500",
                        "interfaces ge-0 mtu 9000",
                        "bgp peer secret-2 remote-as 7",
                        "system login user ann class super-user")) {
            Branch edited = Edit.set(seen, List.of(line.split(" ")));
            assertThatThrownBy(() -> ann.merged(tree, edited))
                    .as(line)
                    .isInstanceOf(StatementException.class)
                    .hasMessageStartingWith("permission denied");
        }
    }

    @Test
    void groupsAndInactiveBranchesAreNoWayAround() {
        Permissions ann = of("ann");
        Branch seen = ann.visible(tree);
        for (String lines :
                List.of(
                        "groups { g { system { login { user ann { class super-user; } } } } }",
                        "groups { g { bgp { peer <*> { description x; } } } }"
                                + " bgp { apply-groups g; }",
                        "inactive: system { host-name r2; }")) {
            Loaded loaded = TextParser.load(seen, lines);
            assertThat(loaded.errors()).as(lines).isEmpty();
            assertThatThrownBy(() -> ann.merged(tree, loaded.tree()))
                    .as(lines)
                    .hasMessageStartingWith("permission denied");
        }
    }

    @Test
    void aClassThatNobodyDefinedIsAnError() {
        assertThat(Validation.of(tree))
                .singleElement()
                .satisfies(error -> {
                    assertThat(error.path())
                            .containsExactly("system", "login", "user", "eve", "class");
                    assertThat(error.message())
                            .contains("gone is not defined; expected an entry of ");
                });
        assertThat(Validation.of(Schema.EMPTY)).isEmpty();
        assertThat(TextParser.load(Schema.EMPTY, "system { login { class operator; } }").errors())
                .hasSize(1);
    }
}
