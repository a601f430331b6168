package floof.control;

import floof.control.instance.Instance;
import floof.linux.LinuxException;
import floof.linux.NetworkNamespace;
import floof.linux.netlink.Link;
import floof.linux.netlink.MalformedNetlink;
import floof.linux.netlink.NetlinkOverrun;
import floof.linux.netlink.RtnetlinkEvents;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Lets the carrier of each twin follow the operational state of its device. A thread of its own.
 */
final class CarrierWatch implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(CarrierWatch.class);

    /** Links change seldom; a thousand events fit. */
    private static final int RECEIVE_BUFFER_BYTES = 1 << 20;

    /** How long the end may wait for the thread; an event is handled at once. */
    private static final int SLICE_MS = 200;

    private final Ports ports;
    private final RtnetlinkEvents events;
    private final Thread thread;
    private volatile boolean isClosed;

    CarrierWatch(Instance instance, Ports ports) {
        this.ports = ports;
        events =
                NetworkNamespace.call(
                        instance.ports(),
                        () -> RtnetlinkEvents.open("carrier watch", RECEIVE_BUFFER_BYTES));
        thread = Thread.ofPlatform().name("carrier-watch").start(this::run);
    }

    private void run() {
        ports.carriers();
        while (!isClosed) {
            try {
                events.receive(
                        SLICE_MS,
                        event -> {
                            if (event.present() && event.object() instanceof Link link) {
                                ports.carrier(link);
                            }
                        });
            } catch (NetlinkOverrun e) {
                ports.carriers();
            } catch (MalformedNetlink | LinuxException e) {
                LOG.warn("carrier watch: {}", e.getMessage());
                ports.carriers();
            }
        }
        events.close();
    }

    @Override
    public void close() {
        isClosed = true;
        try {
            thread.join(5_000);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
