package floof.sync;

import floof.base.InterfaceAddress;
import floof.base.IpAddress;
import floof.linux.netlink.FilterEntry;
import floof.linux.netlink.Link;
import floof.linux.netlink.LinkAddress;
import floof.linux.netlink.NextHopObject;
import floof.linux.netlink.Route;
import floof.linux.netlink.RtnetlinkObject;
import floof.linux.netlink.Rule;

/** The keys of objects within a namespace: links by ifindex, routes by prefix. */
final class Keys {
    record Address(int ifindex, InterfaceAddress address) {}

    record Neighbour(int ifindex, IpAddress address) {}

    private Keys() {}

    static Object of(RtnetlinkObject object) {
        return switch (object) {
            case FilterEntry entry -> entry.ifindex();
            case Link link -> link.index();
            case LinkAddress address -> new Address(address.ifindex(), address.address());
            case floof.linux.netlink.Neighbour neighbour ->
                    new Neighbour(neighbour.ifindex(), neighbour.address());
            case Route route -> route.prefix();
            case Rule rule -> rule;
            case NextHopObject nextHop -> nextHop;
        };
    }
}
