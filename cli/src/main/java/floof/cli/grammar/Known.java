package floof.cli.grammar;

import floof.api.LogFiles;
import floof.api.Router;
import floof.api.network.BgpSession;
import floof.api.network.InterfaceState;
import floof.api.view.Kind;
import floof.api.view.UnavailableException;
import floof.cli.answer.Suggestion;
import floof.cli.grammar.Position.Argument;
import floof.config.access.Permissions;
import floof.config.tree.Branch;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.Supplier;

/**
 * Names of what is there now, for completion: nothing where the router cannot be asked, or the
 * class may not. Completion without live values is still completion.
 */
public final class Known {

    private final Router router;
    private final Supplier<Permissions> permissions;
    private final Supplier<Branch> running;
    private final Map<Kind, Supplier<List<Suggestion>>> values = new HashMap<>();
    private final Map<Kind, Function<String, List<Suggestion>>> files = new HashMap<>();

    /**
     * @param permissions of the operator
     * @param running the configuration as the operator sees it
     */
    public Known(Router router, Supplier<Permissions> permissions, Supplier<Branch> running) {
        this.router = router;
        this.permissions = permissions;
        this.running = running;
        complete(Kind.INTERFACE, () -> names(i -> true));
        complete(Kind.LINK, () -> names(i -> true));
        complete(Kind.DPDK_PORT, () -> names(i -> "dpdk".equals(i.driver())));
        complete(Kind.NEIGHBOR, this::neighbors);
        complete(Kind.PEER, this::neighborsAndPeers);
        complete(Kind.PREFIX, this::prefixes);
        complete(Kind.LOG, () -> logs(new LogFiles(router.machine().logs())));
    }

    private static List<Suggestion> logs(LogFiles logs) {
        return logs.names().stream().map(name -> new Suggestion(name, "Log")).toList();
    }

    /** Completes values of a kind. */
    public void complete(Kind kind, Supplier<List<Suggestion>> with) {
        values.put(kind, with);
    }

    /** Completes names of files. */
    public void completeFiles(Kind kind, Function<String, List<Suggestion>> beginningWith) {
        files.put(kind, beginningWith);
    }

    /** A word of that kind, completed with what is there. */
    public Argument argument(Kind kind, String help, Function<String, Position> next) {
        return new Argument(
                ' ',
                kind.placeholder(),
                kind.range().isEmpty() || help.isEmpty()
                        ? help + kind.range()
                        : help + ", " + kind.range(),
                kind.wrong(),
                () -> values(kind),
                next,
                files.getOrDefault(kind, prefix -> List.of()),
                false);
    }

    /** Of a command's parameter. */
    List<Suggestion> values(Kind kind) {
        return values.getOrDefault(kind, List::of).get();
    }

    private List<Suggestion> names(Predicate<InterfaceState> wanted) {
        return states().stream()
                .filter(wanted)
                .map(i -> new Suggestion(i.name(), i.description()))
                .toList();
    }

    /** Our own, but for those that are good on one link, or on this machine, only. */
    public List<Suggestion> addresses() {
        List<Suggestion> addresses = new ArrayList<>();
        for (InterfaceState i : states()) {
            i.addresses().stream()
                    .filter(it -> !it.address().isLinkLocal() && !it.address().isLoopback())
                    .map(it -> new Suggestion(it.address().toString(), i.name()))
                    .forEach(addresses::add);
        }
        return addresses;
    }

    private List<InterfaceState> states() {
        try {
            return permissions.get().mayRun("show interfaces") ? router.interfaces() : List.of();
        } catch (UnavailableException e) {
            return List.of();
        }
    }

    /** Those on our interfaces and of static routes: a whole table would be too many to read. */
    private List<Suggestion> prefixes() {
        List<Suggestion> prefixes = new ArrayList<>();
        for (InterfaceState i : states()) {
            i.addresses().stream()
                    .map(it -> new Suggestion(it.subnet().toString(), i.name()))
                    .forEach(prefixes::add);
        }
        if (running.get().find(List.of("routing", "static", "route")) instanceof Branch routes) {
            routes.entries().forEach(e -> prefixes.add(new Suggestion(e.name(), "Static")));
        }
        return prefixes.stream().distinct().toList();
    }

    /** Addresses of BGP's neighbors. */
    private List<Suggestion> neighbors() {
        return sessions().stream()
                .map(s -> new Suggestion(s.neighbor().toString(), s.peer() + " " + s.description()))
                .toList();
    }

    private List<Suggestion> neighborsAndPeers() {
        List<Suggestion> names = new ArrayList<>(neighbors());
        sessions().stream()
                .map(s -> new Suggestion(s.peer(), s.description()))
                .distinct()
                .forEach(names::add);
        return names;
    }

    private List<BgpSession> sessions() {
        try {
            return permissions.get().mayRun("show bgp neighbor") ? router.bgpSessions() : List.of();
        } catch (UnavailableException e) {
            return List.of();
        }
    }
}
