package floof.control.routes;

import floof.api.network.Route;
import floof.api.route.RouteQuery;
import floof.api.route.RouteQuery.Kind;
import floof.api.route.RouteQuery.Match;
import floof.api.route.RouteQuery.Place;
import floof.api.route.RouteSource;
import floof.api.route.RouteTotal;
import floof.api.view.UnavailableException;
import floof.api.view.UnknownException;
import floof.base.Family;
import floof.base.IpAddress;
import floof.base.Prefix;
import floof.control.bird.BgpSessions;
import floof.control.bird.Bird;
import floof.control.bird.BirdConfig;
import floof.control.bird.BirdException;
import floof.control.bird.BirdRoute;
import floof.control.bird.BirdRoutes;
import floof.control.bird.Protocol;
import floof.control.statics.StaticReasons.Unusable;
import floof.linux.error.LinuxException;
import floof.linux.netlink.RouteDump;
import floof.linux.netlink.RouteHead;
import floof.linux.system.NetworkNamespace;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The routes of the running router. Thread: any; an answer has one reader.
 *
 * @param namespace of the kernel's tables
 * @param links names by ifindex
 * @param ports whose twins forward in the fast path
 * @param isPending whether changes are under way to the fast path
 * @param faults why the fast path has no route to a prefix; empty when it has
 * @param sessions of BGP, by protocol of BIRD's
 * @param unusable static routes that cannot be used, by ascending prefix
 */
public record LiveRoutes(
        Path namespace,
        Bird bird,
        Supplier<Map<Integer, String>> links,
        Supplier<Set<String>> ports,
        Supplier<Boolean> isPending,
        Function<Prefix, String> faults,
        Supplier<Map<String, BgpSessions.Session>> sessions,
        Supplier<List<Unusable>> unusable)
        implements RouteSource {

    /** BIRD's tables up to so many routes are counted one by one, larger ones by its counters. */
    static final int COUNTED_MAX = 20_000;

    /** Protocols whose routes BIRD has. */
    private static final Set<String> OF_BIRD = Set.of("Aggregate", "BGP", "Static");

    private static final int[] TABLES = {
        floof.linux.netlink.Route.RT_TABLE_MAIN, floof.linux.netlink.Route.RT_TABLE_LOCAL
    };

    @Override
    public Routes open(RouteQuery query) throws UnavailableException, UnknownException {
        Map<String, BgpSessions.Session> configured = sessions.get();
        Set<String> asked = asked(query, configured);
        List<String> warnings = new ArrayList<>();
        List<Protocol> protocols = List.of();
        if (query.kind() != Kind.FORWARDING) {
            try {
                protocols = bird.protocols();
            } catch (IOException | BirdException e) {
                if (query.kind() != Kind.TABLE) {
                    throw new UnavailableException("" + e.getMessage(), e);
                }
                warnings.add(e.getMessage() + "; its routes are shown as the kernel has them");
            }
        }
        try {
            return new Answer(query, asked, maker(configured, protocols), protocols, warnings);
        } catch (LinuxException e) {
            throw new UnavailableException("the kernel does not answer: " + e.getMessage(), e);
        }
    }

    @Override
    public List<RouteTotal> totals() throws UnavailableException {
        try (Routes all = open(RouteQuery.ALL)) {
            List<RouteTotal> totals = new ArrayList<>();
            for (Family family : Family.values()) {
                totals.add(((Answer) all).count(family));
            }
            return totals;
        } catch (UnknownException e) {
            throw new IllegalStateException(e); // nobody was named
        }
    }

    /** Protocols of BIRD's with the neighbor that is asked about; none when none is. */
    private static Set<String> asked(RouteQuery query, Map<String, BgpSessions.Session> configured)
            throws UnknownException {
        IpAddress neighbor = query.neighbor();
        Set<String> asked = new HashSet<>();
        if (query.kind() != Kind.RECEIVED && query.kind() != Kind.ADVERTISED) {
            return asked;
        }
        configured.forEach((name, session) -> {
            if (session.neighbor().equals(neighbor)) {
                asked.add(name);
            }
        });
        if (asked.isEmpty()) {
            throw new UnknownException(
                    neighbor == null
                            ? "no neighbor named; expected 'bgp' and its address"
                            : "no BGP neighbor '" + neighbor + "'",
                    configured.values().stream().map(it -> it.neighbor().toString()).toList());
        }
        return asked;
    }

    private RouteMaker maker(
            Map<String, BgpSessions.Session> configured, List<Protocol> protocols) {
        Map<String, String> peers = new HashMap<>();
        configured.forEach((name, session) ->
                peers.put(name, session.peer().name() + ", " + session.neighbor()));
        Set<String> stale = new HashSet<>();
        for (Protocol protocol : protocols) {
            if (protocol.type().equals("BGP")
                    && !protocol.detail("BGP state").equals("Established")) {
                stale.add(protocol.name());
            }
        }
        return new RouteMaker(links.get(), ports.get(), isPending.get(), faults, peers, stale);
    }

    /** One answer, family after family. */
    private final class Answer implements Routes {

        private final RouteQuery query;
        private final Set<String> asked;
        private final RouteMaker maker;
        private final List<Protocol> protocols;
        private final List<String> warnings;
        private final Deque<Family> left = new ArrayDeque<>();
        private final Map<Family, RouteTotal> totals = new EnumMap<>(Family.class);
        private @Nullable List<Unusable> statics;
        private @Nullable Joined current;
        private final Set<Family> lacking = EnumSet.noneOf(Family.class);

        Answer(
                RouteQuery query,
                Set<String> asked,
                RouteMaker maker,
                List<Protocol> protocols,
                List<String> warnings) {
            this.query = query;
            this.asked = asked;
            this.maker = maker;
            this.protocols = protocols;
            this.warnings = warnings;
            Stream.of(Family.values()).filter(query::has).forEach(left::add);
        }

        @Override
        public List<String> warnings() {
            return warnings;
        }

        @Override
        public List<String> gaps() {
            return lacking.stream()
                    .map(family ->
                            RouteTotal.table(family)
                                    + " changed each time it was read; some routes may be missing"
                                    + " or shown as inactive")
                    .toList();
        }

        @Override
        public RouteTotal total(Family family) throws UnavailableException {
            RouteTotal total = totals.get(family);
            if (total == null) {
                total = count(family);
                totals.put(family, total);
            }
            return total;
        }

        @Override
        public @Nullable Route next() throws UnavailableException {
            try {
                while (true) {
                    Family family = left.peek();
                    if (family == null) {
                        return null;
                    }
                    Joined joined = current;
                    if (joined == null) {
                        joined = joined(query, family);
                        current = joined;
                    }
                    Route route = joined.next();
                    if (route != null) {
                        return route;
                    }
                    note(family, joined.mayLack());
                    joined.close();
                    current = null;
                    left.remove();
                }
            } catch (IOException | BirdException | LinuxException e) {
                throw new UnavailableException("" + e.getMessage(), e);
            }
        }

        @Override
        public void close() {
            left.clear();
            if (current != null) {
                current.close();
            }
        }

        private Joined joined(RouteQuery wanted, Family family) throws IOException, BirdException {
            Kind kind = wanted.kind();
            boolean hasKernel = kind == Kind.TABLE || kind == Kind.FORWARDING;
            int[] tables = hasKernel ? TABLES : new int[0];
            List<Ascending<floof.linux.netlink.Route>> kernel = new ArrayList<>();
            if (wanted.place() instanceof Place.Address(IpAddress address)) {
                List<floof.linux.netlink.Route> covering = covering(address, tables);
                Prefix longest = longest(address, covering);
                if (longest == null) {
                    return new Joined(maker, kernel, noBird(), noBird(), List.of(), null);
                }
                covering.removeIf(route -> !route.prefix().equals(longest));
                kernel.add(new GivenAscending<>(covering, floof.linux.netlink.Route::prefix));
                return joined(wanted, family, new Place.Prefixes(longest, Match.EXACT), kernel);
            }
            Place.Prefixes prefixes =
                    wanted.place() instanceof Place.Prefixes some ? some : all(family);
            try {
                for (int table : tables) {
                    kernel.add(kernel(family, table, prefixes));
                }
            } catch (LinuxException e) {
                kernel.forEach(LiveRoutes::closeQuietly);
                throw e;
            }
            return joined(wanted, family, prefixes, kernel);
        }

        /**
         * @param kernel closed when BIRD fails
         */
        private Joined joined(
                RouteQuery wanted,
                Family family,
                Place.Prefixes prefixes,
                List<Ascending<floof.linux.netlink.Route>> kernel)
                throws IOException {
            Kind kind = wanted.kind();
            boolean hasFiltered = kind == Kind.HIDDEN || kind == Kind.RECEIVED;
            String scope = scope(wanted);
            List<AutoCloseable> opened = new ArrayList<>(kernel);
            try {
                Ascending<BirdRoute> found =
                        asksBird(wanted) ? bird(family, prefixes, scope) : noBird();
                opened.add(found);
                return new Joined(
                        maker,
                        kernel,
                        found,
                        hasFiltered ? bird(family, prefixes, "filtered" + scope) : noBird(),
                        kind == Kind.HIDDEN ? statics(prefixes) : List.of(),
                        wanted.protocol());
            } catch (IOException e) {
                opened.forEach(LiveRoutes::closeQuietly);
                throw e;
            }
        }

        /** Static routes that cannot be used, as of the first question. */
        private List<Unusable> statics() {
            List<Unusable> known = statics;
            if (known == null) {
                known = unusable.get();
                statics = known;
            }
            return known;
        }

        private List<Unusable> statics(Place.Prefixes place) {
            return statics().stream().filter(it -> place.has(it.route().prefix())).toList();
        }

        private boolean asksBird(RouteQuery wanted) {
            String protocol = wanted.protocol();
            return switch (wanted.kind()) {
                case TABLE ->
                        warnings.isEmpty() && (protocol == null || OF_BIRD.contains(protocol));
                case RECEIVED, ADVERTISED -> true;
                case HIDDEN, FORWARDING -> false;
            };
        }

        /** What narrows BIRD's answer. */
        private String scope(RouteQuery wanted) {
            String protocol = wanted.protocol();
            return switch (wanted.kind()) {
                case RECEIVED -> " protocol " + BgpSessions.symbol(asked.iterator().next());
                case ADVERTISED -> " export " + BgpSessions.symbol(asked.iterator().next());
                default ->
                        protocol == null
                                ? ""
                                : " where source = "
                                        + (protocol.equals("BGP") ? "RTS_BGP" : "RTS_STATIC");
            };
        }

        private Ascending<BirdRoute> bird(Family family, Place.Prefixes place, String scope)
                throws IOException {
            String where = (place.match() == Match.EXACT ? "" : "in ") + place.named();
            String what = where + " table " + BirdConfig.table(family) + " " + scope.strip();
            return new BirdAscending(bird.routes(what), place);
        }

        private Ascending<floof.linux.netlink.Route> kernel(
                Family family, int table, Place.Prefixes place) {
            Predicate<RouteHead> wanted =
                    route -> place.has(route.prefix()) && RouteMaker.isVisible(route);
            return family == Family.IP4
                    ? new KernelAscending(dump(family, table), wanted, place.named())
                    : new SlicedAscending(() -> dump(family, table), wanted, SlicedAscending.SLICE);
        }

        private List<floof.linux.netlink.Route> covering(IpAddress address, int[] tables) {
            List<floof.linux.netlink.Route> covering = new ArrayList<>();
            for (int table : tables) {
                KernelCovering found =
                        new KernelCovering(() -> dump(address.family(), table), address);
                covering.addAll(found.routes());
                note(address.family(), !found.isWhole());
            }
            return covering;
        }

        /**
         * The longest prefix with the address that the kernel or BIRD has, null for none.
         *
         * @param covering the kernel's routes with the address
         */
        private @Nullable Prefix longest(
                IpAddress address, List<floof.linux.netlink.Route> covering)
                throws IOException, BirdException {
            Prefix longest = null;
            for (floof.linux.netlink.Route route : covering) {
                longest = longer(longest, route.prefix());
            }
            if (query.kind() != Kind.FORWARDING && warnings.isEmpty()) {
                String table = " table " + BirdConfig.table(address.family());
                String filtered = query.kind() == Kind.HIDDEN ? " filtered" : "";
                try (BirdRoutes routes = bird.routes("for " + address + table + filtered)) {
                    BirdRoute first = routes.next();
                    longest = first == null ? longest : longer(longest, first.prefix());
                }
            }
            for (Unusable it : query.kind() == Kind.HIDDEN ? statics() : List.<Unusable>of()) {
                Prefix prefix = it.route().prefix();
                longest = prefix.contains(address) ? longer(longest, prefix) : longest;
            }
            return longest;
        }

        /**
         * By BIRD's counters and those of the kernel's routes that are not BIRD's, or by walking.
         */
        RouteTotal count(Family family) throws UnavailableException {
            try {
                long imported = counted(family, "imported");
                long hidden = counted(family, "filtered") + unusable(family);
                return imported <= COUNTED_MAX ? walked(family, hidden) : added(family, hidden);
            } catch (IOException | BirdException | LinuxException e) {
                throw new UnavailableException("" + e.getMessage(), e);
            }
        }

        private long unusable(Family family) {
            return statics().stream().filter(it -> it.route().prefix().family() == family).count();
        }

        /** Of the protocols that bring routes of their own. */
        private long counted(Family family, String what) {
            return protocols.stream()
                    .filter(it -> it.detail("Table").equals(BirdConfig.table(family)))
                    .filter(it -> !it.type().equals("Direct"))
                    .mapToLong(it -> it.count(what))
                    .sum();
        }

        private void note(Family family, boolean mayLack) {
            if (mayLack) {
                lacking.add(family);
            }
        }

        private RouteTotal walked(Family family, long hidden) throws IOException, BirdException {
            long destinations = 0;
            long routes = 0;
            long active = 0;
            Prefix last = null;
            try (Joined all = joined(RouteQuery.ALL, family)) {
                for (Route route = all.next(); route != null; route = all.next()) {
                    destinations += route.prefix().equals(last) ? 0 : 1;
                    routes++;
                    active += route.active() ? 1 : 0;
                    last = route.prefix();
                }
                note(family, all.mayLack());
            }
            return new RouteTotal(family, destinations, routes, active, hidden);
        }

        private RouteTotal added(Family family, long hidden) {
            long own = 0;
            long ofBird = 0;
            long prefixes = 0;
            long active = 0;
            for (int table : TABLES) {
                RouteHead last = null;
                try (RouteDump dump = dump(family, table)) {
                    for (RouteHead route = dump.head(); route != null; route = dump.head()) {
                        if (!RouteMaker.isVisible(route)) {
                            continue;
                        }
                        boolean isBirds = RouteMaker.isBirds(route.protocol());
                        ofBird += isBirds ? 1 : 0;
                        own += isBirds ? 0 : 1;
                        boolean isOther = last == null || !route.prefix().equals(last.prefix());
                        prefixes += isOther ? 1 : 0;
                        if (last == null || isOther || last.metric() == route.metric()) {
                            active++;
                            last = route;
                        }
                    }
                    note(family, !dump.isWhole());
                }
            }
            long notExported = Math.max(0, counted(family, "preferred") - ofBird);
            return new RouteTotal(
                    family,
                    prefixes + notExported,
                    own + counted(family, "imported"),
                    active,
                    hidden);
        }
    }

    private RouteDump dump(Family family, int table) {
        return NetworkNamespace.call(namespace, () -> RouteDump.open(family, table));
    }

    private static Place.Prefixes all(Family family) {
        Prefix whole = Prefix.parse(family == Family.IP4 ? "0.0.0.0/0" : "::/0");
        return new Place.Prefixes(whole, Match.OR_LONGER);
    }

    private static Ascending<BirdRoute> noBird() {
        return new GivenAscending<>(List.of(), BirdRoute::prefix);
    }

    private static Prefix longer(@Nullable Prefix one, Prefix other) {
        return one == null || other.length() > one.length() ? other : one;
    }

    private static void closeQuietly(AutoCloseable source) {
        try {
            source.close();
        } catch (Exception e) {
            // Another failure is on its way to the operator.
        }
    }
}
