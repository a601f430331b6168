package floof.fpc;

/** How a port reaches its device. The ordinal is the number on the wire; new ones go to the end. */
public enum Driver {
    AF_PACKET,
    TAP,
    DPDK,
    AF_XDP,
    GENERATOR,
    PCAP,
    MEMIF
}
