package floof.dataplane;

import floof.base.Reason;
import floof.engine.Frame;
import floof.engine.Node;
import floof.engine.Packet;
import floof.memory.Memory;

/** Verifies IPv4 headers (RFC 1812 5.2.2) and addresses (5.3.7). Thread: worker. */
public final class Ip4InputNode implements Node {

    private static final int TRUNCATED = Verdict.of(Reason.TRUNCATED);
    private static final int BAD_VERSION = Verdict.of(Reason.BAD_VERSION);
    private static final int BAD_HEADER_LENGTH = Verdict.of(Reason.BAD_HEADER_LENGTH);
    private static final int BAD_LENGTH = Verdict.of(Reason.BAD_LENGTH);
    private static final int BAD_CHECKSUM = Verdict.of(Reason.BAD_CHECKSUM);
    private static final int IP4_OPTIONS = Verdict.of(Reason.IP4_OPTIONS);
    private static final int MARTIAN_SOURCE = Verdict.of(Reason.MARTIAN_SOURCE);
    private static final int MARTIAN_DESTINATION = Verdict.of(Reason.MARTIAN_DESTINATION);
    private static final int LOCAL_MULTICAST = Verdict.of(Reason.LOCAL_MULTICAST);
    private static final int LINK_LOCAL = Verdict.of(Reason.LINK_LOCAL);

    private static final int NO_OPTIONS = 0x45;

    /** 65,535 times this is 1 modulo 2 to the 64th. */
    private static final long INVERSE = 0xfffe_fffe_fffe_ffffL;

    /** The number of multiples of 65,535 in 64 bits, without 0. */
    private static final long MULTIPLES = Long.divideUnsigned(-1L, 0xffff);

    /** By the first byte of an address: 0 = needs no closer look. */
    private static final byte[] SPECIAL = special();

    private static byte[] special() {
        byte[] special = new byte[256];
        special[0] = 1;
        special[127] = 1;
        special[169] = 1;
        for (int first = 224; first < 256; first++) {
            special[first] = 1;
        }
        return special;
    }

    @Override
    public void process(Frame frame) {
        long[] packets = frame.packets;
        byte[] exits = frame.exits;
        int count = frame.count;
        for (int i = 0; i < count; i++) {
            long packet = packets[i];
            int l3 = Packet.l3(packet);
            int verdict = judge(Packet.data(packet) + l3, Packet.length(packet) - l3);
            exits[i] = Verdict.exit(verdict, packet);
        }
    }

    private static int judge(long ip, int availableBytes) {
        if (availableBytes < Ip4.HEADER_BYTES) {
            return TRUNCATED;
        }
        long first = Memory.getLong(ip);
        long second = Memory.getLong(ip + 8);
        int destinationRaw = Memory.getInt(ip + Ip4.DESTINATION);
        if ((first & 0xff) != NO_OPTIONS) {
            return judgeUnusual(ip, availableBytes);
        }
        int totalLength = Short.reverseBytes((short) (first >>> 16)) & 0xffff;
        if (totalLength < Ip4.HEADER_BYTES || totalLength > availableBytes) {
            return BAD_LENGTH;
        }
        long sum =
                word(first)
                        + (first >>> 32)
                        + word(second)
                        + (second >>> 32)
                        + word(destinationRaw);
        if (!isRight(sum)) {
            return BAD_CHECKSUM;
        }
        // The first byte of an address is the lowest of a little-endian load.
        int source = (int) (second >>> 32);
        if ((SPECIAL[source & 0xff] | SPECIAL[destinationRaw & 0xff]) != 0) {
            return judgeSpecial(Integer.reverseBytes(source), Integer.reverseBytes(destinationRaw));
        }
        return Verdict.NEXT;
    }

    private static long word(long value) {
        return value & 0xffff_ffffL;
    }

    /**
     * Whether 32-bit words of a header sum up to all ones (RFC 1071), in any byte order: a sum in
     * one's complement is all ones when the plain one is a multiple of 65,535 and not 0, which a
     * header with a version never is. A number is a multiple of an odd one when its product with
     * the inverse is small (Granlund and Montgomery, PLDI 1994, section 9).
     */
    static boolean isRight(long sum) {
        return Long.compareUnsigned(sum * INVERSE, MULTIPLES) <= 0;
    }

    /** Judges another version, a wrong header length, options. */
    private static int judgeUnusual(long ip, int availableBytes) {
        if ((Memory.getByte(ip) & 0xf0) != 0x40) {
            return BAD_VERSION;
        }
        int headerBytes = Ip4.headerBytes(ip);
        if (headerBytes < Ip4.HEADER_BYTES || headerBytes > availableBytes) {
            return BAD_HEADER_LENGTH;
        }
        int totalLength = Ip4.totalLength(ip);
        if (totalLength < headerBytes || totalLength > availableBytes) {
            return BAD_LENGTH;
        }
        long sum = 0;
        for (int offset = 0; offset < headerBytes; offset += 4) {
            sum += word(Memory.getInt(ip + offset));
        }
        if (!isRight(sum)) {
            return BAD_CHECKSUM;
        }
        int source = Memory.getIntBe(ip + Ip4.SOURCE);
        int verdict = judgeSpecial(source, Ip4.destination(ip));
        return verdict == Verdict.NEXT ? IP4_OPTIONS : verdict;
    }

    private static int judgeSpecial(int source, int destination) {
        int from = source >>> 24;
        int to = destination >>> 24;
        boolean isGroup = to >>> 4 == 0xe || destination == 0xffff_ffff;
        // 0.0.0.0 is how a host without an address speaks to its link (RFC 1122 3.2.1.3).
        if (from == 127 || from >= 224 || from == 0 && !(source == 0 && isGroup)) {
            return MARTIAN_SOURCE;
        }
        if (isGroup) {
            return LOCAL_MULTICAST;
        }
        if (to == 0 || to == 127 || to >= 240) {
            return MARTIAN_DESTINATION;
        }
        return source >>> 16 == 0xa9fe || destination >>> 16 == 0xa9fe ? LINK_LOCAL : Verdict.NEXT;
    }
}
