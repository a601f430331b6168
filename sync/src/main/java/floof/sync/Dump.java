package floof.sync;

import floof.base.Family;
import floof.base.Prefix;
import floof.linux.netlink.Link;
import floof.linux.netlink.Route;
import floof.linux.netlink.Rtnetlink;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Reads Linux's state into a cache. Thread: {@code sync}. */
final class Dump {
    /** A table that changes while it is read is read so often. */
    private static final int TRIES = 3;

    private final Rtnetlink linux;
    private final Cache cache;
    private final Outbox outbox;
    private final Runnable between;

    /** Objects that differed from the cache. */
    private final Collection<Entry> news = new ArrayList<>();

    /**
     * @param between called now and then, without holding the outbox, to send what was read
     */
    Dump(Rtnetlink linux, Cache cache, Outbox outbox, Runnable between) {
        this.linux = linux;
        this.cache = cache;
        this.outbox = outbox;
        this.between = between;
    }

    Collection<Entry> news() {
        return news;
    }

    /** Everything. */
    void all() {
        filters();
        var links = linux.links();
        synchronized (outbox) {
            cache.dumpedLinks(links, news);
        }
        var addresses = linux.addresses();
        synchronized (outbox) {
            cache.dumpedAddresses(addresses, news);
        }
        var neighbours = linux.neighbours();
        synchronized (outbox) {
            cache.dumpedNeighbours(neighbours, news);
        }
        var rules = linux.rules();
        synchronized (outbox) {
            cache.dumpedRules(rules);
        }
        between.run();
        for (Family family : Family.values()) {
            routes(family, 0);
        }
    }

    /**
     * Reads the MACs that devices receive besides their own. A device's promiscuity changes
     * silently with its filter, so it is read, too.
     */
    void filters() {
        var entries = linux.filterEntries();
        List<Link> changed;
        synchronized (outbox) {
            changed = cache.filters.dumped(entries);
        }
        for (Link link : changed) {
            Link now = linux.link(link.name());
            if (now != null && now.index() == link.index()) {
                synchronized (outbox) {
                    cache.dumpedPromiscuity(link.index(), now.promiscuity());
                }
            }
        }
    }

    /**
     * Reads the routes of tables local and main.
     *
     * @param ifindex only routes through this link; 0 for all
     */
    void routes(Family family, int ifindex) {
        routes(family, Route.RT_TABLE_LOCAL, LinuxRoute.LOCAL, ifindex);
        routes(family, Route.RT_TABLE_MAIN, LinuxRoute.MAIN, ifindex);
    }

    private void routes(Family family, int table, int rank, int ifindex) {
        Predicate<LinuxRoute> scope =
                candidate -> candidate.table() == rank && (ifindex == 0 || candidate.uses(ifindex));
        int first;
        synchronized (outbox) {
            first = cache.nextRound();
        }
        boolean isWhole = false;
        for (int i = 0; i < TRIES && !isWhole; i++) {
            synchronized (outbox) {
                cache.beginRoutes();
            }
            ByPrefix routes = new ByPrefix(scope);
            isWhole = linux.routes(family, table, ifindex, routes::add);
            routes.finish();
        }
        // Each try may lack others (IPv6); what came in none is gone.
        synchronized (outbox) {
            cache.endRoutes(family, scope, first, news);
        }
        between.run();
    }

    /** Gathers consecutive routes of one prefix. */
    private final class ByPrefix {
        /** Prefixes read between two sendings. */
        private static final int STRIDE = 512;

        private final Predicate<LinuxRoute> scope;
        private final List<LinuxRoute> candidates = new ArrayList<>();
        private @Nullable Prefix prefix;
        private int prefixes;

        ByPrefix(Predicate<LinuxRoute> scope) {
            this.scope = scope;
        }

        void add(Route route) {
            LinuxRoute candidate = Translation.route(route);
            if (candidate == null) {
                return;
            }
            if (!route.prefix().equals(prefix)) {
                finish();
                prefix = route.prefix();
            }
            candidates.add(candidate);
        }

        void finish() {
            Prefix done = prefix;
            if (done == null) {
                return;
            }
            synchronized (outbox) {
                cache.dumpedRoutes(done, candidates, scope, news);
            }
            candidates.clear();
            prefix = null;
            if (++prefixes % STRIDE == 0) {
                between.run();
            }
        }
    }
}
