package floof.config;

import static floof.config.SchemaNode.container;
import static floof.config.SchemaNode.leaf;
import static floof.config.SchemaNode.leafList;
import static floof.config.SchemaNode.list;

import floof.base.Family;
import floof.base.IpAddress;
import floof.config.ValueType.Shape;

/** The statements below {@code bgp}. */
final class BgpChapter {

    private static final ValueType<String> NAME =
            ValueType.word(
                            "<name>",
                            "[A-Za-z0-9_][A-Za-z0-9_.-]{0,31}",
                            "a name of 1..32 letters, digits, '-', '_', '.'")
                    .example("transit");

    private static final ValueType<Long> AS =
            ValueType.number("<as-number>", 1, 4294967295L).example("65000");

    private static final ValueType<IpAddress> ROUTER_ID =
            ValueType.of(
                            "<router-id>",
                            "an IPv4 address",
                            IpAddress.class,
                            new Shape.Standard("ipv4-address-no-zone"),
                            IpAddress::parse)
                    .where(id ->
                            id.family() != Family.IP4 || id.isUnspecified()
                                    ? "is no router id; expected an IPv4 address other than"
                                            + " 0.0.0.0"
                                    : null)
                    .example("192.0.2.1");

    /** Longest key of a signed TCP connection (linux/tcp.h, TCP_MD5SIG_MAXKEYLEN). */
    private static final int TCP_MD5_MAX = 80;

    static final SchemaNode CHAPTER =
            container(
                    "bgp",
                    "Border Gateway Protocol (RFC 4271)",
                    leaf("asn", AS, "Our AS number").must().disturbs(Disturbance.BGP),
                    leaf("router-id", ROUTER_ID, "Our BGP identifier")
                            .must()
                            .disturbs(Disturbance.BGP),
                    leafList("prefixes", Types.PREFIX, "Prefix that we originate"),
                    list(
                                    "peer",
                                    NAME,
                                    "BGP peer",
                                    leaf("description", Types.DESCRIPTION, "Text for people"),
                                    leaf("remote-as", AS, "AS number of the peer")
                                            .must()
                                            .disturbs(Disturbance.BGP_SESSION),
                                    leafList("neighbor", Types.HOST, "Address of the peer")
                                            .must()
                                            .disturbs(Disturbance.BGP_SESSION),
                                    leaf(
                                                    "authentication-key",
                                                    Types.secret(TCP_MD5_MAX),
                                                    "Password of the sessions (RFC 2385)")
                                            .disturbs(Disturbance.BGP_SESSION))
                            .rules(
                                    Rule.each(
                                            "authentication-key",
                                            (peer, key) -> ((Secret) key).open() != null,
                                            "true()",
                                            "was sealed with another router's key; set it again"),
                                    Rule.claim(
                                            "neighbor",
                                            "neighbor",
                                            "<value> already belongs to peer <owner>"),
                                    Rule.unclaimed(
                                            "neighbor",
                                            "address",
                                            "<value> is our own address, on interface <owner>")));

    private BgpChapter() {}
}
