package floof.control.port;

import floof.base.MacAddress;
import floof.control.instance.Instance;
import floof.fpc.Driver;
import floof.linux.error.LinuxException;
import floof.linux.netlink.Link;
import floof.linux.system.NetworkNamespace;
import floof.linux.system.PidFd;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.zip.CRC32;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The twins: TAP devices of the ports' names and MACs in the dataplane namespace. Their open files
 * are held here as long as floofd lives, and by the fast path; a new floofd fetches them from it,
 * so that a twin never loses its last one. Thread: one at a time.
 */
final class Twins implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Twins.class);

    private final Instance instance;
    private final Links links;
    private final Map<String, Twin> twins = new HashMap<>();
    private final ExecutorService inDataplane;
    private final Doomed doomed;

    Twins(Instance instance, Links links, Doomed doomed) {
        this.instance = instance;
        this.links = links;
        this.inDataplane = NetworkNamespace.executor("ports-make", instance.dataplane());
        this.doomed = doomed;
    }

    /**
     * Takes over the twin that an earlier floofd left: through the fast path's open file, or, where
     * it has none, by attaching to the persistent device.
     *
     * @param number of the file of {@code holder}; null for none
     */
    void adopt(String port, PidFd holder, @Nullable Integer number) throws IOException {
        twins.put(
                port,
                number == null
                        ? Twin.open(port, links.dataplane(), inDataplane)
                        : Twin.fetch(port, links.dataplane(), holder, number));
    }

    /** Deletes those of ports without a device whose claims were lost: a commit makes them anew. */
    void dropUnclaimed(Set<String> claimed) {
        for (Link link : links.dataplane().links()) {
            if (!claimed.contains(link.name()) && ownMac(link.name()).equals(link.mac())) {
                LOG.warn("nothing tells of the link {}; deleting it", link.name());
                links.dataplane().deleteLink(link.index());
            }
        }
    }

    boolean has(String port) {
        return twins.containsKey(port);
    }

    Twin get(String port) throws IOException {
        Twin twin = twins.get(port);
        if (twin == null) {
            throw new IOException(port + " has no twin");
        }
        return twin;
    }

    /** Makes one with the MAC and MTU of the port's device; on failure what was made is doomed. */
    void create(Claim claim) throws IOException {
        String port = claim.port();
        Twin twin = Twin.open(port, links.dataplane(), inDataplane);
        twins.put(port, twin);
        try {
            Claim.Device device = claim.device();
            links.dataplane().setMac(twin.ifindex(), device == null ? ownMac(port) : device.mac());
            if (device != null) {
                links.dataplane().setMtu(twin.ifindex(), device.mtu());
            }
            carrier(claim);
        } catch (IOException | LinuxException e) {
            delete(claim);
            throw e;
        }
    }

    /** Whether the twin is this link. */
    boolean is(String port, Link link) {
        Twin twin = twins.get(port);
        return twin != null && twin.ifindex() == link.index();
    }

    /** Dooms one: it goes with {@link Doomed#delete}. */
    void delete(Claim claim) {
        doomed.add(claim);
        close(claim.port());
    }

    /** Lets go of one that is no more. */
    void close(String port) {
        Twin twin = twins.remove(port);
        if (twin != null) {
            twin.close();
        }
    }

    // ---- carrier ------------------------------------------------------------------------------

    /** Gives a twin, if there is one, the carrier that its device has. */
    void carrier(Claim claim) throws IOException {
        Link device = links.device(claim);
        boolean isTap = claim.driver() == Driver.TAP;
        // Without a kernel device the fast path shows the link, if there is one.
        if (claim.device() != null || isTap) {
            carrier(claim.port(), isTap || device != null && device.isRunning());
        }
    }

    /** Gives a twin, if there is one, its carrier. */
    void carrier(String port, boolean isRunning) {
        Twin twin = twins.get(port);
        if (twin != null) {
            twin.tap().carrier(isRunning);
        }
    }

    /** A locally administered unicast MAC, the same each time for a port of an instance. */
    private MacAddress ownMac(String port) {
        CRC32 crc = new CRC32();
        crc.update((instance.name() + "/" + port).getBytes(StandardCharsets.UTF_8));
        return new MacAddress(0x02f1_0000_0000L | crc.getValue());
    }

    /** Lets go of the twins; the fast path still holds them. */
    @Override
    public void close() {
        twins.values().forEach(Twin::close);
        twins.clear();
        inDataplane.close();
    }
}
