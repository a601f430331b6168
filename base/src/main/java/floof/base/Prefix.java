package floof.base;

/**
 * An IP prefix in canonical form: bits after {@code length} are zero. Ordering: address, then
 * length, so that a prefix comes right before those it contains.
 */
public record Prefix(IpAddress address, int length) implements Comparable<Prefix> {

    public Prefix {
        if (length < 0 || length > address.family().bits()) {
            throw new IllegalArgumentException(
                    "prefix length " + length + " is outside 0.." + address.family().bits());
        }
        if (!address.masked(length).equals(address)) {
            throw new IllegalArgumentException(
                    address + "/" + length + " has host bits set; expected " + of(address, length));
        }
    }

    /** The prefix of this length that contains the address. */
    public static Prefix of(IpAddress address, int length) {
        return new Prefix(address.masked(length), length);
    }

    /** The prefix that is one address. */
    public static Prefix host(IpAddress address) {
        return new Prefix(address, address.family().bits());
    }

    /**
     * Parses {@code address/length} with no host bits set.
     *
     * @throws IllegalArgumentException when the text is anything else
     */
    public static Prefix parse(String text) {
        InterfaceAddress parsed = InterfaceAddress.parse(text);
        return new Prefix(parsed.address(), parsed.length());
    }

    public Family family() {
        return address.family();
    }

    public boolean contains(IpAddress other) {
        return other.family() == family() && other.masked(length).equals(address);
    }

    public boolean contains(Prefix other) {
        return other.length >= length && contains(other.address);
    }

    @Override
    public int compareTo(Prefix other) {
        int order = address.compareTo(other.address);
        return order == 0 ? Integer.compare(length, other.length) : order;
    }

    @Override
    public String toString() {
        return address + "/" + length;
    }
}
