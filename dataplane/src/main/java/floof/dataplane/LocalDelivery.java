package floof.dataplane;

import floof.base.Reason;
import floof.engine.Packet;
import floof.memory.Memory;
import floof.tables.Adjacency;
import floof.tables.Ip4Lookup;
import floof.tables.Ip6Lookup;
import floof.tables.Tables;

/**
 * Decides which of the packets for ourselves keep the router alive: they use the queue for control
 * traffic. All others are plain LOCAL.
 *
 * <p>Control traffic has three classes by its source address: from a neighbour that Linux has
 * resolved on the same port, from farther away, and first packets of a session from there. So no
 * flood from afar starves a session with a neighbour, and no flood of first packets starves an open
 * session.
 */
final class LocalDelivery {

    private static final int CONTROL = Verdict.of(Reason.LOCAL_CONTROL);
    private static final int PLAIN = Verdict.of(Reason.LOCAL);
    private static final int MULTIHOP = Verdict.of(Reason.MULTIHOP_CONTROL);
    private static final int NEW_SESSION = Verdict.of(Reason.NEW_SESSION);
    private static final int ND = Verdict.of(Reason.ND);

    private static final int ICMP6 = 58;
    private static final int ECHO_REQUEST = 8;
    private static final int ECHO_REQUEST_6 = 128;

    /** Of the TCP header (RFC 9293 3.1). */
    private static final int TCP_FLAGS = 13;

    private static final int SYN = 0x02;
    private static final int ACK = 0x10;

    private LocalDelivery() {}

    static int verdictOfIp4(TableView view, long packet) {
        long ip = Packet.l3Address(packet);
        int availableBytes = Packet.length(packet) - Packet.l3(packet);
        int protocol = Ip4.protocol(ip);
        int header = Ip4.headerBytes(ip);
        if (!Ip4.hasPorts(ip) || availableBytes < header + 4) {
            return PLAIN;
        }
        long layer4 = ip + header;
        if (!isControl(protocol, layer4, Ip4.ICMP, ECHO_REQUEST)) {
            return PLAIN;
        }
        Tables tables = view.tables;
        int source = Memory.getIntBe(ip + Ip4.SOURCE);
        int leaf = Ip4Lookup.leaf(tables.fib4(view.generation, Packet.vrf(packet)), source);
        long adjacency = neighbour(view, packet, leaf);
        return adjacency != 0 && Adjacency.isNextHop4(adjacency, source)
                ? CONTROL
                : fromAfar(protocol, layer4, availableBytes - header);
    }

    static int verdictOfIp6(TableView view, long packet) {
        long ip = Packet.l3Address(packet);
        int availableBytes = Packet.length(packet) - Packet.l3(packet);
        if (availableBytes < Ip6.HEADER_BYTES + 4) {
            return PLAIN;
        }
        int nextHeader = Ip6.nextHeader(ip);
        long layer4 = ip + Ip6.HEADER_BYTES;
        if (nextHeader == ICMP6 && Ip6.isNeighbourDiscovery(ip, availableBytes)) {
            return ND;
        }
        if (!isControl(nextHeader, layer4, ICMP6, ECHO_REQUEST_6)) {
            return PLAIN;
        }
        Tables tables = view.tables;
        long high = Memory.getLongBe(ip + Ip6.SOURCE);
        long low = Memory.getLongBe(ip + Ip6.SOURCE + 8);
        int leaf = Ip6Lookup.leaf(tables.fib6(view.generation, Packet.vrf(packet)), high, low);
        long adjacency = neighbour(view, packet, leaf);
        return adjacency != 0 && Adjacency.isNextHop6(adjacency, high, low)
                ? CONTROL
                : fromAfar(nextHeader, layer4, availableBytes - Ip6.HEADER_BYTES);
    }

    /** The adjacency if it leads out of the packet's input port; otherwise 0. */
    private static long neighbour(TableView view, long packet, int leaf) {
        if ((leaf & Tables.GROUP) != 0) {
            return 0;
        }
        long adjacency = view.tables.adjacency(view.generation, leaf);
        long action = Adjacency.action(adjacency);
        return Adjacency.kind(action) == Adjacency.FORWARD
                        && Adjacency.port(action) == Packet.port(packet)
                ? adjacency
                : 0;
    }

    private static int fromAfar(int protocol, long layer4, int availableBytes) {
        boolean opens =
                protocol == Ip4.TCP
                        && availableBytes > TCP_FLAGS
                        && (Memory.getByte(layer4 + TCP_FLAGS) & (SYN | ACK)) == SYN;
        return opens ? NEW_SESSION : MULTIHOP;
    }

    /**
     * ICMP but echo requests; IGMP, OSPF, PIM, VRRP; TCP with SSH (22) or BGP (179) at either end;
     * UDP of BFD, DHCP, IKE.
     */
    private static boolean isControl(int protocol, long layer4, int icmp, int echoRequest) {
        if (protocol == icmp) {
            return (Memory.getByte(layer4) & 0xff) != echoRequest;
        }
        if (protocol == Ip4.TCP) {
            int from = Memory.getShortBe(layer4) & 0xffff;
            int to = Memory.getShortBe(layer4 + 2) & 0xffff;
            return from == 179 || to == 179 || from == 22 || to == 22;
        }
        if (protocol == Ip4.UDP) {
            return switch (Memory.getShortBe(layer4 + 2) & 0xffff) {
                case 3784, 3785, 4784, 67, 68, 546, 547, 500, 4500 -> true;
                default -> false;
            };
        }
        return protocol == 2 || protocol == 89 || protocol == 103 || protocol == 112;
    }
}
