package floof.api.fastpath;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * DPDK in the fast path.
 *
 * @param version of its libraries; null where the fast path runs without it
 * @param hugePages whether its memory is on huge pages of the host's pool
 * @param buffers of packets, in use or free
 */
public record DpdkState(
        @Nullable String version,
        boolean hugePages,
        int buffers,
        int freeBuffers,
        List<Port> ports) {

    /**
     * A port with driver dpdk.
     *
     * @param device DPDK's name of it
     * @param driver DPDK's driver
     * @param link {@code up} or {@code down}
     */
    public record Port(
            String name,
            String device,
            String driver,
            String arguments,
            String mac,
            String link,
            int rxQueues,
            int txQueues) {}

    /** What a driver counts (xstats), by DPDK's name for it. */
    public record Counter(String port, String name, long value) {}
}
