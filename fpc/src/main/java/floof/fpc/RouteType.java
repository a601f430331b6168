package floof.fpc;

/**
 * The treatment of packets that match a route (RTN_, rtnetlink(7)). The ordinal is the number on
 * the wire; new ones go to the end.
 */
public enum RouteType {
    UNICAST,
    /** One of our addresses, or accepted as such: goes to Linux. */
    LOCAL,
    BROADCAST,
    BLACKHOLE,
    UNREACHABLE,
    PROHIBIT,
    /** Linux supports the route, the fast path does not: encapsulations, throw, NAT. */
    UNSUPPORTED
}
