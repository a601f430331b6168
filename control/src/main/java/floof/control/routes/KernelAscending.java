package floof.control.routes;

import floof.base.IpAddress;
import floof.base.Prefix;
import floof.linux.netlink.Route;
import floof.linux.netlink.RouteDump;
import floof.linux.netlink.RouteHead;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * An IPv4 table of the kernel's. It comes by ascending address; only the few prefixes of the same
 * address, which come the longest first, are put in order here.
 */
final class KernelAscending extends Ascending<Route> {

    private final RouteDump dump;
    private final Predicate<RouteHead> wanted;
    private final Prefix within;
    private final Deque<Route> ready = new ArrayDeque<>();
    private @Nullable Route ahead;

    /**
     * @param within what has all that is wanted
     */
    KernelAscending(RouteDump dump, Predicate<RouteHead> wanted, Prefix within) {
        super(Route::prefix);
        this.dump = dump;
        this.wanted = wanted;
        this.within = within;
        this.ahead = wanted();
    }

    private @Nullable Route wanted() {
        RouteHead head = dump.head();
        while (head != null && !wanted.test(head)) {
            head = isBehind(head.prefix()) ? null : dump.head();
        }
        return head == null ? null : dump.route();
    }

    private boolean isBehind(Prefix prefix) {
        return prefix.address().compareTo(within.address()) > 0
                && !within.contains(prefix.address());
    }

    /** Takes from the kernel what has the same address. */
    @Override
    @Nullable Route read() {
        if (ready.isEmpty() && ahead != null) {
            IpAddress address = ahead.prefix().address();
            List<Route> same = new ArrayList<>(1);
            while (ahead != null && ahead.prefix().address().equals(address)) {
                same.add(ahead);
                ahead = wanted();
            }
            same.sort(Comparator.comparing(Route::prefix));
            ready.addAll(same);
        }
        return ready.poll();
    }

    @Override
    public void close() throws java.io.IOException {
        super.close();
        dump.close();
    }
}
