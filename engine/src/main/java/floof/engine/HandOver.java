package floof.engine;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.List;

/**
 * A worker's way to hand packets over to the others, where a flow belongs to one of them: a ring to
 * each and one from each. Of a worker alone it costs nothing.
 *
 * <p>A node that finds a packet to be another's ({@link #owner}) stages it and gives it the exit
 * {@code hand-over}; the node of that name publishes what was staged, once per frame, when the
 * graph is done with the packets. A packet that finds its ring full stays the node's, which drops
 * it under its reason. The other worker runs it from the node that was named; whoever gives the
 * buffer back, {@link BufferPool} does not care.
 *
 * <p>A worker that is about to sleep says so, then looks at its rings once more; one that hands
 * over publishes, then looks whether the other sleeps. Between the two steps of each lies a full
 * fence: one of them sees the other. Only a sleeper is woken.
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

    /** Packets that wait for a worker at most, from each of the others. */
    public static final int RING_PACKETS = HandOverRing.CAPACITY;

    /** Counter: packets given to other workers. */
    public static final int GIVEN = 0;

    /** Counter: packets taken from other workers. */
    public static final int TAKEN = 1;

    /** Counter: packets not given, as the ring was full. */
    public static final int FULL = 2;

    /** Counter: sleepers woken. */
    public static final int WOKEN = 3;

    /** Whom nobody wakes. */
    private static final Waiter NOBODY =
            new Waiter() {
                @Override
                public void await(int timeoutMs) {}

                @Override
                public void wake() {}

                @Override
                public void watch(PortEnd end) {}

                @Override
                public void forget(PortEnd end) {}
            };

    private final int number;
    private final Waiter waiter;
    private final HandOver[] workers;

    /** By the other's number; that to itself stays empty. */
    private final HandOverRing[] to;

    /** Of the others. */
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
     * One for each worker, by its number, joined by a ring per ordered pair.
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

    /** That of a worker alone, who gives nobody anything. */
    public static HandOver alone() {
        return among(List.of(NOBODY)).getFirst();
    }

    /** Of its worker, 0 to one less than {@link #workers}. */
    public int number() {
        return number;
    }

    public int workers() {
        return workers.length;
    }

    /** The worker that owns all flows of this hash, of which every bit counts. */
    public int owner(int hash) {
        return (int) ((hash & 0xffff_ffffL) * workers.length >>> 32);
    }

    /**
     * Prepares a packet for another worker. Afterwards it is that one's, but it does not have it
     * before {@link #publish}.
     *
     * @param worker another one's number
     * @param node of its graph, the same as of ours, at which it goes on
     * @return false when the ring is full, counted: the packet stays ours
     */
    public boolean stage(int worker, int node, long packet) {
        if (!to[worker].stage(packet, node)) {
            counters.add(FULL, 1);
            return false;
        }
        hasStaged = true;
        return true;
    }

    /** Gives the others what was staged for them and wakes those that sleep. */
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
     * Puts what others gave into the frames of their nodes, a frame in all at most; the graph is
     * empty. Begins with another worker each time, so that none has to wait for the rest.
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

    /** The giver's trace is not ours: it ended there, and may go on here. */
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
     * Says that the worker is about to sleep.
     *
     * @return false when there is something to take: it must not
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

    /** The worker sleeps no more. */
    void awake() {
        ASLEEP.setOpaque(this, false);
    }

    /** One of {@link #GIVEN} ... {@link #WOKEN}. Thread: any. */
    public long counter(int counter) {
        return counters.get(counter);
    }
}
