package floof.control.show;

import static java.util.stream.Collectors.groupingBy;

import floof.api.fastpath.FastPathStatistics.InterfaceCount;
import floof.api.network.InterfaceState;
import floof.api.network.InterfaceState.Traffic;
import floof.api.network.Neighbour;
import floof.base.Family;
import floof.base.InterfaceAddress;
import floof.config.tree.Branch;
import floof.config.value.InterfaceName;
import floof.control.port.Claim;
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
public record LinkViews(Rtnetlink dataplane) {

    /** NTF_ROUTER (linux/neighbour.h). */
    private static final int NTF_ROUTER = 0x80;

    /**
     * Links, and interfaces that are configured and have none.
     *
     * @param faults why interfaces do not work as configured
     */
    public List<InterfaceState> interfaces(
            Branch running,
            Map<String, Claim> claims,
            Map<String, InterfaceCount> counts,
            Map<String, String> faults) {
        Map<Integer, List<LinkAddress>> addresses =
                dataplane.addresses().stream().collect(groupingBy(LinkAddress::ifindex));
        Map<String, Branch> configured = new HashMap<>();
        running.effective().entries("interfaces").forEach(it -> configured.put(it.name(), it));
        List<InterfaceState> states = new ArrayList<>();
        for (Link link : dataplane.links()) {
            Claim claim = claims.get(link.name());
            InterfaceCount count = counts.get(link.name());
            List<LinkAddress> its = addresses.getOrDefault(link.index(), List.of());
            states.add(
                    new InterfaceState(
                            link.name(),
                            link.index(),
                            link.isUp(),
                            link.isRunning(),
                            link.mac(),
                            link.mtu(),
                            description(configured.remove(link.name())),
                            having(its, 0),
                            claim == null || claim.device() == null ? null : claim.device().name(),
                            claim == null ? null : claim.driver().label(),
                            count == null ? null : new Traffic(count.rxPackets(), count.rxBytes()),
                            count == null ? null : new Traffic(count.txPackets(), count.txBytes()),
                            having(its, LinkAddress.IFA_F_DADFAILED),
                            having(its, LinkAddress.IFA_F_TENTATIVE),
                            faults.getOrDefault(link.name(), "")));
        }
        configured.values().forEach(port -> states.add(missing(port, faults)));
        states.sort(Comparator.comparing(state -> new InterfaceName(state.name())));
        return states;
    }

    /** Those with a flag, 0 for all; one that is a duplicate is not tentative any more. */
    private static List<InterfaceAddress> having(List<LinkAddress> addresses, int flag) {
        return addresses.stream()
                .filter(it -> (it.flags() & flag) == flag)
                .filter(it ->
                        flag != LinkAddress.IFA_F_TENTATIVE
                                || (it.flags() & LinkAddress.IFA_F_DADFAILED) == 0)
                .map(LinkAddress::address)
                .sorted()
                .toList();
    }

    private static InterfaceState missing(Branch port, Map<String, String> faults) {
        Long mtu = port.value("mtu", Long.class);
        return new InterfaceState(
                port.name(),
                0,
                !port.has("disable"),
                false,
                null,
                mtu == null ? 0 : mtu.intValue(),
                description(port),
                List.of(),
                port.value("device", String.class),
                port.value("driver", String.class),
                null,
                null,
                List.of(),
                List.of(),
                faults.getOrDefault(port.name(), "there is no link of that name"));
    }

    private static String description(@Nullable Branch port) {
        String text = port == null ? null : port.value("description", String.class);
        return text == null ? "" : text;
    }

    public List<Neighbour> neighbours(Family family) {
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
