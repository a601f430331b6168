package floof.ports;

import floof.testkit.Packets;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Random;

/**
 * A TCP or UDP frame with its checksums.
 *
 * @param bytes the whole frame
 * @param l3 offset of its IP header
 * @param l4 offset of its TCP or UDP header
 */
record SampleTcp(byte[] bytes, int l3, int l4, boolean isIp4, boolean isTcp) {

    /**
     * All else in it is random.
     *
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
        byte[] noise = Packets.noise(random, l4 + (isTcp ? 20 + options : 8) + payload);
        byte[] segment = Arrays.copyOfRange(noise, l4, noise.length);
        if (isTcp) {
            segment[12] = (byte) (0x50 + options / 4 * 16);
        } else {
            ByteBuffer.wrap(segment).putShort(4, (short) segment.length);
        }
        int size = isIp4 ? 4 : 16;
        int from = l4 - extra - 2 * size;
        byte[] bytes =
                Packets.ip(
                        Bed.STATION,
                        Arrays.copyOfRange(noise, from, from + size),
                        Arrays.copyOfRange(noise, from + size, from + 2 * size),
                        noise[l3 + (isIp4 ? 8 : 7)],
                        isTcp ? 6 : 17,
                        Arrays.copyOfRange(noise, l4 - extra, l4),
                        segment);
        System.arraycopy(noise, l3 + 1, bytes, 15, isIp4 ? 1 : 3);
        if (isIp4) {
            System.arraycopy(noise, l3 + 4, bytes, 18, 2);
            bytes[20] = 0x40; // not to be fragmented
            Packets.mendHeader(bytes, 14);
        }
        for (int i = tags - 1; i >= 0; i--) {
            int type = i == 0 && tags == 2 ? 0x88a8 : 0x8100;
            int value = ByteBuffer.wrap(noise).getShort(14 + 4 * i) & 0xffff;
            bytes = Packets.tagged(bytes, type << 16 | value);
        }
        return new SampleTcp(bytes, l3, l4, isIp4, isTcp);
    }

    int protocol() {
        return isTcp ? 6 : 17;
    }

    /** Offset of the TCP or UDP checksum. */
    int field() {
        return l4 + (isTcp ? 16 : 6);
    }

    /** The same frame with the pseudo-header's sum for a checksum. */
    byte[] partial() {
        int sum = Packets.pseudoSum(bytes, l3, l4, protocol());
        return Packets.with(bytes, field(), sum >> 8, sum);
    }
}
