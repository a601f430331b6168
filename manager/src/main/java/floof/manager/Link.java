package floof.manager;

import floof.base.IpAddress;
import floof.base.MacAddress;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** A link of Linux as the manager knows it. Thread: the manager's. */
final class Link {

    /** Its name in Linux. */
    record Key(int vrf, int ifindex) {}

    final Key key;

    /** Index of the logical interface in the tables. */
    final int index;

    String name = "";
    MacAddress mac = MacAddress.ZERO;
    int mtu;
    boolean isUp;
    boolean isRunning;
    boolean isEthernet;

    /** MACs that Linux receives here besides {@link #mac}. */
    List<MacAddress> otherMacs = List.of();

    boolean hasAnyMac;

    /** False if Linux no longer has it but a route still leads there. */
    boolean isPresent;

    /** Port of the fast path whose twin it is, or -1. */
    int port = -1;

    /** Adjacency of its on-link prefixes, 0 = none yet. */
    int glean;

    /** Resync in which it was last sent. */
    int resync;

    final Map<IpAddress, Hop> hops = new HashMap<>();

    Link(Key key, int index) {
        this.key = key;
        this.index = index;
    }

    /** Whether the fast path may send through it. */
    boolean isForwarding() {
        return isPresent && isEthernet && port >= 0;
    }
}
