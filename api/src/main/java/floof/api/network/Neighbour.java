package floof.api.network;

import floof.base.IpAddress;
import floof.base.MacAddress;
import org.jspecify.annotations.Nullable;

/**
 * A neighbour on a link (ip-neighbour(8)).
 *
 * @param mac null while unresolved
 * @param state as the kernel names it, in lower case: {@code reachable}, {@code stale}, ...
 * @param router true when it said so by IPv6 neighbour discovery
 */
public record Neighbour(
        IpAddress address,
        @Nullable MacAddress mac,
        String interfaceName,
        String state,
        boolean router) {}
