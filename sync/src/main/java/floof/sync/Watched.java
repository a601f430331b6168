package floof.sync;

import floof.base.alarm.Alarms;
import floof.base.alarm.Severity;
import floof.linux.netlink.Rtnetlink;
import floof.linux.system.NetworkNamespace;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A namespace with its cache and event reader. */
final class Watched {

    /** Obstacles named in an alarm. */
    private static final int NAMED = 3;

    final MirroredNamespace namespace;
    final Cache cache;
    final EventReader reader;
    @Nullable Rtnetlink linux;

    /** The obstacles that the alarm names. */
    private List<String> reported = List.of();

    Watched(MirroredNamespace namespace, MirrorSettings settings, Outbox outbox) {
        this.namespace = namespace;
        cache = new Cache(namespace.vrf(), outbox);
        reader = new EventReader(namespace, settings, cache, outbox);
    }

    Rtnetlink linux() {
        Rtnetlink open = linux;
        if (open == null) {
            open = NetworkNamespace.call(namespace.path(), () -> Rtnetlink.open(namespace.name()));
            linux = open;
        }
        return open;
    }

    /** Raises an alarm while all traffic is left to Linux. */
    void report(List<String> obstacles, Alarms alarms) {
        if (obstacles.equals(reported)) {
            return;
        }
        reported = obstacles;
        String name = namespace.name();
        alarms.set(
                !obstacles.isEmpty(),
                "fast-path/left-to-linux/" + name,
                Severity.MAJOR,
                "Linux forwards every packet of "
                        + name
                        + " itself: the fast path cannot follow "
                        + String.join("; ", obstacles.stream().limit(NAMED).toList())
                        + (obstacles.size() > NAMED
                                ? " and " + (obstacles.size() - NAMED) + " more"
                                : ""),
                "delete them (nsenter --net="
                        + namespace.path()
                        + " ip rule); 'show fast-path sync' names all",
                List.of());
    }

    void closeLinux() {
        if (linux != null) {
            linux.close();
            linux = null;
        }
    }
}
