package floof.config.tree;

import static java.util.Objects.requireNonNull;

import floof.base.Family;
import floof.base.InterfaceAddress;
import floof.base.IpAddress;
import floof.base.Prefix;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * What may hold of a container or list entry, said twice: for this process and, as XPath from that
 * node, for whoever has the YANG module only. Paths are keywords below it, separated by '/'.
 */
public record Condition(Predicate<Branch> holds, String xpath) {

    /** Holds always. */
    public static final Condition ALWAYS = new Condition(_ -> true, "true()");

    /** The statement is there; a default is not. */
    public static Condition set(String path) {
        return new Condition(branch -> branch.find(words(path)) != null, path);
    }

    /** At most one of the statements is there. */
    public static Condition atMostOne(String... names) {
        return new Condition(
                branch -> Stream.of(names).filter(branch::has).count() <= 1,
                "count(" + String.join(" | ", names) + ") <= 1");
    }

    /** One of the statements is there, or more. */
    public static Condition any(String... names) {
        return new Condition(
                branch -> Stream.of(names).anyMatch(branch::has), String.join(" or ", names));
    }

    /** The leaf has, by itself or by default, one of these values. */
    public static Condition is(String path, String... values) {
        List<String> all = List.of(values);
        List<String> tests = all.stream().map(value -> path + " = '" + value + "'").toList();
        return new Condition(
                branch -> valuesAt(branch, path).stream().anyMatch(v -> all.contains(v.toString())),
                String.join(" or ", tests));
    }

    /** The leaf's number is that or more, if it has one. */
    public static Condition atLeast(String path, long minimum) {
        return new Condition(
                branch -> valuesAt(branch, path).stream().allMatch(v -> (Long) v >= minimum),
                "not(" + path + " < " + minimum + ")");
    }

    /** The leaf's number, if it has one, is less than that of the other. */
    public static Condition below(String path, String other) {
        return new Condition(
                branch -> {
                    long limit = (Long) valuesAt(branch, other).getFirst();
                    return valuesAt(branch, path).stream().allMatch(v -> (Long) v < limit);
                },
                "not(" + path + " >= " + other + ")");
    }

    /** One of the addresses or prefixes there is of IPv6. */
    public static Condition hasIp6(String path) {
        return has(Family.IP6, path, "[contains(., ':')]");
    }

    /** One of the addresses or prefixes there is of IPv4. */
    public static Condition hasIp4(String path) {
        return has(Family.IP4, path, "[not(contains(., ':'))]");
    }

    private static Condition has(Family family, String path, String test) {
        return new Condition(
                branch -> valuesAt(branch, path).stream().anyMatch(v -> family(v) == family),
                path + test);
    }

    public Condition and(Condition other) {
        return new Condition(holds.and(other.holds), brace(xpath) + " and " + brace(other.xpath));
    }

    public Condition or(Condition other) {
        return new Condition(holds.or(other.holds), brace(xpath) + " or " + brace(other.xpath));
    }

    public Condition not() {
        return new Condition(holds.negate(), "not(" + xpath + ")");
    }

    /** Holds where {@code other} holds as well, and where this does not. */
    public Condition implies(Condition other) {
        return not().or(other);
    }

    /** Holds where {@code other} holds as well, or neither does. */
    public Condition same(Condition other) {
        return new Condition(
                branch -> holds.test(branch) == other.holds.test(branch),
                "boolean(" + xpath + ") = boolean(" + other.xpath + ")");
    }

    private static String brace(String xpath) {
        return xpath.contains(" or ") || xpath.contains(" and ") ? "(" + xpath + ")" : xpath;
    }

    public static List<String> words(String path) {
        if (path.indexOf('/') < 0) {
            return path.isEmpty() ? List.of() : List.of(path);
        }
        return List.of(path.split("/"));
    }

    /** Values of the statement there, its default where it is not set. */
    public static List<? extends Comparable<?>> valuesAt(Branch branch, String path) {
        List<String> words = words(path);
        Node node = branch.find(words);
        if (node instanceof Statement statement) {
            return statement.values();
        }
        if (node instanceof Branch list && list.schema().kind() == SchemaNode.Kind.LIST) {
            return list.entries().stream().map(entry -> requireNonNull(entry.key())).toList();
        }
        SchemaNode schema = branch.schema().at(words);
        String fallback = schema == null ? null : schema.fallback();
        return schema == null || fallback == null
                ? List.of()
                : List.of(schema.valueType().parse(fallback));
    }

    /**
     * @throws IllegalArgumentException when the value is no address or prefix
     */
    public static Family family(Comparable<?> value) {
        return switch (value) {
            case IpAddress address -> address.family();
            case InterfaceAddress address -> address.address().family();
            case Prefix prefix -> prefix.family();
            default -> throw new IllegalArgumentException(value + " has no address family");
        };
    }
}
