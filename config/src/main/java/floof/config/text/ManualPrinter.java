package floof.config.text;

import floof.config.tree.Node;
import floof.config.tree.Rule;
import floof.config.tree.SchemaNode;
import floof.config.tree.SchemaNode.Kind;
import floof.config.tree.TextPrinter;
import floof.config.value.ValueType;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The schema as a manual in Markdown: {@code docs/configuration.md}. */
public final class ManualPrinter {

    private static final String INTRODUCTION =
            """
            # Configuration

            Every statement of the configuration. This page is generated from the schema; a test checks that it
            is current. Angle brackets mark values. *Refused* lists the errors of a commit; *A change
            disturbs* says what traffic notices.

            For machines, `show system schema` prints a YANG 1.1 module, and `show configuration | display
            rfc7951` prints the configuration as its instance data.

            `groups NAME` holds any of these statements. Where `apply-groups NAME` names a group, that level and the levels
            below inherit the group's statements for them. A level's own statement wins; then the group applied
            closest to it; then the group that `apply-groups` names first. Keys in a group may be patterns (`<ge-*>`,
            `<*>`), which match existing entries. `apply-groups-except NAME` excludes a group. `show | display
            inheritance` shows the origin of each statement.
            """;

    private final StringBuilder out = new StringBuilder();
    private final List<String> bullets = new ArrayList<>();

    private ManualPrinter() {}

    /** The page's text; the same in each run. */
    public static String print(SchemaNode root) {
        ManualPrinter printer = new ManualPrinter();
        printer.out.append(INTRODUCTION);
        for (SchemaNode chapter : root.children()) {
            printer.node(chapter, List.of(root));
        }
        return printer.out.toString();
    }

    /**
     * The page of one statement, as plain text.
     *
     * @param root the whole configuration
     * @param keywords that lead to it, without the keys of lists
     * @return null when there is no such statement
     */
    public static @Nullable String print(SchemaNode root, List<String> keywords) {
        List<SchemaNode> way = new ArrayList<>(List.of(root));
        for (String keyword : keywords) {
            SchemaNode child = way.getLast().child(keyword);
            if (child == null) {
                return null;
            }
            way.add(child);
            if (child.kind() == Kind.LIST) {
                way.add(child.entry());
            }
        }
        ManualPrinter printer = new ManualPrinter();
        printer.page(way);
        return printer.out.toString().replaceAll("(?m)^#+ |`", "").stripLeading();
    }

    /**
     * @param above what is above the statement, the root first
     */
    private void node(SchemaNode node, List<SchemaNode> above) {
        if (node.isInheritance()) {
            return;
        }
        List<SchemaNode> way = Node.below(above, node);
        SchemaNode subject = node.kind() == Kind.LIST ? node.entry() : node;
        if (subject != node) {
            way.add(subject);
        }
        page(way);
        subject.children().forEach(child -> node(child, way));
    }

    /**
     * @param way to the statement, the root first
     */
    private void page(List<SchemaNode> way) {
        SchemaNode subject = way.getLast();
        SchemaNode node = subject.kind() == Kind.ENTRY ? way.get(way.size() - 2) : subject;
        out.append(way.size() == (node == subject ? 2 : 3) ? "\n## `" : "\n### `")
                .append(words(way, false))
                .append("`\n\n");
        out.append(node.help()).append(node.help().endsWith(".") ? "\n" : ".\n");
        bullets.clear();
        value(subject);
        if (!subject.isBranch() || subject.kind() == Kind.ENTRY) {
            bullet("A change disturbs: " + subject.disturbance().text());
        }
        refusals(way);
        if (!subject.isBranch()) {
            bullet("Example: `set " + words(way, true) + "`");
        }
        if (!bullets.isEmpty()) {
            out.append('\n').append(String.join("\n", bullets)).append('\n');
        }
    }

    private void value(SchemaNode node) {
        if (node.type() == null) {
            return;
        }
        ValueType<?> type = node.valueType();
        String many = node.kind() == Kind.LEAF_LIST ? "one or more, each " : "";
        String what = node.kind() == Kind.ENTRY ? "`" + type.placeholder() + "`: " : "Value: ";
        bullet(
                what
                        + many
                        + (type.choices().isEmpty() ? type.expectation() : "one of")
                        + (node.isRequired() ? "; required" : "")
                        + (node.fallback() == null ? "" : "; default `" + node.fallback() + "`"));
        if (node.reference() != null) {
            bullet("Names " + node.reference());
        }
        for (ValueType.Choice choice : type.choices()) {
            bullets.add("  - `" + choice.word() + "`: " + choice.help());
        }
    }

    /** Rules that name the statement at the end of {@code way} as the one at fault. */
    private void refusals(List<SchemaNode> way) {
        for (int i = 0; i < way.size(); i++) {
            String below =
                    String.join(
                            "/",
                            way.subList(i + 1, way.size()).stream()
                                    .filter(node -> node.kind() != Kind.ENTRY)
                                    .map(SchemaNode::name)
                                    .toList());
            way.get(i).rules().stream()
                    .filter(rule -> rule.at().equals(below) && !(rule instanceof Rule.Implies))
                    .forEach(rule -> bullet("Refused: `" + rule.message() + "`"));
        }
    }

    private void bullet(String text) {
        bullets.add("- " + text);
    }

    /** The words that lead there, with examples in the place of values or their placeholders. */
    private static String words(List<SchemaNode> way, boolean isExample) {
        return String.join(
                " ", way.stream().skip(1).flatMap(node -> words(node, isExample)).toList());
    }

    private static Stream<String> words(SchemaNode node, boolean isExample) {
        ValueType<?> type = node.type();
        String value =
                type == null
                        ? ""
                        : isExample ? TextPrinter.quoted(type.example()) : type.placeholder();
        return switch (node.kind()) {
            case CONTAINER, LIST, FLAG -> Stream.of(node.name());
            case ENTRY -> Stream.of(value);
            case LEAF, LEAF_LIST -> Stream.of(node.name(), value);
        };
    }
}
