package floof.api;

import org.jspecify.annotations.Nullable;

/**
 * An interface, what it moves now, and what becomes of it.
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

    /** Over half a second. */
    public record Rate(long packetsPerSecond, long bitsPerSecond) {

        /** Null when one of the readings is missing. */
        public static @Nullable Rate of(
                InterfaceState.@Nullable Traffic before,
                InterfaceState.@Nullable Traffic now,
                double seconds) {
            return before == null || now == null
                    ? null
                    : new Rate(
                            Math.round((now.packets() - before.packets()) / seconds),
                            Math.round(8 * (now.bytes() - before.bytes()) / seconds));
        }
    }
}
