package floof.sync;

import floof.base.Family;
import floof.base.IpAddress;
import floof.base.Prefix;
import floof.fpc.Message;
import floof.fpc.MessageType;
import floof.linux.netlink.FilterEntry;
import floof.linux.netlink.Link;
import floof.linux.netlink.LinkAddress;
import floof.linux.netlink.Neighbour;
import floof.linux.netlink.NextHopObject;
import floof.linux.netlink.Route;
import floof.linux.netlink.RtnetlinkEvent;
import floof.linux.netlink.Rule;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The state of one namespace of Linux. The {@link Outbox} guards everything here, and receives the
 * changes.
 */
final class Cache {
    /** Most events held during a dump (0.3 GB); more count as an overrun. */
    static final int MAX_HELD = 500_000;

    private final int vrf;
    private final Outbox outbox;
    private final Map<Integer, Entry.Plain<Message.Link>> links = new HashMap<>();
    final Filters filters = new Filters();
    private final Map<Keys.Address, Entry.Plain<Message.Address>> addresses = new HashMap<>();
    private final Map<Keys.Neighbour, Entry.Neighbour> neighbours = new HashMap<>();
    private final Map<Family, Map<Prefix, Entry.Route>> routes = new EnumMap<>(Family.class);
    private final Entry.Plain<Message.Policy> policy;
    private final SharedHops sharedHops = new SharedHops();
    private final Obstacles obstacles = new Obstacles();
    private final ArrayDeque<RtnetlinkEvent> held = new ArrayDeque<>();
    private final Rereads rereads = new Rereads();
    private boolean isHolding;
    private @Nullable Comparison comparison;
    private int round;
    private int sourced;
    private int refusedRoutes;
    private int refusedBefore;

    Cache(int vrf, Outbox outbox) {
        this.vrf = vrf;
        this.outbox = outbox;
        policy = new Entry.Plain<>(this, "policy", MessageType.POLICY);
        for (Family family : Family.values()) {
            routes.put(family, new HashMap<>());
        }
        outbox.count(policy, 1);
        decidePolicy();
    }

    int vrf() {
        return vrf;
    }

    private Map<Prefix, Entry.Route> routes(Family family) {
        return java.util.Objects.requireNonNull(routes.get(family));
    }

    // ---- events -------------------------------------------------------------------------------

    /**
     * Applies an event, or holds it until the dump is over.
     *
     * @return false if too many are held
     */
    boolean on(RtnetlinkEvent event) {
        if (comparison != null) {
            comparison.touch(Keys.of(event.object()));
        }
        if (!isHolding) {
            apply(event);
            return true;
        }
        if (held.size() == MAX_HELD) {
            held.clear();
            return false;
        }
        held.add(event);
        return true;
    }

    private void apply(RtnetlinkEvent event) {
        boolean present = event.present();
        switch (event.object()) {
            case FilterEntry entry -> wantFilters();
            case Link link -> applyLink(link, present);
            case LinkAddress address -> applyAddress(address, present);
            case Neighbour neighbour -> putNeighbour(neighbour, present);
            case Rule rule -> applyRule(rule, present);
            case NextHopObject nextHop -> applyNextHop(event);
            case Route route -> applyRoute(event, route);
        }
    }

    /** Requests a new read of the MACs that devices receive. */
    void wantFilters() {
        rereads.addFilters();
        outbox.notifyAll();
    }

    private void applyLink(Link link, boolean present) {
        Entry.Plain<Message.Link> known = links.get(link.index());
        Message.Request before = known == null ? null : known.desired();
        putLink(link, present);
        if (before == null && present) {
            retryFailed(); // objects refused because this link was missing
        }
        // Linux changes the routes through the link silently.
        boolean isChanged =
                before instanceof Message.Link was
                        && (was.up() != link.isUp() || was.running() != link.isRunning());
        if (rereads.link(link, present, before == null, isChanged)) {
            outbox.notifyAll();
        }
    }

    private void applyAddress(LinkAddress address, boolean present) {
        putAddress(address, present);
        if (address.address().address().family() == Family.IP6) {
            rereads.usedByIp6(address.ifindex());
        }
        if (!present && address.address().address().family() == Family.IP4) {
            reread(Family.IP4, sourced > 0 ? 0 : address.ifindex());
        }
    }

    /** New ones have no routes yet. */
    private void applyNextHop(RtnetlinkEvent event) {
        if (!event.present() || event.isReplacing()) {
            for (Family family : Family.values()) {
                reread(family, 0);
            }
        }
    }

    private void applyRule(Rule rule, boolean present) {
        if (obstacles.rule(rule, present)) {
            decidePolicy();
        }
    }

    private void applyRoute(RtnetlinkEvent event, Route route) {
        LinuxRoute candidate = Translation.route(route);
        if (candidate == null) {
            return;
        }
        Prefix prefix = route.prefix();
        boolean isIp6 = prefix.family() == Family.IP6;
        Entry.Route entry = routes(prefix.family()).get(prefix);
        List<LinuxRoute> old = entry == null ? List.of() : entry.candidates;
        List<LinuxRoute> now =
                event.present()
                        ? LinuxRoute.added(
                                old,
                                sharedHops.of(candidate),
                                isIp6,
                                event.isExclusive(),
                                event.isReplacing(),
                                event.isAppended())
                        : LinuxRoute.removed(old, candidate, isIp6);
        if (now == null) {
            reread(prefix.family(), 0);
        } else if (!now.equals(old)) {
            Entry.Route changed = entry == null ? newRoute(prefix) : entry;
            changed.round = round;
            setCandidates(changed, now);
        }
    }

    private void reread(Family family, int ifindex) {
        rereads.add(family, ifindex);
        outbox.notifyAll();
    }

    boolean hasRereads() {
        return !rereads.isEmpty();
    }

    Set<Rereads.Reread> takeRereads() {
        return rereads.take();
    }

    /** Whether filters must be read again; resets the request. */
    boolean takeFilters() {
        return rereads.takeFilters();
    }

    // ---- objects ------------------------------------------------------------------------------

    private <E extends Entry> E register(E entry) {
        outbox.count(entry, 1);
        return entry;
    }

    private boolean putLink(Link link, boolean present) {
        if (filters.link(link, present)) {
            wantFilters();
        }
        return desireLink(link, present);
    }

    private boolean desireLink(Link link, boolean present) {
        Entry.Plain<Message.Link> entry =
                links.computeIfAbsent(
                        link.index(),
                        key -> register(new Entry.Plain<>(this, key, MessageType.LINK)));
        return put(entry, entry.desire(present ? translated(link) : null));
    }

    private Message.Link translated(Link link) {
        return Translation.link(vrf, link, filters.of(link));
    }

    private boolean putAddress(LinkAddress address, boolean present) {
        Keys.Address key = new Keys.Address(address.ifindex(), address.address());
        Entry.Plain<Message.Address> entry =
                addresses.computeIfAbsent(
                        key, k -> register(new Entry.Plain<>(this, k, MessageType.ADDRESS)));
        return put(entry, entry.desire(present ? Translation.address(vrf, address) : null));
    }

    private boolean putNeighbour(Neighbour neighbour, boolean present) {
        Message.Neighbour desired = present ? Translation.neighbour(vrf, neighbour) : null;
        Keys.Neighbour key = new Keys.Neighbour(neighbour.ifindex(), neighbour.address());
        Entry.Neighbour entry = neighbours.get(key);
        if (entry == null) {
            if (desired == null) {
                return false;
            }
            entry = register(new Entry.Neighbour(this, key));
            neighbours.put(key, entry);
        }
        return put(entry, entry.desire(desired));
    }

    private boolean put(Entry entry, boolean isNews) {
        entry.round = round;
        if (isNews || entry.last == null) {
            outbox.touch(entry);
        }
        return isNews;
    }

    private Entry.Route newRoute(Prefix prefix) {
        Entry.Route entry = register(new Entry.Route(this, prefix));
        routes(prefix.family()).put(prefix, entry);
        return entry;
    }

    private void setCandidates(Entry.Route entry, List<LinuxRoute> now) {
        tally((Prefix) entry.key, entry.candidates, -1);
        entry.candidates = now;
        tally((Prefix) entry.key, now, 1);
        outbox.touch(entry);
    }

    /** Counts objects that need more than longest match. */
    private void tally(Prefix prefix, List<LinuxRoute> candidates, int sign) {
        for (LinuxRoute candidate : candidates) {
            sourced += candidate.isSourced() ? sign : 0;
        }
        if (obstacles.routes(prefix, candidates, sign)) {
            decidePolicy();
        }
    }

    private void decidePolicy() {
        int refused = Math.max(refusedRoutes, refusedBefore);
        if (policy.desire(new Message.Policy(vrf, obstacles().size() + refused))) {
            outbox.touch(policy);
        }
    }

    /** As {@link Obstacles#list}. */
    List<String> obstacles() {
        return obstacles.list();
    }

    /** Counts routes that the manager refused, whose packets a shorter prefix would attract. */
    void routesRefused(int more) {
        refusedRoutes += more;
        decidePolicy();
    }

    /** With a link the manager removes everything on it; objects that reappear are sent again. */
    void linkLeaves(int ifindex) {
        addresses.forEach((key, entry) -> entry.isForced |= key.ifindex() == ifindex);
        neighbours.forEach((key, entry) -> entry.isForced |= key.ifindex() == ifindex);
    }

    /** Removes an object that is gone on both sides. */
    void forget(Entry entry) {
        boolean isKnown =
                switch (entry.type) {
                    case LINK -> links.remove(entry.key, entry);
                    case ADDRESS -> addresses.remove(entry.key, entry);
                    case NEIGHBOUR -> neighbours.remove(entry.key, entry);
                    case ROUTE -> {
                        Prefix prefix = (Prefix) entry.key;
                        yield routes(prefix.family()).remove(prefix, entry);
                    }
                    default -> false;
                };
        if (isKnown) {
            outbox.settle(entry, Status.PENDING, "");
            outbox.count(entry, -1);
        }
    }

    // ---- dumps --------------------------------------------------------------------------------

    /** Starts holding events. */
    void hold() {
        isHolding = true;
    }

    /**
     * Applies the held events and stops holding them.
     *
     * @return the objects of these events
     */
    Set<Object> release() {
        Set<Object> keys = new HashSet<>();
        RtnetlinkEvent event;
        while ((event = held.poll()) != null) {
            keys.add(Keys.of(event.object()));
            apply(event);
        }
        isHolding = false;
        return keys;
    }

    /** Ends a failed dump; the cache is unreliable until the next one. */
    void giveUp() {
        isHolding = false;
        comparison = null;
        held.clear();
    }

    /** Until {@link #endComparing}, dumps change nothing; they are only compared with the cache. */
    void beginComparing() {
        comparison = new Comparison();
    }

    /** Returns the objects that differed and had no event meanwhile. */
    Set<Object> endComparing() {
        Set<Object> differing = comparison == null ? Set.of() : comparison.result();
        comparison = null;
        return differing;
    }

    private void compare(
            Comparison to, Object key, @Nullable Entry known, Message.@Nullable Request reported) {
        if (known != null) {
            known.round = round;
        }
        if (!java.util.Objects.equals(known == null ? null : known.desired(), reported)) {
            to.differs(key);
        }
    }

    /** Resets all objects: the manager has none of them. A dump sends them again. */
    void restart() {
        held.clear();
        rereads.clear();
        refusedBefore = Math.max(refusedRoutes, refusedBefore);
        for (Entry entry : entries()) {
            outbox.unsend(entry);
            if (entry.desired() == null) {
                outbox.touch(entry);
            }
        }
        outbox.unsend(policy);
        outbox.touch(policy);
    }

    /** Called after everything was sent: earlier refusals no longer count. */
    void restarted() {
        refusedBefore = 0;
        decidePolicy();
    }

    List<Entry> entries() {
        List<Entry> all = new ArrayList<>(links.values());
        all.addAll(addresses.values());
        all.addAll(neighbours.values());
        routes.values().forEach(map -> all.addAll(map.values()));
        return all;
    }

    /** Replaces all objects of a kind by those of a dump. */
    void dumpedLinks(List<Link> dumped, Collection<Entry> news) {
        round++;
        rereads.forgetUnused();
        filters.keep(dumped);
        for (Link link : dumped) {
            if (comparison != null) {
                compare(comparison, link.index(), links.get(link.index()), translated(link));
            } else {
                note(putLink(link, true), links.get(link.index()), news);
            }
        }
        dropUnseen(links.values(), news);
    }

    void dumpedPromiscuity(int ifindex, int promiscuity) {
        Link link = filters.link(ifindex);
        if (link != null) {
            Link now = link.with(promiscuity);
            filters.link(now, true); // its filter was just read: no reason to read it again
            desireLink(now, true);
        }
    }

    void dumpedAddresses(List<LinkAddress> dumped, Collection<Entry> news) {
        round++;
        for (LinkAddress address : dumped) {
            Keys.Address key = new Keys.Address(address.ifindex(), address.address());
            if (comparison != null) {
                compare(comparison, key, addresses.get(key), Translation.address(vrf, address));
            } else {
                note(putAddress(address, true), addresses.get(key), news);
            }
        }
        dropUnseen(addresses.values(), news);
    }

    void dumpedNeighbours(List<Neighbour> dumped, Collection<Entry> news) {
        round++;
        for (Neighbour neighbour : dumped) {
            Keys.Neighbour key = new Keys.Neighbour(neighbour.ifindex(), neighbour.address());
            Entry.Neighbour known = neighbours.get(key);
            Message.Neighbour reported = Translation.neighbour(vrf, neighbour);
            if (comparison == null) {
                note(putNeighbour(neighbour, true), neighbours.get(key), news);
            } else if (known != null && Translation.differsInState(known.desired(), reported)) {
                // Linux does not report that neighbours become stale.
                known.round = round;
                if (comparison.isUntouched(key)) {
                    putNeighbour(neighbour, true);
                }
            } else {
                compare(comparison, key, known, reported);
            }
        }
        dropUnseen(neighbours.values(), news);
    }

    void dumpedRules(List<Rule> dumped) {
        if (comparison != null) {
            obstacles.differing(dumped).forEach(comparison::differs);
            return;
        }
        obstacles.rules(dumped);
        decidePolicy();
    }

    private static void note(boolean isNews, @Nullable Entry entry, Collection<Entry> news) {
        if (isNews && entry != null) {
            news.add(entry);
        }
    }

    private void dropUnseen(Collection<? extends Entry> entries, Collection<Entry> news) {
        for (Entry entry : entries) {
            if (comparison != null) {
                if (entry.round != round && entry.desired() != null) {
                    comparison.differs(entry.key);
                }
                continue;
            }
            boolean isGone =
                    entry.round != round
                            && switch (entry) {
                                case Entry.Plain<?> plain -> plain.desire(null);
                                case Entry.Route route -> false;
                            };
            if (isGone) {
                outbox.touch(entry);
                news.add(entry);
            }
        }
    }

    /** The number of the next dump. */
    int nextRound() {
        return round + 1;
    }

    /** Begins a dump of routes. */
    void beginRoutes() {
        round++;
    }

    /**
     * Takes the routes of one prefix from a dump, in Linux's order.
     *
     * @param scope which of the prefix's candidates the dump covers
     */
    void dumpedRoutes(
            Prefix prefix,
            List<LinuxRoute> reported,
            Predicate<LinuxRoute> scope,
            Collection<Entry> news) {
        Entry.Route entry = routes(prefix.family()).get(prefix);
        List<LinuxRoute> old = entry == null ? List.of() : entry.candidates;
        // IPv6 lists the routes of a prefix separately if some are for one source only.
        boolean isContinued = entry != null && entry.round == round;
        List<LinuxRoute> now = new ArrayList<>(reported.size());
        old.stream()
                .filter(known -> isContinued || !scope.test(known))
                .filter(known -> reported.stream().noneMatch(known::isSame))
                .forEach(now::add);
        reported.forEach(route -> now.add(sharedHops.of(route)));
        now.sort(LinuxRoute.ORDER);
        boolean isNews = !now.equals(old);
        if (comparison != null) {
            if (entry != null) {
                entry.round = round;
            }
            if (isNews) {
                comparison.differs(prefix);
            }
            return;
        }
        Entry.Route present = entry == null ? newRoute(prefix) : entry;
        present.round = round;
        if (isNews) {
            setCandidates(present, List.copyOf(now));
            news.add(present);
        } else if (present.last == null) {
            outbox.touch(present);
        }
    }

    /**
     * Ends one or more dumps of routes: routes without {@link #dumpedRoutes} in any are gone.
     *
     * @param since number of the first
     */
    void endRoutes(Family family, Predicate<LinuxRoute> scope, int since, Collection<Entry> news) {
        for (Entry.Route entry : routes(family).values()) {
            if (entry.round - since >= 0 || entry.candidates.stream().noneMatch(scope)) {
                continue;
            }
            if (comparison != null) {
                comparison.differs(entry.key);
            } else {
                setCandidates(entry, entry.candidates.stream().filter(scope.negate()).toList());
                news.add(entry);
            }
        }
    }

    /** Why the manager does not have a route that it was sent; empty if it has it. */
    String fault(Prefix prefix) {
        Entry.Route route = routes(prefix.family()).get(prefix);
        return route == null || route.status != Status.FAILED ? "" : route.fault;
    }

    /** Retries objects that the manager refused, except routes that do not fit. */
    void retryFailed() {
        for (Entry entry : entries()) {
            if (entry.status == Status.FAILED && !entry.waitsForRoom) {
                entry.isForced = true;
                outbox.touch(entry);
            }
        }
    }

    Entry.@Nullable Neighbour neighbour(int ifindex, IpAddress address) {
        return neighbours.get(new Keys.Neighbour(ifindex, address));
    }
}
