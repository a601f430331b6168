package floof.fpc;

/** What {@link Message.FactsRequest} asks for. The ordinal is the number on the wire. */
public enum FactKind {
    /** DPDK in the process: version, memory, buffers. One row; none without DPDK. */
    DPDK,
    /** Its ports: device, driver, addresses, queues. */
    DPDK_PORTS,
    /** What their drivers count. */
    DPDK_XSTATS,
    /** What the fast path has given itself, and from what: name, value, from. */
    PLAN
}
