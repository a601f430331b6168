package floof.dataplane;

import floof.base.Reason;
import floof.engine.Frame;
import floof.engine.Node;
import floof.engine.Packet;
import floof.memory.Memory;
import floof.tables.Adjacency;
import floof.tables.Counters;
import floof.tables.Interface;
import floof.tables.Ip4Lookup;
import floof.tables.Ip6Lookup;
import floof.tables.Overflow;
import floof.tables.Tables;
import floof.tables.Vrf;

/**
 * Finds the logical interface of a frame, counts it there, and sorts by destination MAC and
 * ethertype (IEEE 802.3). Frames for another MAC go to Linux if Linux would receive them here,
 * whatever on top of the port wants them. Group-addressed frames go to Linux (RFC 1812 5.3.4:
 * link-layer broadcasts are not forwarded). Thread: worker.
 */
public final class EthernetInputNode implements Node {

    static final int HEADER_BYTES = 14;
    private static final int IP6 = Verdict.NEXT + 1; // in the order of ForwardingGraph

    /** Ethertypes as a little-endian load yields them. */
    private static final int TYPE_IP4 = 0x0008;

    private static final int TYPE_IP6 = 0xdd86;
    private static final int TYPE_ARP = 0x0608;

    private static final long MAC_BITS = 0xffff_ffff_ffffL;

    private static final int TRUNCATED = Verdict.of(Reason.TRUNCATED);
    private static final int OTHER_MAC = Verdict.of(Reason.OTHER_MAC);
    private static final int NOT_OUR_MAC = Verdict.of(Reason.NOT_OUR_MAC);
    private static final int INTERFACE_DOWN = Verdict.of(Reason.INTERFACE_DOWN);
    private static final int ARP = Verdict.of(Reason.ARP);
    private static final int ND = Verdict.of(Reason.ND);
    private static final int LOCAL_MULTICAST = Verdict.of(Reason.LOCAL_MULTICAST);
    private static final int UNKNOWN_ETHERTYPE = Verdict.of(Reason.UNKNOWN_ETHERTYPE);
    private static final int UNSUPPORTED_POLICY = Verdict.of(Reason.UNSUPPORTED_POLICY);
    private static final int TABLE_FULL = Verdict.of(Reason.TABLE_FULL);

    /** Stands for "not all packets alike": the verdict depends on the destination. */
    private static final int OVERFLOW = -1;

    private final TableView view;

    public EthernetInputNode(TableView view) {
        this.view = view;
    }

    @Override
    public void process(Frame frame) {
        Tables tables = view.tables;
        long generation = view.generation;
        long[] packets = frame.packets;
        byte[] exits = frame.exits;
        int count = frame.count;
        int port = -1;
        int index = 0;
        int vrf = 0;
        long iface = 0;
        long mac = 0;
        int refusal = 0;
        long rxPackets = 0;
        long rxBytes = 0;
        for (int i = 0; i < count; i++) {
            long packet = packets[i];
            if (Packet.port(packet) != port) {
                countReceived(index, rxPackets, rxBytes);
                rxPackets = 0;
                rxBytes = 0;
                port = Packet.port(packet);
                index = tables.interfaceOfPort(generation, port);
                iface = tables.iface(generation, index);
                vrf = Interface.vrf(iface);
                mac = Interface.macBits(iface);
                refusal = refusal(index, iface);
            }
            int length = Packet.length(packet);
            rxPackets++;
            rxBytes += length;
            Packet.setInput(packet, index, vrf);
            Packet.setL3(packet, HEADER_BYTES);
            int verdict = judge(Packet.data(packet), length, mac, iface);
            if (refusal != 0) {
                verdict =
                        refusal == OVERFLOW
                                ? expelled(verdict, packet, vrf)
                                : refused(verdict, refusal);
            }
            exits[i] = Verdict.exit(verdict, packet);
        }
        countReceived(index, rxPackets, rxBytes);
    }

    /** The verdict for every IP packet of this interface; 0 = judge them one by one. */
    private int refusal(int index, long iface) {
        if (index == 0 || (Interface.flags(iface) & Interface.UP) == 0) {
            return INTERFACE_DOWN;
        }
        int flags = Vrf.flags(view.tables.vrf(view.generation, Interface.vrf(iface)));
        if ((flags & Vrf.EXCEPT_ALL) != 0) {
            return UNSUPPORTED_POLICY;
        }
        return (flags & Vrf.OVERFLOW) != 0 ? OVERFLOW : 0;
    }

    /**
     * The verdict for a packet in a VRF with refused routes: it goes to Linux if a route near its
     * destination did not fit, except packets for ourselves, whose control traffic has its own
     * queue.
     */
    private int expelled(int verdict, long packet, int vrf) {
        Tables tables = view.tables;
        long ip = Packet.data(packet) + HEADER_BYTES;
        int lengthBytes = Packet.length(packet) - HEADER_BYTES;
        boolean isExpelled = false;
        if (verdict == Verdict.NEXT && lengthBytes >= Ip4.HEADER_BYTES) {
            int destination = Ip4.destination(ip);
            isExpelled =
                    Overflow.hasLeft4(tables, view.generation, vrf, destination)
                            && Ip4Lookup.leaf(tables.fib4(view.generation, vrf), destination)
                                    != Adjacency.LOCAL;
        } else if (verdict == IP6 && lengthBytes >= Ip6.HEADER_BYTES) {
            long high = Memory.getLongBe(ip + Ip6.DESTINATION);
            long low = Memory.getLongBe(ip + Ip6.DESTINATION + 8);
            isExpelled =
                    Overflow.hasLeft6(tables, view.generation, vrf, high)
                            && Ip6Lookup.leaf(tables.fib6(view.generation, vrf), high, low)
                                    != Adjacency.LOCAL;
        }
        return isExpelled ? TABLE_FULL : verdict;
    }

    private static int refused(int verdict, int refusal) {
        boolean isIp = verdict == Verdict.NEXT || verdict == IP6;
        return refusal == INTERFACE_DOWN || isIp ? refusal : verdict;
    }

    private void countReceived(int index, long packets, long bytes) {
        if (packets != 0) {
            view.countInterface(index, Counters.RX_PACKETS, packets);
            view.countInterface(index, Counters.RX_BYTES, bytes);
        }
    }

    private static int judge(long data, int length, long mac, long iface) {
        if (length < HEADER_BYTES) {
            return TRUNCATED;
        }
        long destination = Memory.getLong(data) & MAC_BITS;
        int type = Memory.getShort(data + 12) & 0xffff;
        if (destination != mac) {
            return judgeOther(data, length, destination, type, iface);
        }
        if (type == TYPE_IP4) {
            return Verdict.NEXT;
        }
        if (type == TYPE_IP6) {
            return IP6;
        }
        return type == TYPE_ARP ? ARP : UNKNOWN_ETHERTYPE;
    }

    /**
     * The verdict for a frame to another MAC than the interface's. The group bit is the lowest of
     * the first byte.
     */
    private static int judgeOther(long data, int length, long destination, int type, long iface) {
        if ((destination & 1) == 0) {
            return Interface.isOtherMac(iface, destination) ? OTHER_MAC : NOT_OUR_MAC;
        }
        if (type == TYPE_ARP) {
            return ARP;
        }
        if (type == TYPE_IP6
                && Ip6.isNeighbourDiscovery(data + HEADER_BYTES, length - HEADER_BYTES)) {
            return ND;
        }
        return type == TYPE_IP4 || type == TYPE_IP6 ? LOCAL_MULTICAST : UNKNOWN_ETHERTYPE;
    }
}
