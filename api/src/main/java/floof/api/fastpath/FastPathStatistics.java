package floof.api.fastpath;

import floof.base.Reason;
import java.util.List;
import java.util.Locale;

/**
 * Counters of the fast path since its tables were made.
 *
 * @param received packets in from all ports
 * @param forwarded packets out to all ports by the fast path itself
 * @param excepted packets handed to Linux
 * @param dropped packets discarded, policed ones included
 * @param fromLinux packets of Linux sent out
 * @param workers the same numbers by worker, as far as it ever counted
 * @param reasons one per {@link Reason} that was counted, in the order of the enum
 */
public record FastPathStatistics(
        long received,
        long forwarded,
        long excepted,
        long dropped,
        long fromLinux,
        List<ReasonCount> reasons,
        List<InterfaceCount> interfaces,
        List<WorkerCount> workers) {

    public FastPathStatistics {
        reasons = List.copyOf(reasons);
        interfaces = List.copyOf(interfaces);
        workers = List.copyOf(workers);
    }

    /**
     * @param kind {@code control} or {@code data} exceptions, or {@code drop}
     * @param packets that left for this reason, policed ones not included
     * @param policed that exceeded its rate and were dropped
     */
    public record ReasonCount(String reason, String kind, long packets, long policed, String text) {

        public ReasonCount(Reason reason, long packets, long policed) {
            this(
                    reason.label(),
                    reason.kind().name().toLowerCase(Locale.ROOT),
                    packets,
                    policed,
                    reason.text());
        }
    }

    /** What one worker did. */
    public record WorkerCount(
            int worker, long received, long sent, long excepted, long dropped, long fromLinux) {}

    /**
     * Traffic of one interface at the wire.
     *
     * @param fromLinux of the packets sent, those that Linux made
     * @param excepted of the packets received, those handed to Linux
     * @param dropped packets discarded that were received here, or were to be sent
     * @param drops the same by reason; over all interfaces they are the sums of {@code reasons}
     */
    public record InterfaceCount(
            String name,
            long rxPackets,
            long rxBytes,
            long txPackets,
            long txBytes,
            long fromLinux,
            long excepted,
            long dropped,
            List<DropCount> drops) {

        public InterfaceCount {
            drops = List.copyOf(drops);
        }
    }

    /**
     * What one interface discarded for a reason.
     *
     * @param packets policed ones where the reason is that of an exception
     */
    public record DropCount(String reason, long packets) {}
}
