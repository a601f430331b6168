package floof.api.network;

import floof.base.IpAddress;
import floof.base.Prefix;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One route to a prefix.
 *
 * @param protocol as operators call it: {@code Direct}, {@code Local}, {@code Static}, {@code BGP},
 *     {@code Kernel}
 * @param preference lower wins between protocols: 0 direct, 5 static, 170 BGP
 * @param metric kernel metric, or MED for BGP; null when unknown
 * @param since when it came, or null when unknown
 * @param active the one that forwards
 * @param state what the fast path has made of it
 * @param type how packets leave
 * @param nextHops ways of a UNICAST route; of a LOCAL one the interface that has the address; empty
 *     for the others
 * @param localPreference BGP only
 * @param asPath BGP only, as text, e.g. {@code 65001 65002 I}
 * @param from BGP only: the peer's name and the neighbor's address
 * @param stale kept for a neighbor whose session is down (graceful restart)
 * @param reason why it cannot be used, of a hidden one
 * @param attributes of BGP, by the routing daemon's names, e.g. {@code BGP.community}
 */
public record Route(
        Prefix prefix,
        String protocol,
        int preference,
        @Nullable Long metric,
        @Nullable Instant since,
        boolean active,
        State state,
        Type type,
        List<NextHop> nextHops,
        @Nullable Long localPreference,
        @Nullable String asPath,
        @Nullable String from,
        boolean stale,
        @Nullable String reason,
        Map<String, String> attributes) {

    public Route {
        nextHops = List.copyOf(nextHops);
        attributes = Collections.unmodifiableMap(attributes);
    }

    /** How packets leave. */
    public enum Type {
        UNICAST,
        LOCAL,
        BLACKHOLE,
        UNREACHABLE,
        PROHIBIT
    }

    /** Whether the fast path forwards by it. */
    public enum State {
        /** The fast path has it. */
        PROGRAMMED,
        /** On its way to the fast path. */
        PENDING,
        /** Linux forwards; the fast path cannot. */
        EXCEPTION,
        /** Linux forwards; the fast path's tables have no room for it. */
        REFUSED,
        /** Not the best one: nobody forwards by it. */
        INACTIVE,
        /** It cannot be used. */
        HIDDEN,
        /** The fast path was not asked: the question was about a neighbor. */
        UNKNOWN
    }

    /**
     * @param gateway null on a connected subnet
     * @param weight 1 and up; shares of the flows
     */
    public record NextHop(@Nullable IpAddress gateway, String interfaceName, int weight) {}
}
