package floof.control.statics;

import floof.base.IpAddress;
import floof.control.plan.Intent.NextHop;
import floof.control.plan.Intent.StaticRoute;
import floof.linux.netlink.Link;
import floof.linux.netlink.LinkAddress;
import floof.linux.netlink.Rtnetlink;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Why a static route cannot be used. BIRD leaves it out of its table and says no more than
 * "dormant"; by links and addresses, as BIRD decides it (proto/static, nest/neighbor.c), one can
 * say what is missing. A snapshot. Thread: one.
 */
public final class StaticReasons {

    private final Map<String, Link> links = new HashMap<>();
    private final Map<Integer, String> names = new HashMap<>();
    private final List<LinkAddress> addresses;

    /** Many routes have the same next hop. */
    private final Map<NextHop, Optional<String>> known = new HashMap<>();

    public StaticReasons(List<Link> links, List<LinkAddress> addresses) {
        for (Link link : links) {
            this.links.put(link.name(), link);
            names.put(link.index(), link.name());
        }
        this.addresses = List.copyOf(addresses);
    }

    /** Of the namespace of {@code netlink} as it is now. */
    public static StaticReasons of(Rtnetlink netlink) {
        return new StaticReasons(netlink.links(), netlink.addresses());
    }

    /** A static route that cannot be used. */
    public record Unusable(StaticRoute route, String reason) {}

    /** Those of the routes that cannot be used, in their order. */
    public List<Unusable> unusable(List<StaticRoute> routes) {
        List<Unusable> unusable = new ArrayList<>();
        for (StaticRoute route : routes) {
            String reason = of(route);
            if (reason != null) {
                unusable.add(new Unusable(route, reason));
            }
        }
        return unusable;
    }

    /** What every next hop lacks, or null when one of them can be used. */
    public @Nullable String of(StaticRoute route) {
        List<String> reasons = new ArrayList<>();
        for (NextHop hop : route.nextHops()) {
            String reason =
                    known.computeIfAbsent(hop, it -> Optional.ofNullable(of(it))).orElse(null);
            if (reason == null) {
                return null;
            }
            reasons.add(reason);
        }
        return reasons.isEmpty() ? null : String.join("; ", reasons);
    }

    private @Nullable String of(NextHop hop) {
        IpAddress gateway = hop.gateway();
        if (hop.interfaceName() != null) {
            String fault = fault(hop.interfaceName());
            boolean isThere =
                    gateway == null
                            || hop.isOnlink()
                            || gateway.isLinkLocal()
                            || !interfacesOf(gateway, hop.interfaceName()).isEmpty();
            if (fault != null || isThere) {
                return fault;
            }
            return "next hop " + gateway + " is in no network of " + hop.interfaceName();
        }
        if (gateway == null) {
            return null;
        }
        List<String> here = interfacesOf(gateway, null);
        if (here.isEmpty()) {
            return "next hop " + gateway + " is on no link";
        }
        String first = null;
        for (String name : here) {
            String fault = fault(name);
            if (fault == null) {
                return null;
            }
            first = first == null ? "next hop " + gateway + ": " + fault : first;
        }
        return first;
    }

    private @Nullable String fault(String interfaceName) {
        Link link = links.get(interfaceName);
        return link == null
                ? "there is no interface " + interfaceName
                : !link.isUp()
                        ? "interface " + interfaceName + " is down"
                        : !link.isRunning() ? "interface " + interfaceName + " has no link" : null;
    }

    /** Interfaces with a network that has the address. */
    private List<String> interfacesOf(IpAddress gateway, @Nullable String only) {
        return addresses.stream()
                .filter(it -> it.address().address().family() == gateway.family())
                .filter(it -> it.address().subnet().contains(gateway))
                .map(it -> names.getOrDefault(it.ifindex(), "?"))
                .filter(name -> only == null || only.equals(name))
                .toList();
    }
}
