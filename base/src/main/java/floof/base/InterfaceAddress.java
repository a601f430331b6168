package floof.base;

/** An address together with the prefix length of its subnet, as on an interface: 192.0.2.1/24. */
public record InterfaceAddress(IpAddress address, int length)
        implements Comparable<InterfaceAddress> {

    public InterfaceAddress {
        if (length < 0 || length > address.family().bits()) {
            throw new IllegalArgumentException(
                    "prefix length " + length + " is outside 0.." + address.family().bits());
        }
    }

    /**
     * Parses {@code address/length}.
     *
     * @throws IllegalArgumentException when the text is anything else
     */
    public static InterfaceAddress parse(String text) {
        int slash = text.indexOf('/');
        if (slash < 0 || !text.substring(slash + 1).matches("[0-9]{1,3}")) {
            throw new IllegalArgumentException("'" + text + "' is not ADDRESS/LENGTH");
        }
        return new InterfaceAddress(
                IpAddress.parse(text.substring(0, slash)),
                Integer.parseInt(text.substring(slash + 1)));
    }

    /** The connected subnet. */
    public Prefix subnet() {
        return Prefix.of(address, length);
    }

    @Override
    public int compareTo(InterfaceAddress other) {
        int order = address.compareTo(other.address);
        return order == 0 ? Integer.compare(length, other.length) : order;
    }

    @Override
    public String toString() {
        return address + "/" + length;
    }
}
