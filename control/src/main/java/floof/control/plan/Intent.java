package floof.control.plan;

import floof.base.InterfaceAddress;
import floof.base.IpAddress;
import floof.base.Prefix;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** A committed configuration as types: what the system shall be. Interfaces by name. */
public record Intent(SortedMap<String, Port> ports, List<StaticRoute> routes, @Nullable Bgp bgp) {

    /** The configuration in which nothing is said. */
    public static final Intent EMPTY = new Intent(new TreeMap<>(), List.of(), null);

    /** How frames reach a port. */
    public enum Driver {
        /** A kernel device, taken over by a packet socket. */
        AF_PACKET,
        /** No device: the twin alone. */
        TAP
    }

    /**
     * One statement {@code interfaces NAME}.
     *
     * @param device the claimed kernel device; null with driver tap
     * @param mtu layer-3 MTU in bytes; 0 = as the device has it
     */
    public record Port(
            String name,
            Driver driver,
            @Nullable String device,
            boolean disabled,
            int mtu,
            List<InterfaceAddress> addresses) {}

    /** A static route: to all of {@code nextHops} in equal parts, or a blackhole when empty. */
    public record StaticRoute(Prefix prefix, List<IpAddress> nextHops) {}

    /** {@code bgp}: {@code asn} and {@code routerId} are ours; {@code prefixes} are announced. */
    public record Bgp(long asn, IpAddress routerId, List<Prefix> prefixes, List<Peer> peers) {}

    /** A BGP neighbour of ours under its configured name; one session per neighbour address. */
    public record Peer(String name, long remoteAs, List<IpAddress> neighbors, String description) {}
}
