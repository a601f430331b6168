package floof.api.network;

import floof.base.IpAddress;
import java.time.Instant;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * A BGP session: one neighbour address of a peer.
 *
 * @param peer name in the configuration
 * @param description empty when none is configured
 * @param remoteAs AS number of the peer, unsigned
 * @param state of RFC 4271 8.2.2: {@code Idle}, {@code Connect}, {@code Active}, {@code OpenSent},
 *     {@code OpenConfirm}, {@code Established}
 * @param since when it entered this state, or null
 * @param lastError what ended it last or keeps it down, empty for nothing
 * @param lastErrorDirection who found it, or null
 * @param lastErrorTime when, or null
 * @param staleSince when it went down, while routes of the peer are kept; else null
 * @param counts prefixes, null unless established
 */
public record BgpSession(
        String peer,
        String description,
        IpAddress neighbor,
        long remoteAs,
        long localAs,
        String state,
        @Nullable Instant since,
        String lastError,
        @Nullable Direction lastErrorDirection,
        @Nullable Instant lastErrorTime,
        @Nullable Instant staleSince,
        @Nullable IpAddress localAddress,
        @Nullable IpAddress remoteRouterId,
        @Nullable Integer holdTimeSeconds,
        @Nullable Integer keepaliveSeconds,
        @Nullable Counts counts) {

    /** Who found an error. */
    public enum Direction {
        /** We found the error and notified the peer. */
        SENT,
        /** The peer found the error and notified us. */
        RECEIVED,
        /** TCP, or what should have been its answer. */
        TRANSPORT,
        /** We by ourselves: an interface, BFD, an operator. */
        LOCAL;

        public String label() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /**
     * Prefixes of the session.
     *
     * @param received that the peer announced
     * @param accepted of those, past our policy
     * @param active of those, in use
     * @param exported that we announce to the peer
     */
    public record Counts(long received, long accepted, long active, long exported) {}
}
