package floof.linux.netlink;

import java.nio.ByteBuffer;
import java.util.function.Consumer;

/**
 * Listens to changes of links, addresses, neighbours, routes and rules in the network namespace of
 * the thread that opened it. Thread: one at a time.
 *
 * <p>The kernel is silent about some changes: it removes IPv4 routes of a device that goes down, or
 * whose preferred source or next hop object goes, without an event, and marks next hops of both
 * families dead (fib_sync_down_dev and fib_sync_down_addr in net/ipv4/fib_semantics.c,
 * __remove_nexthop_fib in net/ipv4/nexthop.c, fib6_ifdown in net/ipv6/route.c).
 */
public final class RtnetlinkEvents implements AutoCloseable {
    /** RTNLGRP_: LINK, NEIGH, IFADDR, ROUTE and RULE of IPv4 and of IPv6, NEXTHOP. */
    private static final int[] GROUPS = {1, 3, 5, 7, 8, 9, 11, 19, 32};

    /** RTNLGRP_LINK, RTNLGRP_IPV4_IFADDR and RTNLGRP_IPV6_IFADDR. */
    private static final int[] LINK_GROUPS = {1, 5, 9};

    private final NetlinkSocket socket;

    private RtnetlinkEvents(NetlinkSocket socket) {
        this.socket = socket;
    }

    /**
     * @param name for errors
     * @param receiveBufferBytes what the kernel may hold for us; an event takes about 1 KiB of it
     */
    public static RtnetlinkEvents open(String name, int receiveBufferBytes) {
        return open(name, receiveBufferBytes, GROUPS);
    }

    /** The same of links and addresses alone: routes that come by the million wake nobody. */
    public static RtnetlinkEvents ofLinks(String name, int receiveBufferBytes) {
        return open(name, receiveBufferBytes, LINK_GROUPS);
    }

    private static RtnetlinkEvents open(String name, int receiveBufferBytes, int[] groups) {
        NetlinkSocket socket = new NetlinkSocket(name);
        try {
            socket.receiveBuffer(receiveBufferBytes);
            for (int group : groups) {
                socket.join(group);
            }
            return new RtnetlinkEvents(socket);
        } catch (RuntimeException e) {
            socket.close();
            throw e;
        }
    }

    /**
     * Hands over the events of the next datagram.
     *
     * @param timeoutMs how long to wait for one; -1 for ever
     * @return false when time ran out
     * @throws NetlinkOverrun when events were lost; more may be until nothing is left to read
     * @throws MalformedNetlink when bytes cannot be what they say; the datagram's rest is lost
     */
    public boolean receive(int timeoutMs, Consumer<RtnetlinkEvent> to) throws NetlinkOverrun {
        ByteBuffer datagram = socket.receive(timeoutMs);
        if (datagram == null) {
            return false;
        }
        Decoder message = new Decoder(datagram);
        while (message.next()) {
            RtnetlinkObject object = message.object();
            if (object != null) {
                to.accept(new RtnetlinkEvent(message.isPresent(), message.flags(), object));
            }
        }
        return true;
    }

    @Override
    public void close() {
        socket.close();
    }
}
