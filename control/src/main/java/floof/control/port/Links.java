package floof.control.port;

import floof.base.Family;
import floof.base.InterfaceAddress;
import floof.control.instance.Instance;
import floof.linux.error.Errno;
import floof.linux.error.LinuxException;
import floof.linux.netlink.Link;
import floof.linux.netlink.LinkAddress;
import floof.linux.netlink.Rtnetlink;
import floof.linux.system.NetworkNamespace;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Twins and hidden devices as links of Linux: their addresses, MTU and state. Thread: one at a
 * time.
 */
public final class Links implements AutoCloseable {

    /**
     * IFA_PROTO of the addresses that commits set. Numbers up to 3 are the kernel's, the rest is
     * free (linux/if_addr.h).
     */
    public static final int ADDRESS_PROTOCOL = 70;

    /** Of IPv4 Linux's order within a subnet tells which is the first; that of IPv6 is nothing. */
    private static final Comparator<LinkAddress> ORDER =
            Comparator.comparing((LinkAddress it) -> it.address().subnet())
                    .thenComparing(
                            LinkAddress::address,
                            (a, b) -> a.address().family() == Family.IP4 ? 0 : a.compareTo(b));

    private final Instance instance;
    private final Rtnetlink dataplane;
    private final Rtnetlink hidden;

    Links(Instance instance) {
        this.instance = instance;
        this.dataplane =
                NetworkNamespace.call(instance.dataplane(), () -> Rtnetlink.open("ports: twins"));
        this.hidden =
                NetworkNamespace.call(instance.ports(), () -> Rtnetlink.open("ports: devices"));
    }

    /** Asks and changes the dataplane namespace. */
    Rtnetlink dataplane() {
        return dataplane;
    }

    /** Asks and changes the hidden namespace. */
    Rtnetlink hidden() {
        return hidden;
    }

    /** Gives a link its name back. Kernels before 6.2 rename none that is up. */
    static void rename(Rtnetlink there, Link link, String name) {
        Runnable renamed = () -> there.rename(link.index(), name);
        if (!LinuxException.succeeds(Errno.EBUSY, renamed)) {
            there.setUp(link.index(), false);
            renamed.run();
            there.setUp(link.index(), true);
        }
    }

    /** A hidden device goes with its twin, which a commit has set. */
    void follow(Link device, Link twin) {
        if (device.mtu() != twin.mtu()) {
            hidden.setMtu(device.index(), twin.mtu());
        }
        if (device.isUp() != twin.isUp()) {
            hidden.setUp(device.index(), twin.isUp());
        }
    }

    /** The port's link in the dataplane namespace. */
    Link require(String port) throws IOException {
        Link link = dataplane.link(port);
        if (link == null) {
            throw new IOException("there is no link " + port);
        }
        return link;
    }

    /** The claimed device, null without one or when it has been unplugged. */
    @Nullable Link device(Claim claim) {
        return claim.device() == null ? null : hidden.link(claim.hiddenName(instance));
    }

    /** The addresses of commits, by ifindex, as {@link AppliedPort} has them. */
    Map<Integer, List<InterfaceAddress>> ours() {
        List<LinkAddress> ours = new ArrayList<>(dataplane.addresses());
        ours.removeIf(address -> address.protocol() != ADDRESS_PROTOCOL);
        ours.sort(ORDER);
        Map<Integer, List<InterfaceAddress>> byLink = new HashMap<>();
        for (LinkAddress address : ours) {
            byLink.computeIfAbsent(address.ifindex(), index -> new ArrayList<>())
                    .add(address.address());
        }
        return byLink;
    }

    /** Sets the MTU of both, or of none. */
    void setMtu(Claim claim, int bytes) throws IOException {
        Link twin = require(claim.port());
        Link device = device(claim);
        if (device != null && device.mtu() != bytes) {
            hidden.setMtu(device.index(), bytes);
        }
        try {
            dataplane.setMtu(twin.index(), bytes);
        } catch (LinuxException e) {
            if (device != null) {
                hidden.setMtu(device.index(), device.mtu());
            }
            throw e;
        }
    }

    /** Sets the administrative state of both, or of none. */
    void setUp(Claim claim, boolean isUp) throws IOException {
        Link twin = require(claim.port());
        Link device = device(claim);
        if (device != null) {
            hidden.setUp(device.index(), isUp);
        }
        try {
            dataplane.setUp(twin.index(), isUp);
        } catch (LinuxException e) {
            if (device != null) {
                hidden.setUp(device.index(), !isUp);
            }
            throw e;
        }
    }

    /**
     * Adds an address and makes it the first of its subnet, if others are to be behind it.
     *
     * @param behind ours of the same subnet
     */
    void addAddress(int ifindex, InterfaceAddress address, List<InterfaceAddress> behind)
            throws IOException {
        add(ifindex, address);
        // The subnet always has an address meanwhile, so that its neighbours stay reachable.
        for (InterfaceAddress other : behind) {
            removeAddress(ifindex, other);
            add(ifindex, other);
        }
    }

    private void add(int ifindex, InterfaceAddress address) throws IOException {
        if (dataplane.addAddress(ifindex, address, ADDRESS_PROTOCOL)) {
            return;
        }
        for (LinkAddress there : dataplane.addresses()) {
            boolean isSame =
                    there.ifindex() == ifindex
                            && there.address().address().equals(address.address());
            if (isSame && there.protocol() != ADDRESS_PROTOCOL) {
                throw new IOException("is on the link already, not from a commit");
            }
        }
        dataplane.putAddress(ifindex, address, ADDRESS_PROTOCOL);
    }

    /** One that is gone already is as good. */
    void removeAddress(int ifindex, InterfaceAddress address) {
        LinuxException.succeeds(
                Errno.EADDRNOTAVAIL, () -> dataplane.deleteAddress(ifindex, address));
    }

    @Override
    public void close() {
        dataplane.close();
        hidden.close();
    }
}
