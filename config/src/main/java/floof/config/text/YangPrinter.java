package floof.config.text;

import floof.config.tree.Condition;
import floof.config.tree.Disturbance;
import floof.config.tree.Node;
import floof.config.tree.Rule;
import floof.config.tree.SchemaNode;
import floof.config.tree.SchemaNode.Kind;
import floof.config.value.ValueType;
import floof.config.value.ValueType.Shape;
import java.util.ArrayList;
import java.util.List;

/**
 * The schema as a YANG 1.1 module (RFC 7950), for configurations as {@link JsonPrinter#rfc7951}
 * writes them. A value may pass there that the daemon refuses where its type knows more than
 * patterns do; nothing that the daemon takes fails there.
 */
public final class YangPrinter {

    /** Name of the module; its namespace is {@code urn:floof:configuration}. */
    public static final String MODULE = "floof";

    private final StringBuilder out = new StringBuilder();
    private int depth;

    private final SchemaNode root;

    private YangPrinter(SchemaNode root) {
        this.root = root;
    }

    /** The module's text; the same in each run. */
    public static String print(SchemaNode root) {
        YangPrinter printer = new YangPrinter(root);
        printer.module();
        return printer.out.toString();
    }

    private void module() {
        open("module " + MODULE);
        line("yang-version 1.1;");
        line("namespace \"urn:floof:configuration\";");
        line("prefix floof;");
        block("import ietf-inet-types", "prefix inet;");
        line("description " + quoted(root.help() + ": groups inherited, inactive left out.") + ";");
        block(
                "extension disturbs",
                "argument what;",
                "description \"What the traffic notices of a change.\";");
        for (SchemaNode child : root.children()) {
            node(child, List.of(root));
        }
        close();
    }

    /**
     * @param above what is above the statement, the root first
     */
    private void node(SchemaNode node, List<SchemaNode> above) {
        if (node.isInheritance()) {
            return;
        }
        open(keyword(node.kind()) + " " + node.name());
        List<SchemaNode> way = Node.below(above, node);
        SchemaNode parent = above.getLast();
        switch (node.kind()) {
            case CONTAINER -> {
                if (isPresence(node, parent)) {
                    line("presence " + quoted(node.help()) + ";");
                }
                rules(node, way);
                describe(node);
                node.children().forEach(child -> node(child, way));
            }
            case LIST -> {
                SchemaNode entry = node.entry();
                way.add(entry);
                line("key name;");
                rules(entry, way);
                describe(node);
                open("leaf name");
                type(entry.valueType());
                line("description " + quoted(entry.valueType().expectation()) + ";");
                close();
                entry.children().forEach(child -> node(child, way));
            }
            case LEAF -> {
                type(node);
                String fallback = node.fallback();
                if (fallback != null) {
                    line("default " + quoted(fallback) + ";");
                }
                if (node.isRequired()) {
                    line("mandatory true;");
                }
                describe(node);
            }
            case LEAF_LIST -> {
                type(node);
                values(node, way);
                if (node.isRequired()) {
                    line("min-elements 1;");
                }
                describe(node);
            }
            case FLAG -> {
                line("type empty;");
                describe(node);
            }
            case ENTRY -> throw new IllegalStateException(node + " is its list's");
        }
        close();
    }

    private static String keyword(Kind kind) {
        return switch (kind) {
            case CONTAINER -> "container";
            case LIST, ENTRY -> "list";
            case LEAF, FLAG -> "leaf";
            case LEAF_LIST -> "leaf-list";
        };
    }

    /** Whether it matters that the container is there: rules ask, or it must hold something. */
    private static boolean isPresence(SchemaNode container, SchemaNode parent) {
        return parent.kind() == Kind.ENTRY
                || container.children().stream().anyMatch(SchemaNode::isRequired);
    }

    private void describe(SchemaNode node) {
        line("description " + quoted(node.help()) + ";");
        if (node.disturbance() != Disturbance.NOTHING) {
            line("floof:disturbs " + quoted(node.disturbance().text()) + ";");
        }
    }

    private void type(SchemaNode node) {
        SchemaNode.Reference reference = node.reference();
        if (reference == null) {
            type(node.valueType());
            return;
        }
        open("type union");
        String names = "/floof:" + reference.list().replace("/", "/floof:") + "/floof:name";
        block("type leafref", "path \"" + names + "\";");
        if (!reference.builtIn().isEmpty()) {
            open("type enumeration");
            reference.builtIn().forEach(name -> line("enum " + name + ";"));
            close();
        }
        close();
    }

    private void type(ValueType<?> type) {
        switch (type.shape()) {
            case Shape.Range(long minimum, long maximum) ->
                    block("type " + number(maximum), "range \"" + minimum + ".." + maximum + "\";");
            case Shape.Line(int longest) -> block("type string", "length \"1.." + longest + "\";");
            case Shape.Pattern(String pattern) ->
                    block("type string", "pattern '" + pattern + "';");
            case Shape.Words(List<ValueType.Choice> choices) -> {
                open("type enumeration");
                for (ValueType.Choice choice : choices) {
                    block("enum " + choice.word(), "description " + quoted(choice.help()) + ";");
                }
                close();
            }
            case Shape.Standard(String name) -> line("type inet:" + name + ";");
        }
    }

    /** The least type that holds numbers up to there. */
    private static String number(long maximum) {
        return maximum > 0xffff_ffffL ? "uint64" : maximum > 0xffff ? "uint32" : "uint16";
    }

    /** Whether values are text in JSON: all but numbers of at most 32 bits (RFC 7951). */
    static boolean isText(ValueType<?> type) {
        return !(type.shape() instanceof Shape.Range(_, long maximum))
                || number(maximum).equals("uint64");
    }

    /** Rules of each {@code branch}, the last of {@code way}; those of a value stand with it. */
    private void rules(SchemaNode branch, List<SchemaNode> way) {
        for (Rule rule : branch.rules()) {
            switch (rule) {
                case Rule.Must must -> must(must.condition().xpath(), rule);
                case Rule.Unique unique when !is(branch, unique.at(), Kind.LEAF_LIST) -> {
                    if (unique.when() == Condition.ALWAYS) {
                        line("unique \"" + unique.at() + "\";");
                    } else {
                        String when = unique.when().xpath();
                        String others =
                                "count(%s[%s][%s = current()/%s]) = 1"
                                        .formatted(path(way), when, unique.at(), unique.at());
                        must("not(" + when + ") or " + others, rule);
                    }
                }
                case Rule.Each each when is(branch, each.at(), Kind.LIST) ->
                        must(each.xpath(), rule);
                case Rule.Unused unused when is(branch, unused.at(), Kind.LIST) -> {
                    if (isUsed(unused.what())) {
                        String keys = "current()/" + unused.at() + "/name";
                        must(users(unused.what(), keys) + " = 0", rule);
                    }
                }
                case Rule.Unused unused when !is(branch, unused.at(), Kind.LEAF_LIST) ->
                        must(
                                "not(%1$s) or count((%2$s)[. = current()/%1$s]) = 0"
                                        .formatted(unused.at(), used(unused.what())),
                                rule);
                case Rule.Unique _, Rule.Unused _, Rule.Implies _, Rule.Each _ -> {}
            }
        }
    }

    private static boolean is(SchemaNode branch, String at, Kind kind) {
        SchemaNode child = branch.child(at);
        return child != null && child.kind() == kind;
    }

    /** Rules that hold of each value of the leaf-list at the end of {@code way}. */
    private void values(SchemaNode leafList, List<SchemaNode> way) {
        for (Rule rule : way.get(way.size() - 2).rules()) {
            if (!rule.at().equals(leafList.name())) {
                continue;
            }
            switch (rule) {
                case Rule.Each each -> must(each.xpath(), rule);
                case Rule.Unique unique -> must(users(unique.what()) + " = 1", rule);
                case Rule.Unused unused when isUsed(unused.what()) ->
                        must(users(unused.what()) + " = 0", rule);
                case Rule.Unused _, Rule.Implies _, Rule.Must _ -> {}
            }
        }
    }

    /** Not if it is only implied. */
    private boolean isUsed(String what) {
        return !used(what).isEmpty();
    }

    /** How many values used as {@code what} equal the current one, without prefix lengths. */
    private String users(String what) {
        return users(what, "substring-before(concat(current(), '/'), '/')");
    }

    private String users(String what, String current) {
        String same = "substring-before(concat(., '/'), '/')";
        return "count((%s)[%s = %s])".formatted(used(what), same, current);
    }

    /** Where values are used as {@code what}, one place or another; empty for nowhere. */
    private String used(String what) {
        List<String> found = new ArrayList<>();
        used(root, List.of(root), what, found);
        return String.join(" | ", found);
    }

    private static void used(
            SchemaNode branch, List<SchemaNode> way, String what, List<String> found) {
        for (Rule rule : branch.rules()) {
            if (rule instanceof Rule.Unique unique && unique.what().equals(what)) {
                found.add(path(way) + "/" + unique.at());
            }
        }
        for (SchemaNode child :
                branch.isInheritance() ? List.<SchemaNode>of() : branch.children()) {
            used(child, Node.below(way, child), what, found);
        }
    }

    private static String path(List<SchemaNode> way) {
        StringBuilder path = new StringBuilder();
        for (SchemaNode node : way.subList(1, way.size())) {
            if (node.kind() != Kind.ENTRY) {
                path.append("/floof:").append(node.name());
            }
        }
        return path.toString();
    }

    private void must(String xpath, Rule rule) {
        block("must \"" + xpath + "\"", "error-message " + quoted(rule.sentence()) + ";");
    }

    private void block(String statement, String... lines) {
        open(statement);
        for (String line : lines) {
            line(line);
        }
        close();
    }

    private void open(String statement) {
        line(statement + " {");
        depth++;
    }

    private void close() {
        depth--;
        line("}");
    }

    private void line(String text) {
        out.repeat("  ", depth).append(text).append('\n');
    }

    private static String quoted(String text) {
        return '"' + text.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
    }
}
