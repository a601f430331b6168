package floof.dataplane;

import floof.memory.Memory;

/**
 * A hash of the fields that identify a flow, for selecting among equal next hops: all packets of a
 * flow take the same path. Never 0, which means "not computed". Hashes of some of these fields
 * select buckets.
 */
final class FlowHash {

    private static final long ODD = 0x9e37_79b9_7f4a_7c15L;

    private FlowHash() {}

    /** Addresses and protocol; ports if every packet of the flow has them. */
    static int ofIp4(long ip) {
        int protocol = Ip4.protocol(ip);
        long addresses = Memory.getLong(ip + Ip4.SOURCE);
        long ports = 0;
        if ((protocol == Ip4.TCP || protocol == Ip4.UDP) && !Ip4.isFragment(ip)) {
            ports = Memory.getInt(ip + Ip4.headerBytes(ip)) & 0xffff_ffffL;
        }
        return mix(addresses * ODD ^ ports << 8 ^ protocol);
    }

    /** Addresses, next header, flow label (RFC 6438); ports if they follow the header. */
    static int ofIp6(long ip) {
        long addresses =
                Memory.getLong(ip + Ip6.SOURCE) * ODD
                        ^ Memory.getLong(ip + Ip6.SOURCE + 8)
                        ^ Long.rotateLeft(Memory.getLong(ip + Ip6.DESTINATION) * ODD, 29)
                        ^ Long.rotateLeft(Memory.getLong(ip + Ip6.DESTINATION + 8), 17);
        int nextHeader = Ip6.nextHeader(ip);
        long ports = 0;
        if (nextHeader == Ip4.TCP || nextHeader == Ip4.UDP) {
            ports = Memory.getInt(ip + Ip6.HEADER_BYTES) & 0xffff_ffffL;
        }
        long label = Memory.getIntBe(ip) & 0xf_ffff;
        return mix(addresses * ODD ^ ports << 8 ^ nextHeader ^ label << 40);
    }

    /** A hash of only the destination, for either family. */
    static int ofDestination(long ip) {
        if ((Memory.getByte(ip) & 0xf0) == 0x40) {
            return of(Ip4.destination(ip));
        }
        return mix(
                Memory.getLong(ip + Ip6.DESTINATION) * ODD
                        ^ Memory.getLong(ip + Ip6.DESTINATION + 8));
    }

    static int of(int number) {
        return mix(number);
    }

    private static int mix(long value) {
        long mixed = (value ^ value >>> 32) * ODD;
        int hash = (int) (mixed >>> 32);
        return hash == 0 ? 1 : hash;
    }
}
