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
    private final @Nullable Prefix within;
    private final Deque<Route> ready = new ArrayDeque<>();
    private @Nullable Route ahead;

    /**
     * @param within what has all that is wanted; null for anything
     */
    KernelAscending(RouteDump dump, Predicate<RouteHead> wanted, @Nullable Prefix within) {
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
        return within != null
                && prefix.address().compareTo(within.address()) > 0
                && !within.contains(prefix.address());
    }

    @Override
    @Nullable List<Route> read() {
        if (ready.isEmpty() && !fill()) {
            return null;
        }
        List<Route> all = new ArrayList<>(1);
        Prefix prefix = ready.getFirst().prefix();
        while (!ready.isEmpty() && ready.getFirst().prefix().equals(prefix)) {
            all.add(ready.removeFirst());
        }
        return all;
    }

    /** Takes what has the same address; false at the end. */
    private boolean fill() {
        Route first = ahead;
        if (first == null) {
            return false;
        }
        IpAddress address = first.prefix().address();
        List<Route> same = new ArrayList<>(1);
        do {
            same.add(ahead);
            ahead = wanted();
        } while (ahead != null && ahead.prefix().address().equals(address));
        same.sort(Comparator.comparing(Route::prefix));
        ready.addAll(same);
        return true;
    }

    @Override
    Prefix prefix(Route route) {
        return route.prefix();
    }

    @Override
    public void close() throws java.io.IOException {
        super.close();
        dump.close();
    }
}
