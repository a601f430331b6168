package floof.config.tree;

import floof.config.value.Secret;
import floof.config.value.ValueType;
import floof.config.value.ValueType.Shape;
import floof.config.word.GroupKey;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * One kind of statement: its name, help, type, place in the display order, and facts. Nothing
 * changes once the schema is built.
 *
 * <p>A LIST has its ENTRY, whose type is that of the key. A list whose entries stand in a block of
 * their own ({@code interfaces { ge-0 { ... } }}) {@link #isBlock}; the others print name and key
 * in one line ({@code route 192.0.2.0/24 { ... }}).
 */
public final class SchemaNode {

    /** What a statement holds. */
    public enum Kind {
        CONTAINER,
        LIST,
        ENTRY,
        LEAF,
        LEAF_LIST,
        FLAG
    }

    private static final ValueType<String> GROUP = ValueType.name("<group>", 64);

    private final Kind kind;
    private final String name;
    private final String help;
    private final @Nullable ValueType<?> type;
    private final LinkedHashMap<String, SchemaNode> children;

    /** The same in display order. */
    private final List<SchemaNode> ordered;

    private int index;

    // Facts, stated once while the schema is built; a method for each below.
    private @Nullable String fallback;
    private @Nullable String rendering;
    private boolean daemonBlock;
    private boolean required;
    private boolean block;
    private List<Rule> rules = List.of();
    private @Nullable Disturbance disturbance;
    private boolean userOrdered;
    private boolean inheritance;
    private boolean device;
    private boolean hash;
    private @Nullable Reference reference;

    /**
     * What the values name.
     *
     * @param list path of a list of the configuration, keywords separated by '/'
     * @param builtIn names beside its entries that are always there, in order
     */
    public record Reference(String list, List<String> builtIn) {

        /** {@code an entry of 'system login class' or operator, super-user}. */
        @Override
        public String toString() {
            String entry = "an entry of '" + list.replace('/', ' ') + "'";
            return builtIn.isEmpty() ? entry : entry + " or " + String.join(", ", builtIn);
        }
    }

    private SchemaNode(
            Kind kind,
            String name,
            String help,
            @Nullable ValueType<?> type,
            List<SchemaNode> children) {
        this.kind = kind;
        this.name = name;
        this.help = help;
        this.type = type;
        this.block = kind != Kind.LIST;
        this.children = LinkedHashMap.newLinkedHashMap(children.size());
        for (SchemaNode child : children) {
            child.index = this.children.size();
            if (this.children.put(child.name, child) != null) {
                throw new IllegalArgumentException(name + " has '" + child.name + "' twice");
            }
        }
        this.ordered = List.copyOf(this.children.values());
    }

    public static SchemaNode container(String name, String help, SchemaNode... children) {
        return new SchemaNode(Kind.CONTAINER, name, help, null, inheriting(children));
    }

    /**
     * The whole of a configuration: {@code chapters}, and {@code groups} whose contents may stand
     * in their places.
     *
     * @throws IllegalArgumentException when a statement renders a line that no block takes
     */
    public static SchemaNode root(String name, String help, SchemaNode... chapters) {
        Stream.of(chapters).forEach(chapter -> chapter.refuseLostLines(false));
        SchemaNode groups =
                new SchemaNode(
                        Kind.LIST,
                        "groups",
                        "Statements that others inherit by apply-groups",
                        null,
                        List.of(
                                new SchemaNode(
                                        Kind.ENTRY,
                                        GROUP.placeholder(),
                                        "Group",
                                        GROUP,
                                        Stream.of(chapters).map(SchemaNode::inGroup).toList())));
        groups.inheritance = true;
        groups.block = true;
        List<SchemaNode> children = new ArrayList<>(List.of(groups.userOrdered(), applyGroups()));
        children.addAll(List.of(chapters));
        return new SchemaNode(Kind.CONTAINER, name, help, null, children);
    }

    private static SchemaNode applyGroups() {
        SchemaNode apply =
                leafList("apply-groups", GROUP, "Groups from which to inherit configuration data")
                        .userOrdered()
                        .refersTo("groups", List.of());
        apply.inheritance = true;
        return apply;
    }

    /** What may stand in every block, and {@code children}. */
    private static List<SchemaNode> inheriting(SchemaNode... children) {
        SchemaNode except =
                leafList(
                                "apply-groups-except",
                                GROUP,
                                "Don't inherit configuration data from these groups")
                        .refersTo("groups", List.of());
        except.inheritance = true;
        List<SchemaNode> all = new ArrayList<>(List.of(applyGroups(), except));
        all.addAll(List.of(children));
        return all;
    }

    /** This statement as it stands in a group: nothing has to be there, keys may be patterns. */
    private SchemaNode inGroup() {
        SchemaNode copy =
                new SchemaNode(
                        kind,
                        name,
                        help,
                        kind == Kind.ENTRY ? GroupKey.type(valueType()) : type,
                        children.values().stream()
                                .filter(child -> !child.inheritance)
                                .map(SchemaNode::inGroup)
                                .toList());
        copy.block = block;
        copy.userOrdered = userOrdered;
        copy.reference = reference;
        copy.device = device;
        copy.hash = hash;
        return copy;
    }

    /** A list whose entries print in one line with its name. */
    public static SchemaNode list(
            String name, ValueType<?> key, String help, SchemaNode... children) {
        SchemaNode entry =
                new SchemaNode(Kind.ENTRY, key.placeholder(), help, key, inheriting(children));
        return new SchemaNode(Kind.LIST, name, help, null, List.of(entry));
    }

    /** A list whose entries stand in a block of its name. */
    public static SchemaNode blockList(
            String name, ValueType<?> key, String help, SchemaNode... children) {
        SchemaNode entry = list(name, key, help, children).entry();
        SchemaNode list = new SchemaNode(Kind.LIST, name, help, null, inheriting(entry));
        list.block = true;
        return list;
    }

    public static SchemaNode leaf(String name, ValueType<?> type, String help) {
        return new SchemaNode(Kind.LEAF, name, help, type, List.of());
    }

    public static SchemaNode leafList(String name, ValueType<?> type, String help) {
        return new SchemaNode(Kind.LEAF_LIST, name, help, type, List.of());
    }

    public static SchemaNode flag(String name, String help) {
        return new SchemaNode(Kind.FLAG, name, help, null, List.of());
    }

    /** This statement, which its container cannot be without. */
    public SchemaNode must() {
        required = true;
        return this;
    }

    /** This leaf with the value that holds when it is absent. */
    public SchemaNode orElse(String value) {
        fallback = value;
        return this;
    }

    /**
     * This leaf or flag, which becomes a line of a daemon's configuration.
     *
     * @param line with {@code <value>} where a leaf's value belongs
     * @throws IllegalArgumentException for free text, patterns, and what has no single value
     */
    public SchemaNode renders(String line) {
        boolean isPlain =
                kind == Kind.FLAG
                        || kind == Kind.LEAF
                                && !(valueType().shape() instanceof Shape.Line)
                                && !(valueType().shape() instanceof Shape.Pattern);
        if (!isPlain) {
            throw new IllegalArgumentException(
                    name + " renders '" + line + "': expected a flag, number, address or choice");
        }
        if (line.contains("<value>") != (kind == Kind.LEAF)) {
            throw new IllegalArgumentException(
                    name + " renders '" + line + "': expected <value> for a leaf, none for a flag");
        }
        rendering = line;
        return this;
    }

    /**
     * This container, or each entry of this list, which becomes a block of a daemon's configuration
     * with the lines of all below.
     */
    public SchemaNode daemonBlock() {
        (kind == Kind.LIST ? entry() : this).daemonBlock = true;
        return this;
    }

    private void refuseLostLines(boolean isInBlock) {
        boolean isTaken = daemonBlock || isInBlock && kind != Kind.LIST;
        if (rendering != null && !isTaken) {
            throw new IllegalArgumentException(
                    name + " renders '" + rendering + "', but is in no block of a daemon");
        }
        children.values().forEach(child -> child.refuseLostLines(isTaken));
    }

    /**
     * Adds cross checks to those of the statements below this container or list; a list applies
     * them to each entry.
     */
    public SchemaNode rules(Rule... more) {
        if (kind == Kind.LIST) {
            entry().rules(more);
        } else {
            rules = Stream.concat(rules.stream(), Stream.of(more)).toList();
        }
        return this;
    }

    /** This leaf or leaf-list, whose values name entries of that list, or what is built in. */
    public SchemaNode refersTo(String list, Collection<String> builtIn) {
        reference = new Reference(list, builtIn.stream().sorted().toList());
        return this;
    }

    /** This statement, a change of which disturbs so; all below that says nothing else as well. */
    public SchemaNode disturbs(Disturbance how) {
        if (disturbance == null) {
            disturbance = how;
            children.values().forEach(child -> child.disturbs(how));
        }
        return this;
    }

    /** This leaf-list or list, whose order is the operator's. */
    public SchemaNode userOrdered() {
        userOrdered = true;
        return this;
    }

    /** This leaf, whose value names a kernel device of the machine. */
    public SchemaNode device() {
        device = true;
        return this;
    }

    /** This secret, which is only checked. */
    public SchemaNode hash() {
        hash = true;
        return this;
    }

    public Kind kind() {
        return kind;
    }

    /** The keyword; for an ENTRY the placeholder of its key. */
    public String name() {
        return name;
    }

    /** One line for the operator. */
    public String help() {
        return help;
    }

    /** Type of the value, or of the key of an ENTRY; null for CONTAINER, LIST and FLAG. */
    public @Nullable ValueType<?> type() {
        return type;
    }

    /** Type of the value, for statements that have one. */
    public ValueType<?> valueType() {
        if (type == null) {
            throw new IllegalStateException(name + " has no value");
        }
        return type;
    }

    /** Text of the value that holds when a leaf is absent. */
    public @Nullable String fallback() {
        return fallback;
    }

    /** Line of a daemon's configuration that it becomes; null for none of its own. */
    public @Nullable String rendering() {
        return rendering;
    }

    /** Whether it becomes a block of a daemon's configuration. */
    public boolean isDaemonBlock() {
        return daemonBlock;
    }

    /** The container must have this statement. */
    public boolean isRequired() {
        return required;
    }

    /** What the values name, or null when they are no names of other statements. */
    public @Nullable Reference reference() {
        return reference;
    }

    /** What a change of this statement disturbs. */
    public Disturbance disturbance() {
        return disturbance == null ? Disturbance.NOTHING : disturbance;
    }

    /** Cross checks of each container or entry of this kind. */
    public List<Rule> rules() {
        return rules;
    }

    /** False for lists that print name and key in one line. */
    public boolean isBlock() {
        return block;
    }

    /** True for a leaf-list or list whose order the operator chooses; others are sorted. */
    public boolean isUserOrdered() {
        return userOrdered;
    }

    /** True for {@code groups} and what applies them: {@link Branch#effective} has none of it. */
    public boolean isInheritance() {
        return inheritance;
    }

    /** True for nodes with statements below. */
    public boolean isBranch() {
        return kind == Kind.CONTAINER || kind == Kind.LIST || kind == Kind.ENTRY;
    }

    /** True for a value that must not be shown, logged or compared in clear. */
    public boolean isSecret() {
        return type != null && type.javaType() == Secret.class;
    }

    /** True for a value that names a kernel device of the machine. */
    public boolean isDevice() {
        return device;
    }

    /** True for a secret that is only checked: it is asked for, and its hash is kept. */
    public boolean isHash() {
        return hash;
    }

    /** Place among its siblings, zero-based. */
    int index() {
        return index;
    }

    /** The statements below, in display order. */
    public List<SchemaNode> children() {
        return ordered;
    }

    /** The statement of that name below, or null. Of a LIST every other name leads to the entry. */
    public @Nullable SchemaNode child(String keyword) {
        SchemaNode child = children.get(keyword);
        return child == null && kind == Kind.LIST ? entry() : child;
    }

    /** The schema of the statement at {@code path} from here, or null when there is none. */
    public @Nullable SchemaNode at(List<String> path) {
        SchemaNode node = this;
        for (String name : path) {
            node = node.child(name);
            if (node == null) {
                return null;
            }
        }
        return node;
    }

    /** The entry of a LIST. */
    public SchemaNode entry() {
        if (kind != Kind.LIST) {
            throw new IllegalStateException(name + " is no list");
        }
        return Objects.requireNonNull(children.lastEntry()).getValue();
    }

    @Override
    public String toString() {
        return name;
    }
}
