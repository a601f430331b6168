package floof.sync;

import floof.fpc.MessageType;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How far the fast path mirrors Linux.
 *
 * @param lagMs age of the oldest change that is not acknowledged; 0 when all are
 * @param pending changes queued or under way
 * @param objects how many of each type are in which status
 * @param events told by Linux since the start
 * @param overruns times that the kernel lost events for us
 * @param resyncs rounds of mark, dump and sweep that ended well
 * @param lastResync end of the last one
 * @param audits comparisons that ended
 * @param repairs objects that an audit found to differ, but for states of neighbours, of which
 *     Linux does not tell all changes
 * @param probes neighbours in use that Linux was told to probe
 * @param waitingForRoom routes that found no room in the fast path's tables
 * @param obstacles why all is left to Linux: routing rules beyond the default ones, and routes that
 *     act like rules, in all namespaces
 * @param error what keeps it from following Linux just now; empty for nothing
 */
public record MirrorState(
        Phase phase,
        long lagMs,
        int pending,
        Map<MessageType, Map<Status, Integer>> objects,
        long events,
        long overruns,
        long resyncs,
        @Nullable Instant lastResync,
        long audits,
        long repairs,
        long probes,
        int waitingForRoom,
        List<String> obstacles,
        String error) {

    /** What the mirror is at. */
    public enum Phase {
        /** Seeks the manager. */
        CONNECTING,
        /** Between mark and sweep. */
        DUMPING,
        /** Follows events. */
        LIVE,
        STOPPED
    }

    /** Objects of this type in any status. */
    public int count(MessageType type) {
        return objects.getOrDefault(type, Map.of()).values().stream().mapToInt(n -> n).sum();
    }

    public int count(MessageType type, Status status) {
        return objects.getOrDefault(type, Map.of()).getOrDefault(status, 0);
    }
}
