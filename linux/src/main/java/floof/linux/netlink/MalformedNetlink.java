package floof.linux.netlink;

/** Bytes of a Netlink message that cannot be what they say; names attribute and offset. */
public final class MalformedNetlink extends RuntimeException {
    private final String place;
    private final int offset;

    /**
     * @param offset bytes from the start of the datagram
     */
    MalformedNetlink(String place, int offset, String fault) {
        super(place + " at offset " + offset + ": " + fault);
        this.place = place;
        this.offset = offset;
    }

    /** Message and attribute, like {@code RTM_NEWROUTE RTA_GATEWAY}. */
    public String place() {
        return place;
    }

    public int offset() {
        return offset;
    }
}
