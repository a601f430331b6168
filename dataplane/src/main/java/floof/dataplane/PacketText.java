package floof.dataplane;

import floof.base.IpAddress;
import floof.base.MacAddress;
import floof.base.Reason;
import floof.engine.Packet;
import floof.engine.Trace;
import floof.memory.Memory;

/**
 * A packet as a trace shows it: Ethernet and IP header, ports, adjacency, and why it leaves.
 *
 * <pre>
 * 0 u16 length   2 u8 reason  4 u16 bytes kept   6 u16 adjacency (low bits)   8 .. frame from its start
 * </pre>
 */
public final class PacketText implements Trace.Format {

    private static final int FRAME = 8;
    private static final int KEPT_BYTES = BYTES - FRAME;
    private static final Reason[] REASONS = Reason.values();

    @Override
    public void capture(long packet, long entry) {
        int kept = Math.min(KEPT_BYTES, Packet.segmentLength(packet));
        Memory.putShort(entry, (short) Packet.length(packet));
        Memory.putByte(entry + 2, (byte) Packet.reason(packet));
        Memory.putShort(entry + 4, (short) kept);
        Memory.putShort(entry + 6, (short) Packet.adjacency(packet));
        Memory.copy(Packet.data(packet), entry + FRAME, kept);
    }

    @Override
    public void describe(long entry, long before, StringBuilder text) {
        if (before == 0 || !isSameFrame(entry, before)) {
            text.append(Memory.getShort(entry) & 0xffff).append(" bytes");
            appendFrame(entry + FRAME, kept(entry), text);
        }
        int adjacency = adjacency(entry);
        if (adjacency != 0 && (before == 0 || adjacency != adjacency(before))) {
            separate(text).append("adjacency ").append(adjacency);
        }
        int reason = reason(entry);
        if (reason != Packet.NO_REASON && (before == 0 || reason != reason(before))) {
            separate(text).append(REASONS[reason].label());
        }
    }

    private static int kept(long entry) {
        return Memory.getShort(entry + 4);
    }

    private static int adjacency(long entry) {
        return Memory.getShort(entry + 6) & 0xffff;
    }

    private static int reason(long entry) {
        return Memory.getByte(entry + 2) & 0xff;
    }

    private static boolean isSameFrame(long a, long b) {
        boolean isSame = Memory.getShort(a) == Memory.getShort(b) && kept(a) == kept(b);
        for (int i = 0; isSame && i < kept(a); i++) {
            isSame = Memory.getByte(a + FRAME + i) == Memory.getByte(b + FRAME + i);
        }
        return isSame;
    }

    private static StringBuilder separate(StringBuilder text) {
        return text.isEmpty() ? text : text.append(", ");
    }

    private static void appendFrame(long data, int kept, StringBuilder text) {
        if (kept < EthernetInputNode.HEADER_BYTES) {
            return;
        }
        text.append(", ").append(new MacAddress(Memory.getLongBe(data + 6) >>> 16));
        text.append(" > ").append(new MacAddress(Memory.getLongBe(data) >>> 16));
        int type = Memory.getShortBe(data + 12) & 0xffff;
        long ip = data + EthernetInputNode.HEADER_BYTES;
        int available = kept - EthernetInputNode.HEADER_BYTES;
        if (type == 0x0800 && available >= Ip4.HEADER_BYTES) {
            appendIp4(ip, available, text);
        } else if (type == 0x86dd && available >= Ip6.HEADER_BYTES) {
            appendIp6(ip, available, text);
        } else {
            text.append(", ethertype 0x").append(Integer.toHexString(type));
        }
    }

    private static void appendIp4(long ip, int available, StringBuilder text) {
        text.append(", ").append(IpAddress.ip4(Memory.getIntBe(ip + Ip4.SOURCE)));
        text.append(" > ").append(IpAddress.ip4(Ip4.destination(ip)));
        text.append(" protocol ").append(Ip4.protocol(ip));
        if (Ip4.isFragment(ip)) {
            text.append(" fragment");
        } else {
            appendPorts(Ip4.protocol(ip), ip + Ip4.headerBytes(ip), ip + available, text);
        }
        text.append(" ttl ").append(Ip4.ttl(ip));
    }

    private static void appendIp6(long ip, int available, StringBuilder text) {
        text.append(", ").append(address6(ip + Ip6.SOURCE));
        text.append(" > ").append(address6(ip + Ip6.DESTINATION));
        text.append(" next header ").append(Ip6.nextHeader(ip));
        appendPorts(Ip6.nextHeader(ip), ip + Ip6.HEADER_BYTES, ip + available, text);
        text.append(" hop limit ").append(Ip6.hopLimit(ip));
    }

    private static IpAddress address6(long at) {
        return IpAddress.ip6(Memory.getLongBe(at), Memory.getLongBe(at + 8));
    }

    private static void appendPorts(int protocol, long layer4, long end, StringBuilder text) {
        if ((protocol == Ip4.TCP || protocol == Ip4.UDP) && layer4 + 4 <= end) {
            text.append(" port ").append(Memory.getShortBe(layer4) & 0xffff);
            text.append(" > ").append(Memory.getShortBe(layer4 + 2) & 0xffff);
        }
    }
}
