package floof.ports;

import floof.engine.Packet;
import floof.memory.Memory;

/**
 * Completes checksums that the sender left to a device without checksum offload. A stock host on a
 * veth or a TAP writes only the pseudo-header's sum into the checksum field of TCP and UDP, folded,
 * not complemented (Linux's CHECKSUM_PARTIAL). A driver without {@code virtio_net_hdr} is not
 * informed of that.
 *
 * <p>A field with that sum counts as partial. One complete packet in 65,535 has a correct checksum
 * of that value by chance; completing it yields the same value. Fragments have no complete checksum
 * and are left alone, and so are packets with inconsistent headers.
 *
 * <p>Thread: the port's worker.
 */
final class ChecksumRepair {

    private static final int TYPE_OFFSET = 12;
    private static final int ETHERNET_BYTES = 14;
    private static final int TAG_BYTES = 4;
    private static final int TAGS_MAX = 2;
    private static final int IP4_BYTES = 20;
    private static final int IP6_BYTES = 40;

    // Ethertypes and IPv4's flags as a little-endian load yields them.
    private static final int TYPE_IP4 = 0x0008;
    private static final int TYPE_IP6 = 0xdd86;
    private static final int TYPE_TAG = 0x0081;
    private static final int TYPE_SERVICE_TAG = 0xa888;
    private static final int FRAGMENT_BITS = 0xff3f;

    private static final int TCP = 6;
    private static final int UDP = 17;
    private static final int TCP_BYTES = 20;
    private static final int UDP_BYTES = 8;
    private static final int TCP_CHECKSUM = 16;
    private static final int UDP_CHECKSUM = 6;

    // Extension headers with a length (RFC 8200 section 4); others end the search.
    private static final int HOP_BY_HOP = 0;
    private static final int ROUTING = 43;
    private static final int DESTINATION = 60;
    private static final int EXTENSIONS_MAX = 8;

    private ChecksumRepair() {}

    /** Completes the checksum if it is partial; returns whether it was. */
    static boolean repair(long packet) {
        long data = Packet.data(packet);
        int inFirst = Packet.segmentLength(packet);
        int l3 = ETHERNET_BYTES;
        if (inFirst < ETHERNET_BYTES) {
            return false;
        }
        int type = Memory.getShort(data + TYPE_OFFSET) & 0xffff;
        for (int tags = 0; isTag(type); tags++) {
            l3 += TAG_BYTES;
            if (tags == TAGS_MAX || l3 > inFirst) {
                return false;
            }
            type = Memory.getShort(data + l3 - 2) & 0xffff;
        }
        if (type == TYPE_IP4) {
            return repairIp4(packet, data, l3, inFirst);
        }
        return type == TYPE_IP6 && repairIp6(packet, data, l3, inFirst);
    }

    private static boolean isTag(int type) {
        return type == TYPE_TAG || type == TYPE_SERVICE_TAG;
    }

    private static boolean repairIp4(long packet, long data, int l3, int inFirst) {
        long header = data + l3;
        if (inFirst < l3 + IP4_BYTES || (Memory.getShort(header + 6) & FRAGMENT_BITS) != 0) {
            return false;
        }
        int headerBytes = (Memory.getByte(header) & 0xf) * 4;
        int l4Bytes = (Memory.getShortBe(header + 2) & 0xffff) - headerBytes;
        int protocol = Memory.getByte(header + 9) & 0xff;
        long addresses = Memory.getLong(header + 12);
        long pseudo = (addresses & 0xffff_ffffL) + (addresses >>> 32);
        return headerBytes >= IP4_BYTES
                && finish(packet, data, l3 + headerBytes, l4Bytes, protocol, pseudo, inFirst);
    }

    private static boolean repairIp6(long packet, long data, int l3, int inFirst) {
        if (inFirst < l3 + IP6_BYTES) {
            return false;
        }
        long header = data + l3;
        int left = Memory.getShortBe(header + 4) & 0xffff;
        int protocol = Memory.getByte(header + 6) & 0xff;
        int l4 = l3 + IP6_BYTES;
        for (int i = 0; isExtension(protocol); i++) {
            if (i == EXTENSIONS_MAX || l4 + 8 > inFirst) {
                return false;
            }
            int bytes = 8 + (Memory.getByte(data + l4 + 1) & 0xff) * 8;
            protocol = Memory.getByte(data + l4) & 0xff;
            l4 += bytes;
            left -= bytes;
        }
        return finish(packet, data, l4, left, protocol, Checksum.sum(header + 8, 32), inFirst);
    }

    private static boolean isExtension(int protocol) {
        return protocol == HOP_BY_HOP || protocol == ROUTING || protocol == DESTINATION;
    }

    /**
     * @param l4 offset of TCP's or UDP's header
     * @param l4Bytes of header and data
     * @param addresses the sum of the addresses
     */
    private static boolean finish(
            long packet,
            long data,
            int l4,
            int l4Bytes,
            int protocol,
            long addresses,
            int inFirst) {
        int least = protocol == TCP ? TCP_BYTES : UDP_BYTES;
        if (protocol != TCP && protocol != UDP
                || l4Bytes < least
                || l4 + least > inFirst
                || l4 + l4Bytes > Packet.length(packet)) {
            return false;
        }
        long field = data + l4 + (protocol == TCP ? TCP_CHECKSUM : UDP_CHECKSUM);
        int written = Memory.getShort(field) & 0xffff;
        if (written == 0 && protocol == UDP) {
            return false; // sent without a checksum (RFC 768)
        }
        long length = Short.reverseBytes((short) l4Bytes) & 0xffff;
        int pseudo = Checksum.fold(addresses + length + ((long) protocol << 8));
        // One's complement has two zeros; the sum of addresses is never the all-zero one.
        if ((written == 0 ? 0xffff : written) != pseudo) {
            return false;
        }
        Memory.putShort(field, Checksum.finish(Checksum.sum(packet, l4, l4Bytes)));
        return true;
    }
}
