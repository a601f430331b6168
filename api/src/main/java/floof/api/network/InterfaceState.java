package floof.api.network;

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
 * @param duplicates those of its addresses that another host on the link has, which Linux does not
 *     use (RFC 4862)
 * @param tentative those of its addresses of which that is not known yet
 * @param fault why it does not work as configured; empty when it does
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
        @Nullable Traffic tx,
        List<InterfaceAddress> duplicates,
        List<InterfaceAddress> tentative,
        String fault) {

    public InterfaceState {
        addresses = List.copyOf(addresses);
        duplicates = List.copyOf(duplicates);
        tentative = List.copyOf(tentative);
    }

    /** Packets and bytes since the fast path's tables were made. */
    public record Traffic(long packets, long bytes) {}
}
