package floof.fpc;

/** The subject of a {@link Message.FactsRequest}. The ordinal is the number on the wire. */
public enum FactKind {
    /** DPDK in the process: version, memory, buffers. One row; none without DPDK. */
    DPDK,
    /** DPDK's ports: device, driver, addresses, queues. */
    DPDK_PORTS,
    /** The counters of the ports' drivers. */
    DPDK_XSTATS,
    /** The fast path's choices and their reasons: name, value, from. */
    SIZING
}
