package floof.control.port;

import static org.assertj.core.api.Assertions.assertThat;

import floof.config.text.SetParser;
import floof.config.tree.Branch;
import floof.config.tree.Disturbance;
import floof.config.tree.SchemaNode;
import floof.config.value.ValueType;
import floof.control.TestSchema;
import floof.control.plan.CommitException;
import floof.control.plan.Intent;
import floof.control.plan.Step;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What the schema says that a change disturbs is what the plan for that change does. */
class DisturbanceTest {

    /** A statement and its words. */
    private record Case(SchemaNode schema, String line) {
        @Override
        public String toString() {
            return line;
        }
    }

    static Stream<Case> statements() {
        List<Case> cases = new ArrayList<>();
        for (SchemaNode chapter : TestSchema.ROOT.children()) {
            if (Set.of("interfaces", "fast-path").contains(chapter.name())) {
                collect(chapter, "", cases);
            }
        }
        return cases.stream();
    }

    private static void collect(SchemaNode node, String above, List<Case> cases) {
        if (node.isInheritance()) {
            return;
        }
        String line =
                switch (node.kind()) {
                    case CONTAINER, LIST -> above + node.name() + " ";
                    case ENTRY -> above + "ge-0 ";
                    case FLAG -> above + node.name();
                    case LEAF, LEAF_LIST -> above + node.name() + " \"" + value(node) + '"';
                };
        if (!node.isBranch()) {
            cases.add(new Case(node, line));
        }
        node.children().stream()
                .filter(child ->
                        !child.name().equals("limits")) // not the plan's: floofd fills new tables
                .forEach(child -> collect(child, line, cases));
    }

    /** One that is not the default. */
    private static String value(SchemaNode leaf) {
        ValueType<?> type = Objects.requireNonNull(leaf.type());
        if (!type.example().equals(leaf.fallback())) {
            return type.example();
        }
        return type.shape() instanceof ValueType.Shape.Range range
                ? Long.toString(range.maximum())
                : type.choices().getLast().word();
    }

    @ParameterizedTest
    @MethodSource("statements")
    void aChangeDisturbsWhatTheSchemaSays(Case statement) throws CommitException {
        String container = statement.line().split(" ")[2];
        String driver =
                Set.of("dpdk", "pcap", "generator", "memif").contains(container)
                        ? container
                        : "af-packet";
        String base = "set interfaces ge-0 driver " + driver + "\n";
        Intent before = Intent.of(tree(base));
        Intent after = Intent.of(tree(base + "set " + statement.line() + "\n"));
        Disturbance disturbance =
                after.fastPath().equals(before.fastPath())
                        ? disturbance(PortPlanTest.steps(after, applied(before), 64))
                        : Disturbance.FAST_PATH;
        assertThat(disturbance).isEqualTo(statement.schema().disturbance());
    }

    private static Branch tree(String lines) {
        var loaded = SetParser.load(TestSchema.EMPTY, lines);
        assertThat(loaded.errors()).isEmpty();
        return loaded.tree();
    }

    private static SortedMap<String, AppliedPort> applied(Intent intent) {
        TreeMap<String, AppliedPort> ports = new TreeMap<>();
        intent.ports()
                .forEach((name, port) ->
                        ports.put(
                                name,
                                new AppliedPort(
                                        0, port.attachment(), port.mtu(), true, true, List.of())));
        return ports;
    }

    private static Disturbance disturbance(List<Step> plan) {
        if (plan.stream().anyMatch(step -> step.text().startsWith("create link "))) {
            return Disturbance.PORT;
        }
        return plan.stream().anyMatch(step -> step.text().matches("set \\S+ (up|down)"))
                ? Disturbance.PORT_DOWN
                : Disturbance.NOTHING;
    }
}
