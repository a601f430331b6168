package floof.linux.netlink;

import floof.base.Family;
import floof.base.IpAddress;
import floof.base.MacAddress;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * An entry of the ARP or neighbour discovery cache.
 *
 * @param mac none while it is not known, or no Ethernet address
 * @param state NUD_ bits, one of them set
 * @param flags NTF_ bits
 */
public record Neighbour(
        int ifindex, IpAddress address, @Nullable MacAddress mac, int state, int flags)
        implements RtnetlinkObject {

    public static final int NUD_INCOMPLETE = 0x01;
    public static final int NUD_REACHABLE = 0x02;
    public static final int NUD_STALE = 0x04;
    public static final int NUD_DELAY = 0x08;
    public static final int NUD_PROBE = 0x10;
    public static final int NUD_FAILED = 0x20;
    public static final int NUD_NOARP = 0x40;
    public static final int NUD_PERMANENT = 0x80;

    public static final int NTF_USE = 0x01;
    public static final int NTF_PROXY = 0x08;

    static final int BODY_BYTES = 12;

    static final int NDA_DST = 1;
    static final int NDA_LLADDR = 2;

    private static final String[] NAMES = {"NDA_UNSPEC", "NDA_DST", "NDA_LLADDR"};

    /** The link-layer address of a message about neighbours; null without one. */
    static @Nullable MacAddress mac(ByteBuffer bytes, int body, int end, String place) {
        MacAddress mac = null;
        Attributes at = new Attributes(bytes, body + BODY_BYTES, end, place, NAMES);
        while (at.next()) {
            if (at.type() == NDA_LLADDR && at.isMac()) {
                mac = at.mac();
            }
        }
        return mac;
    }

    /** {@code struct ndmsg}: u8 family, u8, u16, i32 index, u16 state, u8 flags, u8 type. */
    static Neighbour read(ByteBuffer bytes, int body, int end, String place, Family family) {
        IpAddress address = null;
        MacAddress mac = null;
        Attributes at = new Attributes(bytes, body + BODY_BYTES, end, place, NAMES);
        while (at.next()) {
            switch (at.type()) {
                case NDA_DST -> address = at.address(family);
                case NDA_LLADDR -> mac = at.isMac() ? at.mac() : null;
                default -> {}
            }
        }
        if (address == null) {
            throw new MalformedNetlink(place, body, "no NDA_DST");
        }
        return new Neighbour(
                bytes.getInt(body + 4),
                address,
                mac,
                bytes.getShort(body + 8) & 0xffff,
                bytes.get(body + 10) & 0xff);
    }
}
