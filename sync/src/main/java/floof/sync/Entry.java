package floof.sync;

import floof.fpc.Message;
import floof.fpc.MessageType;
import floof.fpc.NeighbourState;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** An object of Linux, and its state in the manager. Guarded by its {@link Outbox}. */
abstract sealed class Entry {
    final Cache cache;
    final Object key;
    final MessageType type;

    /**
     * The last message about it, acknowledged or in flight; none if the manager does not have it.
     */
    Message.@Nullable Request last;

    Status status = Status.PENDING;
    String fault = "";
    boolean isQueued;

    /** To be sent even if {@link #last} is equal. */
    boolean isForced;

    /** Whether it counts among its cache's refused routes. */
    boolean isRefused;

    /** Refused as FULL, and in the queue of {@link Outbox#retryFull}. */
    boolean waitsForRoom;

    /** Messages in flight. */
    int flying;

    /** The time since which it waits to be sent. */
    long sinceNs;

    /** The dump that last saw it. */
    int round;

    private Entry(Cache cache, Object key, MessageType type) {
        this.cache = cache;
        this.key = key;
        this.type = type;
    }

    /** The state that the manager should have; none if the object should not exist. */
    abstract Message.@Nullable Request desired();

    /** Whether the manager's state differs from the wanted one. */
    boolean isDifferent() {
        Message.Request desired = desired();
        return desired == null
                ? last != null && Translation.isPresent(last)
                : !desired.equals(last);
    }

    /** A link, an address, a neighbour, or the policy of a namespace. */
    static sealed class Plain<M extends Message.Request> extends Entry {
        private @Nullable M desired;

        Plain(Cache cache, Object key, MessageType type) {
            super(cache, key, type);
        }

        @Override
        @Nullable M desired() {
            return desired;
        }

        /** True when that is news. */
        boolean desire(@Nullable M request) {
            boolean isNew = !java.util.Objects.equals(desired, request);
            desired = request;
            return isNew;
        }
    }

    static final class Neighbour extends Plain<Message.Neighbour> {
        long probedNs;

        Neighbour(Cache cache, Object key) {
            super(cache, key, MessageType.NEIGHBOUR);
        }

        boolean isStale() {
            Message.Neighbour desired = desired();
            return desired != null && desired.state() == NeighbourState.STALE;
        }
    }

    /** All routes of one prefix. */
    static final class Route extends Entry {
        List<LinuxRoute> candidates = List.of();

        Route(Cache cache, floof.base.Prefix prefix) {
            super(cache, prefix, MessageType.ROUTE);
        }

        @Override
        Message.@Nullable Request desired() {
            return LinuxRoute.best(cache.vrf(), (floof.base.Prefix) key, candidates);
        }
    }
}
