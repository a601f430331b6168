package floof.sync;

import floof.base.task.Task;
import floof.base.task.Tasks;
import floof.linux.error.LinuxException;
import floof.linux.netlink.MalformedNetlink;
import floof.linux.netlink.NetlinkOverrun;
import floof.linux.netlink.RtnetlinkEvent;
import floof.linux.netlink.RtnetlinkEvents;
import floof.linux.system.NetworkNamespace;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads the events of one namespace into its cache, in its own task that waits for nothing else.
 * When events are lost it opens a new socket and requests a dump.
 */
final class EventReader {
    private static final Logger LOG = LoggerFactory.getLogger(EventReader.class);

    /** The longest time that {@link #stop} takes. */
    private static final int WAIT_MS = 50;

    private final MirroredNamespace namespace;
    private final MirrorSettings settings;
    private final Cache cache;
    private final Outbox outbox;
    private @Nullable Task task;

    // Guarded by the outbox.
    private boolean isListening;
    private boolean needsDump = true;
    private long drainedNs;
    private long events;
    private long overruns;
    private String lastError = "";

    EventReader(MirroredNamespace namespace, MirrorSettings settings, Cache cache, Outbox outbox) {
        this.namespace = namespace;
        this.settings = settings;
        this.cache = cache;
        this.outbox = outbox;
    }

    void start(Tasks tasks) {
        task = tasks.start("sync-" + namespace.name(), Task.Failure.RESTART, this::run);
    }

    void stop() {
        if (task != null) {
            task.close();
        }
    }

    private void run(Task self) {
        while (!self.isEnding()) {
            try (RtnetlinkEvents socket =
                    NetworkNamespace.call(namespace.path(), this::openSocket)) {
                synchronized (outbox) {
                    isListening = true;
                    outbox.notifyAll();
                }
                listen(socket, self);
            } catch (NetlinkOverrun e) {
                LOG.warn("{}: overrun, all is read again: {}", namespace.name(), e.getMessage());
                lost(e, true);
            } catch (MalformedNetlink | LinuxException e) {
                LOG.error("{}: {}", namespace.name(), e.getMessage());
                lost(e, false);
                self.pause(settings.retry());
            } catch (RuntimeException | Error e) {
                lost(e, false);
                throw e;
            }
        }
    }

    private RtnetlinkEvents openSocket() {
        return RtnetlinkEvents.open("events of " + namespace.name(), settings.receiveBufferBytes());
    }

    private void listen(RtnetlinkEvents socket, Task self) throws NetlinkOverrun {
        while (!self.isEnding()) {
            boolean isDrained = !socket.receive(0, this::on);
            if (isDrained) {
                synchronized (outbox) {
                    drainedNs = System.nanoTime();
                    outbox.notifyAll();
                }
                socket.receive(WAIT_MS, this::on);
            }
        }
    }

    private void on(RtnetlinkEvent event) {
        synchronized (outbox) {
            events++;
            if (!cache.on(event) && !needsDump) {
                needsDump = true;
                lastError = "more than " + Cache.MAX_HELD + " events during a dump";
            }
        }
    }

    private void lost(Throwable why, boolean isOverrun) {
        synchronized (outbox) {
            isListening = false;
            needsDump = true;
            overruns += isOverrun ? 1 : 0;
            lastError = namespace.name() + ": " + why.getMessage();
            outbox.notifyAll();
        }
    }

    // ---- guarded by the outbox ----------------------------------------------------------------

    /** Whether events arrive, so that a dump loses no later change. */
    boolean isListening() {
        return isListening;
    }

    boolean needsDump() {
        return needsDump;
    }

    /** Marks the last dump as unreliable. */
    void demandDump() {
        needsDump = true;
    }

    /** Called when a dump begins: earlier losses no longer matter. */
    void dumpBegins() {
        needsDump = false;
    }

    /** Called after a complete dump: earlier faults are repaired, unless events were lost again. */
    void caughtUp() {
        lastError = needsDump ? lastError : "";
    }

    /** When the socket was last found empty. */
    long drainedNs() {
        return drainedNs;
    }

    long events() {
        return events;
    }

    long overruns() {
        return overruns;
    }

    String lastError() {
        return lastError;
    }
}
