package floof.manager;

import floof.base.IpAddress;
import floof.base.MacAddress;
import floof.base.Prefix;
import org.jspecify.annotations.Nullable;

/**
 * A neighbour or gateway on a link. All routes through it share one adjacency, which is resolved
 * while Linux knows the MAC. Thread: the manager's.
 */
final class Hop {

    final Link link;
    final IpAddress address;
    final int adjacency;

    /** Null while unresolved. */
    @Nullable MacAddress mac;

    /** Resync in which the neighbour was last sent. */
    int resync;

    /** Packet count of the adjacency at the last request. */
    long packetsSeen;

    Hop(Link link, IpAddress address, int adjacency) {
        this.link = link;
        this.address = address;
        this.adjacency = adjacency;
    }

    Prefix host() {
        return Prefix.host(address);
    }
}
