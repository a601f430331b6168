package floof.api;

import floof.base.InterfaceAddress;
import floof.base.MacAddress;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An interface as Linux and the fast path see it now.
 *
 * @param up administratively up
 * @param running with carrier
 * @param mac null for links without one
 * @param description empty when none is configured
 * @param device kernel device behind it, null for {@code tap} and for links that are not ours
 * @param driver {@code af-packet}, {@code tap}; null for links of Linux that are not ours
 * @param rx packets in from the wire; null when the fast path does not count this link
 * @param tx packets out to the wire; null likewise
 */
public record InterfaceState(
        String name,
        int ifindex,
        boolean up,
        boolean running,
        @Nullable MacAddress mac,
        int mtu,
        String description,
        List<InterfaceAddress> addresses,
        @Nullable String device,
        @Nullable String driver,
        @Nullable Traffic rx,
        @Nullable Traffic tx) {

    public InterfaceState {
        addresses = List.copyOf(addresses);
    }

    /** Packets and bytes since the fast path's tables were made. */
    public record Traffic(long packets, long bytes) {}
}
