package floof.control.port;

import floof.base.task.Task;
import floof.base.task.Tasks;
import floof.control.instance.Instance;
import floof.linux.error.LinuxException;
import floof.linux.netlink.Link;
import floof.linux.netlink.MalformedNetlink;
import floof.linux.netlink.NetlinkOverrun;
import floof.linux.netlink.RtnetlinkEvent;
import floof.linux.netlink.RtnetlinkEvents;
import floof.linux.system.NetworkNamespace;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Lets the carrier of each twin follow the operational state of its device, and gives the fast path
 * again the ports that it refused when it started. Task {@code port-watch}.
 */
public final class PortWatch implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(PortWatch.class);

    /** Links change seldom; a thousand events fit. */
    private static final int RECEIVE_BUFFER_BYTES = 1 << 20;

    /** How long the end may wait for the thread; an event is handled at once. */
    private static final int SLICE_MS = 200;

    /** Between two tries to give the fast path a port that it refused. */
    private static final Duration RETRY = Duration.ofSeconds(5);

    private static final Duration AFTER_FAULT = Duration.ofSeconds(1);

    private final Ports ports;
    private final Instance instance;
    private final Task task;

    public PortWatch(Instance instance, Ports ports, Tasks tasks) {
        this.instance = instance;
        this.ports = ports;
        task = tasks.start("port-watch", Task.Failure.RESTART, this::run);
    }

    private void run(Task self) {
        try (RtnetlinkEvents events =
                NetworkNamespace.call(
                        instance.ports(),
                        () -> RtnetlinkEvents.open("port watch", RECEIVE_BUFFER_BYTES))) {
            ports.carriers();
            long retriedNs = System.nanoTime();
            while (!self.isEnding()) {
                if (System.nanoTime() - retriedNs > RETRY.toNanos()) {
                    ports.retry();
                    retriedNs = System.nanoTime();
                }
                follow(events, self);
            }
        }
    }

    private void follow(RtnetlinkEvents events, Task self) {
        try {
            events.receive(SLICE_MS, this::carrier);
        } catch (NetlinkOverrun e) {
            ports.carriers();
        } catch (MalformedNetlink | LinuxException e) {
            LOG.warn("port watch: {}", e.getMessage());
            ports.carriers();
            self.pause(AFTER_FAULT); // what stays wrong takes no processor
        }
    }

    private void carrier(RtnetlinkEvent event) {
        if (event.object() instanceof Link link) {
            ports.carrier(link, event.present());
        }
    }

    @Override
    public void close() {
        task.close();
    }
}
