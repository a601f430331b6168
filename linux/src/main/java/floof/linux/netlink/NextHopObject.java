package floof.linux.netlink;

import java.nio.ByteBuffer;

/**
 * A next hop object (ip-nexthop(8)) that routes refer to. Routes that change with it are not always
 * told; what they lead to is told with the routes.
 */
public record NextHopObject(int id) implements RtnetlinkObject {
    static final int BODY_BYTES = 8;

    private static final int NHA_ID = 1;
    private static final String[] NAMES = {"NHA_UNSPEC", "NHA_ID"};

    /** {@code struct nhmsg}: u8 family, u8, u8, u8, u32 flags. */
    static NextHopObject read(ByteBuffer bytes, int body, int end, String place) {
        int id = 0;
        Attributes at = new Attributes(bytes, body + BODY_BYTES, end, place, NAMES);
        while (at.next()) {
            if (at.type() == NHA_ID) {
                id = at.i32();
            }
        }
        return new NextHopObject(id);
    }
}
