package floof.base;

/**
 * Why a packet left the fast path before its output port: the one closed list. Such a packet is
 * either handed to Linux (EXCEPTION) or discarded (DROP), and counted under exactly one reason. The
 * ordinal is the counter's column. A new reason goes to the end of its kind and raises the layout
 * version of the shared tables.
 *
 * <p>Exceptions are policed per worker and reason by a token bucket of {@link #packetsPerSecond()};
 * packets beyond that rate are dropped and counted as policed under the same reason. Each port has
 * a small share of its own, whatever arrives on other ports. NEIGHBOUR_UNRESOLVED also has a bucket
 * per next hop. CONTROL exceptions have their own queue and are served first, so that no storm of
 * the others starves a routing session or ARP.
 */
public enum Reason {
    // Exceptions: Linux knows what to do.
    LOCAL_CONTROL(
            Kind.CONTROL,
            50_000,
            "for one of our addresses, from a neighbour there: routing protocols, SSH, ICMP errors"),
    ARP(Kind.CONTROL, 5_000, "ARP: Linux answers and learns"),
    ND(Kind.CONTROL, 5_000, "IPv6 neighbour discovery: Linux answers and learns"),
    LOCAL_MULTICAST(
            Kind.CONTROL, 10_000, "multicast or broadcast on the link: routing hellos, MLD, DHCP"),
    MULTIHOP_CONTROL(
            Kind.CONTROL, 20_000, "for one of our addresses, from farther away: multihop BGP, SSH"),
    NEW_SESSION(Kind.CONTROL, 1_000, "a first packet (SYN) from farther away to BGP or SSH"),
    LOCAL(Kind.DATA, 200_000, "for one of our addresses, not control traffic"),
    NEIGHBOUR_UNRESOLVED(
            Kind.DATA,
            20_000,
            "the next hop's MAC is unknown: Linux resolves it and sends the packet"),
    NO_ROUTE(Kind.DATA, 1_000, "no route: Linux sends the ICMP error"),
    ROUTE_UNREACHABLE(Kind.DATA, 1_000, "the route says unreachable: Linux sends the ICMP error"),
    ROUTE_PROHIBIT(Kind.DATA, 1_000, "the route says prohibit: Linux sends the ICMP error"),
    TTL_EXPIRED(Kind.DATA, 1_000, "TTL or hop limit ran out: Linux sends the ICMP error"),
    TOO_BIG(
            Kind.DATA,
            50_000,
            "longer than the output MTU: Linux fragments it or sends the ICMP error"),
    IP4_OPTIONS(Kind.DATA, 10_000, "IPv4 options: Linux processes them"),
    IP6_HOP_BY_HOP(Kind.DATA, 10_000, "IPv6 hop-by-hop options: Linux processes them"),
    LINK_LOCAL(
            Kind.DATA, 10_000, "link-local source or destination: never routed, handled by Linux"),
    UNKNOWN_ETHERTYPE(
            Kind.DATA,
            50_000,
            "neither IPv4 nor IPv6 nor ARP (VLAN tags, LLDP, ...): handled by Linux"),
    UNSUPPORTED_ROUTE(Kind.DATA, 100_000, "the fast path cannot follow this route: Linux forwards"),
    UNSUPPORTED_POLICY(
            Kind.DATA,
            100_000,
            "the fast path cannot follow Linux's routing rules: Linux forwards"),
    TABLE_FULL(
            Kind.DATA,
            100_000,
            "a route of this slice does not fit the fast path's tables: Linux forwards"),
    OTHER_MAC(
            Kind.DATA,
            100_000,
            "for another MAC of this port in Linux (macvlan, VRRP, bridge): handled by Linux"),
    // Drops: nobody can do anything with it.
    TRUNCATED("frame or packet shorter than its headers say"),
    BAD_VERSION("IP version does not fit the ethertype"),
    BAD_HEADER_LENGTH("IPv4 header length below 20 bytes or beyond the packet"),
    BAD_LENGTH("IP length field disagrees with the frame"),
    BAD_CHECKSUM("IPv4 header checksum wrong"),
    MARTIAN_SOURCE("source address that must not appear on a wire (RFC 1812 5.3.7)"),
    MARTIAN_DESTINATION("destination address that must not appear on a wire (RFC 1812 5.3.7)"),
    NOT_OUR_MAC("unicast frame for a MAC that Linux does not receive on this port"),
    ROUTE_BLACKHOLE("the route says blackhole"),
    INTERFACE_DOWN("the input or output interface is administratively down"),
    OUTPUT_FULL("the output port took no more frames"),
    TWIN_FULL("Linux took no more frames from this port"),
    NO_BUFFER("the buffer pool was empty"),
    OVERSIZED("frame longer than the longest buffer chain, or shorter than an Ethernet header"),
    HAND_OVER_FULL("the worker it was handed over to is too far behind");

    /** Where a packet goes and, for exceptions, in which queue it waits. */
    public enum Kind {
        CONTROL,
        DATA,
        DROP
    }

    private final Kind kind;
    private final int packetsPerSecond;
    private final String text;

    /** One to drop packets. */
    Reason(String text) {
        this(Kind.DROP, 0, text);
    }

    Reason(Kind kind, int packetsPerSecond, String text) {
        this.kind = kind;
        this.packetsPerSecond = packetsPerSecond;
        this.text = text;
    }

    public Kind kind() {
        return kind;
    }

    public boolean isDrop() {
        return kind == Kind.DROP;
    }

    /** Default rate of the policer; 0 for drops. */
    public int packetsPerSecond() {
        return packetsPerSecond;
    }

    /** One sentence for the operator. */
    public String text() {
        return text;
    }

    /** Name for operators and automation: {@code neighbour-unresolved}. */
    public String label() {
        return name().toLowerCase(java.util.Locale.ROOT).replace('_', '-');
    }
}
