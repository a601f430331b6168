package floof.manager;

import floof.base.Family;
import floof.base.InterfaceAddress;
import floof.base.IpAddress;
import floof.base.MacAddress;
import floof.base.Prefix;
import floof.fpc.LinkKind;
import floof.fpc.Message;
import floof.fpc.Reply;
import floof.fpc.Report;
import floof.tables.Adjacency;
import floof.tables.EcmpGroup;
import floof.tables.Outcome;
import floof.tables.TableWriter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Writes Linux's state into the tables. It has one method per message; each keeps the tables
 * correct for every packet meanwhile.
 *
 * <p>A connected prefix leads to its link's glean adjacency, a route to the hop of its gateway, a
 * route with several next hops to a group. A resolved neighbour in a connected prefix of its link
 * also has a host entry. This is checked again whenever a route around the neighbour changes, so
 * that a neighbour never attracts packets that Linux would send elsewhere.
 *
 * <p>Thread: the manager's.
 */
final class StateWriter {

    private record AddressKey(int vrf, int ifindex, InterfaceAddress address) {}

    /** The prefixes that one of our addresses gives, and the resync in which it was last sent. */
    private record Own(List<Prefix> prefixes, int resync) {}

    private final TableWriter writer;
    private final Links links;
    private final RouteSources sources;
    private final Refusals refusals;
    private final Map<AddressKey, Own> addresses = new HashMap<>();

    /** How many addresses source a prefix: several links may have the same address. */
    private final Map<VrfPrefix, Integer> localUses = new HashMap<>();

    StateWriter(TableWriter writer) {
        this.writer = writer;
        links = new Links(writer);
        sources = new RouteSources(writer);
        refusals = new Refusals(writer);
    }

    Refusals refusals() {
        return refusals;
    }

    Links links() {
        return links;
    }

    private static Reply full(String what) {
        return Reply.refused(Report.FULL, what + ": the table is full");
    }

    private static Reply noVrf(int vrf) {
        return Reply.refused(Report.NOT_FOUND, "VRF " + vrf + " does not exist");
    }

    // ---- VRFs, ports, links -------------------------------------------------------------------

    Reply vrf(Message.Vrf message) {
        if (message.present()) {
            return writer.createVrf(message.id()) == Outcome.DONE
                    ? Reply.ok()
                    : full("VRF " + message.id());
        }
        if (message.id() == 0) {
            return Reply.refused(Report.UNSUPPORTED, "VRF 0 is the router's own and stays");
        }
        addresses.keySet().removeIf(key -> key.vrf() == message.id());
        localUses.keySet().removeIf(key -> key.vrf() == message.id());
        for (Link link : links.all()) {
            if (link.key.vrf() == message.id()) {
                forgetNeighbours(link);
                links.remove(link);
            }
        }
        refusals.forget(message.id());
        writer.removeVrf(message.id());
        sources.sweep();
        links.collectAll();
        return Reply.ok();
    }

    Reply port(Message.Port message) {
        if (message.index() >= writer.tables().limits().ports()) {
            return full("port " + message.index());
        }
        links.port(message.present() ? message.index() : -1, message.name());
        return Reply.ok();
    }

    Reply link(Message.Link message) {
        if (!message.present()) {
            Link link = links.find(message.vrf(), message.ifindex());
            if (link != null) {
                removeLink(link);
            }
            return Reply.ok();
        }
        if (!writer.hasVrf(message.vrf())) {
            return noVrf(message.vrf());
        }
        Link link = links.findOrAdd(message.vrf(), message.ifindex());
        if (link == null) {
            return full("link " + message.name());
        }
        link.name = message.name();
        link.mac = message.mac();
        link.mtu = message.mtu();
        link.isUp = message.up();
        link.isRunning = message.running();
        link.otherMacs = message.otherMacs();
        link.hasAnyMac = message.anyMac();
        link.isEthernet = message.kind() == LinkKind.ETHERNET;
        link.isPresent = true;
        link.resync = writer.mark();
        links.program(link);
        return Reply.ok();
    }

    private void removeLink(Link link) {
        for (AddressKey key : List.copyOf(addresses.keySet())) {
            if (key.vrf() == link.key.vrf() && key.ifindex() == link.key.ifindex()) {
                removeAddress(key);
            }
        }
        forgetNeighbours(link);
        links.remove(link);
    }

    private void forgetNeighbours(Link link) {
        for (Hop hop : List.copyOf(link.hops.values())) {
            removeNeighbour(hop);
        }
    }

    // ---- addresses ----------------------------------------------------------------------------

    Reply address(Message.Address message) {
        AddressKey key = new AddressKey(message.vrf(), message.ifindex(), message.address());
        if (!writer.hasVrf(message.vrf())) {
            return message.present() ? noVrf(message.vrf()) : Reply.ok();
        }
        List<Prefix> prefixes = own(message.address(), message.broadcast());
        if (!message.present()) {
            if (!removeAddress(key)) {
                // Not sent since the tables were adopted.
                prefixes.forEach(prefix -> releaseLocal(message.vrf(), prefix));
            }
            return Reply.ok();
        }
        Own former = addresses.put(key, new Own(prefixes, writer.mark()));
        Outcome outcome = Outcome.DONE;
        for (Prefix prefix : prefixes) {
            localUses.merge(new VrfPrefix(message.vrf(), prefix), 1, Integer::sum);
            Outcome put =
                    sources.put(RouteSources.LOCAL, message.vrf(), prefix, Adjacency.LOCAL, 0);
            if (put == Outcome.DONE) {
                refusals.settle(RouteSources.LOCAL, message.vrf(), prefix);
            } else {
                refusals.refuse(
                        RouteSources.LOCAL, message.vrf(), prefix, "address: the table is full");
                outcome = put;
            }
        }
        if (former != null) {
            former.prefixes().forEach(prefix -> releaseUse(message.vrf(), prefix));
        }
        return outcome == Outcome.DONE ? Reply.ok() : full("address " + message.address());
    }

    /**
     * The address itself; its subnet's broadcast address, explicit or all ones (Linux
     * fib_frontend.c, fib_add_ifaddr); for IPv6 the subnet-router anycast address (RFC 4291 2.6.1).
     */
    private static List<Prefix> own(InterfaceAddress address, @Nullable IpAddress broadcast) {
        List<Prefix> prefixes = new ArrayList<>();
        prefixes.add(Prefix.host(address.address()));
        IpAddress net = address.subnet().address();
        IpAddress last = broadcast;
        if (address.address().family() == Family.IP6) {
            last = address.length() < 127 ? net : null;
        } else if (address.length() < 31) {
            IpAddress ones = IpAddress.ip4(net.ip4Value() | -1 >>> address.length());
            if (!ones.equals(broadcast)) {
                prefixes.add(Prefix.host(ones));
            }
        }
        if (last != null && !last.equals(address.address())) {
            prefixes.add(Prefix.host(last));
        }
        return prefixes;
    }

    private boolean removeAddress(AddressKey key) {
        Own own = addresses.remove(key);
        if (own != null) {
            own.prefixes().forEach(prefix -> releaseUse(key.vrf(), prefix));
        }
        return own != null;
    }

    private void releaseUse(int vrf, Prefix prefix) {
        localUses.computeIfPresent(
                new VrfPrefix(vrf, prefix), (key, uses) -> uses == 1 ? null : uses - 1);
        releaseLocal(vrf, prefix);
    }

    private void releaseLocal(int vrf, Prefix prefix) {
        if (!localUses.containsKey(new VrfPrefix(vrf, prefix))) {
            refusals.settle(RouteSources.LOCAL, vrf, prefix);
            sources.remove(RouteSources.LOCAL, vrf, prefix);
        }
    }

    // ---- neighbours ---------------------------------------------------------------------------

    Reply neighbour(Message.Neighbour message) {
        Link link = links.find(message.vrf(), message.ifindex());
        if (link == null || !link.isPresent) {
            return message.present()
                    ? Reply.refused(
                            Report.NOT_FOUND,
                            "neighbour " + message.address() + ": no link " + message.ifindex())
                    : Reply.ok();
        }
        boolean isUsable = message.present() && !message.mac().equals(MacAddress.ZERO);
        if (!isUsable) {
            Hop known = link.hops.get(message.address());
            if (known != null) {
                removeNeighbour(known);
            }
            return Reply.ok();
        }
        Hop hop = links.hop(link, message.address());
        if (hop == null) {
            return full("neighbour " + message.address());
        }
        hop.resync = writer.mark();
        if (!message.mac().equals(hop.mac)) {
            hop.mac = message.mac();
            links.program(hop);
        }
        return putHost(hop) == Outcome.DONE ? Reply.ok() : full("host entry " + message.address());
    }

    private void removeNeighbour(Hop hop) {
        hop.mac = null;
        links.program(hop);
        releaseHost(hop);
        links.collect(new int[] {hop.adjacency});
    }

    /** Adds a host entry for a neighbour if Linux would send directly to it, else removes it. */
    private Outcome putHost(Hop hop) {
        int vrf = hop.link.key.vrf();
        boolean isOnLink =
                hop.mac != null
                        && hop.link.glean != 0
                        && !hop.address.isMulticast()
                        && !hop.address.isLinkLocal()
                        && writer.coveringLeaf(vrf, hop.host()) == hop.link.glean;
        if (isOnLink) {
            return sources.put(RouteSources.NEIGHBOUR, vrf, hop.host(), hop.adjacency, 0);
        }
        releaseHost(hop);
        return Outcome.DONE;
    }

    /** The same address on another link keeps its host entry. */
    private void releaseHost(Hop hop) {
        int vrf = hop.link.key.vrf();
        boolean isOthers =
                writer.source(vrf, hop.host()) == RouteSources.NEIGHBOUR
                        && writer.leaf(vrf, hop.host()) != hop.adjacency;
        if (!isOthers) {
            sources.remove(RouteSources.NEIGHBOUR, vrf, hop.host());
        }
    }

    // ---- routes -------------------------------------------------------------------------------

    /** If a route does not fit into some table, Linux serves its destinations. */
    Reply route(Message.Route message) {
        Reply reply = program(message);
        if (reply.report() == Report.FULL) {
            refusals.refuse(RouteSources.ROUTE, message.vrf(), message.prefix(), reply.text());
        } else {
            refusals.settle(RouteSources.ROUTE, message.vrf(), message.prefix());
        }
        return reply;
    }

    private Reply program(Message.Route message) {
        int vrf = message.vrf();
        Prefix prefix = message.prefix();
        if (!writer.hasVrf(vrf)) {
            return message.present() ? noVrf(vrf) : Reply.ok();
        }
        if (!message.present()) {
            return removeRoute(vrf, prefix) == Outcome.FULL
                    ? full("removal of route " + prefix)
                    : Reply.ok();
        }
        String unknown = unknownLink(message);
        int leaf = leaf(message);
        if (leaf == TableWriter.FULL) {
            return full("next hops of " + prefix);
        }
        int former = writer.leaf(vrf, prefix);
        int[] formerMembers = former == leaf ? new int[0] : links.members(former);
        Outcome outcome =
                sources.put(RouteSources.ROUTE, vrf, prefix, leaf, (int) message.metric());
        links.collect(formerMembers);
        if (outcome != Outcome.DONE) {
            links.collect(links.members(leaf));
            return full("route " + prefix);
        }
        if (former != leaf) {
            askNeighbours(vrf, prefix);
        }
        return unknown == null ? Reply.ok() : Reply.refused(Report.NOT_FOUND, unknown);
    }

    private Outcome removeRoute(int vrf, Prefix prefix) {
        int[] members = links.members(writer.leaf(vrf, prefix));
        Outcome outcome = sources.remove(RouteSources.ROUTE, vrf, prefix);
        if (outcome == Outcome.DONE) {
            askNeighbours(vrf, prefix);
            links.collect(members);
        }
        return outcome;
    }

    /** Called when the route around these neighbours changed. */
    private void askNeighbours(int vrf, Prefix prefix) {
        if (prefix.length() < prefix.family().bits()) {
            links.neighbours(vrf, prefix).forEach(this::putHost);
        }
    }

    private @Nullable String unknownLink(Message.Route message) {
        for (Message.NextHop hop : message.nextHops()) {
            Link link = links.find(message.vrf(), hop.ifindex());
            if (!hop.dead() && (link == null || !link.isPresent)) {
                return "route " + message.prefix() + ": no link " + hop.ifindex();
            }
        }
        return null;
    }

    private int leaf(Message.Route message) {
        return switch (message.type()) {
            case LOCAL, BROADCAST -> Adjacency.LOCAL;
            case BLACKHOLE -> Adjacency.BLACKHOLE;
            case UNREACHABLE -> Adjacency.UNREACHABLE;
            case PROHIBIT -> Adjacency.PROHIBIT;
            case UNSUPPORTED -> Adjacency.UNSUPPORTED;
            case UNICAST -> unicast(message);
        };
    }

    /**
     * An adjacency or group of the live next hops. Flows of a next hop on an unknown link go to
     * Linux; so do all flows if no next hop is live. Beyond {@link EcmpGroup#BUCKETS} next hops,
     * the first ones carry all flows.
     */
    private int unicast(Message.Route message) {
        int[] adjacencies = new int[EcmpGroup.BUCKETS];
        int[] weights = new int[EcmpGroup.BUCKETS];
        int count = 0;
        for (Message.NextHop hop : message.nextHops()) {
            if (hop.dead() || count == EcmpGroup.BUCKETS) {
                continue;
            }
            int adjacency = adjacency(message.vrf(), message.prefix(), hop);
            if (adjacency == TableWriter.FULL) {
                return adjacency;
            }
            adjacencies[count] = adjacency;
            weights[count] = hop.weight();
            count++;
        }
        if (count == 0) {
            return Adjacency.UNSUPPORTED;
        }
        return count == 1
                ? adjacencies[0]
                : writer.group(Arrays.copyOf(adjacencies, count), Arrays.copyOf(weights, count));
    }

    /** An on-link route to one host leads to that neighbour. */
    private int adjacency(int vrf, Prefix prefix, Message.NextHop next) {
        Link link = links.find(vrf, next.ifindex());
        if (link == null || !link.isPresent) {
            return Adjacency.UNSUPPORTED;
        }
        IpAddress gateway = next.gateway();
        if (gateway == null) {
            if (prefix.length() < prefix.family().bits()) {
                return links.glean(link);
            }
            gateway = prefix.address();
        }
        Hop hop = links.hop(link, gateway);
        return hop == null ? TableWriter.FULL : hop.adjacency;
    }

    Reply policy(Message.Policy message) {
        return writer.exceptAll(message.vrf(), message.unsupportedRules() > 0) == Outcome.DONE
                ? Reply.ok()
                : noVrf(message.vrf());
    }

    // ---- mark and sweep -----------------------------------------------------------------------

    Reply mark(Message.Mark message) {
        if (message.resync() == writer.mark()) {
            return Reply.refused(
                    Report.STALE, "resync " + message.resync() + " is the current one already");
        }
        writer.mark(message.resync());
        return Reply.ok();
    }

    /**
     * Neighbours and addresses first, then routes, then links. Addresses that a former manager
     * wrote are counted by the host entries they left, up to three each.
     */
    Reply sweep(Message.Sweep message) {
        int mark = writer.mark();
        if (message.resync() != mark) {
            return Reply.refused(
                    Report.STALE, "resync " + message.resync() + "; the current one is " + mark);
        }
        int neighbours = sweepNeighbours(mark);
        int swept = sweepAddresses(mark);
        sources.sweep();
        int[] removed = new int[RouteSources.LOCAL + 1];
        writer.walkRoutes((vrf, prefix, source, leaf, resync) -> {
            if (resync != mark) {
                removed[source]++;
                sweepRoute(vrf, prefix, source);
            }
        });
        int gone = 0;
        for (Link link : links.all()) {
            if (link.isPresent && link.resync != mark) {
                gone++;
                removeLink(link);
            }
        }
        links.collectAll();
        refusals.sweep();
        writer.publish();
        return Reply.ok(
                new Message.Swept(
                        gone,
                        swept + removed[RouteSources.LOCAL],
                        neighbours,
                        removed[RouteSources.ROUTE]));
    }

    private void sweepRoute(int vrf, Prefix prefix, int source) {
        if (source == RouteSources.ROUTE) {
            removeRoute(vrf, prefix);
        } else {
            sources.remove(source, vrf, prefix);
        }
    }

    private int sweepNeighbours(int mark) {
        int count = 0;
        for (Link link : links.all()) {
            for (Hop hop : List.copyOf(link.hops.values())) {
                if (hop.mac != null && hop.resync != mark) {
                    removeNeighbour(hop);
                    count++;
                }
            }
        }
        return count;
    }

    private int sweepAddresses(int mark) {
        int count = 0;
        for (AddressKey key : List.copyOf(addresses.keySet())) {
            Own own = addresses.get(key);
            if (own != null && own.resync() != mark) {
                removeAddress(key);
                count++;
            }
        }
        return count;
    }
}
