package floof.base;

import java.util.HexFormat;

/**
 * An Ethernet address: the low 48 bits of {@code value}, first byte on the wire most significant.
 */
public record MacAddress(long value) {

    public static final MacAddress ZERO = new MacAddress(0);

    public MacAddress {
        if (value >>> 48 != 0) {
            throw new IllegalArgumentException("more than 48 bits in a MAC address");
        }
    }

    /** From six bytes as on the wire. */
    public static MacAddress of(byte[] bytes) {
        if (bytes.length != 6) {
            throw new IllegalArgumentException(
                    "a MAC address of " + bytes.length + " bytes; expected 6");
        }
        return new MacAddress(IpAddress.bigEndian(bytes, 0, 6));
    }

    /**
     * Parses six pairs of hexadecimal digits separated by colons.
     *
     * @throws IllegalArgumentException when the text is anything else
     */
    public static MacAddress parse(String text) {
        if (!text.matches("[0-9a-fA-F]{2}(:[0-9a-fA-F]{2}){5}")) {
            throw new IllegalArgumentException(
                    "'" + text + "' is not a MAC address like 02:00:00:00:00:01");
        }
        return of(HexFormat.ofDelimiter(":").parseHex(text));
    }

    public byte[] bytes() {
        byte[] bytes = new byte[6];
        for (int i = 0; i < 6; i++) {
            bytes[i] = (byte) (value >>> 40 - 8 * i);
        }
        return bytes;
    }

    /** Group bit of IEEE 802: multicast or broadcast. */
    public boolean isGroup() {
        return (value >>> 40 & 1) != 0;
    }

    @Override
    public String toString() {
        return HexFormat.ofDelimiter(":").formatHex(bytes());
    }
}
