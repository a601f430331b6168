package floof.dataplane;

import floof.engine.VirtioNet;
import floof.memory.Memory;

/**
 * The IPv4 header (RFC 791 3.1) by its address. Values in host order.
 *
 * <pre>
 * 0 u8 version, IHL   1 u8 TOS       2 u16 total length   4 u16 id        6 u16 flags, fragment offset
 * 8 u8 TTL            9 u8 protocol 10 u16 checksum      12 u32 source   16 u32 destination
 * </pre>
 */
final class Ip4 {

    static final int HEADER_BYTES = 20;

    static final int TOTAL_LENGTH = 2;
    static final int FRAGMENT = 6;
    static final int TTL = 8;
    static final int PROTOCOL = 9;
    static final int CHECKSUM = 10;
    static final int SOURCE = 12;
    static final int DESTINATION = 16;

    static final int ICMP = 1;
    static final int TCP = 6;
    static final int UDP = 17;

    private static final int FRAGMENT_OFFSET_BITS = 0x1fff;

    private Ip4() {}

    static int headerBytes(long ip) {
        return (Memory.getByte(ip) & 15) << 2;
    }

    static int totalLength(long ip) {
        return Memory.getShortBe(ip + TOTAL_LENGTH) & 0xffff;
    }

    static int protocol(long ip) {
        return Memory.getByte(ip + PROTOCOL) & 0xff;
    }

    static int ttl(long ip) {
        return Memory.getByte(ip + TTL) & 0xff;
    }

    static int destination(long ip) {
        return Memory.getIntBe(ip + DESTINATION);
    }

    /** Whether the packet has ports: it is complete, or a first fragment. */
    static boolean hasPorts(long ip) {
        return (Memory.getShortBe(ip + FRAGMENT) & FRAGMENT_OFFSET_BITS) == 0;
    }

    /** Any fragment, including the first: all take the same path, so none is hashed by ports. */
    static boolean isFragment(long ip) {
        return (Memory.getShortBe(ip + FRAGMENT) & 0x3fff) != 0;
    }

    /**
     * Decrements the TTL and updates the checksum (RFC 1624; like ip_decrease_ttl in
     * include/net/ip.h). One's complement sums do not depend on byte order, so this works on the
     * values as loaded.
     */
    static void decrementTtl(long ip) {
        Memory.putByte(ip + TTL, (byte) (Memory.getByte(ip + TTL) - 1));
        int sum = (Memory.getShort(ip + CHECKSUM) & 0xffff) + 1;
        Memory.putShort(ip + CHECKSUM, (short) (sum + (sum >= 0xffff ? 1 : 0)));
    }

    /**
     * Length of the longest packet in the frame, from layer 3 on; cold code for frames beyond the
     * MTU.
     */
    static int resultingLength(long ip, long virtio) {
        if (VirtioNet.gsoType(virtio) == VirtioNet.GSO_NONE) {
            return totalLength(ip);
        }
        int header = headerBytes(ip);
        return header + layer4HeaderBytes(protocol(ip), ip + header) + VirtioNet.gsoSize(virtio);
    }

    /** Length of the layer-4 header: TCP's from its data offset (RFC 9293 3.1), else UDP's. */
    static int layer4HeaderBytes(int protocol, long layer4) {
        return protocol == TCP ? (Memory.getByte(layer4 + 12) & 0xf0) >>> 2 : 8;
    }
}
