package floof.dataplane;

import floof.base.IpAddress;
import floof.base.MacAddress;
import floof.base.Reason;
import floof.engine.Packet;
import floof.engine.Trace;
import floof.memory.Memory;

/**
 * A packet as a trace shows it: ethertype and IP header, output, and why it leaves.
 *
 * <pre>
 * 0 u16 length   2 u8 reason  4 u16 bytes kept   6 u16 adjacency (low bits)   8 .. frame from its start
 * </pre>
 */
public final class PacketText implements Trace.Format {

    private static final int KEPT_BYTES = BYTES - 8;
    private static final Reason[] REASONS = Reason.values();

    @Override
    public void capture(long packet, long entry) {
        int kept = Math.min(KEPT_BYTES, Packet.segmentLength(packet));
        Memory.putShort(entry, (short) Packet.length(packet));
        Memory.putByte(entry + 2, (byte) Packet.reason(packet));
        Memory.putShort(entry + 4, (short) kept);
        Memory.putShort(entry + 6, (short) Packet.adjacency(packet));
        Memory.copy(Packet.data(packet), entry + 8, kept);
    }

    @Override
    public void describe(long entry, StringBuilder text) {
        int kept = Memory.getShort(entry + 4);
        long data = entry + 8;
        text.append(Memory.getShort(entry) & 0xffff).append(" bytes");
        if (kept < EthernetInputNode.HEADER_BYTES) {
            return;
        }
        text.append(", ").append(new MacAddress(Memory.getLongBe(data + 6) >>> 16));
        text.append(" > ").append(new MacAddress(Memory.getLongBe(data) >>> 16));
        int type = Memory.getShortBe(data + 12) & 0xffff;
        long ip = data + EthernetInputNode.HEADER_BYTES;
        if (type == 0x0800 && kept >= EthernetInputNode.HEADER_BYTES + Ip4.HEADER_BYTES) {
            text.append(", ").append(IpAddress.ip4(Memory.getIntBe(ip + Ip4.SOURCE)));
            text.append(" > ").append(IpAddress.ip4(Ip4.destination(ip)));
            text.append(" protocol ").append(Ip4.protocol(ip)).append(" ttl ").append(Ip4.ttl(ip));
        } else if (type == 0x86dd) {
            // The destination's second half may lie beyond what is kept.
            text.append(", ")
                    .append(
                            IpAddress.ip6(
                                    Memory.getLongBe(ip + Ip6.SOURCE),
                                    Memory.getLongBe(ip + Ip6.SOURCE + 8)));
            text.append(" next header ").append(Ip6.nextHeader(ip));
            text.append(" hop limit ").append(Ip6.hopLimit(ip));
        } else {
            text.append(", ethertype 0x").append(Integer.toHexString(type));
        }
        int adjacency = Memory.getShort(entry + 6) & 0xffff;
        if (adjacency != 0) {
            text.append(", adjacency ").append(adjacency);
        }
        int reason = Memory.getByte(entry + 2) & 0xff;
        if (reason != Packet.NO_REASON) {
            text.append(", ").append(REASONS[reason].label());
        }
    }
}
