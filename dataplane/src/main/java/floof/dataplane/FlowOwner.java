package floof.dataplane;

import floof.engine.Packet;
import floof.memory.Memory;

/**
 * The hash by which a flow belongs to a worker. It is the same for both directions, so that a
 * worker with a flow's state sees both. It shares no factor with {@link FlowHash}: otherwise all
 * flows of a worker would take the same one of two equal next hops.
 *
 * <p>TCP and UDP are hashed by addresses, protocol and ports; their fragments, including the first,
 * and other IP packets by addresses and protocol; other frames by MACs and type.
 */
final class FlowOwner {

    /** Ethertypes as a little-endian load yields them. */
    private static final int TYPE_IP4 = 0x0008;

    private static final int TYPE_IP6 = 0xdd86;

    private static final long MAC_BITS = 0xffff_ffff_ffffL;
    private static final long PORTS_BYTES = 4;

    // Odd numbers without a pattern: the digits of sqrt(2), sqrt(3), sqrt(5).
    private static final long ODD_SUM = 0x6a09_e667_f3bc_c909L;
    private static final long ODD_XOR = 0xbb67_ae85_84ca_a73bL;
    private static final long ODD_REST = 0x3c6e_f372_fe94_f82bL;

    private FlowOwner() {}

    /** The hash of any frame. */
    static int of(long packet) {
        long data = Packet.data(packet);
        int length = Packet.segmentLength(packet);
        if (length < EthernetInputNode.HEADER_BYTES) {
            return 0;
        }
        int type = Memory.getShort(data + 12) & 0xffff;
        long ip = data + EthernetInputNode.HEADER_BYTES;
        int ipBytes = length - EthernetInputNode.HEADER_BYTES;
        if (type == TYPE_IP4 && ipBytes >= Ip4.HEADER_BYTES) {
            return ofIp4(ip, ipBytes);
        }
        if (type == TYPE_IP6 && ipBytes >= Ip6.HEADER_BYTES) {
            return ofIp6(ip, ipBytes);
        }
        return mix(pair(Memory.getLong(data) & MAC_BITS, Memory.getLong(data + 4) >>> 16), type);
    }

    private static int ofIp4(long ip, int bytes) {
        long source = Memory.getInt(ip + Ip4.SOURCE) & 0xffff_ffffL;
        long destination = Memory.getInt(ip + Ip4.DESTINATION) & 0xffff_ffffL;
        int protocol = Ip4.protocol(ip);
        long layer4 = Ip4.headerBytes(ip);
        boolean hasPorts = layer4 + PORTS_BYTES <= bytes && !Ip4.isFragment(ip);
        return mix(pair(source, destination), rest(protocol, hasPorts, ip + layer4));
    }

    private static int ofIp6(long ip, int bytes) {
        int nextHeader = Ip6.nextHeader(ip);
        boolean hasPorts = Ip6.HEADER_BYTES + PORTS_BYTES <= bytes;
        return mix(
                pair(address(ip + Ip6.SOURCE), address(ip + Ip6.DESTINATION)),
                rest(nextHeader, hasPorts, ip + Ip6.HEADER_BYTES));
    }

    private static long address(long ip6) {
        return Memory.getLong(ip6) * ODD_REST ^ Memory.getLong(ip6 + 8);
    }

    /** The protocol, and the sum and XOR of the ports if any. */
    private static long rest(int protocol, boolean hasPorts, long layer4) {
        if (!hasPorts || protocol != Ip4.TCP && protocol != Ip4.UDP) {
            return protocol;
        }
        long source = Memory.getShort(layer4) & 0xffff;
        long destination = Memory.getShort(layer4 + 2) & 0xffff;
        return source + destination << 24 | (source ^ destination) << 8 | protocol;
    }

    /** A hash of two numbers in any order. */
    private static long pair(long one, long other) {
        return (one + other) * ODD_SUM + (one ^ other) * ODD_XOR;
    }

    private static int mix(long pair, long rest) {
        long value = pair + rest * ODD_REST;
        long mixed = (value ^ value >>> 32) * ODD_SUM;
        return (int) (mixed >>> 32);
    }
}
