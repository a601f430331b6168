package floof.config.tree;

import static org.assertj.core.api.Assertions.assertThat;

import floof.base.InterfaceAddress;
import floof.config.RandomConfig;
import floof.config.TestSchema;
import floof.config.check.Validation;
import floof.config.edit.Edit;
import floof.config.edit.Wildcards;
import floof.config.text.Loaded;
import floof.config.text.SetParser;
import floof.config.text.SetPrinter;
import floof.config.text.TextParser;
import floof.config.value.ConfigError;
import floof.config.value.StatementException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.Test;

/** What a configuration means: groups inherited, inactive statements left out. */
class InheritanceTest {

    private static Branch tree(String... lines) {
        Loaded loaded = SetParser.load(TestSchema.EMPTY, String.join("\n", lines));
        assertThat(loaded.errors()).isEmpty();
        return loaded.tree();
    }

    private static String effective(String... lines) {
        return SetPrinter.print(tree(lines).effective(), List.of(), false);
    }

    @Test
    @DisplayName("59 what is said wins, then the group applied nearest, then the one named first")
    void precedence() {
        assertThat(
                        effective(
                                "set groups a interfaces p1 mtu 1000",
                                "set groups a interfaces p1 description a",
                                "set groups a interfaces p1 driver pcap",
                                "set groups b interfaces p1 mtu 2000",
                                "set groups b interfaces p1 device b",
                                "set groups c interfaces p1 driver tap",
                                "set groups c interfaces p1 mtu 3000",
                                "set apply-groups [ a b ]",
                                "set interfaces p1 apply-groups c",
                                "set interfaces p1 mtu 9000"))
                .isEqualTo(
                        """
                        set interfaces p1 description a
                        set interfaces p1 device b
                        set interfaces p1 driver tap
                        set interfaces p1 mtu 9000
                        """);
    }

    @Test
    @DisplayName("59 patterns match entries that are there; a key wins over patterns")
    void patterns() {
        assertThat(
                        effective(
                                "set groups a interfaces <*> mtu 1000",
                                "set groups a interfaces <ge-[0-1]> description pair",
                                "set groups a interfaces ge-1 mtu 2000",
                                "set groups a routing static route <10.*> blackhole",
                                "set apply-groups a",
                                "set interfaces ge-0",
                                "set interfaces ge-2",
                                "set routing static route 10.0.0.0/8",
                                "set routing static route 11.0.0.0/8"))
                .isEqualTo(
                        """
                        set interfaces ge-0 description pair
                        set interfaces ge-0 mtu 1000
                        set interfaces ge-1 description pair
                        set interfaces ge-1 mtu 2000
                        set interfaces ge-2 mtu 1000
                        set routing static route 10.0.0.0/8 blackhole
                        set routing static route 11.0.0.0/8
                        """);
    }

    @Test
    @DisplayName("59 at a list, and except below")
    void atLists() {
        assertThat(
                        effective(
                                "set groups a interfaces <*> mtu 1000",
                                "set interfaces apply-groups a",
                                "set interfaces p1",
                                "set interfaces p2 apply-groups-except a"))
                .isEqualTo("set interfaces p1 mtu 1000\nset interfaces p2\n");
    }

    @Test
    @DisplayName("22 what is inactive is as if it were not there, in groups as well")
    void inactive() {
        assertThat(
                        effective(
                                "set groups a system host-name a",
                                "set groups a bgp asn 1",
                                "deactivate groups a bgp",
                                "set groups b system host-name b",
                                "deactivate groups b",
                                "set apply-groups [ b a ]",
                                "set system host-name c",
                                "deactivate system host-name",
                                "set interfaces p1 mtu 1500",
                                "deactivate interfaces p1 mtu",
                                "set interfaces p2",
                                "deactivate interfaces p2"))
                .isEqualTo("set system host-name a\nset interfaces p1\n");
    }

    @Test
    @DisplayName("59 leaf-lists get the groups' values as well; an operator's order stays")
    void leafLists() {
        Branch tree =
                tree(
                                "set groups a interfaces p1 address 192.0.2.1/24",
                                "set groups a fast-path cores [ 7 1 ]",
                                "set apply-groups a",
                                "set interfaces p1 address 192.0.2.3/24",
                                "set fast-path cores [ 5 1 ]")
                        .effective();
        assertThat(tree.entries("interfaces").getFirst().values("address", InterfaceAddress.class))
                .hasToString("[192.0.2.1/24, 192.0.2.3/24]");
        assertThat(tree.find(List.of("fast-path", "cores"))).hasToString("cores [ 5 1 7 ];");
    }

    @Test
    @DisplayName("60 a group that is not there is a mistake, and what is inherited is checked")
    void validation() {
        assertThat(Validation.of(tree("set system apply-groups a")))
                .singleElement()
                .hasToString("system apply-groups: group 'a' is not defined");
        assertThat(Validation.of(tree("set groups a bgp asn 65000", "set apply-groups a")))
                .singleElement()
                .extracting(ConfigError::path)
                .isEqualTo(List.of("bgp", "router-id"));
        assertThat(
                        Validation.of(
                                tree(
                                        "set groups a bgp router-id 192.0.2.1",
                                        "set apply-groups a",
                                        "set bgp asn 65000")))
                .isEmpty();
    }

    @RepeatedTest(100)
    void whatIsEffectiveIsEffectiveOnceAndShared(RepetitionInfo run) throws StatementException {
        RandomConfig config = new RandomConfig(new Random(run.getCurrentRepetition()));
        Branch tree = config.marked(60);
        Branch once = tree.effective();
        assertThat(once.effective()).isSameAs(once);
        assertThat(tree.effective()).isSameAs(once);
        String copied =
                TextParser.load(TestSchema.EMPTY, tree.toString()).tree().effective().toString();
        assertThat(once).hasToString(copied);
        // After an edit elsewhere the rest is what it was.
        Branch plain =
                Edit.set(TestSchema.EMPTY, List.of("routing", "static", "route", "10.0.0.0/8"));
        assertThat(plain.effective()).isSameAs(plain);
        Node interfaces = tree.find(List.of("interfaces"));
        Node routing = tree.find(List.of("routing"));
        if (interfaces == null
                || interfaces.marks().inactive() // then it is made of groups, anew
                || routing == null
                || routing.marks().isProtected()) {
            return;
        }
        Branch edited = Edit.mark(tree, List.of("routing"), marks -> marks.inactive(true));
        assertThat(edited.effective().find(List.of("interfaces")))
                .isSameAs(once.find(List.of("interfaces")));
    }

    @RepeatedTest(50)
    @DisplayName("20 an order stays what the moves made it, however many")
    void orders(RepetitionInfo run) {
        Random random = new Random(run.getCurrentRepetition());
        List<Integer> expected = new ArrayList<>();
        Order order = Order.EMPTY;
        for (int i = 0; i < 400; i++) {
            int key = random.nextInt(20);
            int other = random.nextInt(20);
            switch (random.nextInt(4)) {
                case 0 -> {
                    order = order.without(key);
                    expected.remove((Integer) key);
                }
                case 1 -> {
                    if (key != other && expected.contains(key) && expected.contains(other)) {
                        order = order.before(key, other);
                        expected.remove((Integer) key);
                        expected.add(expected.indexOf(other), key);
                    }
                }
                case 2 -> {
                    if (expected.remove((Integer) key)) {
                        order = order.behind(key, null);
                        expected.addFirst(key);
                    }
                }
                default -> {
                    order = order.with(key);
                    if (!expected.contains(key)) {
                        expected.add(key);
                    }
                }
            }
            List<Object> actual = new ArrayList<>();
            order.forEach(actual::add);
            assertThat(actual).isEqualTo(expected);
        }
        // Between the same two, again and again: no room is left, and all get new ranks.
        Order crowded = Order.EMPTY.with(-1).with(-2);
        for (int i = 0; i < 100; i++) {
            crowded = crowded.with(i).behind(i, -1);
        }
        List<Object> actual = new ArrayList<>();
        crowded.forEach(actual::add);
        assertThat(actual).startsWith(-1, 99, 98).endsWith(1, 0, -2);
    }

    @RepeatedTest(100)
    void differencesOfMapsAreThoseOfTheirEntries(RepetitionInfo run) {
        Random random = new Random(run.getCurrentRepetition());
        Sorted<String> before = Sorted.empty();
        for (int i = 0; i < random.nextInt(200); i++) {
            before = before.with((long) random.nextInt(300), "v" + random.nextInt(3));
        }
        Sorted<String> after = before;
        for (int i = 0; i < random.nextInt(30); i++) {
            Long key = (long) random.nextInt(300);
            after =
                    random.nextBoolean()
                            ? after.without(key)
                            : after.with(key, new String("w" + random.nextInt(3)));
        }
        List<String> found = new ArrayList<>();
        Sorted.differences(before, after, (old, young) -> found.add(old + ">" + young));
        List<String> expected = new ArrayList<>();
        for (long key = 0; key < 300; key++) {
            String old = before.get(key);
            String young = after.get(key);
            if (!java.util.Objects.equals(old, young)) {
                expected.add(old + ">" + young);
            }
        }
        assertThat(found.stream().filter(d -> !isSame(d)).toList()).isEqualTo(expected);
    }

    private static boolean isSame(String difference) {
        String[] sides = difference.split(">");
        return sides[0].equals(sides[1]);
    }

    @Test
    @DisplayName("25 what patterns and ranges stand for")
    void wildcards() throws StatementException {
        Branch tree =
                tree(
                        "set interfaces ge-0 address [ 192.0.2.1/24 198.51.100.1/24 ]",
                        "set interfaces ge-10 mtu 9000",
                        "set interfaces xe-0");
        assertThat(Wildcards.matches(tree, List.of("interfaces", "ge-*")))
                .containsExactly(List.of("interfaces", "ge-0"), List.of("interfaces", "ge-10"));
        assertThat(Wildcards.matches(tree, List.of("interfaces", "?e-0", "address", "192*")))
                .containsExactly(List.of("interfaces", "ge-0", "address", "192.0.2.1/24"));
        assertThat(Wildcards.matches(tree, List.of("interfaces", "*", "mtu"))).hasSize(1);
        assertThat(Wildcards.ranges(List.of("a-[0-2,5,!1]", "[x-z]")))
                .extracting(words -> String.join(" ", words))
                .containsExactly(
                        "a-0 x", "a-0 y", "a-0 z", "a-2 x", "a-2 y", "a-2 z", "a-5 x", "a-5 y",
                        "a-5 z");
        assertThat(Wildcards.ranges(List.of("[", "a", "]"))).hasSize(1);
        org.assertj.core.api.Assertions.assertThatThrownBy(
                        () -> Wildcards.ranges(List.of("a[0-9999]", "b[0-9]")))
                .hasMessageContaining("more than 10000");
    }
}
