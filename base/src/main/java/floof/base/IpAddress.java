package floof.base;

import java.net.Inet6Address;
import java.net.InetAddress;

/**
 * An IPv4 or IPv6 address. {@code high} and {@code low} hold the 128 bits in host order, most
 * significant first; an IPv4 address is the low 32 bits of {@code low} and {@code high} is 0.
 * Ordering: family, then unsigned value.
 */
public record IpAddress(Family family, long high, long low) implements Comparable<IpAddress> {

    public IpAddress {
        if (family == Family.IP4 && (high != 0 || low >>> 32 != 0)) {
            throw new IllegalArgumentException("more than 32 bits in an IPv4 address");
        }
    }

    public static IpAddress ip4(int value) {
        return new IpAddress(Family.IP4, 0, value & 0xffff_ffffL);
    }

    public static IpAddress ip6(long high, long low) {
        return new IpAddress(Family.IP6, high, low);
    }

    /** From network order bytes, 4 or 16 of them. */
    public static IpAddress of(byte[] bytes) {
        if (bytes.length == 4) {
            return ip4((int) bigEndian(bytes, 0, 4));
        }
        if (bytes.length == 16) {
            return ip6(bigEndian(bytes, 0, 8), bigEndian(bytes, 8, 8));
        }
        throw new IllegalArgumentException(
                "an IP address of " + bytes.length + " bytes; expected 4 or 16");
    }

    /**
     * Parses dotted-quad IPv4 or RFC 4291 IPv6 text; never asks a name server.
     *
     * @throws IllegalArgumentException when the text is not an address
     */
    public static IpAddress parse(String text) {
        try {
            if (text.indexOf(':') >= 0) {
                if (text.indexOf('%') < 0 && text.charAt(0) != '[') {
                    InetAddress parsed = InetAddress.ofLiteral(text);
                    // The JDK returns IPv4-mapped text as IPv4. Keep the IPv6 address that was
                    // written.
                    return parsed instanceof Inet6Address
                            ? of(parsed.getAddress())
                            : ip6(0, 0xffff_0000_0000L | of(parsed.getAddress()).low);
                }
            } else if (isDottedQuad(text)) {
                return of(InetAddress.ofLiteral(text).getAddress());
            }
        } catch (IllegalArgumentException e) {
            // falls to the one message below
        }
        throw new IllegalArgumentException("'" + text + "' is not an IPv4 or IPv6 address");
    }

    private static boolean isDottedQuad(String text) {
        int dots = 0;
        int digits = 0;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '.' && digits > 0) {
                dots++;
                digits = 0;
            } else if (c >= '0' && c <= '9' && digits < 3) {
                digits++;
            } else {
                return false;
            }
        }
        return dots == 3 && digits > 0;
    }

    static long bigEndian(byte[] bytes, int from, int count) {
        long value = 0;
        for (int i = from; i < from + count; i++) {
            value = value << 8 | bytes[i] & 0xff;
        }
        return value;
    }

    /** The address in network order, 4 or 16 bytes. */
    public byte[] bytes() {
        byte[] bytes = new byte[family.sizeBytes()];
        long value = low;
        for (int i = bytes.length - 1; i >= 0; i--) {
            bytes[i] = (byte) value;
            value >>>= 8;
            if (i == 8) {
                value = high;
            }
        }
        return bytes;
    }

    /** The IPv4 address as an int in host order; only for {@link Family#IP4}. */
    public int ip4Value() {
        if (family != Family.IP4) {
            throw new IllegalStateException(this + " is not IPv4");
        }
        return (int) low;
    }

    /** Keeps the first {@code length} bits, clears the rest. */
    public IpAddress masked(int length) {
        if (family == Family.IP4) {
            return ip4((int) (length == 0 ? 0 : low & -1L << (32 - length)));
        }
        if (length <= 64) {
            return ip6(length == 0 ? 0 : high & -1L << (64 - length), 0);
        }
        return ip6(high, low & -1L << (128 - length));
    }

    public boolean isUnspecified() {
        return high == 0 && low == 0;
    }

    /** 127/8 or ::1. */
    public boolean isLoopback() {
        return family == Family.IP4 ? low >>> 24 == 127 : high == 0 && low == 1;
    }

    /** 224/4 or ff00::/8. */
    public boolean isMulticast() {
        return family == Family.IP4 ? low >>> 28 == 0xe : high >>> 56 == 0xff;
    }

    /** 169.254/16 or fe80::/10. */
    public boolean isLinkLocal() {
        return family == Family.IP4 ? low >>> 16 == 0xa9fe : high >>> 54 == 0xfe80 >> 6;
    }

    /** ::ffff:0:0/96: an IPv4 address in the form of an IPv6 one. */
    public boolean isMapped() {
        return family == Family.IP6 && high == 0 && low >>> 32 == 0xffff;
    }

    @Override
    public int compareTo(IpAddress other) {
        int order = family.compareTo(other.family);
        if (order == 0) {
            order = Long.compareUnsigned(high, other.high);
        }
        return order == 0 ? Long.compareUnsigned(low, other.low) : order;
    }

    /** RFC 5952 text. */
    @Override
    public String toString() {
        if (family == Family.IP4) {
            return (low >>> 24)
                    + "."
                    + (low >>> 16 & 0xff)
                    + "."
                    + (low >>> 8 & 0xff)
                    + "."
                    + (low & 0xff);
        }
        if (high == 0 && low >>> 32 == 0xffff) {
            return "::ffff:" + ip4((int) low);
        }
        return compressed(bytes());
    }

    /**
     * RFC 5952 4.2: the longest run of two or more zero groups, the first of equals, becomes "::".
     */
    private static String compressed(byte[] bytes) {
        int bestStart = -1;
        int bestLength = 1;
        for (int i = 0; i < 8; i++) {
            int j = i;
            while (j < 8 && bytes[2 * j] == 0 && bytes[2 * j + 1] == 0) {
                j++;
            }
            if (j - i > bestLength) {
                bestStart = i;
                bestLength = j - i;
            }
            i = Math.max(i, j - 1);
        }
        StringBuilder text = new StringBuilder(39);
        for (int i = 0; i < 8; i++) {
            if (i == bestStart) {
                text.append("::");
                i += bestLength - 1;
                continue;
            }
            if (!text.isEmpty() && text.charAt(text.length() - 1) != ':') {
                text.append(':');
            }
            text.append(Integer.toHexString((bytes[2 * i] & 0xff) << 8 | bytes[2 * i + 1] & 0xff));
        }
        return text.toString();
    }
}
