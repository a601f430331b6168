package floof.config.schema;

import static floof.base.SpecialPrefixes.NEVER_ROUTED;
import static floof.config.tree.Condition.below;
import static floof.config.tree.Condition.hasIp4;
import static floof.config.tree.Condition.hasIp6;
import static floof.config.tree.Condition.is;
import static floof.config.tree.Condition.set;
import static floof.config.tree.SchemaNode.container;
import static floof.config.tree.SchemaNode.flag;
import static floof.config.tree.SchemaNode.leaf;
import static floof.config.tree.SchemaNode.leafList;
import static floof.config.tree.SchemaNode.list;
import static java.util.Objects.requireNonNull;

import floof.base.Family;
import floof.base.IpAddress;
import floof.base.Prefix;
import floof.config.tree.Branch;
import floof.config.tree.Condition;
import floof.config.tree.Disturbance;
import floof.config.tree.Rule;
import floof.config.tree.SchemaNode;
import floof.config.value.Secret;
import floof.config.value.ValueType;
import floof.config.value.ValueType.Choice;
import floof.config.value.ValueType.Shape;
import floof.config.value.Vault;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The statements below {@code bgp}. */
final class BgpChapter {

    private static final ValueType<String> NAME = ValueType.name("<name>", 32).example("transit");

    private static final ValueType<Long> AS =
            ValueType.asNumber().where(BgpChapter::notAnAs).example("65000");

    private static final ValueType<IpAddress> ROUTER_ID =
            ValueType.of(
                            "<router-id>",
                            "an IPv4 address",
                            IpAddress.class,
                            new Shape.Standard("ipv4-address-no-zone"),
                            IpAddress::parse)
                    .where(BgpChapter::notARouterId)
                    .example("192.0.2.1");

    private static final ValueType<Prefix> ORIGINATED =
            Types.PREFIX.where(prefix ->
                    NEVER_ROUTED.has(prefix)
                            ? "can never be routed: it is loopback, link-local or reserved"
                                    + " space"
                            : null);

    private static final ValueType<String> GRACEFUL_RESTART =
            ValueType.oneOf(
                    "<mode>",
                    new Choice("full", "each side keeps the other's routes while it restarts"),
                    new Choice("helper", "we keep the peer's routes; it does not keep ours"),
                    new Choice("off", "routes are removed when the session ends"));

    private static final ValueType<String> RELATIONSHIP =
            ValueType.oneOf(
                    "<relationship>",
                    new Choice("customer", "gets the routes of all; its routes go to everybody"),
                    new Choice(
                            "peer", "gets our and customers' routes; its routes go to customers"),
                    new Choice("upstream", "as peer, but its routes are the last choice"),
                    new Choice("route-server", "of an exchange; as peer"),
                    new Choice("ibgp", "a router of our AS: gets the routes of all, marked"));

    private static final SchemaNode ROLE =
            container(
                            "role",
                            "What we do for the peer",
                            flag(
                                            "route-reflector",
                                            "Pass routes of our AS on to it, and its routes to the"
                                                    + " others (RFC 4456)")
                                    .renders("rr client;"))
                    .disturbs(Disturbance.BGP_SESSION);

    /** RFC 4271 4.2: zero, or at least three seconds; without it a dead peer stays. */
    private static final ValueType<Long> HOLD_TIME =
            ValueType.number("<seconds>", 3, 65535).example("30");

    private static final ValueType<Long> KEEPALIVE =
            ValueType.number("<seconds>", 1, 21845).example("10");

    private static final ValueType<Long> MAX_STALE =
            ValueType.number("<seconds>", 1, 86400).example("20");

    /** 224.0.0.0: from here on no address is of a router. */
    private static final int MULTICAST = 0xe000_0000;

    /** Longest key of a signed TCP connection (linux/tcp.h, TCP_MD5SIG_MAXKEYLEN). */
    private static final int TCP_MD5_MAX = 80;

    private static final ValueType<IpAddress> LOCAL4 = local(Family.IP4, "192.0.2.1");
    private static final ValueType<IpAddress> LOCAL6 = local(Family.IP6, "2001:db8::1");

    private static final SchemaNode SESSION =
            container(
                            "session",
                            "Timers and failure detection of the session",
                            leaf("hold-time", HOLD_TIME, "Silence after which the peer is down")
                                    .orElse("90")
                                    .renders("hold time <value>;"),
                            leaf(
                                            "keepalive",
                                            KEEPALIVE,
                                            "Time between two keepalives (default: a third of the"
                                                    + " hold time)")
                                    .renders("keepalive time <value>;"),
                            leaf(
                                            "graceful-restart",
                                            GRACEFUL_RESTART,
                                            "Keep routes during a restart (RFC 4724)")
                                    .orElse("full"),
                            leaf(
                                            "max-stale",
                                            MAX_STALE,
                                            "How long to keep the routes of a peer that is down"
                                                    + " (default: the hold time)")
                                    .disturbs(Disturbance.NOTHING),
                            leaf(
                                            "multihop",
                                            ValueType.number("<hops>", 1, 255).example("4"),
                                            "Maximum distance of the peer, in hops")
                                    .renders("multihop <value>;"),
                            leaf("listen4", LOCAL4, "Our IPv4 address of the session"),
                            leaf("listen6", LOCAL6, "Our IPv6 address of the session"),
                            flag("bfd", "Also monitor the peer with BFD (RFC 5882)")
                                    .disturbs(Disturbance.NOTHING),
                            leaf(
                                            "bfd-interval",
                                            ValueType.number("<milliseconds>", 10, 60_000)
                                                    .example("100"),
                                            "Interval between BFD packets, each way")
                                    .orElse("300")
                                    .disturbs(Disturbance.NOTHING),
                            leaf(
                                            "bfd-multiplier",
                                            ValueType.number("<count>", 2, 255).example("5"),
                                            "Consecutive missed BFD packets that end the session")
                                    .orElse("3")
                                    .disturbs(Disturbance.NOTHING))
                    .disturbs(Disturbance.BGP_SESSION)
                    .rules(
                            new Rule.Must(
                                    "keepalive",
                                    below("keepalive", "hold-time"),
                                    "<value> is not below hold-time <hold-time>"));

    private static final String REJECT_BOGONS =
            "Reject routes to private, shared, documentation, benchmark or unassigned space";

    /**
     * @param vault seals the passwords
     */
    static SchemaNode chapter(Vault vault) {
        return container(
                        "bgp",
                        "Border Gateway Protocol (RFC 4271)",
                        leaf("asn", AS, "Our AS number").must().disturbs(Disturbance.BGP),
                        leaf("router-id", ROUTER_ID, "Our BGP identifier")
                                .must()
                                .disturbs(Disturbance.BGP),
                        leafList("prefixes", ORIGINATED, "Prefix that we originate"),
                        flag(
                                "merge-paths",
                                "Share flows among equally good BGP routes, even of different ASes"),
                        flag("reject-bogons", REJECT_BOGONS),
                        peer(vault))
                .rules(
                        new Rule.Each(
                                "peer",
                                BgpChapter::isOfItsKind,
                                "not(peer[relationship][(relationship = 'ibgp') !="
                                        + " (remote-as = current()/asn)])",
                                "<value> needs our AS as remote-as for relationship ibgp, and"
                                        + " another AS for all others"));
    }

    private static SchemaNode peer(Vault vault) {
        return list(
                        "peer",
                        NAME,
                        "BGP peer",
                        leaf("description", Types.DESCRIPTION, "Description in free text"),
                        leaf("remote-as", AS, "AS number of the peer")
                                .must()
                                .disturbs(Disturbance.BGP_SESSION),
                        leafList("neighbor", Types.HOST, "Address of the peer")
                                .must()
                                .disturbs(Disturbance.BGP_SESSION),
                        leaf(
                                        "authentication-key",
                                        Types.secret(vault, TCP_MD5_MAX),
                                        "Password of the sessions (RFC 2385)")
                                .disturbs(Disturbance.BGP_SESSION),
                        leaf(
                                "relationship",
                                RELATIONSHIP,
                                "Decides which routes go to the peer and which of its routes go on"
                                        + " (default: only our own prefixes go to it, none of its"
                                        + " routes go on)"),
                        SESSION,
                        ROLE,
                        flag("reject-bogons", REJECT_BOGONS))
                .rules(
                        new Rule.Must(
                                "role/route-reflector",
                                set("role/route-reflector").implies(is("relationship", "ibgp")),
                                "needs relationship ibgp"),
                        bfdSource(hasIp4("neighbor"), "listen4"),
                        bfdSource(hasIp6("neighbor"), "listen6"),
                        new Rule.Each(
                                "authentication-key",
                                (peer, key) -> ((Secret) key).open() != null,
                                "true()",
                                "was sealed with another router's key; set it again"),
                        new Rule.Unique(
                                "neighbor", "neighbor", "<value> already belongs to peer <owner>"))
                .rules(Types.anotherMachine("neighbor"))
                .daemonBlock();
    }

    private BgpChapter() {}

    private static @Nullable String notAnAs(long number) {
        if (number == 23456) {
            return "stands for numbers above 65535 (RFC 6793); expected the number itself";
        }
        return number == 0xffff || number == 0xffff_ffffL ? "is reserved (RFC 7300)" : null;
    }

    private static boolean isOfItsKind(Branch bgp, Comparable<?> name) {
        Branch peer = requireNonNull(bgp.container("peer").entry(name));
        String relationship = peer.value("relationship", String.class);
        boolean isOurs =
                Objects.equals(peer.value("remote-as", Long.class), bgp.value("asn", Long.class));
        return relationship == null || relationship.equals("ibgp") == isOurs;
    }

    private static ValueType<IpAddress> local(Family family, String example) {
        String version = family == Family.IP4 ? "4" : "6";
        return ValueType.of(
                        "<ip" + version + "-address>",
                        "an IPv" + version + " address",
                        IpAddress.class,
                        new Shape.Standard("ipv" + version + "-address-no-zone"),
                        Types.HOST::parse)
                .where(address ->
                        address.family() == family ? null : "is not an IPv" + version + " address")
                .example(example);
    }

    /** Over several hops BIRD's BFD needs to know where its packets come from. */
    private static Rule bfdSource(Condition hasNeighbor, String listen) {
        Condition isFar =
                set("session/multihop")
                        .or(is("relationship", "ibgp")) // over several hops, too
                        .and(set("session/bfd"))
                        .and(hasNeighbor);
        return new Rule.Must(
                "session/" + listen,
                isFar.implies(set("session/" + listen)),
                "is missing; BFD over several hops needs our address");
    }

    private static @Nullable String notARouterId(IpAddress id) {
        boolean isGood =
                id.family() == Family.IP4
                        && !id.isUnspecified()
                        && !id.isLoopback()
                        && Integer.compareUnsigned(id.ip4Value(), MULTICAST) < 0;
        return isGood ? null : "is not a router ID; expected an IPv4 unicast address";
    }
}
