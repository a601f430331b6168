package floof.linux.netlink;

/** Bytes of a Netlink message that cannot be what they say; names attribute and offset. */
public final class MalformedNetlink extends RuntimeException {

    /**
     * @param place message and attribute, like {@code RTM_NEWROUTE RTA_GATEWAY}
     * @param offset bytes from the start of the datagram
     */
    MalformedNetlink(String place, int offset, String fault) {
        super(place + " at offset " + offset + ": " + fault);
    }
}
