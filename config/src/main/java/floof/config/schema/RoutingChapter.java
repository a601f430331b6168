package floof.config.schema;

import static floof.config.tree.Condition.any;
import static floof.config.tree.Condition.atMostOne;
import static floof.config.tree.SchemaNode.container;
import static floof.config.tree.SchemaNode.flag;
import static floof.config.tree.SchemaNode.leaf;
import static floof.config.tree.SchemaNode.leafList;
import static floof.config.tree.SchemaNode.list;
import static java.util.Objects.requireNonNull;

import floof.base.IpAddress;
import floof.config.tree.Branch;
import floof.config.tree.Condition;
import floof.config.tree.Rule;
import floof.config.tree.SchemaNode;
import floof.config.value.ValueType;

/** The statements below {@code routing}. */
final class RoutingChapter {

    /** As Junos: 0 is for connected networks; 255 is the last resort. */
    private static final ValueType<Long> PREFERENCE =
            ValueType.number("<preference>", 1, 255).example("200");

    private static final ValueType<Long> METRIC =
            ValueType.number("<metric>", 0, 4294967294L).example("10");

    /** Linux keeps the weight of a next hop, less one, in eight bits (struct rtnexthop). */
    private static final ValueType<Long> WEIGHT = ValueType.number("<weight>", 1, 256).example("3");

    private static final String[] NEXT_HOPS = {"next-hop", "qualified-next-hop", "interface"};

    private static final String[] REFUSALS = {
        "discard", "blackhole", "reject", "unreachable", "prohibit"
    };

    private static final SchemaNode QUALIFIED =
            list(
                            "qualified-next-hop",
                            Types.GATEWAY,
                            "Next hop with qualifiers",
                            leaf(
                                    "interface",
                                    InterfacesChapter.INTERFACE,
                                    "Interface of the next hop"),
                            flag("onlink", "Reachable on the link even without a matching address"),
                            leaf("weight", WEIGHT, "Share of the flows among equal next hops")
                                    .orElse("1"),
                            leaf("preference", PREFERENCE, "Overrides the route's preference"),
                            leaf("metric", METRIC, "Overrides the route's metric"))
                    .rules(
                            new Rule.Must(
                                    "onlink",
                                    any("onlink").implies(any("interface")),
                                    "needs interface"));

    private static final SchemaNode ROUTE =
            list(
                            "route",
                            Types.PREFIX,
                            "Static route",
                            leafList("next-hop", Types.HOST, "Address of a next hop"),
                            QUALIFIED,
                            leafList(
                                    "interface",
                                    InterfacesChapter.INTERFACE,
                                    "Interface to directly connected destinations"),
                            flag("discard", "Drop packets silently"),
                            flag("blackhole", "Synonym of discard"),
                            flag("reject", "Drop packets; the sender gets ICMP host unreachable"),
                            flag("unreachable", "Synonym of reject"),
                            flag(
                                    "prohibit",
                                    "Drop packets; the sender gets ICMP administratively"
                                            + " prohibited"),
                            leaf(
                                            "preference",
                                            PREFERENCE,
                                            "Lower wins among protocols: BGP has 170")
                                    .orElse("5"),
                            leaf(
                                            "metric",
                                            METRIC,
                                            "Lower wins among static routes of equal preference")
                                    .orElse("0"))
                    .rules(
                            new Rule.Must(
                                    "",
                                    any(NEXT_HOPS).or(any(REFUSALS)),
                                    "expected next-hop, qualified-next-hop, interface, discard,"
                                            + " reject or prohibit"),
                            new Rule.Must(
                                    "",
                                    atMostOne(REFUSALS),
                                    "expected one of discard, reject and prohibit"),
                            new Rule.Must(
                                    "",
                                    any(NEXT_HOPS).and(any(REFUSALS)).not(),
                                    "has both a next hop and discard, reject or prohibit; expected"
                                            + " one of them"),
                            ofPrefixFamily("next-hop", "contains(., ':') = contains(../name, ':')"))
                    .rules(Types.anotherMachine("next-hop"))
                    .rules(
                            ofPrefixFamily(
                                    "qualified-next-hop",
                                    "not(qualified-next-hop[contains(name, ':') !="
                                            + " contains(../name, ':')])"))
                    .rules(Types.anotherMachine("qualified-next-hop"))
                    .rules(
                            new Rule.Must(
                                    "qualified-next-hop",
                                    new Condition(
                                            RoutingChapter::areReachable,
                                            "not(qualified-next-hop[starts-with(name, 'fe80:')]"
                                                    + "[not(interface)])"),
                                    "has a link-local address without interface"));

    static final SchemaNode CHAPTER =
            container("routing", "Routes", container("static", "Static routes", ROUTE));

    private RoutingChapter() {}

    private static Rule ofPrefixFamily(String at, String xpath) {
        return new Rule.Each(
                at,
                RoutingChapter::isOfPrefixFamily,
                xpath,
                "<value> has another family than the prefix");
    }

    private static boolean isOfPrefixFamily(Branch route, Comparable<?> hop) {
        return Condition.family(hop) == Condition.family(requireNonNull(route.key()));
    }

    private static boolean areReachable(Branch route) {
        return route.entries("qualified-next-hop").stream()
                .allMatch(hop ->
                        !((IpAddress) requireNonNull(hop.key())).isLinkLocal()
                                || hop.has("interface"));
    }
}
