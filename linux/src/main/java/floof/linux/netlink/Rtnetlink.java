package floof.linux.netlink;

import floof.base.Family;
import floof.base.InterfaceAddress;
import floof.base.IpAddress;
import floof.base.MacAddress;
import floof.linux.Fd;
import floof.linux.error.Errno;
import floof.linux.error.LinuxException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Asks and changes the network namespace of the thread that opened it. Every change waits for the
 * kernel's word; a refusal is a {@link LinuxException} that says what was asked for, the errno and
 * what the kernel adds. Thread: any, one at a time.
 */
public final class Rtnetlink implements AutoCloseable {
    /** The kernel answers at once; only a lost answer takes longer. */
    private static final int NLA_F_NESTED = 1 << 15;

    static final int ANSWER_TIMEOUT_MS = 30_000;

    /** A dump that changes while it runs is taken again, so often. */
    private static final int DUMP_TRIES = 10;

    private final NetlinkSocket socket;
    private int sequence;
    private boolean isMidway;

    private Rtnetlink(NetlinkSocket socket) {
        this.socket = socket;
    }

    /**
     * @param name for errors
     */
    public static Rtnetlink open(String name) {
        return new Rtnetlink(new NetlinkSocket(name));
    }

    @Override
    public synchronized void close() {
        socket.close();
    }

    // ---- dumps --------------------------------------------------------------------------------

    public List<Link> links() {
        return dumpWhole(Link.class, Netlink.RTM_GETLINK, 0, Link.BODY_BYTES);
    }

    /** The link of this name; none when there is none. */
    public synchronized @Nullable Link link(String name) {
        Outgoing request =
                link(Netlink.RTM_GETLINK, name, 0, 0, 0).attribute(Link.IFLA_IFNAME, name);
        List<RtnetlinkObject> found = new ArrayList<>(1);
        LinuxException.succeeds(Errno.ENODEV, () -> transact(request, found::add));
        return found.isEmpty() ? null : (Link) found.getFirst();
    }

    public List<LinkAddress> addresses() {
        return dumpWhole(LinkAddress.class, Netlink.RTM_GETADDR, 0, LinkAddress.BODY_BYTES);
    }

    /** ARP and neighbour discovery entries, without proxies. */
    public List<Neighbour> neighbours() {
        return dumpWhole(Neighbour.class, Netlink.RTM_GETNEIGH, 0, Neighbour.BODY_BYTES);
    }

    /** What devices receive besides frames for their own MACs. */
    public List<FilterEntry> filterEntries() {
        return dumpWhole(
                FilterEntry.class, Netlink.RTM_GETNEIGH, Netlink.AF_BRIDGE, Neighbour.BODY_BYTES);
    }

    public List<Rule> rules() {
        List<Rule> rules = new ArrayList<>();
        for (Family family : Family.values()) {
            rules.addAll(
                    dumpWhole(Rule.class, Netlink.RTM_GETRULE, family.number(), Rule.BODY_BYTES));
        }
        return rules;
    }

    /**
     * Hands over the routes of one table as the kernel tells them, in its order.
     *
     * @param ifindex only those with a next hop there; 0 for all
     * @return false when some may be missing ({@link RouteDump#isWhole})
     */
    public synchronized boolean routes(Family family, int table, int ifindex, Consumer<Route> to) {
        drain();
        isMidway = true;
        RouteDump dump = RouteDump.over(socket, ++sequence, family, table, ifindex);
        try (dump) {
            for (Route route = dump.next(); route != null; route = dump.next()) {
                to.accept(route);
            }
            return dump.isWhole();
        } catch (LinuxException e) {
            // The device may be gone.
            if (ifindex != 0 && e.errno() == Errno.ENODEV) {
                return true;
            }
            throw e;
        } finally {
            isMidway = !dump.isOver();
        }
    }

    /** A message with nothing in its fixed part but the address family. */
    static Outgoing header(int type, int flags, int family, int bodyBytes) {
        Outgoing request = new Outgoing(type, flags, "").u8(family);
        for (int i = 1; i < bodyBytes; i++) {
            request.u8(0);
        }
        return request;
    }

    private synchronized <T extends RtnetlinkObject> List<T> dumpWhole(
            Class<T> kind, int type, int family, int bodyBytes) {
        for (int i = 0; i < DUMP_TRIES; i++) {
            List<T> objects = new ArrayList<>();
            boolean isWhole =
                    transact(
                            header(type, Netlink.NLM_F_DUMP, family, bodyBytes),
                            object -> {
                                if (kind.isInstance(object)) {
                                    objects.add(kind.cast(object));
                                }
                            });
            if (isWhole) {
                return objects;
            }
        }
        throw new LinuxException(
                Errno.EINTR,
                Netlink.name(type) + ": changed during each of " + DUMP_TRIES + " dumps");
    }

    // ---- links --------------------------------------------------------------------------------

    public void setUp(int ifindex, boolean isUp) {
        change(link(ifindex, isUp ? "up" : "down", isUp ? Link.IFF_UP : 0, Link.IFF_UP));
    }

    public void setMtu(int ifindex, int mtu) {
        change(link(ifindex, "mtu " + mtu, 0, 0).attribute(Link.IFLA_MTU, mtu));
    }

    public void setMac(int ifindex, MacAddress mac) {
        change(link(ifindex, "address " + mac, 0, 0).attribute(Link.IFLA_ADDRESS, mac.bytes()));
    }

    /** Takes the program of XDP off a link, if there is one that no BPF link holds. */
    public void detachXdp(int ifindex) {
        Outgoing request = link(ifindex, "xdp none", 0, 0);
        int start = request.position();
        byte[] none = request.attribute(Link.IFLA_XDP_FD, -1).takeFrom(start);
        change(request.attribute(Link.IFLA_XDP | NLA_F_NESTED, none));
    }

    public void rename(int ifindex, String name) {
        change(link(ifindex, "name " + name, 0, 0).attribute(Link.IFLA_IFNAME, name));
    }

    /**
     * Moves a link into another namespace, where its ifindex may be another.
     *
     * @param namespace open file of the namespace
     */
    public void move(int ifindex, Fd namespace) {
        change(
                link(ifindex, "netns " + namespace, 0, 0)
                        .attribute(Link.IFLA_NET_NS_FD, namespace.number()));
    }

    public void deleteLink(int ifindex) {
        change(link(Netlink.RTM_DELLINK, "" + ifindex, ifindex, 0, 0));
    }

    /** Puts a link into a group, 0 for the usual one. */
    public void setGroup(int ifindex, int group) {
        change(link(ifindex, "group " + group, 0, 0).attribute(Link.IFLA_GROUP, group));
    }

    /**
     * Deletes all links of a group at once, which takes hardly longer than one of them; none is
     * good too.
     */
    public void deleteGroup(int group) {
        Outgoing request =
                link(Netlink.RTM_DELLINK, "group " + group, 0, 0, 0)
                        .attribute(Link.IFLA_GROUP, group);
        LinuxException.succeeds(Errno.ENODEV, () -> change(request));
    }

    private static Outgoing link(int ifindex, String what, int flags, int mask) {
        return link(Netlink.RTM_SETLINK, ifindex + " " + what, ifindex, flags, mask);
    }

    private static Outgoing link(int type, String subject, int ifindex, int flags, int mask) {
        return new Outgoing(type, Netlink.NLM_F_ACK, subject)
                .i32(0)
                .i32(ifindex)
                .i32(flags)
                .i32(mask);
    }

    // ---- addresses ----------------------------------------------------------------------------

    /**
     * Adds an address, with the subnet's broadcast address where it has one.
     *
     * @param protocol IFAPROT_ number that marks whose it is
     * @return false when the link has it already, with whatever protocol
     */
    public boolean addAddress(int ifindex, InterfaceAddress address, int protocol) {
        int flags = Netlink.NLM_F_CREATE | Netlink.NLM_F_EXCL;
        return LinuxException.succeeds(
                Errno.EEXIST, () -> putAddress(ifindex, address, protocol, flags));
    }

    /** The same, or changes the protocol of one that is there. */
    public void putAddress(int ifindex, InterfaceAddress address, int protocol) {
        putAddress(ifindex, address, protocol, Netlink.NLM_F_CREATE | Netlink.NLM_F_REPLACE);
    }

    private void putAddress(int ifindex, InterfaceAddress address, int protocol, int flags) {
        Outgoing request = address(Netlink.RTM_NEWADDR, flags, ifindex, address);
        if (address.address().family() == Family.IP4 && address.length() < 31) {
            int broadcast = address.address().ip4Value() | -1 >>> address.length();
            request.attribute(LinkAddress.IFA_BROADCAST, IpAddress.ip4(broadcast));
        }
        change(request.attribute(LinkAddress.IFA_PROTO, new byte[] {(byte) protocol}));
    }

    /**
     * Puts an address back as a dump told it, on a link that may be another: with its peer,
     * broadcast address, scope, flags and protocol. It does not end by itself.
     */
    public void restoreAddress(int ifindex, LinkAddress was) {
        int flags = Netlink.NLM_F_CREATE | Netlink.NLM_F_REPLACE;
        Outgoing request =
                address(Netlink.RTM_NEWADDR, flags, ifindex, was)
                        .attribute(LinkAddress.IFA_FLAGS, was.flags());
        IpAddress broadcast = was.broadcast();
        if (broadcast != null) {
            request.attribute(LinkAddress.IFA_BROADCAST, broadcast);
        }
        if (was.protocol() != 0) {
            request.attribute(LinkAddress.IFA_PROTO, new byte[] {(byte) was.protocol()});
        }
        change(request);
    }

    public void deleteAddress(int ifindex, InterfaceAddress address) {
        change(address(Netlink.RTM_DELADDR, 0, ifindex, address));
    }

    private static Outgoing address(int type, int flags, int ifindex, InterfaceAddress address) {
        LinkAddress plain = new LinkAddress(ifindex, address, null, null, 0, 0, 0);
        return address(type, flags, ifindex, plain);
    }

    private static Outgoing address(int type, int flags, int ifindex, LinkAddress address) {
        IpAddress own = address.address().address();
        IpAddress peer = address.peer();
        return new Outgoing(type, flags | Netlink.NLM_F_ACK, address.address() + " on " + ifindex)
                .u8(own.family().number())
                .u8(address.address().length())
                .u8(address.flags())
                .u8(address.scope())
                .i32(ifindex)
                .attribute(LinkAddress.IFA_LOCAL, own)
                .attribute(LinkAddress.IFA_ADDRESS, peer == null ? own : peer);
    }

    // ---- neighbours ---------------------------------------------------------------------------

    /**
     * Tells the kernel that the entry is in use, as a packet through it would: a STALE one is
     * probed, a missing one resolved (NTF_USE, net/core/neighbour.c).
     */
    public void useNeighbour(int ifindex, IpAddress address) {
        change(
                new Outgoing(
                                Netlink.RTM_NEWNEIGH,
                                Netlink.NLM_F_CREATE | Netlink.NLM_F_ACK,
                                address + " on " + ifindex)
                        .i32(address.family().number())
                        .i32(ifindex)
                        .u16(0)
                        .u8(Neighbour.NTF_USE)
                        .u8(0)
                        .attribute(Neighbour.NDA_DST, address));
    }

    // ---- routes -------------------------------------------------------------------------------

    /** Adds a route with one path, in place of one of the same prefix and metric. */
    public void replaceRoute(Route route) {
        if (route.nextHops().size() != 1) {
            throw new IllegalArgumentException(route + " has not exactly one path");
        }
        Route.NextHop hop = route.nextHops().getFirst();
        int flags = Netlink.NLM_F_CREATE | Netlink.NLM_F_REPLACE | Netlink.NLM_F_ACK;
        Outgoing out =
                new Outgoing(Netlink.RTM_NEWROUTE, flags, route.prefix().toString())
                        .u8(route.prefix().family().number())
                        .u8(route.prefix().length())
                        .u8(0)
                        .u8(route.tos())
                        .u8(Math.min(route.table(), 255))
                        .u8(route.protocol())
                        .u8(route.scope())
                        .u8(route.type())
                        .i32(hop.flags() & Route.NextHop.RTNH_F_ONLINK)
                        .attribute(Route.RTA_DST, route.prefix().address())
                        .attribute(Route.RTA_TABLE, route.table())
                        .attribute(Route.RTA_OIF, hop.ifindex());
        if (route.metric() != 0) {
            out.attribute(Route.RTA_PRIORITY, (int) route.metric());
        }
        IpAddress source = route.source();
        if (source != null) {
            out.attribute(Route.RTA_PREFSRC, source);
        }
        IpAddress gateway = hop.gateway();
        if (gateway != null && gateway.family() == route.prefix().family()) {
            out.attribute(Route.RTA_GATEWAY, gateway);
        } else if (gateway != null) {
            out.attribute(Route.RTA_VIA, via(gateway));
        }
        change(out);
    }

    private static byte[] via(IpAddress gateway) {
        byte[] address = gateway.bytes();
        return ByteBuffer.allocate(2 + address.length)
                .order(java.nio.ByteOrder.nativeOrder())
                .putShort((short) gateway.family().number())
                .put(address)
                .array();
    }

    // ---- exchange -----------------------------------------------------------------------------

    private synchronized void change(Outgoing request) {
        transact(request, object -> {});
    }

    /**
     * Sends a request and takes what comes back up to its end.
     *
     * @return false when a dump was interrupted by changes
     * @throws LinuxException when the kernel refuses
     */
    private boolean transact(Outgoing request, Consumer<RtnetlinkObject> to) {
        drain();
        int number = ++sequence;
        socket.send(request.finished(number));
        isMidway = true;
        boolean isWhole = true;
        while (true) {
            Decoder message = new Decoder(next(request));
            while (message.next()) {
                if (message.sequence() != number) {
                    continue;
                }
                isWhole &= (message.flags() & Netlink.NLM_F_DUMP_INTR) == 0;
                switch (message.type()) {
                    case Netlink.NLMSG_ERROR, Netlink.NLMSG_DONE -> {
                        isMidway = false;
                        refuse(request, message);
                        return isWhole;
                    }
                    default -> {
                        RtnetlinkObject object = message.object();
                        if (object != null) {
                            to.accept(object);
                        }
                    }
                }
            }
        }
    }

    /** An exchange that was left midway by an exception must end before the next (EBUSY). */
    private void drain() {
        while (isMidway) {
            try {
                isMidway = socket.receive(0) != null;
            } catch (NetlinkOverrun e) {
                // What is lost was not wanted.
            }
        }
    }

    /** Throws when an answer's last message says that the kernel refused. */
    static void refuse(Outgoing request, Decoder message) {
        int error = message.error();
        if (error != 0) {
            String text = message.type() == Netlink.NLMSG_ERROR ? message.errorText() : "";
            throw new LinuxException(
                    -error, request + (text.isEmpty() ? "" : " (kernel: " + text + ")"));
        }
    }

    private ByteBuffer next(Outgoing request) {
        ByteBuffer datagram;
        try {
            datagram = socket.receive(ANSWER_TIMEOUT_MS);
        } catch (NetlinkOverrun e) {
            throw new LinuxException(Errno.ENOBUFS, request.toString());
        }
        if (datagram == null) {
            throw new LinuxException(Errno.ETIMEDOUT, request.toString());
        }
        return datagram;
    }
}
