package floof.testkit;

import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.util.Random;

/**
 * Ethernet frames, right in every field unless a test breaks one. A MAC is a number, its first byte
 * on the wire the most significant of 48 bits. Thread: any.
 */
public final class Packets {

    /** The station that sends all frames. */
    public static final long HOST = 0x02_00_00_00_00_99L;

    public static final long BROADCAST = 0xffff_ffff_ffffL;

    private static final int ETHERNET_BYTES = 14;
    private static final int ICMP = 1;
    private static final int TCP = 6;
    private static final int UDP = 17;
    private static final int ICMP6 = 58;
    private static final int DESTINATION_OPTIONS = 60;

    private Packets() {}

    public static byte[] ethernet(long to, int type, byte[] payload) {
        ByteBuffer frame = ByteBuffer.allocate(ETHERNET_BYTES + payload.length);
        return put(put(frame, to), HOST).putShort((short) type).put(payload).array();
    }

    private static ByteBuffer put(ByteBuffer bytes, long mac) {
        return bytes.putShort((short) (mac >>> 32)).putInt((int) mac);
    }

    /** A frame with a VLAN tag, type and value, before those that it has. */
    public static byte[] tagged(byte[] frame, int tag) {
        ByteBuffer tagged = ByteBuffer.allocate(frame.length + 4).put(frame, 0, 12).putInt(tag);
        return tagged.put(frame, 12, frame.length - 12).array();
    }

    /** To all: who has {@code target}, tell {@code sender}. */
    public static byte[] arpRequest(String sender, String target) {
        ByteBuffer arp = ByteBuffer.allocate(28).putLong(0x0001_0800_0604_0001L);
        put(arp, HOST).put(address(sender)).put(new byte[6]).put(address(target));
        return ethernet(BROADCAST, 0x0806, arp.array());
    }

    /** A packet of the family of its addresses, in a frame; the checksums in it are right. */
    public static byte[] ip(
            long to, String from, String destination, int ttl, int protocol, byte[] payload) {
        return ip(to, address(from), address(destination), ttl, protocol, new byte[0], payload);
    }

    /**
     * @param options of IPv4, or a header of IPv6 with options for the destination, whose first two
     *     bytes are set here; a multiple of 4 or 8 bytes
     */
    public static byte[] ip(
            long to,
            byte[] from,
            byte[] destination,
            int ttl,
            int protocol,
            byte[] options,
            byte[] payload) {
        boolean isIp4 = from.length == 4;
        int headers = (isIp4 ? 20 : 40) + options.length;
        ByteBuffer ip = ByteBuffer.allocate(headers + payload.length);
        if (isIp4) {
            ip.put((byte) (0x40 | headers / 4)).put((byte) 0).putShort((short) ip.capacity());
            ip.putInt(0).put((byte) ttl).put((byte) protocol).putShort((short) 0);
        } else {
            ip.putInt(0x6000_0000).putShort((short) (ip.capacity() - 40));
            ip.put((byte) (options.length == 0 ? protocol : DESTINATION_OPTIONS)).put((byte) ttl);
        }
        ip.put(from).put(destination).put(options).put(payload);
        if (!isIp4 && options.length != 0) {
            ip.put(40, (byte) protocol).put(41, (byte) (options.length / 8 - 1));
        }
        byte[] frame = ethernet(to, isIp4 ? 0x0800 : 0x86dd, ip.array());
        mendPayload(frame, ETHERNET_BYTES, ETHERNET_BYTES + headers, protocol);
        return isIp4 ? mendHeader(frame, ETHERNET_BYTES) : frame;
    }

    /** Its bytes. */
    public static byte[] address(String text) {
        byte[] bytes = InetAddress.ofLiteral(text).getAddress();
        // Of an IPv4-mapped one the JDK makes one of IPv4.
        return text.contains(":") && bytes.length == 4
                ? ByteBuffer.allocate(16).putShort(10, (short) -1).put(12, bytes).array()
                : bytes;
    }

    // What a packet carries: ip sets the checksum.

    /** A datagram with so many zeros. */
    public static byte[] udp(int from, int to, int payloadBytes) {
        return udp(from, to, new byte[payloadBytes]);
    }

    public static byte[] udp(int from, int to, byte[] payload) {
        ByteBuffer udp = ByteBuffer.allocate(8 + payload.length);
        udp.putShort((short) from).putShort((short) to).putShort((short) udp.capacity());
        return udp.put(8, payload).array();
    }

    /** A segment without options. */
    public static byte[] tcp(int from, int to, int flags, byte... payload) {
        ByteBuffer tcp = ByteBuffer.allocate(20 + payload.length);
        tcp.putShort((short) from).putShort((short) to).put(12, (byte) 0x50).put(13, (byte) flags);
        return tcp.put(20, payload).array();
    }

    /** A message of either family, all zeros but for its type. */
    public static byte[] icmp(int type, int lengthBytes) {
        return with(new byte[lengthBytes], 0, type);
    }

    /** Random bytes. */
    public static byte[] noise(Random random, int count) {
        byte[] bytes = new byte[count];
        random.nextBytes(bytes);
        return bytes;
    }

    /** A copy with other bytes from an offset on. */
    public static byte[] with(byte[] bytes, int offset, int... values) {
        byte[] changed = bytes.clone();
        for (int i = 0; i < values.length; i++) {
            changed[offset + i] = (byte) values[i];
        }
        return changed;
    }

    /** What a router makes of an IP packet (RFC 1812 5.2.1): new MACs, one hop less. */
    public static byte[] routed(byte[] frame, long to, long from) {
        byte[] bytes = frame.clone();
        put(put(ByteBuffer.wrap(bytes), to), from);
        boolean isIp4 = bytes[12] == 8;
        bytes[isIp4 ? 22 : 21]--;
        return isIp4 ? mendHeader(bytes, ETHERNET_BYTES) : bytes;
    }

    /** Sets the checksum of the IPv4 header at this offset; returns the same frame. */
    public static byte[] mendHeader(byte[] frame, int l3) {
        ByteBuffer bytes = ByteBuffer.wrap(frame).putShort(l3 + 10, (short) 0);
        bytes.putShort(l3 + 10, (short) ~sum(frame, l3, (frame[l3] & 15) * 4));
        return frame;
    }

    /** Sets the checksum of the payload of the packet at {@code l3}, from {@code l4} to the end. */
    public static void mendPayload(byte[] frame, int l3, int l4, int protocol) {
        int field =
                switch (protocol) {
                    case ICMP, ICMP6 -> l4 + 2;
                    case TCP -> l4 + 16;
                    case UDP -> l4 + 6;
                    default -> frame.length;
                };
        if (field + 2 <= frame.length) {
            ByteBuffer bytes = ByteBuffer.wrap(frame);
            bytes.putShort(field, (short) pseudoSum(frame, l3, l4, protocol));
            int checksum = ~sum(frame, l4, frame.length - l4) & 0xffff;
            bytes.putShort(field, (short) (checksum == 0 ? 0xffff : checksum));
        }
    }

    /** Sum of the pseudo-header, which ICMP of IPv4 has not. */
    public static int pseudoSum(byte[] frame, int l3, int l4, int protocol) {
        boolean isIp4 = frame[l3] >> 4 == 4;
        ByteBuffer pseudo = ByteBuffer.allocate(40);
        pseudo.put(frame, isIp4 ? l3 + 12 : l3 + 8, isIp4 ? 8 : 32);
        pseudo.putInt(frame.length - l4).putInt(protocol);
        return protocol == ICMP ? 0 : sum(pseudo.array(), 0, 40);
    }

    /**
     * One's complement sum of big-endian words, an odd last byte padded by zero: RFC 1071 read
     * literally. Of a right IPv4 header it is 0xffff.
     */
    public static int sum(byte[] bytes, int from, int count) {
        int sum = 0;
        for (int i = 0; i < count; i += 2) {
            int high = bytes[from + i] & 0xff;
            int low = i + 1 < count ? bytes[from + i + 1] & 0xff : 0;
            sum += high << 8 | low;
            sum = (sum & 0xffff) + (sum >>> 16);
        }
        return sum;
    }
}
