package floof.config.tree;

import floof.config.tree.SchemaNode.Kind;
import floof.config.value.ConfigError;
import floof.config.word.GroupKey;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.BiPredicate;
import org.jspecify.annotations.Nullable;

/**
 * What a configuration means: inactive statements left out, statements of groups put in.
 *
 * <p>{@code apply-groups} at a place gives it, and all below, what the groups say of that place.
 * What is said there itself wins; then the groups applied nearest; of those the one named first; in
 * a group a key wins over the patterns. Leaf-lists and lists get the groups' values behind their
 * own. A pattern gives its statements to the entries there are, and makes none.
 */
final class Inheritance {

    /** Where a branch is; siblings share their parent's. */
    private record Path(@Nullable Path parent, Object name) {

        private static final Path ROOT = new Path(null, "");

        /**
         * @param child a keyword or key
         */
        Path below(Object child) {
            return new Path(this, child);
        }

        List<String> names() {
            List<String> names = parent == null ? new ArrayList<>() : parent.names();
            if (parent != null) {
                names.add(name.toString());
            }
            return names;
        }
    }

    /**
     * What a group says of the place at hand.
     *
     * @param contents branches of the group's schema; the first wins
     */
    private record Source(String group, List<Branch> contents) {

        boolean isSame(Source other) {
            return group.equals(other.group)
                    && allMatch(contents, other.contents, (mine, theirs) -> mine == theirs);
        }
    }

    /** What a branch became, and of what else. */
    record Memo(@Nullable Branch groups, Path path, List<Source> inherited, Branch result) {

        private boolean fits(@Nullable Branch other, Path place, List<Source> sources) {
            return groups == other
                    && path.equals(place)
                    && allMatch(inherited, sources, Source::isSame);
        }
    }

    /** Name of the group that defaults are said to come from. */
    private static final String DEFAULTS = "defaults";

    private final SchemaNode schema;
    private final @Nullable Branch groups;

    /** For each node that has something of a group: its words, and whose they are. */
    private final @Nullable Map<Node, Map<String, String>> origins;

    /** Whether values that hold because nothing is said are put in. */
    private final boolean hasDefaults;

    private Inheritance(
            Branch root, boolean hasDefaults, @Nullable Map<Node, Map<String, String>> origins) {
        Branch all = root.branch("groups");
        this.schema = root.schema();
        this.hasDefaults = hasDefaults;
        this.groups = all == null || all.marks().inactive() ? null : all;
        this.origins = origins;
    }

    /** See {@link Branch#effective}. */
    static Branch effective(Branch root) {
        return new Inheritance(root, false, null).expand(root, List.of(), Path.ROOT);
    }

    /**
     * The effective tree, and for each of its nodes, by identity, what came from a group: the
     * value, keyword or key, and the group's name.
     *
     * @param hasDefaults with the values that hold because nothing is said, as of group {@link
     *     #DEFAULTS}
     */
    static Branch effective(
            Branch root, boolean hasDefaults, Map<Node, Map<String, String>> origins) {
        return new Inheritance(root, hasDefaults, origins).expand(root, List.of(), Path.ROOT);
    }

    /** An empty map for {@link #effective(Branch, boolean, Map)}. */
    static Map<Node, Map<String, String>> origins() {
        return new IdentityHashMap<>();
    }

    private Branch expand(Branch own, List<Source> inherited, Path path) {
        if (inherited.isEmpty() && !Branch.isSpecial(own) && !hasDefaults) {
            return own;
        }
        Memo memo = own.memo;
        if (origins == null && memo != null && memo.fits(groups, path, inherited)) {
            return memo.result();
        }
        List<Source> sources = sources(own, inherited, path);
        Branch result =
                sources.isEmpty() && !hasDefaults
                        ? alone(own, path)
                        : own.schema().kind() == Kind.LIST
                                ? list(own, sources, path)
                                : block(own, sources, path);
        if (origins == null) {
            own.memo = new Memo(groups, path, inherited, result);
        }
        return result;
    }

    /** Whether two lists are of one length and the test holds of each pair. */
    private static <T> boolean allMatch(List<T> a, List<T> b, BiPredicate<T, T> test) {
        boolean isMatch = a.size() == b.size();
        for (int i = 0; i < a.size() && isMatch; i++) {
            isMatch = test.test(a.get(i), b.get(i));
        }
        return isMatch;
    }

    /** What holds at a place: what is inherited from above, and before it what is applied here. */
    private List<Source> sources(Branch own, List<Source> inherited, Path path) {
        Set<String> excepted = names(own, "apply-groups-except");
        List<Source> sources = new ArrayList<>();
        for (String group : names(own, "apply-groups")) {
            Branch content = groups == null ? null : active(groups, group);
            if (content != null && !excepted.contains(group)) {
                sources.add(new Source(group, at(content, path.names())));
            }
        }
        for (Source source : inherited) {
            if (!excepted.contains(source.group())) {
                sources.add(source);
            }
        }
        sources.removeIf(source -> source.contents().isEmpty());
        return sources;
    }

    private static Set<String> names(Branch branch, String statement) {
        Set<String> names = new LinkedHashSet<>();
        SchemaNode schema = branch.schema().child(statement);
        if (schema != null
                && schema.isInheritance()
                && branch.child(statement) instanceof Statement applied
                && !applied.marks().inactive()) {
            applied.values().forEach(value -> names.add(value.toString()));
        }
        return names;
    }

    private static @Nullable Branch active(Branch parent, String name) {
        Branch branch = parent.branch(name);
        return branch == null || branch.marks().inactive() ? null : branch;
    }

    private static List<Branch> active(List<Branch> parents, String name) {
        List<Branch> found = new ArrayList<>();
        for (Branch parent : parents) {
            Branch branch = active(parent, name);
            if (branch != null) {
                found.add(branch);
            }
        }
        return found;
    }

    private List<Branch> at(Branch group, List<String> path) {
        List<Source> here = List.of(new Source("", List.of(group)));
        SchemaNode place = schema;
        for (String name : path) {
            if (place.kind() == Kind.LIST) {
                here = entries(lists(here), place.entry().valueType().parse(name));
                place = place.entry();
            } else {
                here = below(here, name);
                place = Objects.requireNonNull(place.child(name));
            }
        }
        return here.isEmpty() ? List.of() : here.getFirst().contents();
    }

    /** What {@code sources} say of the statements {@code name} below; those that say something. */
    private static List<Source> below(List<Source> sources, String name) {
        List<Source> below = new ArrayList<>();
        for (Source source : sources) {
            add(below, source.group(), active(source.contents(), name));
        }
        return below;
    }

    private static void add(List<Source> sources, String group, List<Branch> contents) {
        if (!contents.isEmpty()) {
            sources.add(new Source(group, contents));
        }
    }

    /**
     * A list of a group: its active entries that are patterns are found once, and if there are
     * others.
     */
    private record Listed(
            String group, List<Branch> lists, List<Branch> patterns, boolean hasKeys) {}

    private static List<Listed> lists(List<Source> sources) {
        List<Listed> lists = new ArrayList<>();
        for (Source source : sources) {
            List<Branch> patterns = new ArrayList<>();
            boolean hasKeys = false;
            for (Branch list : source.contents()) {
                for (Node node : list.children()) {
                    GroupKey key = key(node);
                    if (key != null && key.key() == null) {
                        patterns.add((Branch) node);
                    }
                    hasKeys |= key != null && key.key() != null;
                }
            }
            lists.add(new Listed(source.group(), source.contents(), patterns, hasKeys));
        }
        return lists;
    }

    /** Key of an active entry of a group's list; null for anything else. */
    private static @Nullable GroupKey key(Node node) {
        return node instanceof Branch entry
                        && entry.key() instanceof GroupKey key
                        && !entry.marks().inactive()
                ? key
                : null;
    }

    /** What the groups' lists say of an entry. */
    private static List<Source> entries(List<Listed> lists, Comparable<?> key) {
        List<Source> entries = new ArrayList<>();
        for (Listed listed : lists) {
            List<Branch> contents =
                    listed.hasKeys() ? active(listed.lists(), key.toString()) : new ArrayList<>();
            for (Branch entry : listed.patterns()) {
                if (entry.key() instanceof GroupKey pattern && pattern.matches(key)) {
                    contents.add(entry);
                }
            }
            add(entries, listed.group(), contents);
        }
        return entries;
    }

    /** A branch for which no group has anything, though there may be groups for what is below. */
    private Branch alone(Branch own, Path path) {
        Branch result = own.with(Marks.NONE);
        for (Node child : own.children()) {
            if (Branch.isSpecial(child)) {
                boolean gone = child.schema().isInheritance() || child.marks().inactive();
                Node meant =
                        gone || child instanceof Statement
                                ? child.with(Marks.NONE)
                                : expand((Branch) child, List.of(), path.below(child.name()));
                result = gone || isNothing(meant) ? result.without(child) : result.with(meant);
            }
        }
        return result;
    }

    /** Containers and lists without content do not exist. */
    private static boolean isNothing(Node node) {
        return node instanceof Branch branch && branch.key() == null && branch.isEmpty();
    }

    private Branch block(Branch own, List<Source> sources, Path path) {
        Branch result = own.bare().with(Marks.NONE);
        for (SchemaNode schema : own.schema().children()) {
            if (schema.isInheritance()) {
                continue;
            }
            Node child = own.child(schema.name());
            Node mine = child == null || child.marks().inactive() ? null : child;
            Node meant =
                    schema.isBranch()
                            ? branch(schema, mine, below(sources, schema.name()), path)
                            : statement(schema, (Statement) mine, sources);
            if (meant != null && !isNothing(meant)) {
                result = result.with(meant);
            }
        }
        return result;
    }

    private @Nullable Branch branch(
            SchemaNode schema, @Nullable Node mine, List<Source> sources, Path path) {
        if (mine == null && sources.isEmpty()) {
            return null;
        }
        Branch start = mine instanceof Branch branch ? branch : Branch.empty(schema);
        Branch result = expand(start, sources, path.below(schema.name()));
        if (mine == null) {
            note(result, result.name(), sources.getFirst().group());
        }
        return result;
    }

    private @Nullable Statement statement(
            SchemaNode schema, @Nullable Statement mine, List<Source> sources) {
        if (mine != null && schema.kind() != Kind.LEAF_LIST) {
            return mine.with(Marks.NONE);
        }
        Map<Comparable<?>, String> values = new LinkedHashMap<>();
        if (mine != null) {
            mine.values().forEach(value -> values.put(value, ""));
        }
        for (Source source : sources) {
            for (Branch content : source.contents()) {
                if (content.child(schema.name()) instanceof Statement theirs
                        && !theirs.marks().inactive()) {
                    if (schema.kind() != Kind.LEAF_LIST) {
                        Statement taken = new Statement(schema, theirs.values());
                        Object word =
                                theirs.values().isEmpty() ? schema : theirs.values().getFirst();
                        note(taken, word.toString(), source.group());
                        return taken;
                    }
                    theirs.values().forEach(value -> values.putIfAbsent(value, source.group()));
                }
            }
        }
        String fallback = schema.fallback();
        if (values.isEmpty() && hasDefaults && fallback != null) {
            values.put(schema.valueType().parse(fallback), DEFAULTS);
        }
        if (values.isEmpty()) {
            return null;
        }
        Statement all =
                new Statement(
                        schema,
                        List.copyOf(
                                schema.isUserOrdered()
                                        ? values.keySet()
                                        : new TreeSet<>(values.keySet())));
        values.forEach((value, group) -> {
            if (!group.isEmpty()) {
                note(all, value.toString(), group);
            }
        });
        return all;
    }

    private Branch list(Branch own, List<Source> sources, Path path) {
        List<Listed> lists = lists(sources);
        Branch result = own.bare().with(Marks.NONE);
        for (Node node : own.children()) {
            if (node instanceof Branch entry && !entry.marks().inactive()) {
                result = result.with(entry(entry, lists, path));
            }
        }
        for (Listed listed : lists) {
            for (Branch list : listed.lists()) {
                for (Node node : list.children()) {
                    GroupKey key = key(node);
                    Comparable<?> plain = key == null ? null : key.key();
                    if (plain != null && !result.has(plain.toString())) {
                        Branch entry = Branch.entry(own.schema().entry(), plain);
                        Branch meant = entry(entry, lists, path);
                        note(meant, meant.name(), listed.group());
                        result = result.with(meant);
                    }
                }
            }
        }
        return result;
    }

    private Branch entry(Branch entry, List<Listed> lists, Path path) {
        Comparable<?> key = Objects.requireNonNull(entry.key());
        return expand(entry, entries(lists, key), path.below(key));
    }

    private void note(Node node, String word, String group) {
        if (origins != null) {
            origins.computeIfAbsent(node, none -> new LinkedHashMap<>()).put(word, group);
        }
    }

    /** Groups that are applied somewhere but not defined. */
    static List<ConfigError> undefined(Branch root) {
        List<ConfigError> errors = new ArrayList<>();
        undefined(root, root, List.of(), errors);
        return errors;
    }

    private static void undefined(
            Branch root, Branch branch, List<String> path, List<ConfigError> errors) {
        for (Node child : branch.children()) {
            if (!Branch.isSpecial(child) || child.marks().inactive()) {
                continue;
            }
            List<String> place = Node.below(path, child.name());
            if (child instanceof Branch below) {
                undefined(root, below, place, errors);
            } else if (child instanceof Statement applied && child.schema().isInheritance()) {
                for (Comparable<?> group : applied.values()) {
                    if (root.find(List.of("groups", group.toString())) == null) {
                        errors.add(
                                new ConfigError(
                                        place,
                                        group.toString(),
                                        "group '" + group + "' is not defined"));
                    }
                }
            }
        }
    }
}
