package floof.linux.netlink;

import floof.base.MacAddress;
import java.nio.ByteBuffer;

/**
 * A MAC that a device receives besides its own: what macvlans, VRRP, bridges and {@code bridge fdb
 * add ... self} put into its unicast filter ({@code dev->uc}). The kernel tells few of the changes.
 *
 * @param mac of one station, not of a group
 */
public record FilterEntry(int ifindex, MacAddress mac) implements RtnetlinkObject {

    private static final int NTF_SELF = 0x02;

    /** {@code struct ndmsg}; null for entries of a bridge's own table and of groups. */
    static @org.jspecify.annotations.Nullable FilterEntry read(
            ByteBuffer bytes, int body, int end, String place) {
        boolean isSelf = (bytes.get(body + 10) & NTF_SELF) != 0;
        MacAddress mac = Neighbour.mac(bytes, body, end, place);
        return !isSelf || mac == null || mac.isGroup()
                ? null
                : new FilterEntry(bytes.getInt(body + 4), mac);
    }
}
