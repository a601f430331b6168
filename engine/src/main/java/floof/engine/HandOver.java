package floof.engine;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.List;

/**
 * Hands packets over to the workers to which their flows belong: a ring to each other worker and
 * one from each. Free when there is only one worker.
 *
 * <p>When a packet belongs to another worker ({@link #owner}), a node stages it and gives it the
 * exit {@code hand-over}. The node of that name publishes staged packets, once per frame, when the
 * graph is done with them. A packet that does not fit into the ring stays with the node, which
 * drops it under its reason. The other worker continues at the node that was named. Any worker may
 * free the buffer; {@link BufferPool} allows that.
 *
 * <p>A worker that is about to sleep announces it, then checks its rings once more. A worker that
 * hands over publishes, then checks whether the other one sleeps. A full fence separates the two
 * steps of each, so at least one of them sees the other. Only sleeping workers are woken.
 *
 * <p>Thread: its worker; counters any.
 */
public final class HandOver {

    private static final VarHandle ASLEEP;

    static {
        try {
            ASLEEP =
                    MethodHandles.lookup().findVarHandle(HandOver.class, "isAsleep", boolean.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    /** Most packets that wait for a worker, from each of the others. */
    public static final int RING_PACKETS = HandOverRing.CAPACITY;

    /** Counter: packets handed to other workers. */
    public static final int GIVEN = 0;

    /** Counter: packets taken from other workers. */
    public static final int TAKEN = 1;

    /** Counter: packets not handed over because the ring was full. */
    public static final int FULL = 2;

    /** Counter: workers woken. */
    public static final int WOKEN = 3;

    private final int number;
    private final Waiter waiter;
    private final HandOver[] workers;

    /** By the number of the other worker; the ring to itself stays empty. */
    private final HandOverRing[] to;

    /** The waiters of the other workers. */
    private final HandOverRing[] from;

    private final long[] entries = new long[Frame.SIZE];
    private final Tally counters = new Tally(4);
    private boolean hasStaged;
    private int last;

    @SuppressWarnings("UnusedVariable") // through ASLEEP
    private boolean isAsleep;

    private HandOver(int number, Waiter waiter, HandOver[] workers) {
        this.number = number;
        this.waiter = waiter;
        this.workers = workers;
        to = new HandOverRing[workers.length];
        from = new HandOverRing[workers.length - 1];
    }

    /**
     * Creates one per worker, by its number, with a ring per ordered pair.
     *
     * @param waiters in which the workers sleep; at most 64
     */
    public static List<HandOver> among(List<? extends Waiter> waiters) {
        HandOver[] all = new HandOver[waiters.size()];
        for (int i = 0; i < all.length; i++) {
            all[i] = new HandOver(i, waiters.get(i), all);
        }
        for (HandOver giver : all) {
            for (HandOver taker : all) {
                HandOverRing ring = new HandOverRing();
                giver.to[taker.number] = ring;
                if (giver != taker) {
                    taker.from[giver.number < taker.number ? giver.number : giver.number - 1] =
                            ring;
                }
            }
        }
        return List.of(all);
    }

    /** The hand-over of a single worker, which never hands anything over. */
    public static HandOver alone() {
        return among(List.of(Waiter.AWAKE)).getFirst();
    }

    /** The number of its worker, from 0 to one less than {@link #workers}. */
    public int number() {
        return number;
    }

    public int workers() {
        return workers.length;
    }

    /** The worker that owns all flows with this hash; every bit of it counts. */
    public int owner(int hash) {
        return (int) ((hash & 0xffff_ffffL) * workers.length >>> 32);
    }

    /**
     * Stages a packet for another worker. From then on the packet is no longer ours; the other
     * worker gets it at {@link #publish}.
     *
     * @param worker the number of another worker
     * @param node the node at which the packet continues, by its index in the graph, which all
     *     workers share
     * @return false if the ring is full, which is counted: the packet stays ours
     */
    public boolean stage(int worker, int node, long packet) {
        if (!to[worker].stage(packet, node)) {
            counters.add(FULL, 1);
            return false;
        }
        hasStaged = true;
        return true;
    }

    /** Publishes staged packets to the other workers and wakes those that sleep. */
    public void publish() {
        if (!hasStaged) {
            return;
        }
        hasStaged = false;
        int given = 0;
        long takers = 0;
        for (int worker = 0; worker < to.length; worker++) {
            int count = to[worker].publish();
            given += count;
            takers |= count == 0 ? 0 : 1L << worker;
        }
        counters.add(GIVEN, given);
        VarHandle.fullFence();
        for (; takers != 0; takers &= takers - 1) {
            HandOver other = workers[Long.numberOfTrailingZeros(takers)];
            if ((boolean) ASLEEP.getOpaque(other) && ASLEEP.compareAndSet(other, true, false)) {
                other.waiter.wake();
                counters.add(WOKEN, 1);
            }
        }
    }

    /**
     * Moves packets from other workers into the frames of their nodes, at most one frame in all;
     * the graph must be empty. Starts with another worker each time, so that none waits for the
     * rest.
     *
     * @return how many packets
     */
    public int take(Graph graph, Trace trace, long nowNs) {
        int count = 0;
        for (int i = 0; i < from.length && count < Frame.SIZE; i++) {
            last = last + 1 >= from.length ? 0 : last + 1;
            int taken = from[last].take(entries, Frame.SIZE - count);
            for (int e = 0; e < taken; e++) {
                add(graph, trace, entries[e], nowNs);
            }
            count += taken;
        }
        if (count != 0) {
            counters.add(TAKEN, count);
        }
        return count;
    }

    /** The sender's trace is not ours: it ended there, and may continue here. */
    private static void add(Graph graph, Trace trace, long entry, long nowNs) {
        long packet = HandOverRing.packet(entry);
        Frame frame = graph.pending(HandOverRing.node(entry));
        Packet.clearTraced(packet);
        frame.add(packet);
        if (trace.isWanted()) {
            trace.mark(frame, frame.count - 1, Packet.port(packet), nowNs);
        }
    }

    /**
     * Announces that the worker is about to sleep.
     *
     * @return false if packets wait: then it must not sleep
     */
    boolean fallAsleep() {
        ASLEEP.setOpaque(this, true);
        VarHandle.fullFence();
        for (HandOverRing ring : from) {
            if (!ring.isEmpty()) {
                awake();
                return false;
            }
        }
        return true;
    }

    /** The worker is awake again. */
    void awake() {
        ASLEEP.setOpaque(this, false);
    }

    /** One of {@link #GIVEN} ... {@link #WOKEN}. Thread: any. */
    public long counter(int counter) {
        return counters.get(counter);
    }
}
