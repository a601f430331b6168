package floof.manager;

import floof.base.IpAddress;
import floof.base.MacAddress;
import floof.base.Prefix;
import org.jspecify.annotations.Nullable;

/**
 * A neighbour or a gateway on a link: one adjacency that all routes through it share, resolved
 * while Linux knows its MAC. Thread: the manager's.
 */
final class Hop {

    final Link link;
    final IpAddress address;
    final int adjacency;

    /** Null while unresolved. */
    @Nullable MacAddress mac;

    /** Mark epoch in which the neighbour was last sent. */
    int epoch;

    /** Packets of the adjacency when they were last asked for. */
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
