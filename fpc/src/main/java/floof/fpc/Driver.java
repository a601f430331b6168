package floof.fpc;

/** How a port reaches its device. The ordinal is the number on the wire; new ones go to the end. */
public enum Driver {
    AF_PACKET,
    TAP,
    DPDK,
    AF_XDP,
    /** No device: packets made up at a rate, for measuring; not configured, only asked for here. */
    GENERATOR,
    PCAP,
    PACKET_GENERATOR
}
