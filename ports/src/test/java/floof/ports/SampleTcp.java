package floof.ports;

import java.nio.ByteBuffer;
import java.util.Random;

/**
 * A TCP or UDP frame with its checksums, by RFC 1071 read literally.
 *
 * @param bytes the whole frame
 * @param l3 offset of its IP header
 * @param l4 offset of its TCP or UDP header
 */
record SampleTcp(byte[] bytes, int l3, int l4, boolean isIp4, boolean isTcp) {

    /**
     * @param tags VLAN tags
     * @param extra bytes of IPv4 options, a multiple of 4, or of one IPv6 extension header, of 8
     * @param options bytes of TCP options, a multiple of 4
     */
    static SampleTcp of(
            Random random,
            boolean isIp4,
            boolean isTcp,
            int tags,
            int extra,
            int options,
            int payload) {
        int l3 = 14 + 4 * tags;
        int l4 = l3 + (isIp4 ? 20 : 40) + extra;
        int l4Bytes = (isTcp ? 20 + options : 8) + payload;
        byte[] bytes = new byte[l4 + l4Bytes];
        random.nextBytes(bytes);
        System.arraycopy(Bed.ETHERNET, 0, bytes, 0, 12);
        ByteBuffer frame = ByteBuffer.wrap(bytes);
        for (int i = 0; i < tags; i++) {
            frame.putShort(12 + 4 * i, (short) (i == 0 && tags == 2 ? 0x88a8 : 0x8100));
        }
        frame.putShort(l3 - 2, (short) (isIp4 ? 0x0800 : 0x86dd));
        int protocol = isTcp ? 6 : 17;
        if (isIp4) {
            frame.put(l3, (byte) (0x45 + extra / 4)).putShort(l3 + 2, (short) (l4 - l3 + l4Bytes));
            frame.putShort(l3 + 6, (short) 0x4000).put(l3 + 9, (byte) protocol);
            frame.putShort(l3 + 10, (short) 0);
            frame.putShort(l3 + 10, (short) ~sum(bytes, l3, l4 - l3));
        } else {
            frame.put(l3, (byte) 0x60).putShort(l3 + 4, (short) (extra + l4Bytes));
            frame.put(l3 + 6, (byte) (extra == 0 ? protocol : 60));
            if (extra != 0) {
                frame.put(l3 + 40, (byte) protocol).put(l3 + 41, (byte) (extra / 8 - 1));
            }
        }
        if (isTcp) {
            frame.put(l4 + 12, (byte) (0x50 + options / 4 * 16));
        } else {
            frame.putShort(l4 + 4, (short) l4Bytes);
        }
        SampleTcp sample = new SampleTcp(bytes, l3, l4, isIp4, isTcp);
        sample.finish();
        return sample;
    }

    /** Offset of the TCP or UDP checksum. */
    int field() {
        return l4 + (isTcp ? 16 : 6);
    }

    /** Writes the right checksum. */
    void finish() {
        ByteBuffer frame = ByteBuffer.wrap(bytes);
        frame.putShort(field(), (short) pseudo());
        int value = ~sum(bytes, l4, bytes.length - l4) & 0xffff;
        frame.putShort(field(), (short) (value == 0 ? 0xffff : value));
    }

    /** The same frame with the pseudo-header's sum for a checksum. */
    byte[] partial() {
        byte[] copy = bytes.clone();
        ByteBuffer.wrap(copy).putShort(field(), (short) pseudo());
        return copy;
    }

    private int pseudo() {
        ByteBuffer pseudo = ByteBuffer.allocate(40);
        pseudo.put(bytes, isIp4 ? l3 + 12 : l3 + 8, isIp4 ? 8 : 32);
        pseudo.putInt(bytes.length - l4).putInt(isTcp ? 6 : 17);
        return sum(pseudo.array(), 0, pseudo.position());
    }

    /** One's complement sum of big-endian words, an odd last byte padded by zero. */
    static int sum(byte[] bytes, int from, int count) {
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
