package floof.sync;

import floof.fpc.FpcClient;
import floof.fpc.Message;
import floof.linux.error.LinuxException;
import java.io.IOException;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Keeps neighbours that carry packets known to Linux, which does not see these packets. */
final class HitRefresh {

    private static final Logger LOG = LoggerFactory.getLogger(HitRefresh.class);

    private final List<Watched> all;
    private final Outbox outbox;
    private final int intervalMs;

    /** Guarded by the outbox. */
    private long probes;

    /**
     * @param intervalMs time between two rounds
     */
    HitRefresh(List<Watched> all, Outbox outbox, int intervalMs) {
        this.all = all;
        this.outbox = outbox;
        this.intervalMs = intervalMs;
    }

    /** How often Linux was asked to probe a neighbour; the caller holds the outbox. */
    long probes() {
        return probes;
    }

    /**
     * Asks Linux to probe the stale neighbours that carried packets since the last call. Thread:
     * {@code sync}.
     */
    void refresh(FpcClient client) throws IOException {
        client.pages(
                Message.HitsRequest::new,
                Message.Hits.class,
                page -> page.hits().forEach(this::refresh));
    }

    private void refresh(Message.Hit hit) {
        for (Watched watched : all) {
            if (watched.namespace.vrf() != hit.vrf()) {
                continue;
            }
            synchronized (outbox) {
                Entry.Neighbour entry = watched.cache.neighbour(hit.ifindex(), hit.address());
                long nowNs = System.nanoTime();
                // Half an interval: the pages of one round may arrive late, those of the next one
                // early.
                if (entry == null
                        || !entry.isStale()
                        || nowNs - entry.probedNs < intervalMs * 500_000L) {
                    continue;
                }
                entry.probedNs = nowNs;
                probes++;
            }
            try {
                watched.linux().useNeighbour(hit.ifindex(), hit.address());
            } catch (LinuxException e) {
                // The link or entry may be gone by now; then it is not in use either.
                LOG.debug("{}: {}", watched.namespace.name(), e.getMessage());
            }
        }
    }
}
