package floof.sync;

import floof.base.Family;
import floof.base.Prefix;
import floof.fpc.Feature;
import floof.fpc.Message;
import floof.fpc.MessageType;
import floof.fpc.Reply;
import floof.fpc.Report;
import floof.fpc.RouteType;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The objects to be sent, and the messages in flight. Its monitor guards it and every {@link
 * Cache}. Threads hold it only briefly, never while they send or dump.
 */
final class Outbox {
    /** A message in flight. */
    record Sending(Entry entry, Message.Request message, long sinceNs, int generation) {}

    /** The order of sending: objects that others depend on first, the most numerous last. */
    private static final List<MessageType> ORDER =
            List.of(
                    MessageType.POLICY,
                    MessageType.LINK,
                    MessageType.ADDRESS,
                    MessageType.NEIGHBOUR,
                    MessageType.ROUTE);

    private static final int RETRIES_MAX = 4096;

    private final Map<MessageType, ArrayDeque<Entry>> queues = new EnumMap<>(MessageType.class);
    private final Map<MessageType, int[]> counts = new EnumMap<>(MessageType.class);
    private final ArrayDeque<Sending> flying = new ArrayDeque<>();

    /** Routes that did not fit, by family. */
    private final List<ArrayDeque<Entry>> full = List.of(new ArrayDeque<>(), new ArrayDeque<>());

    private int retries = 1;

    /** Routes refused as FULL since the last {@link #retryFull}. */
    private int refusals;

    private int queued;
    private int generation;
    private long features;
    private boolean isStale;

    Outbox() {
        for (MessageType type : ORDER) {
            queues.put(type, new ArrayDeque<>());
            counts.put(type, new int[Status.values().length]);
        }
    }

    private static <V> V of(Map<MessageType, V> map, MessageType type) {
        return java.util.Objects.requireNonNull(map.get(type));
    }

    void count(Entry entry, int change) {
        of(counts, entry.type)[entry.status.ordinal()] += change;
    }

    /** Sets the status of the object. */
    void settle(Entry entry, Status status, String fault) {
        if (entry.isRefused) {
            entry.isRefused = false;
            entry.cache.routesRefused(-1);
        }
        if (entry.status != status) {
            count(entry, -1);
            entry.status = status;
            count(entry, 1);
        }
        entry.fault = fault;
    }

    private void refused(Entry entry, Reply reply) {
        settle(entry, Status.FAILED, reply.report() + ": " + reply.text());
        boolean isFull = reply.report() == Report.FULL && Feature.OVERFLOW.isIn(features);
        if (entry.type == MessageType.ROUTE && isFull) {
            waitForRoom(entry);
        } else if (entry.type == MessageType.ROUTE && reply.report() != Report.NOT_FOUND) {
            // NOT_FOUND: a next hop's link is missing; the route is programmed, and leads to Linux.
            entry.isRefused = true;
            entry.cache.routesRefused(1);
        }
        if (reply.report() == Report.STALE) {
            isStale = true;
            notifyAll();
        }
    }

    private void waitForRoom(Entry entry) {
        refusals++;
        if (!entry.waitsForRoom) {
            entry.waitsForRoom = true;
            full.get(((Prefix) entry.key).family().ordinal()).add(entry);
        }
    }

    /**
     * Retries routes that did not fit, oldest first: one of each family at first, then twice as
     * many each time that none is refused.
     */
    void retryFull() {
        if (refusals != 0) {
            retries = 1;
        } else if (retries < RETRIES_MAX) {
            retries *= 2;
        }
        refusals = 0;
        for (ArrayDeque<Entry> waiting : full) {
            for (int i = 0; i < retries && !waiting.isEmpty(); i++) {
                Entry entry = waiting.remove();
                entry.waitsForRoom = false;
                if (entry.status == Status.FAILED) {
                    entry.isForced = true;
                    touch(entry);
                }
            }
        }
    }

    /** Whether some routes do not fit. */
    synchronized boolean hasFull() {
        return waitingForRoom() > 0;
    }

    int waitingForRoom() {
        return full.stream().mapToInt(ArrayDeque::size).sum();
    }

    /** Queues an object that may have changed. */
    void touch(Entry entry) {
        if (!entry.isQueued) {
            entry.isQueued = true;
            entry.sinceNs = System.nanoTime();
            of(queues, entry.type).add(entry);
            queued++;
            if (queued == 1) {
                notifyAll();
            }
        }
    }

    /** Takes up to this many objects from the queues, with the message for each. */
    List<Sending> take(int max) {
        List<Sending> batch = new ArrayList<>(max);
        for (MessageType type : ORDER) {
            ArrayDeque<Entry> queue = of(queues, type);
            while (batch.size() < max && !queue.isEmpty()) {
                Entry entry = queue.remove();
                queued--;
                entry.isQueued = false;
                Message.Request message = due(entry);
                if (message != null) {
                    entry.isForced = false;
                    entry.last = message;
                    entry.flying++;
                    settle(entry, Status.PENDING, "");
                    Sending sending = new Sending(entry, message, entry.sinceNs, generation);
                    flying.add(sending);
                    batch.add(sending);
                }
            }
        }
        return batch;
    }

    /**
     * The message for the object's current state; none if the manager has that state, or must not
     * get it.
     */
    private Message.@Nullable Request due(Entry entry) {
        Message.Request desired = entry.desired();
        Message.Request last = entry.last;
        if (desired != null) {
            desired = understood(desired);
            if (desired == null) {
                settle(entry, Status.UNSUPPORTED, "the manager does not know its family");
                return null;
            }
            if (entry.isForced || !desired.equals(last)) {
                return desired;
            }
            if (entry.flying == 0 && entry.status == Status.PENDING) {
                settle(entry, Status.INSTALLED, "");
            }
            return null;
        }
        if (last != null && (entry.isForced || Translation.isPresent(last))) {
            if (entry.key instanceof Integer ifindex) {
                entry.cache.linkLeaves(ifindex);
            }
            return Translation.absent(last);
        }
        if (entry.flying == 0) {
            entry.cache.forget(entry);
        }
        return null;
    }

    /** Adapts a message to the manager's features. */
    private Message.@Nullable Request understood(Message.Request request) {
        Feature family = Translation.family(request) == Family.IP4 ? Feature.IP4 : Feature.IP6;
        if (!family.isIn(features)) {
            return null;
        }
        if (request instanceof Message.Route route
                && route.nextHops().size() > 1
                && !Feature.MULTIPATH.isIn(features)) {
            return new Message.Route(
                    route.vrf(),
                    route.prefix(),
                    RouteType.UNSUPPORTED,
                    route.metric(),
                    route.protocol(),
                    List.of(),
                    true);
        }
        return request;
    }

    /** Handles the manager's reply to a message; replies arrive in the order of {@link #take}. */
    synchronized void acknowledged(Sending sending, Reply reply) {
        if (sending.generation() != generation) {
            return;
        }
        flying.remove();
        Entry entry = sending.entry();
        entry.flying--;
        if (entry.last == sending.message()) {
            boolean isPresent = Translation.isPresent(sending.message());
            boolean isDone = reply.isOk() || !isPresent && reply.report() == Report.NOT_FOUND;
            if (entry.isQueued) {
                entry.isForced |= !isDone;
            } else if (!isDone) {
                refused(entry, reply);
            } else if (isPresent) {
                settle(entry, Status.INSTALLED, "");
            } else {
                entry.cache.forget(entry);
            }
        }
        if (queued == 0 && flying.isEmpty()) {
            notifyAll();
        }
    }

    /** Forgets everything that was sent: a manager with these features starts from nothing. */
    void restart(long managerFeatures) {
        generation++;
        isStale = false;
        features = managerFeatures;
        flying.clear();
        queues.values().forEach(ArrayDeque::clear);
        full.forEach(ArrayDeque::clear);
        queued = 0;
    }

    /** Resets an entry: the manager does not have it. */
    void unsend(Entry entry) {
        entry.last = null;
        entry.flying = 0;
        entry.isQueued = false;
        entry.isForced = false;
        entry.waitsForRoom = false;
        settle(entry, Status.PENDING, "");
    }

    /** The manager has another resync than ours: another client marked one. */
    synchronized boolean isStale() {
        return isStale;
    }

    boolean hasQueued() {
        return queued > 0;
    }

    boolean isIdle() {
        return queued == 0 && flying.isEmpty();
    }

    int pending() {
        return queued + flying.size();
    }

    /** Age of the oldest unacknowledged change. */
    long lagNs() {
        long oldestNs = 0;
        long nowNs = System.nanoTime();
        if (!flying.isEmpty()) {
            oldestNs = nowNs - flying.element().sinceNs();
        }
        for (ArrayDeque<Entry> queue : queues.values()) {
            if (!queue.isEmpty()) {
                oldestNs = Math.max(oldestNs, nowNs - queue.element().sinceNs);
            }
        }
        return oldestNs;
    }

    Map<MessageType, Map<Status, Integer>> counts() {
        Map<MessageType, Map<Status, Integer>> copy = new EnumMap<>(MessageType.class);
        counts.forEach((type, byStatus) -> {
            Map<Status, Integer> inner = new EnumMap<>(Status.class);
            for (Status status : Status.values()) {
                inner.put(status, byStatus[status.ordinal()]);
            }
            copy.put(type, inner);
        });
        return copy;
    }
}
