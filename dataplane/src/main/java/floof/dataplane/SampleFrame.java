package floof.dataplane;

import floof.base.Family;
import floof.base.IpAddress;
import floof.base.MacAddress;
import java.nio.ByteBuffer;
import java.util.Arrays;

/** Complete Ethernet frames with a UDP packet, for measurements and warm-up. */
public final class SampleFrame {

    /** The shortest Ethernet frame, without its check sequence. */
    public static final int BYTES_MIN = 64;

    private SampleFrame() {}

    /**
     * @param ttl or hop limit
     * @param lengthBytes of the frame; the payload is zeros
     */
    public static byte[] udp(
            MacAddress to, IpAddress source, IpAddress destination, int ttl, int lengthBytes) {
        ByteBuffer frame = ByteBuffer.allocate(lengthBytes);
        frame.put(to.bytes()).put(new MacAddress(0x02_00_00_00_00_fdL).bytes());
        int l3Bytes = lengthBytes - EthernetInputNode.HEADER_BYTES;
        if (source.family() == Family.IP4) {
            frame.putShort((short) 0x0800).putShort((short) 0x4500).putShort((short) l3Bytes);
            frame.putInt(0).put((byte) ttl).put((byte) Ip4.UDP).putShort((short) 0);
            frame.put(source.bytes()).put(destination.bytes());
            int at = EthernetInputNode.HEADER_BYTES + Ip4.CHECKSUM;
            frame.putShort(at, (short) checksum(frame.array()));
        } else {
            frame.putShort((short) 0x86dd).putInt(0x6000_0000);
            frame.putShort((short) (l3Bytes - Ip6.HEADER_BYTES));
            frame.put((byte) Ip4.UDP).put((byte) ttl);
            frame.put(source.bytes()).put(destination.bytes());
        }
        int udpBytes = lengthBytes - frame.position();
        frame.putShort((short) 4000).putShort((short) 5000).putShort((short) udpBytes);
        return frame.array();
    }

    /** The same frame with one byte changed. */
    public static byte[] with(byte[] frame, int offset, int value) {
        byte[] changed = Arrays.copyOf(frame, frame.length);
        changed[offset] = (byte) value;
        return changed;
    }

    /** RFC 1071 checksum of a header of 20 bytes whose checksum field is zero. */
    private static int checksum(byte[] frame) {
        int sum = 0;
        for (int i = 0; i < Ip4.HEADER_BYTES; i += 2) {
            int at = EthernetInputNode.HEADER_BYTES + i;
            sum += (frame[at] & 0xff) << 8 | frame[at + 1] & 0xff;
        }
        sum = (sum & 0xffff) + (sum >>> 16);
        return ~(sum + (sum >>> 16)) & 0xffff;
    }
}
