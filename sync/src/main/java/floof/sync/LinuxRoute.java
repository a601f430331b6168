package floof.sync;

import floof.base.Family;
import floof.base.Prefix;
import floof.fpc.Message;
import floof.fpc.RouteType;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One of Linux's routes to a prefix, as far as it matters for selection and forwarding.
 *
 * @param table 0 for table local, 1 for main: the order in which rules look them up
 * @param narrow type of service and source length of a route for only some packets; else 0
 * @param isSourced whether it has a preferred source whose loss removes it (fib_sync_down_addr)
 */
record LinuxRoute(
        int table,
        long metric,
        int narrow,
        boolean isSourced,
        RouteType type,
        int protocol,
        List<Message.NextHop> nextHops) {

    static final int LOCAL = 0;
    static final int MAIN = 1;

    /** The order in which Linux considers them; equal ones keep their order. */
    static final Comparator<LinuxRoute> ORDER = LinuxRoute::order;

    private boolean isNarrow() {
        return narrow != 0;
    }

    /** Linux uses no route whose next hops are all dead. */
    private boolean isAlive() {
        return nextHops.isEmpty() || nextHops.stream().anyMatch(hop -> !hop.dead());
    }

    /**
     * Whether both have the same position in Linux's table, where IPv4 allows one route unless
     * others are appended.
     */
    private boolean isPeer(LinuxRoute other) {
        return table == other.table && metric == other.metric && narrow == other.narrow;
    }

    private int order(LinuxRoute other) {
        return table == other.table
                ? Long.compare(metric, other.metric)
                : Integer.compare(table, other.table);
    }

    private static boolean isSameWay(Message.NextHop a, Message.NextHop b) {
        return a.ifindex() == b.ifindex() && java.util.Objects.equals(a.gateway(), b.gateway());
    }

    private boolean has(Message.NextHop hop) {
        return nextHops.stream().anyMatch(own -> isSameWay(own, hop));
    }

    private boolean hasAll(List<Message.NextHop> hops) {
        return hops.stream().allMatch(this::has);
    }

    boolean isSame(LinuxRoute other) {
        return isPeer(other)
                && type == other.type
                && nextHops.size() == other.nextHops.size()
                && hasAll(other.nextHops);
    }

    /** A copy with an equal list of next hops. */
    LinuxRoute with(List<Message.NextHop> hops) {
        return new LinuxRoute(table, metric, narrow, isSourced, type, protocol, hops);
    }

    boolean uses(int ifindex) {
        return nextHops.stream().anyMatch(hop -> hop.ifindex() == ifindex);
    }

    /** The message for the route that Linux would use; none if there is no route. */
    static Message.@Nullable Route best(int vrf, Prefix prefix, List<LinuxRoute> candidates) {
        LinuxRoute best = null;
        boolean isUnclear = false;
        for (LinuxRoute candidate : candidates) {
            isUnclear |= candidate.isNarrow();
            if (!candidate.isAlive() || candidate.isNarrow()) {
                continue;
            }
            if (best == null || candidate.order(best) < 0) {
                best = candidate;
            } else if (prefix.family() == Family.IP6 && candidate.order(best) == 0) {
                // Among equal routes IPv6 selects by the state of neighbours (rt6_select).
                isUnclear = true;
            }
        }
        if (best == null && !isUnclear) {
            return null;
        }
        if (isUnclear || best == null) {
            return new Message.Route(vrf, prefix, RouteType.UNSUPPORTED, 0, 0, List.of(), true);
        }
        return new Message.Route(
                vrf, prefix, best.type, best.metric, best.protocol, best.nextHops, true);
    }

    /**
     * The candidates after Linux reported a new route.
     *
     * @return null when it does not follow, so that the routes must be read again
     */
    static @Nullable List<LinuxRoute> added(
            List<LinuxRoute> old,
            LinuxRoute fresh,
            boolean isIp6,
            boolean isExclusive,
            boolean isReplacing,
            boolean isAppended) {
        if (old.isEmpty()) {
            return List.of(fresh);
        }
        List<LinuxRoute> list = new ArrayList<>(old);
        if (isExclusive) {
            list.removeIf(fresh::isPeer);
            return inserted(list, fresh, true);
        }
        if (isReplacing) {
            List<LinuxRoute> peers = list.stream().filter(fresh::isPeer).toList();
            if (isIp6 && peers.size() > 1) {
                return null;
            }
            if (!peers.isEmpty()) {
                list.set(list.indexOf(peers.getFirst()), fresh);
                removeCopies(list, fresh);
                return List.copyOf(list);
            }
            return inserted(list, fresh, true);
        }
        for (int i = 0; i < list.size(); i++) {
            LinuxRoute known = list.get(i);
            boolean isGrown =
                    isIp6 && known.isPeer(fresh) && fresh.nextHops.stream().anyMatch(known::has);
            if (isGrown || known.isSame(fresh)) {
                list.set(i, fresh);
                return List.copyOf(list);
            }
        }
        return inserted(list, fresh, isAppended || isIp6);
    }

    private static void removeCopies(List<LinuxRoute> list, LinuxRoute fresh) {
        list.removeIf(other -> other != fresh && other.isSame(fresh));
    }

    /** Inserts in Linux's order: by metric, appended routes after their peers, others before. */
    private static List<LinuxRoute> inserted(
            List<LinuxRoute> list, LinuxRoute fresh, boolean isBehind) {
        int at = 0;
        while (at < list.size()
                && (list.get(at).order(fresh) < 0 || isBehind && list.get(at).order(fresh) == 0)) {
            at++;
        }
        list.add(at, fresh);
        return List.copyOf(list);
    }

    /**
     * The candidates after Linux reported the removal of a route, or of some next hops of an IPv6
     * route.
     *
     * @return null when it does not follow, so that the routes must be read again
     */
    static @Nullable List<LinuxRoute> removed(
            List<LinuxRoute> old, LinuxRoute gone, boolean isIp6) {
        List<LinuxRoute> list = new ArrayList<>(old);
        for (int i = 0; i < list.size(); i++) {
            LinuxRoute known = list.get(i);
            if (known.isSame(gone)) {
                list.remove(i);
                return List.copyOf(list);
            }
            if (isIp6
                    && known.isPeer(gone)
                    && known.type == gone.type
                    && !gone.nextHops.isEmpty()
                    && known.hasAll(gone.nextHops)) {
                list.set(i, known.without(gone));
                return List.copyOf(list);
            }
        }
        return old.stream().anyMatch(gone::isPeer) ? null : old;
    }

    private LinuxRoute without(LinuxRoute gone) {
        return with(nextHops.stream().filter(hop -> !gone.has(hop)).toList());
    }
}
