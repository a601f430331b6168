package floof.linux.netlink;

import floof.base.Family;
import floof.base.IpAddress;
import floof.base.MacAddress;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/**
 * Walks attributes ({@code struct nlattr}: u16 length, u16 type, payload, padding to 4), each with
 * its length checked. {@code names} are indexed by type.
 */
final class Attributes {
    private static final int HEADER_BYTES = 4;
    private static final int TYPE_MASK = 0x3fff; // without NLA_F_NESTED, NLA_F_NET_BYTEORDER

    private final ByteBuffer bytes;
    private final String place;
    private final String[] names;
    private final int end;
    private int next;
    private int type;
    private int payload;
    private int sizeBytes;

    /** Over {@code bytes} from {@code start} to {@code end}, native order. */
    Attributes(ByteBuffer bytes, int start, int end, String place, String[] names) {
        this.bytes = bytes;
        this.place = place;
        this.names = names;
        this.end = end;
        next = start;
    }

    /** Steps to the next attribute; false when there is none. */
    boolean next() {
        int start = next;
        int left = end - start;
        if (left <= 0) {
            return false;
        }
        if (left < HEADER_BYTES) {
            throw new MalformedNetlink(place, start, left + " bytes; expected an attribute");
        }
        int length = bytes.getShort(start) & 0xffff;
        type = bytes.getShort(start + 2) & TYPE_MASK;
        payload = start + HEADER_BYTES;
        sizeBytes = length - HEADER_BYTES;
        if (sizeBytes < 0 || length > left) {
            throw fault("length " + length + "; expected 4.." + left);
        }
        next = start + Netlink.aligned(length);
        return true;
    }

    int type() {
        return type;
    }

    private MalformedNetlink fault(String text) {
        return new MalformedNetlink(path(), payload - HEADER_BYTES, text);
    }

    private void size(int expected) {
        if (sizeBytes != expected) {
            throw fault(sizeBytes + " bytes; expected " + expected);
        }
    }

    int u8() {
        size(1);
        return bytes.get(payload) & 0xff;
    }

    int i32() {
        size(4);
        return bytes.getInt(payload);
    }

    long u32() {
        return i32() & 0xffff_ffffL;
    }

    private long bigEndian(int at) {
        long value = bytes.getLong(at);
        return bytes.order() == ByteOrder.BIG_ENDIAN ? value : Long.reverseBytes(value);
    }

    private IpAddress addressAt(Family family, int at) {
        if (family == Family.IP6) {
            return IpAddress.ip6(bigEndian(at), bigEndian(at + 8));
        }
        int value = bytes.getInt(at);
        return IpAddress.ip4(
                bytes.order() == ByteOrder.BIG_ENDIAN ? value : Integer.reverseBytes(value));
    }

    IpAddress address(Family family) {
        size(family.sizeBytes());
        return addressAt(family, payload);
    }

    /** {@code struct rtvia}: u16 family, then the address. */
    IpAddress via() {
        if (sizeBytes < 2) {
            throw fault(sizeBytes + " bytes; expected a family and an address");
        }
        Family family = family(bytes.getShort(payload) & 0xffff);
        size(2 + family.sizeBytes());
        return addressAt(family, payload + 2);
    }

    private Family family(int number) {
        if (number != Family.IP4.number() && number != Family.IP6.number()) {
            throw fault("family " + number + "; expected 2 or 10");
        }
        return Family.of(number);
    }

    /** Whether it has the length of an Ethernet address; tunnels have others. */
    boolean isMac() {
        return sizeBytes == 6;
    }

    MacAddress mac() {
        size(6);
        byte[] mac = new byte[6];
        bytes.get(payload, mac);
        return MacAddress.of(mac);
    }

    /** Text up to its NUL. */
    String text() {
        byte[] text = new byte[sizeBytes];
        bytes.get(payload, text);
        int length = 0;
        while (length < text.length && text[length] != 0) {
            length++;
        }
        return new String(text, 0, length, StandardCharsets.UTF_8);
    }

    /** The attributes inside this one. */
    Attributes nested(String[] inner) {
        return new Attributes(bytes, payload, payload + sizeBytes, path(), inner);
    }

    private String path() {
        return place + " " + (type < names.length ? names[type] : "attribute " + type);
    }

    /** Walks {@code struct rtnexthop} records: u16 length, u8 flags, u8 hops, i32 ifindex. */
    NextHops nextHops(String[] inner) {
        return new NextHops(payload, payload + sizeBytes, path(), inner);
    }

    /** The records of RTA_MULTIPATH; used like its outer class. */
    final class NextHops {
        private static final int RECORD_BYTES = 8;

        private final int end;
        private final String place;
        private final String[] inner;
        private int next;
        private int start;

        private NextHops(int start, int end, String place, String[] inner) {
            next = start;
            this.end = end;
            this.place = place;
            this.inner = inner;
        }

        boolean next() {
            start = next;
            int left = end - start;
            if (left <= 0) {
                return false;
            }
            int length = left < RECORD_BYTES ? 0 : bytes.getShort(start) & 0xffff;
            if (length < RECORD_BYTES || length > left) {
                throw new MalformedNetlink(
                        place, start, "next hop of " + length + " bytes; expected 8.." + left);
            }
            next = start + Netlink.aligned(length);
            return true;
        }

        int flags() {
            return bytes.get(start + 2) & 0xff;
        }

        /** Weight less one (rtnh_hops). */
        int hops() {
            return bytes.get(start + 3) & 0xff;
        }

        int ifindex() {
            return bytes.getInt(start + 4);
        }

        Attributes attributes() {
            int length = bytes.getShort(start) & 0xffff;
            return new Attributes(bytes, start + RECORD_BYTES, start + length, place, inner);
        }
    }
}
