package floof.manager;

import floof.base.Prefix;
import floof.tables.Outcome;
import floof.tables.TableWriter;
import java.util.HashMap;
import java.util.Map;

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

    private record Waiting(int leaf, int metric, int resync) {}

    private final TableWriter writer;

    /** Sources that wait; the leaf of each is held. */
    private final Map<SourcedPrefix, Waiting> waiting = new HashMap<>();

    RouteSources(TableWriter writer) {
        this.writer = writer;
    }

    /** Sets a source; replaces the former one of the same kind. */
    Outcome put(int source, int vrf, Prefix prefix, int leaf, int metric) {
        int standing = writer.source(vrf, prefix);
        if (standing > source) {
            Waiting fresh = new Waiting(leaf, metric, writer.mark());
            keep(new SourcedPrefix(source, vrf, prefix), fresh);
            return Outcome.DONE;
        }
        boolean displaces = standing >= 0 && standing < source;
        if (displaces) {
            Waiting former = new Waiting(writer.leaf(vrf, prefix), 0, writer.resync(vrf, prefix));
            keep(new SourcedPrefix(standing, vrf, prefix), former);
        }
        Outcome outcome = writer.putRoute(vrf, prefix, source, leaf, metric);
        if (displaces && outcome != Outcome.DONE) {
            forget(new SourcedPrefix(standing, vrf, prefix));
        }
        return outcome;
    }

    private void keep(SourcedPrefix key, Waiting entry) {
        writer.hold(entry.leaf());
        Waiting former = waiting.put(key, entry);
        if (former != null) {
            writer.drop(former.leaf());
        }
    }

    /** Removes a waiting source; returns whether it existed. */
    private boolean forget(SourcedPrefix key) {
        Waiting entry = waiting.remove(key);
        if (entry != null) {
            writer.drop(entry.leaf());
        }
        return entry != null;
    }

    /** Withdraws a source; the next strongest takes its place without a gap. */
    Outcome remove(int source, int vrf, Prefix prefix) {
        if (writer.source(vrf, prefix) != source) {
            boolean waited = forget(new SourcedPrefix(source, vrf, prefix));
            return waited ? Outcome.DONE : Outcome.NOT_FOUND;
        }
        for (int next = LOCAL; next > 0 && !waiting.isEmpty(); next--) {
            SourcedPrefix key = new SourcedPrefix(next, vrf, prefix);
            Waiting entry = waiting.get(key);
            if (entry != null) {
                writer.putRoute(vrf, prefix, next, entry.leaf(), entry.metric(), entry.resync());
                forget(key);
                return Outcome.DONE;
            }
        }
        return writer.removeRoute(vrf, prefix);
    }

    /** Removes waiting sources of other resyncs than the current one, or of a removed VRF. */
    void sweep() {
        Map<SourcedPrefix, Waiting> all = Map.copyOf(waiting);
        all.forEach((key, entry) -> {
            if (entry.resync() != writer.mark() || !writer.hasVrf(key.vrf())) {
                forget(key);
            }
        });
    }
}
