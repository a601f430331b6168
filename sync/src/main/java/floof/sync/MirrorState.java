package floof.sync;

import floof.fpc.MessageType;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How far the fast path mirrors Linux.
 *
 * @param lagMs age of the oldest unacknowledged change; 0 if there is none
 * @param pending changes queued or in flight
 * @param objects number of objects by type and status
 * @param events from Linux since the start
 * @param overruns how often the kernel lost events for us
 * @param resyncs completed rounds of mark, dump and sweep
 * @param lastResync end of the last one
 * @param audits completed comparisons
 * @param repairs objects that an audit found to differ, except states of neighbours: Linux does not
 *     report all of their changes
 * @param probes neighbours in use that Linux was asked to probe
 * @param waitingForRoom routes that do not fit into the fast path's tables
 * @param obstacles why all traffic is left to Linux: routing rules beyond the default ones, and
 *     routes that act like rules, in all namespaces
 * @param error what currently keeps the mirror from following Linux; empty for nothing
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

    /** The phase of the mirror. */
    public enum Phase {
        /** Connecting to the manager. */
        CONNECTING,
        /** Between mark and sweep. */
        DUMPING,
        /** Following events. */
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
