package floof.dataplane;

import floof.engine.VirtioNet;
import floof.memory.Memory;

/**
 * The IPv6 header (RFC 8200 3) by its address. Values in host order.
 *
 * <pre>
 * 0 u32 version, traffic class, flow label   4 u16 payload length   6 u8 next header   7 u8 hop limit
 * 8     source, 16 bytes                    24     destination, 16 bytes
 * </pre>
 */
final class Ip6 {

    static final int HEADER_BYTES = 40;

    static final int PAYLOAD_LENGTH = 4;
    static final int NEXT_HEADER = 6;
    static final int HOP_LIMIT = 7;
    static final int SOURCE = 8;
    static final int DESTINATION = 24;

    static final int HOP_BY_HOP = 0;
    private static final int ICMP6 = 58;

    private Ip6() {}

    static int payloadLength(long ip) {
        return Memory.getShortBe(ip + PAYLOAD_LENGTH) & 0xffff;
    }

    static int nextHeader(long ip) {
        return Memory.getByte(ip + NEXT_HEADER) & 0xff;
    }

    static int hopLimit(long ip) {
        return Memory.getByte(ip + HOP_LIMIT) & 0xff;
    }

    /** ICMPv6 133..137 directly after the header (RFC 4861 4). */
    static boolean isNeighbourDiscovery(long ip, int availableBytes) {
        if (availableBytes <= HEADER_BYTES || nextHeader(ip) != ICMP6) {
            return false;
        }
        int type = Memory.getByte(ip + HEADER_BYTES) & 0xff;
        return type >= 133 && type <= 137;
    }

    static void decrementHopLimit(long ip) {
        Memory.putByte(ip + HOP_LIMIT, (byte) (Memory.getByte(ip + HOP_LIMIT) - 1));
    }

    /**
     * Like {@link Ip4#resultingLength}; offloaded frames have no extension headers before layer 4.
     */
    static int resultingLength(long ip, long virtio) {
        if (VirtioNet.gsoType(virtio) == VirtioNet.GSO_NONE) {
            return HEADER_BYTES + payloadLength(ip);
        }
        return HEADER_BYTES
                + Ip4.layer4HeaderBytes(nextHeader(ip), ip + HEADER_BYTES)
                + VirtioNet.gsoSize(virtio);
    }
}
