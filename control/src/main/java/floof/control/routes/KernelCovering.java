package floof.control.routes;

import floof.base.Family;
import floof.base.IpAddress;
import floof.base.Prefix;
import floof.linux.netlink.Route;
import floof.linux.netlink.RouteDump;
import floof.linux.netlink.RouteHead;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/**
 * The routes of one kernel table to the longest prefix that contains an address. A lookup in the
 * kernel returns only the route in use, and follows the rules; so the table is read once, for IPv4
 * no further than the address.
 */
final class KernelCovering {

    private final IpAddress address;
    private final List<Route> routes = new ArrayList<>(2);
    private final boolean isWhole;

    KernelCovering(Supplier<RouteDump> dumps, IpAddress address) {
        this.address = address;
        isWhole = SlicedAscending.read(dumps, this::add);
    }

    private boolean add(RouteDump dump, RouteHead head) {
        Prefix prefix = head.prefix();
        int longest = routes.isEmpty() ? -1 : routes.getFirst().prefix().length();
        if (prefix.length() >= longest && prefix.contains(address) && RouteMaker.isVisible(head)) {
            if (prefix.length() > longest) {
                routes.clear();
            }
            Route route = dump.route();
            if (!routes.contains(route)) {
                routes.add(route);
            }
        }
        return address.family() == Family.IP6 || prefix.address().compareTo(address) <= 0;
    }

    /** Those to the longest prefix. */
    List<Route> routes() {
        return routes;
    }

    /** False when the table changed so often while it was read that some may be missing. */
    boolean isWhole() {
        return isWhole;
    }
}
