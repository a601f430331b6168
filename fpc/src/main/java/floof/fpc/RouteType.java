package floof.fpc;

/**
 * What becomes of packets that match a route (RTN_, rtnetlink(7)). The ordinal is the number on the
 * wire; new ones go to the end.
 */
public enum RouteType {
    UNICAST,
    /** One of our addresses, or accepted as such: Linux's. */
    LOCAL,
    BROADCAST,
    BLACKHOLE,
    UNREACHABLE,
    PROHIBIT,
    /** Linux knows the way, the fast path does not: encapsulations, throw, NAT. */
    UNSUPPORTED
}
