package floof.sync;

import floof.linux.NetworkNamespace;
import floof.linux.netlink.Rtnetlink;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A namespace with what serves it. */
final class Watched {
    final MirroredNamespace namespace;
    final Cache cache;
    final EventReader reader;
    @Nullable Rtnetlink linux;

    /** What the alarm says that the fast path cannot follow. */
    List<String> told = List.of();

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

    void closeLinux() {
        if (linux != null) {
            linux.close();
            linux = null;
        }
    }
}
