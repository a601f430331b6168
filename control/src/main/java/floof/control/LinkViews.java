package floof.control;

import floof.api.FastPathStatistics.InterfaceCount;
import floof.api.InterfaceState;
import floof.api.Neighbour;
import floof.base.Family;
import floof.base.InterfaceAddress;
import floof.config.Branch;
import floof.config.InterfaceName;
import floof.linux.netlink.Link;
import floof.linux.netlink.LinkAddress;
import floof.linux.netlink.Rtnetlink;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Links and neighbours of the dataplane namespace, as the operator sees them. */
final class LinkViews {

    /** NTF_ROUTER (linux/neighbour.h). */
    private static final int NTF_ROUTER = 0x80;

    private final Rtnetlink dataplane;

    LinkViews(Rtnetlink dataplane) {
        this.dataplane = dataplane;
    }

    List<InterfaceState> interfaces(
            Branch running, Map<String, Claim> claims, Map<String, InterfaceCount> counts) {
        Map<Integer, List<InterfaceAddress>> addresses = new HashMap<>();
        for (LinkAddress address : dataplane.addresses()) {
            addresses
                    .computeIfAbsent(address.ifindex(), index -> new ArrayList<>())
                    .add(address.address());
        }
        Map<String, String> descriptions = new HashMap<>();
        for (Branch port : running.effective().entries("interfaces")) {
            String description = port.value("description", String.class);
            descriptions.put(port.name(), description == null ? "" : description);
        }
        List<InterfaceState> states = new ArrayList<>();
        for (Link link : dataplane.links()) {
            Claim claim = claims.get(link.name());
            InterfaceCount count = counts.get(link.name());
            states.add(
                    new InterfaceState(
                            link.name(),
                            link.index(),
                            link.isUp(),
                            link.isRunning(),
                            link.mac(),
                            link.mtu(),
                            descriptions.getOrDefault(link.name(), ""),
                            addresses.getOrDefault(link.index(), List.of()).stream()
                                    .sorted()
                                    .toList(),
                            claim == null || claim.device() == null ? null : claim.device().name(),
                            claim == null ? null : claim.driver().label(),
                            count == null ? null : traffic(count.rxPackets(), count.rxBytes()),
                            count == null ? null : traffic(count.txPackets(), count.txBytes())));
        }
        states.sort(Comparator.comparing(state -> new InterfaceName(state.name())));
        return states;
    }

    private static InterfaceState.Traffic traffic(long packets, long bytes) {
        return new InterfaceState.Traffic(packets, bytes);
    }

    List<Neighbour> neighbours(Family family) {
        Map<Integer, String> names = new HashMap<>();
        dataplane.links().forEach(link -> names.put(link.index(), link.name()));
        List<Neighbour> neighbours = new ArrayList<>();
        for (floof.linux.netlink.Neighbour entry : dataplane.neighbours()) {
            String state = state(entry.state());
            if (entry.address().family() == family && state != null) {
                neighbours.add(
                        new Neighbour(
                                entry.address(),
                                entry.mac(),
                                names.getOrDefault(entry.ifindex(), "if" + entry.ifindex()),
                                state,
                                (entry.flags() & NTF_ROUTER) != 0));
            }
        }
        neighbours.sort(Comparator.comparing(Neighbour::address));
        return neighbours;
    }

    /** The kernel's name; null for entries that are no neighbours (multicast, loopback). */
    private static @Nullable String state(int nud) {
        return switch (nud) {
            case floof.linux.netlink.Neighbour.NUD_INCOMPLETE -> "incomplete";
            case floof.linux.netlink.Neighbour.NUD_REACHABLE -> "reachable";
            case floof.linux.netlink.Neighbour.NUD_STALE -> "stale";
            case floof.linux.netlink.Neighbour.NUD_DELAY -> "delay";
            case floof.linux.netlink.Neighbour.NUD_PROBE -> "probe";
            case floof.linux.netlink.Neighbour.NUD_FAILED -> "failed";
            case floof.linux.netlink.Neighbour.NUD_PERMANENT -> "permanent";
            default -> null;
        };
    }
}
