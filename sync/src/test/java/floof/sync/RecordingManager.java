package floof.sync;

import floof.base.Prefix;
import floof.base.task.Tasks;
import floof.fpc.Connection;
import floof.fpc.Feature;
import floof.fpc.FpcServer;
import floof.fpc.Message;
import floof.fpc.Reply;
import floof.fpc.Report;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Predicate;

/** Keeps what it is told, by the rules of FPC. */
final class RecordingManager implements FpcServer.Handler, AutoCloseable {
    private record Held(Message.Request message, int resync) {}

    private final FpcServer server;
    private final Map<Object, Held> objects = new HashMap<>();
    private List<Message.Hit> hits = List.of();

    /** It forwards nothing, and so leaves nothing to Linux. */
    private long features = Feature.all() & ~(1L << Feature.OVERFLOW.ordinal());

    private int mark;
    private int sweeps;
    private int received;
    private int removals;
    private Predicate<Message.Request> refusal = request -> false;
    private Report refusalReport = Report.FULL;
    private int delayMs;

    RecordingManager(Path socket) throws IOException {
        server =
                FpcServer.open(socket, "test-manager", this, System.out::println, Tasks.printing());
    }

    @Override
    public synchronized Reply handle(Message.Request request, Connection from) {
        received++;
        if (delayMs > 0) {
            sleep();
        }
        if (refusal.test(request)) {
            return Reply.refused(refusalReport, "no room");
        }
        switch (request) {
            case Message.Hello hello -> {
                return Reply.ok(new Message.Hello(1, features, mark, 1));
            }
            case Message.Mark m -> mark = m.resync();
            case Message.Sweep m -> {
                return sweep(m);
            }
            case Message.HitsRequest m -> {
                return Reply.ok(new Message.Hits(hits, Message.END));
            }
            case Message.Vrf m -> keep("vrf " + m.id(), m, m.present(), from);
            case Message.Link m ->
                    keep("link " + m.vrf() + " " + m.ifindex(), m, m.present(), from);
            case Message.Address m ->
                    keep("addr " + m.vrf() + " " + m.ifindex() + m.address(), m, m.present(), from);
            case Message.Neighbour m ->
                    keep(
                            "neigh " + m.vrf() + " " + m.ifindex() + " " + m.address(),
                            m,
                            m.present(),
                            from);
            case Message.Route m ->
                    keep("route " + m.vrf() + " " + m.prefix(), m, m.present(), from);
            case Message.Policy m -> keep("policy " + m.vrf(), m, true, from);
            default -> {
                return Reply.refused(Report.UNSUPPORTED, request.toString());
            }
        }
        return Reply.ok();
    }

    private void sleep() {
        try {
            Thread.sleep(delayMs);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private void keep(Object key, Message.Request message, boolean present, Connection from) {
        if (present) {
            objects.put(key, new Held(message, from.resync()));
        } else if (objects.remove(key) != null) {
            removals++;
        }
    }

    private Reply sweep(Message.Sweep sweep) {
        if (sweep.resync() != mark) {
            return Reply.refused(Report.STALE, "resync " + sweep.resync() + " is not " + mark);
        }
        int before = objects.size();
        objects.values().removeIf(held -> held.resync() != mark);
        sweeps++;
        return Reply.ok(new Message.Swept(0, 0, 0, before - objects.size()));
    }

    synchronized <T extends Message.Request> List<T> all(Class<T> kind) {
        List<T> found = new ArrayList<>();
        for (Held held : objects.values()) {
            if (kind.isInstance(held.message())) {
                found.add(kind.cast(held.message()));
            }
        }
        return found;
    }

    /** Routes of VRF 0 as {@link LinuxRoutes#of} tells them. */
    Map<Prefix, String> routes() {
        Map<Integer, String> names = new HashMap<>();
        all(Message.Link.class).forEach(link -> names.put(link.ifindex(), link.name()));
        Map<Prefix, String> routes = new TreeMap<>();
        for (Message.Route route : all(Message.Route.class)) {
            if (route.vrf() != 0 || route.prefix().address().isLinkLocal()) {
                continue;
            }
            List<String> ways = new ArrayList<>();
            for (Message.NextHop hop : route.nextHops()) {
                ways.add(
                        (hop.gateway() == null ? "" : "via " + hop.gateway() + " ")
                                + "dev "
                                + names.getOrDefault(hop.ifindex(), "if" + hop.ifindex())
                                + (hop.dead() ? " dead" : ""));
            }
            ways.sort(null);
            String type = route.type().name().toLowerCase(java.util.Locale.ROOT);
            routes.put(route.prefix(), type.equals("unicast") ? String.join(",", ways) : type);
        }
        return routes;
    }

    synchronized int count(Class<? extends Message.Request> kind) {
        return (int) objects.values().stream().filter(h -> kind.isInstance(h.message())).count();
    }

    synchronized void hits(List<Message.Hit> next) {
        hits = next;
    }

    synchronized void features(long bitmap) {
        features = bitmap;
    }

    synchronized void refuse(Report report, Predicate<Message.Request> which) {
        refusal = which;
        refusalReport = report;
    }

    synchronized void delay(int ms) {
        delayMs = ms;
    }

    synchronized int sweeps() {
        return sweeps;
    }

    /** Objects that were there and were taken away. */
    synchronized int removals() {
        return removals;
    }

    synchronized int received() {
        return received;
    }

    @Override
    public void close() {
        server.close();
    }
}
