package floof.fpc;

/**
 * The kind of a link, as far as it matters for forwarding. The ordinal is the number on the wire;
 * new ones go to the end.
 */
public enum LinkKind {
    /** Ethernet: a device, one end of a veth pair, a TAP. */
    ETHERNET,
    LOOPBACK,
    /** Anything the fast path does not forward through: VLAN, bridge, bond, tunnel, VRF device. */
    OTHER
}
