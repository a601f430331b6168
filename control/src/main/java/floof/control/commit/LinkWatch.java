package floof.control.commit;

import floof.base.task.Task;
import floof.base.task.Tasks;
import floof.control.instance.Instance;
import floof.linux.netlink.MalformedNetlink;
import floof.linux.netlink.NetlinkOverrun;
import floof.linux.netlink.RtnetlinkEvents;
import floof.linux.system.NetworkNamespace;
import java.time.Duration;
import java.util.function.BooleanSupplier;

/**
 * Has the configuration followed again when links or addresses change behind our back: in the
 * dataplane namespace, in that of hidden devices, and where devices come from. Also looks by itself
 * now and then. Task {@code link-watch}.
 */
public final class LinkWatch implements AutoCloseable {

    /** What follows the configuration. */
    @FunctionalInterface
    interface Follower {

        /**
         * Makes the system follow.
         *
         * @param isByItself without an event; to be as good as new, it may disturb a little
         * @return whether it could
         */
        boolean follow(boolean isByItself);
    }

    /** Links change seldom; a thousand events fit. */
    private static final int RECEIVE_BUFFER_BYTES = 1 << 20;

    /** How long the end may wait for the thread. */
    private static final int SLICE_MS = 200;

    /** One cause changes several things, one after the other. */
    private static final Duration SETTLING = Duration.ofMillis(300);

    /**
     * What cannot be had is not asked for all the time, as asking causes events too: after that,
     * then after twice as long, up to {@link #BY_ITSELF}.
     */
    private static final Duration AFTER_FAILURE = Duration.ofSeconds(5);

    private static final Duration BY_ITSELF = Duration.ofMinutes(1);

    private final Instance instance;
    private final Follower follower;
    private final BooleanSupplier isWaiting;
    private final Task task;

    /**
     * @param isWaiting whether something was left out: a device that comes may be the one
     */
    LinkWatch(Instance instance, Follower follower, BooleanSupplier isWaiting, Tasks tasks) {
        this.instance = instance;
        this.follower = follower;
        this.isWaiting = isWaiting;
        this.task = tasks.start("link-watch", Task.Failure.RESTART, this::run);
    }

    private static RtnetlinkEvents open() {
        return RtnetlinkEvents.ofLinks("link watch", RECEIVE_BUFFER_BYTES);
    }

    private void run(Task self) {
        try (RtnetlinkEvents twins = NetworkNamespace.call(instance.dataplane(), LinkWatch::open);
                RtnetlinkEvents devices = NetworkNamespace.call(instance.ports(), LinkWatch::open);
                RtnetlinkEvents home = open()) {
            long nextNs = System.nanoTime() + BY_ITSELF.toNanos();
            long notBeforeNs = System.nanoTime();
            Duration pause = AFTER_FAILURE;
            boolean isNews = true; // what happened before we listened
            while (!self.isEnding()) {
                isNews |= has(twins, SLICE_MS) | has(devices, 0);
                isNews |= has(home, 0) && isWaiting.getAsBoolean();
                boolean isTime = System.nanoTime() - nextNs >= 0;
                if (isTime || isNews && System.nanoTime() - notBeforeNs >= 0) {
                    self.pause(SETTLING);
                    has(twins, 0);
                    has(devices, 0);
                    has(home, 0);
                    // What it does is news too, of which nothing follows when it was enough.
                    isNews = false;
                    boolean isDone = follower.follow(isTime);
                    long nowNs = System.nanoTime();
                    nextNs = nowNs + (isDone ? BY_ITSELF : pause).toNanos();
                    if (isDone) {
                        pause = AFTER_FAILURE;
                    } else {
                        has(twins, 0);
                        has(devices, 0);
                        notBeforeNs = nowNs + AFTER_FAILURE.toNanos();
                        pause = pause.multipliedBy(2);
                        pause = pause.compareTo(BY_ITSELF) < 0 ? pause : BY_ITSELF;
                    }
                }
            }
        }
    }

    /** Whether there were events; all are read. */
    private static boolean has(RtnetlinkEvents events, int timeoutMs) {
        boolean has = false;
        int waitMs = timeoutMs;
        while (true) {
            try {
                if (!events.receive(waitMs, event -> {})) {
                    return has;
                }
            } catch (NetlinkOverrun | MalformedNetlink e) {
                // Whatever it was, it was something.
            }
            has = true;
            waitMs = 0;
        }
    }

    @Override
    public void close() {
        task.close();
    }
}
