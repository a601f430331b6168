package floof.api.network;

import floof.api.fastpath.FastPathStatistics;
import org.jspecify.annotations.Nullable;

/**
 * An interface with its current rates and counters.
 *
 * @param input rates of {@link InterfaceState#rx}; null where nothing is counted
 * @param output rates of {@link InterfaceState#tx}; null likewise
 * @param counts what the fast path did with its packets; null for links that are not ours
 * @param driver what the port's driver counts; null while the fast path does not have it
 */
public record InterfaceStatistics(
        InterfaceState state,
        @Nullable Rate input,
        @Nullable Rate output,
        FastPathStatistics.@Nullable InterfaceCount counts,
        Port.@Nullable Counters driver) {

    /** Over half a second; 0 where a counter began anew meanwhile. */
    public record Rate(long packetsPerSecond, long bitsPerSecond) {

        private static long perSecond(long more, double seconds) {
            return Math.max(0, Math.round(more / seconds));
        }

        /** Null when one of the readings is missing. */
        public static @Nullable Rate of(
                InterfaceState.@Nullable Traffic before,
                InterfaceState.@Nullable Traffic now,
                double seconds) {
            return before == null || now == null
                    ? null
                    : new Rate(
                            perSecond(now.packets() - before.packets(), seconds),
                            perSecond(8 * (now.bytes() - before.bytes()), seconds));
        }
    }
}
