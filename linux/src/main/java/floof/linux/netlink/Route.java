package floof.linux.netlink;

import floof.base.Family;
import floof.base.IpAddress;
import floof.base.Prefix;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An entry of a routing table.
 *
 * @param type RTN_ number
 * @param protocol RTPROT_ number: who set it
 * @param scope RT_SCOPE_ number
 * @param tos type of service it is meant for; 0 for all
 * @param sourceLength bits of the source prefix it is meant for; 0 for all
 * @param metric RTA_PRIORITY, 0..2^32-1; less is better
 * @param source preferred source address
 * @param mtu RTAX_MTU; 0 for none
 * @param flags RTM_F_ bits
 */
public record Route(
        Prefix prefix,
        int table,
        int type,
        int protocol,
        int scope,
        int tos,
        int sourceLength,
        long metric,
        @Nullable IpAddress source,
        int mtu,
        int flags,
        List<NextHop> nextHops)
        implements RtnetlinkObject {

    /** Where the number of a table has more than eight bits, which RTA_TABLE has. */
    private static final int RT_TABLE_COMPAT = 252;

    public static final int RT_TABLE_DEFAULT = 253;
    public static final int RT_TABLE_MAIN = 254;
    public static final int RT_TABLE_LOCAL = 255;

    public static final int RTN_UNICAST = 1;
    public static final int RTN_LOCAL = 2;
    public static final int RTN_BROADCAST = 3;
    public static final int RTN_ANYCAST = 4;
    public static final int RTN_MULTICAST = 5;
    public static final int RTN_BLACKHOLE = 6;
    public static final int RTN_UNREACHABLE = 7;
    public static final int RTN_PROHIBIT = 8;

    public static final int RTPROT_KERNEL = 2;
    public static final int RTPROT_RA = 9;

    public static final int RT_SCOPE_UNIVERSE = 0;
    public static final int RT_SCOPE_LINK = 253;

    /** A copy made for one destination, not an entry of a table. */
    public static final int RTM_F_CLONED = 0x200;

    static final int BODY_BYTES = 12;

    static final int RTA_DST = 1;
    static final int RTA_OIF = 4;
    static final int RTA_GATEWAY = 5;
    static final int RTA_PRIORITY = 6;
    static final int RTA_PREFSRC = 7;
    static final int RTA_METRICS = 8;
    static final int RTA_MULTIPATH = 9;
    static final int RTA_TABLE = 15;
    static final int RTA_VIA = 18;
    static final int RTA_ENCAP_TYPE = 21;
    static final int RTA_ENCAP = 22;
    private static final int RTAX_MTU = 2;

    private static final String[] NAMES = {
        "RTA_UNSPEC", "RTA_DST", "RTA_SRC", "RTA_IIF", "RTA_OIF",
        "RTA_GATEWAY", "RTA_PRIORITY", "RTA_PREFSRC", "RTA_METRICS", "RTA_MULTIPATH",
        "RTA_PROTOINFO", "RTA_FLOW", "RTA_CACHEINFO", "RTA_SESSION", "RTA_MP_ALGO",
        "RTA_TABLE", "RTA_MARK", "RTA_MFC_STATS", "RTA_VIA", "RTA_NEWDST",
        "RTA_PREF", "RTA_ENCAP_TYPE", "RTA_ENCAP"
    };
    private static final String[] METRIC_NAMES = {"RTAX_UNSPEC", "RTAX_LOCK", "RTAX_MTU"};

    public Route {
        nextHops = List.copyOf(nextHops);
    }

    /**
     * One path of a route.
     *
     * @param gateway none when the destination is on the link; may be of the other family
     * @param ifindex 0 when the route names no device
     * @param weight share of the flows, 1..256
     * @param flags RTNH_F_ bits
     * @param isEncapsulated has a lightweight tunnel (RTA_ENCAP)
     */
    public record NextHop(
            @Nullable IpAddress gateway,
            int ifindex,
            int weight,
            int flags,
            boolean isEncapsulated) {

        public static final int RTNH_F_DEAD = 0x01;
        public static final int RTNH_F_ONLINK = 0x04;

        public boolean isDead() {
            return (flags & RTNH_F_DEAD) != 0;
        }
    }

    /**
     * {@code struct rtmsg}: u8 family, u8 dst length, u8 src length, u8 tos, u8 table, u8 protocol,
     * u8 scope, u8 type, u32 flags.
     */
    static Route read(ByteBuffer bytes, int body, int end, String place, Family family) {
        IpAddress destination = null;
        IpAddress gateway = null;
        IpAddress source = null;
        int table = bytes.get(body + 4) & 0xff;
        int ifindex = 0;
        long metric = 0;
        int mtu = 0;
        boolean isEncapsulated = false;
        int flags = bytes.getInt(body + 8);
        List<NextHop> hops = null;
        Attributes at = new Attributes(bytes, body + BODY_BYTES, end, place, NAMES);
        while (at.next()) {
            switch (at.type()) {
                case RTA_DST -> destination = at.address(family);
                case RTA_GATEWAY -> gateway = at.address(family);
                case RTA_VIA -> gateway = at.via();
                case RTA_OIF -> ifindex = at.i32();
                case RTA_PRIORITY -> metric = at.u32();
                case RTA_PREFSRC -> source = at.address(family);
                case RTA_TABLE -> table = at.i32();
                case RTA_METRICS -> mtu = mtu(at.nested(METRIC_NAMES));
                case RTA_MULTIPATH -> hops = hops(at.nextHops(NAMES), family);
                case RTA_ENCAP -> isEncapsulated = true;
                default -> {}
            }
        }
        if (hops == null) {
            NextHop only = new NextHop(gateway, ifindex, 1, flags & 0xff, isEncapsulated);
            hops = gateway == null && ifindex == 0 ? List.of() : List.of(only);
        }
        return new Route(
                prefix(family, destination, bytes.get(body + 1) & 0xff, place, body),
                table,
                bytes.get(body + 7) & 0xff,
                bytes.get(body + 5) & 0xff,
                bytes.get(body + 6) & 0xff,
                bytes.get(body + 3) & 0xff,
                bytes.get(body + 2) & 0xff,
                metric,
                source,
                mtu,
                flags,
                hops);
    }

    /** The table alone. */
    static int table(ByteBuffer bytes, int body, int end, String place) {
        int table = bytes.get(body + 4) & 0xff;
        if (table == RT_TABLE_COMPAT) {
            Attributes at = new Attributes(bytes, body + BODY_BYTES, end, place, NAMES);
            while (at.next()) {
                table = at.type() == RTA_TABLE ? at.i32() : table;
            }
        }
        return table;
    }

    /** As {@link #read}, with less of it. */
    static RouteHead head(ByteBuffer bytes, int body, int end, String place) {
        Family family = Family.of(bytes.get(body) & 0xff);
        IpAddress destination = null;
        long metric = 0;
        Attributes at = new Attributes(bytes, body + BODY_BYTES, end, place, NAMES);
        while (at.next()) {
            switch (at.type()) {
                case RTA_DST -> destination = at.address(family);
                case RTA_PRIORITY -> metric = at.u32();
                default -> {}
            }
        }
        return new RouteHead(
                prefix(family, destination, bytes.get(body + 1) & 0xff, place, body),
                bytes.get(body + 7) & 0xff,
                bytes.get(body + 5) & 0xff,
                metric);
    }

    /** The default route has no RTA_DST. */
    private static Prefix prefix(
            Family family, @Nullable IpAddress address, int length, String place, int body) {
        if (length > family.bits() || address == null && length > 0) {
            throw new MalformedNetlink(
                    place, body, "destination " + address + " of length " + length);
        }
        return address == null
                ? Prefix.of(family == Family.IP4 ? IpAddress.ip4(0) : IpAddress.ip6(0, 0), 0)
                : Prefix.of(address, length);
    }

    private static int mtu(Attributes metrics) {
        int mtu = 0;
        while (metrics.next()) {
            if (metrics.type() == RTAX_MTU) {
                mtu = metrics.i32();
            }
        }
        return mtu;
    }

    private static List<NextHop> hops(Attributes.NextHops records, Family family) {
        List<NextHop> hops = new ArrayList<>(4);
        while (records.next()) {
            IpAddress gateway = null;
            boolean isEncapsulated = false;
            Attributes at = records.attributes();
            while (at.next()) {
                switch (at.type()) {
                    case RTA_GATEWAY -> gateway = at.address(family);
                    case RTA_VIA -> gateway = at.via();
                    case RTA_ENCAP -> isEncapsulated = true;
                    default -> {}
                }
            }
            hops.add(
                    new NextHop(
                            gateway,
                            records.ifindex(),
                            records.hops() + 1,
                            records.flags(),
                            isEncapsulated));
        }
        return hops;
    }
}
