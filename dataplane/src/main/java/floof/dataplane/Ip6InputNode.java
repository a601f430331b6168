package floof.dataplane;

import floof.base.Reason;
import floof.engine.Frame;
import floof.engine.Node;
import floof.engine.Packet;
import floof.memory.Memory;

/** Verifies IPv6 headers (RFC 8200 3) and addresses (RFC 4291 2.5, 2.7). Thread: worker. */
public final class Ip6InputNode implements Node {

    private static final int TRUNCATED = Verdict.of(Reason.TRUNCATED);
    private static final int BAD_VERSION = Verdict.of(Reason.BAD_VERSION);
    private static final int BAD_LENGTH = Verdict.of(Reason.BAD_LENGTH);
    private static final int IP6_HOP_BY_HOP = Verdict.of(Reason.IP6_HOP_BY_HOP);
    private static final int MARTIAN_SOURCE = Verdict.of(Reason.MARTIAN_SOURCE);
    private static final int MARTIAN_DESTINATION = Verdict.of(Reason.MARTIAN_DESTINATION);
    private static final int LOCAL_MULTICAST = Verdict.of(Reason.LOCAL_MULTICAST);
    private static final int LINK_LOCAL = Verdict.of(Reason.LINK_LOCAL);
    private static final int ND = Verdict.of(Reason.ND);

    /** By the first byte of an address: 0 = needs no closer look. */
    private static final byte[] SPECIAL = special();

    private static byte[] special() {
        byte[] special = new byte[256];
        special[0] = 1; // ::, ::1, IPv4 inside
        special[0xfe] = 1; // link-local
        special[0xff] = 1; // multicast
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
        if (availableBytes < Ip6.HEADER_BYTES) {
            return TRUNCATED;
        }
        long first = Memory.getLong(ip);
        if ((first & 0xf0) != 0x60) {
            return BAD_VERSION;
        }
        int payloadLength = Short.reverseBytes((short) (first >>> 32)) & 0xffff;
        if (Ip6.HEADER_BYTES + payloadLength > availableBytes) {
            return BAD_LENGTH;
        }
        int from = Memory.getByte(ip + Ip6.SOURCE) & 0xff;
        int to = Memory.getByte(ip + Ip6.DESTINATION) & 0xff;
        if ((SPECIAL[from] | SPECIAL[to]) != 0) {
            int verdict = judgeSpecial(ip, availableBytes, from, to);
            if (verdict != Verdict.NEXT) {
                return verdict;
            }
        }
        int nextHeader = (int) (first >>> 48) & 0xff;
        return nextHeader == Ip6.HOP_BY_HOP ? IP6_HOP_BY_HOP : Verdict.NEXT;
    }

    private static int judgeSpecial(long ip, int availableBytes, int from, int to) {
        boolean isGroup = to == 0xff;
        if (from == 0xff) {
            return MARTIAN_SOURCE;
        }
        if (isLow(ip + Ip6.SOURCE)) {
            boolean isUnspecified = Memory.getLong(ip + Ip6.SOURCE + 8) == 0;
            // :: is how a host without an address speaks to its link (RFC 4861 4.3).
            if (!(isUnspecified && isGroup)) {
                return MARTIAN_SOURCE;
            }
        }
        if (isGroup) {
            return Ip6.isNeighbourDiscovery(ip, availableBytes) ? ND : LOCAL_MULTICAST;
        }
        if (isLow(ip + Ip6.DESTINATION)) {
            return MARTIAN_DESTINATION;
        }
        if (isLinkLocal(ip + Ip6.SOURCE) || isLinkLocal(ip + Ip6.DESTINATION)) {
            return Ip6.isNeighbourDiscovery(ip, availableBytes) ? ND : LINK_LOCAL;
        }
        return Verdict.NEXT;
    }

    /** ::/80: unspecified, loopback, IPv4-mapped and -compatible addresses (RFC 4291 2.5). */
    private static boolean isLow(long address) {
        return Memory.getLong(address) == 0 && Memory.getShort(address + 8) == 0;
    }

    /** fe80::/10. */
    private static boolean isLinkLocal(long address) {
        return (Memory.getShortBe(address) & 0xffc0) == 0xfe80;
    }
}
