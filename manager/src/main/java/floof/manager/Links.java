package floof.manager;

import floof.base.IpAddress;
import floof.base.MacAddress;
import floof.base.Prefix;
import floof.base.Reason;
import floof.tables.Adjacency;
import floof.tables.Counters;
import floof.tables.EcmpGroup;
import floof.tables.Interface;
import floof.tables.TableWriter;
import floof.tables.Tables;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Links, their ports and the adjacencies through them. The state of an adjacency depends only on
 * its link and neighbour. Any change updates it in place and touches no route:
 *
 * <ul>
 *   <li>link gone, not Ethernet or not a port of the fast path: UNSUPPORTED_ROUTE, Linux forwards;
 *   <li>no MAC known, or the link's glean: NEIGHBOUR_UNRESOLVED, Linux resolves;
 *   <li>else: forward.
 * </ul>
 *
 * <p>Thread: the manager's.
 */
final class Links {

    private record HopKey(int vrf, IpAddress address, int ifindex) implements Comparable<HopKey> {
        @Override
        public int compareTo(HopKey other) {
            int order = Integer.compare(vrf, other.vrf);
            if (order == 0) {
                order = address.compareTo(other.address);
            }
            return order == 0 ? Integer.compare(ifindex, other.ifindex) : order;
        }
    }

    /** A worker passes every few microseconds; a preempted one within milliseconds. */
    private static final int PASS_MS = 100;

    private final TableWriter writer;
    private final Tables tables;
    private final Map<Link.Key, Link> links = new HashMap<>();
    private final Map<String, Integer> portsByName = new HashMap<>();
    private final NavigableMap<HopKey, Hop> hops = new TreeMap<>();
    private final @Nullable Hop[] hopsByAdjacency;
    private final @Nullable Link[] linksByGlean;

    /** Adopts the content of the tables. */
    Links(TableWriter writer) {
        this.writer = writer;
        tables = writer.tables();
        hopsByAdjacency = new @Nullable Hop[tables.limits().adjacencies()];
        linksByGlean = new @Nullable Link[tables.limits().adjacencies()];
        Map<Integer, Link> byIndex = new HashMap<>();
        for (int i = 1; i < tables.limits().interfaces(); i++) {
            if (writer.hasInterface(i)) {
                byIndex.put(i, adoptLink(i));
            }
        }
        for (int i = 0; i < tables.limits().adjacencies(); i++) {
            if (writer.hasAdjacency(i)) {
                adoptAdjacency(i, byIndex);
            }
        }
    }

    /** Copies the port names from a former instance, whose tables were abandoned. */
    void nameAs(Links former) {
        portsByName.putAll(former.portsByName);
    }

    private Link adoptLink(int index) {
        long at = tables.iface(writer.generation(), index);
        Link link = new Link(new Link.Key(Interface.vrf(at), Interface.ifindex(at)), index);
        link.name = Interface.name(at);
        link.mac = Interface.mac(at);
        link.mtu = Interface.mtu(at);
        link.isUp = (Interface.flags(at) & Interface.UP) != 0;
        link.isRunning = (Interface.flags(at) & Interface.RUNNING) != 0;
        link.port = Interface.port(at);
        link.isEthernet = (Interface.flags(at) & Interface.ETHERNET) != 0;
        link.hasAnyMac = (Interface.flags(at) & Interface.ANY_MAC) != 0;
        link.otherMacs = Interface.otherMacs(at);
        link.isPresent = true;
        link.resync = writer.interfaceResync(index);
        links.put(link.key, link);
        if (link.port >= 0) {
            portsByName.put(link.name, link.port);
        }
        return link;
    }

    private void adoptAdjacency(int index, Map<Integer, Link> byIndex) {
        long at = tables.adjacency(writer.generation(), index);
        Link link = byIndex.get(Adjacency.iface(at));
        IpAddress nextHop = Adjacency.nextHop(at);
        if (link == null) {
            writer.except(index, Reason.UNSUPPORTED_ROUTE);
        } else if (nextHop == null) {
            link.glean = index;
            linksByGlean[index] = link;
        } else {
            Hop hop = new Hop(link, nextHop, index);
            boolean isResolved = Adjacency.kind(Adjacency.action(at)) == Adjacency.FORWARD;
            hop.mac = isResolved ? Adjacency.destinationMac(at) : null;
            hop.resync = link.resync;
            hop.packetsSeen =
                    Counters.adjacencyTotal(tables, writer.generation(), index, Counters.PACKETS);
            enter(hop);
        }
    }

    private void enter(Hop hop) {
        hop.link.hops.put(hop.address, hop);
        hops.put(new HopKey(hop.link.key.vrf(), hop.address, hop.link.key.ifindex()), hop);
        hopsByAdjacency[hop.adjacency] = hop;
    }

    // ---- links and ports ----------------------------------------------------------------------

    /** The link of this name, including one that is gone but still referenced. */
    @Nullable Link find(int vrf, int ifindex) {
        return links.get(new Link.Key(vrf, ifindex));
    }

    Collection<Link> all() {
        return List.copyOf(links.values());
    }

    /** A new or known link, or null if no record is left. */
    @Nullable Link findOrAdd(int vrf, int ifindex) {
        Link.Key key = new Link.Key(vrf, ifindex);
        Link link = links.get(key);
        if (link == null) {
            int index = writer.addInterface(vrf, ifindex);
            if (index == TableWriter.FULL) {
                return null;
            }
            link = new Link(key, index);
            links.put(key, link);
        }
        return link;
    }

    /** Writes a link that changed, and all adjacencies through it. */
    void program(Link link) {
        link.port = link.isPresent ? portsByName.getOrDefault(link.name, -1) : -1;
        long at = tables.iface(writer.generation(), link.index);
        if (!Interface.mac(at).equals(link.mac) && !link.hops.isEmpty()) {
            // No packet may carry a mix of both source addresses; wait once for all neighbours.
            link.hops.values().forEach(hop -> writer.except(hop.adjacency, unresolved(link)));
            writer.awaitReaders(PASS_MS);
        }
        int flags =
                (link.isUp ? Interface.UP : 0)
                        | (link.isRunning ? Interface.RUNNING : 0)
                        | (link.isEthernet ? Interface.ETHERNET : 0)
                        | (link.hasAnyMac ? Interface.ANY_MAC : 0);
        writer.setOtherMacs(link.index, link.otherMacs);
        writer.setInterface(
                link.index, link.name, link.mac, link.mtu, link.isPresent ? flags : 0, link.port);
        if (link.glean != 0) {
            writer.except(link.glean, unresolved(link));
        }
        link.hops.values().forEach(this::program);
    }

    /** Names the twin of a port; with a negative port, the name is no twin any more. */
    void port(int port, String name) {
        portsByName.values().removeIf(known -> known == port);
        portsByName.remove(name);
        if (port >= 0) {
            portsByName.put(name, port);
        }
        for (Link link : all()) {
            int now = link.isPresent ? portsByName.getOrDefault(link.name, -1) : -1;
            if (now != link.port) {
                program(link);
            }
        }
    }

    /** The link is gone in Linux: routes that still lead there go to Linux. */
    void remove(Link link) {
        link.isPresent = false;
        program(link);
        collect(link);
    }

    // ---- adjacencies --------------------------------------------------------------------------

    private static Reason unresolved(Link link) {
        return link.isForwarding() ? Reason.NEIGHBOUR_UNRESOLVED : Reason.UNSUPPORTED_ROUTE;
    }

    /** Adjacency for the link's on-link prefixes, or {@link TableWriter#FULL}. */
    int glean(Link link) {
        if (link.glean == 0) {
            int index = writer.addAdjacency(link.index, link.key.vrf(), null, unresolved(link));
            if (index == TableWriter.FULL) {
                return index;
            }
            link.glean = index;
            linksByGlean[index] = link;
        }
        return link.glean;
    }

    /** Finds the hop, or creates an unresolved one; null if no adjacency is left. */
    @Nullable Hop hop(Link link, IpAddress address) {
        Hop hop = link.hops.get(address);
        if (hop == null) {
            int index = writer.addAdjacency(link.index, link.key.vrf(), address, unresolved(link));
            if (index == TableWriter.FULL) {
                return null;
            }
            hop = new Hop(link, address, index);
            enter(hop);
        }
        return hop;
    }

    /** Writes the adjacency according to the hop's link and MAC. */
    void program(Hop hop) {
        Link link = hop.link;
        MacAddress mac = hop.mac;
        if (mac == null || !link.isForwarding()) {
            writer.except(hop.adjacency, unresolved(link));
        } else {
            writer.forward(hop.adjacency, mac, link.mac, link.port, link.mtu);
        }
    }

    /** The neighbours of a VRF in a prefix. */
    List<Hop> neighbours(int vrf, Prefix prefix) {
        IpAddress first = prefix.address();
        HopKey from = new HopKey(vrf, first, 0);
        List<Hop> found = new ArrayList<>();
        for (Map.Entry<HopKey, Hop> entry : hops.tailMap(from, true).entrySet()) {
            HopKey key = entry.getKey();
            if (key.vrf() != vrf || !prefix.contains(key.address())) {
                break;
            }
            if (entry.getValue().mac != null) {
                found.add(entry.getValue());
            }
        }
        return found;
    }

    /** Every hop by its adjacency's index; null elsewhere. */
    @Nullable Hop hop(int adjacency) {
        return hopsByAdjacency[adjacency];
    }

    // ---- what nothing leads to any more -------------------------------------------------------

    /** The distinct adjacencies of a leaf. */
    int[] members(int leaf) {
        if ((leaf & Tables.GROUP) == 0) {
            return leaf == 0 ? new int[0] : new int[] {leaf};
        }
        long group = tables.group(writer.generation(), leaf);
        return IntStream.range(0, EcmpGroup.BUCKETS)
                .map(bucket -> EcmpGroup.pick(group, bucket))
                .distinct()
                .toArray();
    }

    /** Removes the adjacencies that neither a route nor a neighbour needs. */
    void collect(int[] adjacencies) {
        for (int adjacency : adjacencies) {
            Hop hop = hopsByAdjacency[adjacency];
            Link link = linksByGlean[adjacency];
            if (hop != null) {
                collect(hop);
                collect(hop.link);
            } else if (link != null) {
                collect(link);
            }
        }
    }

    void collect(Hop hop) {
        if (hop.mac == null && writer.references(hop.adjacency) == 0) {
            hop.link.hops.remove(hop.address);
            hops.remove(new HopKey(hop.link.key.vrf(), hop.address, hop.link.key.ifindex()));
            hopsByAdjacency[hop.adjacency] = null;
            writer.removeAdjacency(hop.adjacency);
        }
    }

    /** Removes a gone link with its last adjacency. */
    private void collect(Link link) {
        if (link.glean != 0 && writer.references(link.glean) == 0) {
            linksByGlean[link.glean] = null;
            writer.removeAdjacency(link.glean);
            link.glean = 0;
        }
        if (!link.isPresent) {
            List.copyOf(link.hops.values()).forEach(this::collect);
            if (link.glean == 0 && link.hops.isEmpty() && links.remove(link.key, link)) {
                writer.removeInterface(link.index);
            }
        }
    }

    /** Removes everything without references, including leftovers of a former manager. */
    void collectAll() {
        for (Link link : all()) {
            List.copyOf(link.hops.values()).forEach(this::collect);
            collect(link);
        }
        for (int i = 0; i < hopsByAdjacency.length; i++) {
            if (writer.hasAdjacency(i)
                    && hopsByAdjacency[i] == null
                    && linksByGlean[i] == null
                    && writer.references(i) == 0) {
                writer.removeAdjacency(i);
            }
        }
    }
}
