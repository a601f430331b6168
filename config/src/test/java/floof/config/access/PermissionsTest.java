package floof.config.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import floof.config.TestSchema;
import floof.config.check.Validation;
import floof.config.edit.Edit;
import floof.config.text.Loaded;
import floof.config.text.PatchParser;
import floof.config.text.SetParser;
import floof.config.text.SetPrinter;
import floof.config.text.TextParser;
import floof.config.tree.Branch;
import floof.config.value.ConfigError;
import floof.config.value.StatementException;
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
        Loaded loaded = TextParser.load(TestSchema.EMPTY, text);
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
        assertThat(Permissions.of(TestSchema.EMPTY, "ann")).isNull();
        assertThat(Permissions.of(TestSchema.EMPTY, "root")).isSameAs(Permissions.ALL);
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
                        "show log floofd",
                        "clear arp",
                        "ping 192.0.2.1",
                        "request system reboot",
                        "start shell",
                        "showing")) {
            assertThat(of("bob").mayRun(command)).as(command).isFalse();
            assertThat(Permissions.ALL.mayRun(command)).as(command).isTrue();
        }
        assertThat(of("cat").mayRun("clear arp")).isTrue();
        assertThat(of("cat").mayRun("show log floofd")).isTrue();
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

        Branch emptied = ann.merged(tree, TestSchema.EMPTY);
        assertThat(SetPrinter.print(emptied, List.of(), false).lines())
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

    private void assertRefused(Branch whole, String edit) throws StatementException {
        Permissions ann = of("ann");
        Loaded loaded = PatchParser.load(ann.visible(whole), edit);
        Branch edited =
                loaded.errors().isEmpty()
                        ? loaded.tree()
                        : SetParser.load(ann.visible(whole), edit).tree();
        assertThat(edited).as(edit).isNotEqualTo(ann.visible(whole));
        assertThatThrownBy(() -> ann.merged(whole, edited))
                .as(edit)
                .isInstanceOf(StatementException.class)
                .hasMessageStartingWith("permission denied")
                .hasMessageNotContainingAny("secret-1", "login");
    }

    @Test
    void noRefusalNamesWhatIsHidden() throws StatementException {
        Branch grouped =
                read(
                        LOGIN.replace("bgp {", "bgp { apply-groups all;")
                                + "groups { all { bgp { prefixes 11.0.0.0/8; peer secret-1 {"
                                + " description x; } } } mine { bgp { prefixes 10.0.0.0/8; } } }");
        for (String edit :
                List.of(
                        "deactivate bgp apply-groups",
                        "delete bgp apply-groups",
                        "deactivate bgp",
                        "protect bgp",
                        "deactivate groups all",
                        "set groups mine bgp peer <*> description y")) {
            assertRefused(grouped, edit);
        }
    }

    @Test
    void patternsInGroupsTellNothingOfHiddenEntries() throws StatementException {
        Permissions ann = of("ann");
        Branch whole =
                read(
                        LOGIN
                                + "groups { g {"
                                + " bgp { peer <secret-?> { description told; } }"
                                + " interfaces { <*> { mtu 9000; } }"
                                + " routing { static { route <*> { blackhole; } } } } }");
        assertThat(ann.visible(whole).toString())
                .contains("route <*>")
                .doesNotContain("told", "secret", "9000");
        assertThat(ann.maySee(List.of("groups", "g", "bgp", "peer", "<s*>"))).isFalse();
        assertThat(ann.maySee(List.of("groups", "g", "bgp", "peer", "open"))).isTrue();
        assertRefused(whole, "set groups h bgp peer <s*> description x");
        Branch set = ann.visible(whole);
        set = Edit.set(set, List.of(("groups h routing static route <*> blackhole").split(" ")));
        assertThat(ann.merged(whole, set).find(List.of("groups", "h"))).isNotNull();
    }

    @Test
    void groupsCanBeDeniedAsGroups() throws StatementException {
        Branch whole =
                read(
                        LOGIN.replace("bgp peer secret.*", "bgp peer secret.*|groups (x|y system)")
                                + "groups { x { system { host-name a; } } y { system { host-name b;"
                                + " } bgp { asn 7; } } z { system { host-name c; } } }");
        Permissions ann = Objects.requireNonNull(Permissions.of(whole, "ann"));
        Branch seen = ann.visible(whole);
        assertThat(seen.toString())
                .contains("asn 7", "host-name c")
                .doesNotContain("name a", "name b");
        assertThat(ann.maySee(List.of("groups", "x"))).isFalse();
        for (String line : List.of("groups x bgp asn 1", "groups y system host-name d")) {
            Branch edited = Edit.set(seen, List.of(line.split(" ")));
            assertThatThrownBy(() -> ann.merged(whole, edited))
                    .as(line)
                    .hasMessageStartingWith("permission denied");
        }
    }

    @Test
    void whatIsHiddenKeepsItsPlaceInAnOrder() throws StatementException {
        String groups =
                "groups { a { system { login { user z { full-name a; } } } } b { bgp { asn 1; } } c"
                        + " { system { login { user z { full-name c; } } } } d { bgp { asn 2; } } }";
        Branch whole = read(LOGIN + groups);
        Permissions ann = of("ann");
        Branch seen = ann.visible(whole);
        assertThat(seen.entries("groups")).extracting(Branch::name).containsExactly("b", "d");
        Branch set = Edit.set(seen, List.of("groups", "d", "bgp", "asn", "3"));
        assertThat(ann.merged(whole, set).entries("groups"))
                .extracting(Branch::name)
                .containsExactly("a", "b", "c", "d");
        Branch less = Edit.delete(seen, List.of("groups", "b"));
        assertThat(ann.merged(whole, less).entries("groups"))
                .extracting(Branch::name)
                .containsExactly("a", "c", "d");
    }

    @Test
    void anEditBesideWhatIsAllHiddenIsKept() throws StatementException {
        String text = LOGIN.replaceAll("(?m)^ +(asn|router-id|peer open) .*\n", "");
        Branch whole = read(text);
        Permissions ann = of("ann");
        assertThat(ann.visible(whole).has("bgp")).isFalse();
        Branch set = Edit.set(ann.visible(whole), List.of("bgp", "asn", "7"));
        assertThat(String.valueOf(ann.merged(whole, set).branch("bgp")))
                .contains("asn 7", "peer secret-1");
        Branch guarded = Edit.mark(whole, List.of("bgp"), marks -> marks.isProtected(true));
        assertThatThrownBy(() -> ann.merged(guarded, set)).hasMessageStartingWith("permission");
    }

    @Test
    void marksNeedTheRightToTheStatementItself() throws StatementException {
        Permissions dan = of("dan");
        Branch seen = dan.visible(tree);
        for (String verb : List.of("protect", "deactivate")) {
            Branch marked = SetParser.load(seen, verb + " interfaces ge-0").tree();
            assertThatThrownBy(() -> dan.merged(tree, marked))
                    .as(verb)
                    .hasMessageStartingWith("permission denied");
        }
        Branch noted = SetParser.load(seen, "edit interfaces\nannotate ge-0 note").tree();
        assertThatThrownBy(() -> dan.merged(tree, noted)).hasMessageStartingWith("permission");
        Branch own = SetParser.load(seen, "protect interfaces ge-0 mtu").tree();
        assertThat(dan.merged(tree, own).toString()).contains("protect: mtu 1500");
    }

    @Test
    void whoMaySeeEveryStatementSeesAll() {
        Branch two =
                read(
                        "system { login { class a { permissions [ admin configure ]; } class b {"
                                + " permissions [ admin view ]; } class c { permissions all;"
                                + " deny-configuration bgp; } user a { class a; } user b { class b; }"
                                + " user c { class c; } } }");
        assertThat(Objects.requireNonNull(Permissions.of(two, "a")).seesAll()).isTrue();
        assertThat(Objects.requireNonNull(Permissions.of(two, "b")).seesAll()).isFalse();
        assertThat(Objects.requireNonNull(Permissions.of(two, "c")).seesAll()).isFalse();
    }

    @Test
    void ofErrorsNothingHiddenIsShown() {
        Permissions ann = of("ann");
        List<String> open = List.of("bgp", "peer", "open", "neighbor");
        List<String> secret = List.of("bgp", "peer", "secret-1", "neighbor");
        ConfigError general = new ConfigError(List.of(), null, "locked by bob");
        ConfigError own = new ConfigError(open, "192.0.2.9", "is wrong");
        assertThat(ann.visible(List.of(general, own))).containsExactly(general, own);
        ConfigError hidden = new ConfigError(secret, "192.0.2.9", "is wrong");
        assertThat(ann.visible(List.of(hidden, own, hidden)))
                .extracting(ConfigError::toString)
                .containsExactly(
                        "a statement that your class may not see is invalid",
                        "bgp peer open neighbor: is wrong");
        List<ConfigError> beside =
                List.of(
                        new ConfigError(secret, "x", "also at open", List.of(open)),
                        new ConfigError(open, null, "also at secret-1", List.of(secret)),
                        new ConfigError(open, null, "the kernel says", List.of(List.of())),
                        new ConfigError(List.of("bgp"), null, "secret-1 is bad"));
        assertThat(ann.visible(beside))
                .extracting(ConfigError::toString)
                .containsExactly(
                        "bgp peer open neighbor: conflicts with a statement that your class may not"
                                + " see",
                        "bgp: conflicts with a statement that your class may not see");
        assertThat(Permissions.ALL.visible(beside)).isSameAs(beside);
        assertThat(ann.seen(secret)).containsExactly("bgp", "peer");
        assertThat(ann.seen(open)).isEqualTo(open);
    }

    @Test
    void aPatternThatDoesNotEndByItselfIsRefused() {
        for (String pattern : List.of("\\\\Qshow", "(?x)show #", "a)|(b", "[a")) {
            Loaded loaded =
                    TextParser.load(
                            TestSchema.EMPTY,
                            "system { login { class c { deny-commands \"" + pattern + "\"; } } }");
            assertThat(loaded.errors())
                    .as(pattern)
                    .singleElement()
                    .satisfies(
                            it -> assertThat(it.message()).contains("is not a regular expression"));
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
        assertThat(Validation.of(TestSchema.EMPTY)).isEmpty();
        assertThat(
                        TextParser.load(TestSchema.EMPTY, "system { login { class operator; } }")
                                .errors())
                .hasSize(1);
    }
}
