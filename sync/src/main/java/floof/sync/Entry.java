package floof.sync;

import floof.fpc.Message;
import floof.fpc.MessageType;
import floof.fpc.NeighbourState;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** An object of Linux and what the manager has of it. Guarded by its {@link Outbox}. */
abstract sealed class Entry {
    final Cache cache;
    final Object key;
    final MessageType type;

    /** The last message about it, acknowledged or under way; none when the manager has nothing. */
    Message.@Nullable Request last;

    Status status = Status.PENDING;
    String fault = "";
    boolean isQueued;

    /** To be sent even if {@link #last} says the same. */
    boolean isForced;

    /** Counted among its cache's refused routes. */
    boolean isRefused;

    /** Refused for want of room, and in {@link Outbox#retryFull}'s queue. */
    boolean waitsForRoom;

    /** Messages under way. */
    int flying;

    /** Since when it waits to be sent. */
    long sinceNs;

    /** The dump that last saw it. */
    int round;

    private Entry(Cache cache, Object key, MessageType type) {
        this.cache = cache;
        this.key = key;
        this.type = type;
    }

    /** What the manager should have; none when the object is not to be there. */
    abstract Message.@Nullable Request desired();

    /** What it is and what has become of it; none when it is not to be there. */
    @Nullable Mirrored mirrored() {
        Message.Request desired = desired();
        return desired == null ? null : new Mirrored(desired, status, fault);
    }

    /** Whether the manager has something else than it should. */
    boolean isDifferent() {
        Message.Request desired = desired();
        return desired == null
                ? last != null && Translation.isPresent(last)
                : !desired.equals(last);
    }

    /** A link, an address, or the policy of a namespace. */
    static final class Plain extends Entry {
        private Message.@Nullable Request desired;

        Plain(Cache cache, Object key, MessageType type) {
            super(cache, key, type);
        }

        @Override
        Message.@Nullable Request desired() {
            return desired;
        }

        /** True when that is news. */
        boolean desire(Message.@Nullable Request request) {
            boolean isNew = !java.util.Objects.equals(desired, request);
            desired = request;
            return isNew;
        }
    }

    static final class Neighbour extends Entry {
        private Message.@Nullable Neighbour desired;
        long probedNs;

        Neighbour(Cache cache, Object key) {
            super(cache, key, MessageType.NEIGHBOUR);
        }

        @Override
        Message.@Nullable Request desired() {
            return desired;
        }

        /** True when that is news. */
        boolean desire(Message.@Nullable Neighbour request) {
            boolean isNew = !java.util.Objects.equals(desired, request);
            desired = request;
            return isNew;
        }

        Message.@Nullable Neighbour neighbour() {
            return desired;
        }

        boolean isStale() {
            return desired != null && desired.state() == NeighbourState.STALE;
        }
    }

    /** All routes of one prefix. */
    static final class Route extends Entry {
        List<Candidate> candidates = List.of();

        Route(Cache cache, floof.base.Prefix prefix) {
            super(cache, prefix, MessageType.ROUTE);
        }

        @Override
        Message.@Nullable Request desired() {
            return Candidate.best(cache.vrf(), (floof.base.Prefix) key, candidates);
        }
    }
}
