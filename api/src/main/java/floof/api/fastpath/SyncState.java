package floof.api.fastpath;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The cache manager: how far the fast path mirrors Linux.
 *
 * @param state {@code synchronized}, {@code dumping}, {@code disconnected}
 * @param overruns times the kernel said that messages were lost
 * @param resyncs mark, dump and sweep rounds
 * @param lastResync end of the last round, or null
 * @param pending objects not yet acknowledged
 * @param obstacles why all is left to Linux: routing rules that the fast path cannot follow, and
 *     routes that act like rules
 * @param error what keeps it from following Linux just now; empty for nothing
 */
public record SyncState(
        String state,
        long links,
        long addresses,
        long neighbours,
        long routes,
        long pending,
        long events,
        long overruns,
        long resyncs,
        @Nullable Instant lastResync,
        List<String> obstacles,
        String error) {}
