package floof.dataplane;

import floof.base.IpAddress;
import floof.base.MacAddress;
import java.nio.ByteBuffer;

/** Frames for tests, right in every field unless a test breaks them. */
final class Packets {

    static final MacAddress HOST = MacAddress.parse("02:00:00:00:00:99");

    private Packets() {}

    static byte[] ethernet(MacAddress to, int type, byte[] payload) {
        ByteBuffer frame = ByteBuffer.allocate(14 + payload.length);
        frame.put(to.bytes()).put(HOST.bytes()).putShort((short) type).put(payload);
        return frame.array();
    }

    /** A packet of the family of its addresses, in a frame. */
    static byte[] ip(
            MacAddress to, String from, String destination, int ttl, int protocol, byte[] payload) {
        IpAddress source = IpAddress.parse(from);
        return source.family() == floof.base.Family.IP4
                ? ethernet(
                        to,
                        0x0800,
                        ip4(source, IpAddress.parse(destination), ttl, protocol, payload, 0))
                : ethernet(
                        to,
                        0x86dd,
                        ip6(source, IpAddress.parse(destination), ttl, protocol, payload));
    }

    static byte[] udp(int from, int to, int payloadBytes) {
        ByteBuffer udp = ByteBuffer.allocate(8 + payloadBytes);
        udp.putShort((short) from).putShort((short) to).putShort((short) (8 + payloadBytes));
        return udp.array();
    }

    static byte[] ip4(
            IpAddress from, IpAddress to, int ttl, int protocol, byte[] payload, int optionWords) {
        int header = 20 + 4 * optionWords;
        ByteBuffer ip = ByteBuffer.allocate(header + payload.length);
        ip.put((byte) (0x40 | header / 4))
                .put((byte) 0)
                .putShort((short) (header + payload.length));
        ip.putInt(0).put((byte) ttl).put((byte) protocol).putShort((short) 0);
        ip.put(from.bytes()).put(to.bytes());
        for (int i = 0; i < optionWords; i++) {
            ip.putInt(0x01010101); // no operation
        }
        ip.put(payload);
        byte[] packet = ip.array();
        mendChecksum(packet, 0);
        return packet;
    }

    static byte[] ip6(IpAddress from, IpAddress to, int hopLimit, int nextHeader, byte[] payload) {
        ByteBuffer ip = ByteBuffer.allocate(40 + payload.length);
        ip.putInt(0x60000000).putShort((short) payload.length);
        ip.put((byte) nextHeader)
                .put((byte) hopLimit)
                .put(from.bytes())
                .put(to.bytes())
                .put(payload);
        return ip.array();
    }

    /** Writes the right checksum into the IPv4 header at this offset. */
    static void mendChecksum(byte[] bytes, int ip) {
        bytes[ip + 10] = 0;
        bytes[ip + 11] = 0;
        int sum = ~headerSum(bytes, ip) & 0xffff;
        bytes[ip + 10] = (byte) (sum >>> 8);
        bytes[ip + 11] = (byte) sum;
    }

    /** One's complement sum of the IPv4 header: 0xffff when its checksum is right. */
    static int headerSum(byte[] bytes, int ip) {
        int header = (bytes[ip] & 15) * 4;
        int sum = 0;
        for (int i = 0; i < header; i += 2) {
            sum += (bytes[ip + i] & 0xff) << 8 | bytes[ip + i + 1] & 0xff;
        }
        while (sum >>> 16 != 0) {
            sum = (sum & 0xffff) + (sum >>> 16);
        }
        return sum;
    }
}
