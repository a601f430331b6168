package floof.config;

import static floof.config.Condition.set;
import static floof.config.SchemaNode.container;
import static floof.config.SchemaNode.flag;
import static floof.config.SchemaNode.leafList;
import static floof.config.SchemaNode.list;
import static java.util.Objects.requireNonNull;

/** The statements below {@code routing}. */
final class RoutingChapter {

    static final SchemaNode CHAPTER =
            container(
                    "routing",
                    "Routes",
                    container(
                            "static",
                            "Static routes",
                            list(
                                            "route",
                                            Types.PREFIX,
                                            "Static route",
                                            leafList(
                                                    "next-hop",
                                                    Types.HOST,
                                                    "Address of a next hop"),
                                            flag("blackhole", "Discard packets silently"))
                                    .rules(
                                            Rule.must(
                                                    "",
                                                    set("next-hop").or(set("blackhole")),
                                                    "expected next-hop or blackhole"),
                                            Rule.must(
                                                    "",
                                                    set("next-hop").and(set("blackhole")).not(),
                                                    "has both next-hop and blackhole; expected one of them"),
                                            Rule.each(
                                                    "next-hop",
                                                    RoutingChapter::isOfPrefixFamily,
                                                    "contains(., ':') = contains(../name, ':')",
                                                    "<value> is not of the prefix's family"),
                                            Rule.unclaimed(
                                                    "next-hop",
                                                    "address",
                                                    "<value> is our own address, on interface <owner>"))));

    private RoutingChapter() {}

    private static boolean isOfPrefixFamily(Branch route, Comparable<?> hop) {
        return Condition.family(hop) == Condition.family(requireNonNull(route.key()));
    }
}
