package floof.control.routes;

import floof.base.Prefix;
import floof.linux.netlink.Route;
import floof.linux.netlink.RouteDump;
import floof.linux.netlink.RouteHead;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.BiPredicate;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A table that the kernel tells in another order, as IPv6: it is read again and again, each time
 * for the next slice of so many routes, so that memory does not grow with the table.
 */
final class SlicedAscending extends Ascending<Route> {

    /** Routes of one slice: some 300 bytes each. */
    static final int SLICE = 32_768;

    /** IPv6 loses its place when the table changes meanwhile: then it is read so often. */
    private static final int TRIES = 3;

    private final Supplier<RouteDump> dumps;
    private final Predicate<RouteHead> wanted;
    private final int size;
    private final TreeMap<Prefix, List<Route>> slice = new TreeMap<>();
    private final Deque<Route> ready = new ArrayDeque<>();
    private int count;
    private @Nullable Prefix last;

    /** What does not fit into the slice begins here; null when all does. */
    private @Nullable Prefix end;

    private boolean isLast;
    private boolean mayLack;

    SlicedAscending(Supplier<RouteDump> dumps, Predicate<RouteHead> wanted, int size) {
        super(Route::prefix);
        this.dumps = dumps;
        this.wanted = wanted;
        this.size = size;
    }

    @Override
    @Nullable Route read() {
        if (ready.isEmpty()) {
            if (slice.isEmpty() && !isLast) {
                fill();
            }
            Map.Entry<Prefix, List<Route>> first = slice.pollFirstEntry();
            if (first != null) {
                last = first.getKey();
                ready.addAll(first.getValue());
            }
        }
        return ready.poll();
    }

    private void fill() {
        count = 0;
        end = null;
        mayLack |= !read(dumps, this::add);
        isLast = end == null;
    }

    /**
     * Reads a table until a dump is whole, but not for ever: each further one adds what the others
     * lack.
     *
     * @param to gets a dump and the route at which it is; false when no more are wanted
     * @return false when some may be missing
     */
    static boolean read(Supplier<RouteDump> dumps, BiPredicate<RouteDump, RouteHead> to) {
        for (int i = 0; i < TRIES; i++) {
            try (RouteDump dump = dumps.get()) {
                RouteHead head = dump.head();
                while (head != null && to.test(dump, head)) {
                    head = dump.head();
                }
                if (dump.isWhole()) {
                    return true;
                }
            }
        }
        return false;
    }

    @Override
    boolean mayLack() {
        return mayLack;
    }

    private boolean add(RouteDump dump, RouteHead head) {
        Prefix prefix = head.prefix();
        if (last == null || prefix.compareTo(last) > 0) {
            if ((end == null || prefix.compareTo(end) < 0) && wanted.test(head)) {
                add(dump.route());
            }
        }
        return true;
    }

    private void add(Route route) {
        Prefix prefix = route.prefix();
        List<Route> same = slice.computeIfAbsent(prefix, key -> new ArrayList<>(1));
        if (!same.contains(route)) {
            same.add(route);
            count++;
        }
        if (count > size && slice.size() > 1) {
            Map.Entry<Prefix, List<Route>> tooMany = slice.pollLastEntry();
            count -= tooMany.getValue().size();
            end = tooMany.getKey();
        }
    }
}
