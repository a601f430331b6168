package floof.manager;

import floof.base.Prefix;
import floof.tables.Outcome;
import floof.tables.TableWriter;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Decides between several sources of a prefix. The strongest source is in the table, with its
 * number in the record; the others, which are rare, wait here. So a host route wins over a
 * neighbour of that address, and one of our addresses over both, in whatever order they appear and
 * disappear.
 *
 * <p>Thread: the manager's.
 */
final class RouteSources {

    /** RouteSources, weakest first. */
    static final int NEIGHBOUR = 1;

    static final int ROUTE = 2;
    static final int LOCAL = 3;

    private record Waiting(int leaf, int metric, int epoch) {}

    private final TableWriter writer;

    /** Waiting leaves by source; each is held. */
    private final Map<VrfPrefix, @Nullable Waiting[]> waiting = new HashMap<>();

    RouteSources(TableWriter writer) {
        this.writer = writer;
    }

    /** Sets a source; replaces the former one of the same kind. */
    Outcome put(int source, int vrf, Prefix prefix, int leaf, int metric) {
        int standing = writer.source(vrf, prefix);
        if (standing > source) {
            keep(source, new VrfPrefix(vrf, prefix), new Waiting(leaf, metric, writer.mark()));
            return Outcome.DONE;
        }
        int formerLeaf = writer.leaf(vrf, prefix);
        int formerEpoch = writer.epoch(vrf, prefix);
        boolean displaces = standing >= 0 && standing < source;
        if (displaces) {
            keep(standing, new VrfPrefix(vrf, prefix), new Waiting(formerLeaf, 0, formerEpoch));
        }
        Outcome outcome = writer.putRoute(vrf, prefix, source, leaf, metric);
        if (displaces && outcome != Outcome.DONE) {
            forget(standing, new VrfPrefix(vrf, prefix));
        }
        return outcome;
    }

    private void keep(int source, VrfPrefix key, Waiting entry) {
        writer.hold(entry.leaf());
        @Nullable Waiting[] entries =
                waiting.computeIfAbsent(key, absent -> new @Nullable Waiting[LOCAL + 1]);
        Waiting former = entries[source];
        entries[source] = entry;
        if (former != null) {
            writer.drop(former.leaf());
        }
    }

    /** Removes a waiting source; returns whether it existed. */
    private boolean forget(int source, VrfPrefix key) {
        @Nullable Waiting[] entries = waiting.get(key);
        Waiting entry = entries == null ? null : entries[source];
        if (entries == null || entry == null) {
            return false;
        }
        entries[source] = null;
        boolean isEmpty = true;
        for (Waiting other : entries) {
            isEmpty &= other == null;
        }
        if (isEmpty) {
            waiting.remove(key);
        }
        writer.drop(entry.leaf());
        return true;
    }

    /** Withdraws a source; the next strongest takes its place without a gap. */
    Outcome remove(int source, int vrf, Prefix prefix) {
        VrfPrefix key = new VrfPrefix(vrf, prefix);
        if (writer.source(vrf, prefix) != source) {
            return forget(source, key) ? Outcome.DONE : Outcome.NOT_FOUND;
        }
        @Nullable Waiting[] entries = waiting.get(key);
        for (int next = LOCAL; entries != null && next > 0; next--) {
            Waiting entry = entries[next];
            if (entry != null) {
                writer.putRoute(vrf, prefix, next, entry.leaf(), entry.metric(), entry.epoch());
                forget(next, key);
                return Outcome.DONE;
            }
        }
        return writer.removeRoute(vrf, prefix);
    }

    /** Removes waiting sources of other epochs than the current one, or of a removed VRF. */
    void sweep() {
        List<VrfPrefix> keys = new ArrayList<>(waiting.keySet());
        for (VrfPrefix key : keys) {
            for (int source = NEIGHBOUR; source <= LOCAL; source++) {
                @Nullable Waiting[] entries = waiting.get(key);
                Waiting entry = entries == null ? null : entries[source];
                if (entry != null
                        && (entry.epoch() != writer.mark() || !writer.hasVrf(key.vrf()))) {
                    forget(source, key);
                }
            }
        }
    }
}
