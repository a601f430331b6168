package floof.linux.netlink;

import floof.base.MacAddress;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * A network device.
 *
 * @param kind {@code veth}, {@code tun} (taps too), {@code bridge} ...; empty when it has none
 * @param hardware ARPHRD_ number (linux/if_arp.h)
 * @param mac none when the device has no Ethernet address
 * @param flags IFF_ bits
 * @param operState IF_OPER_ number (RFC 2863); 6 is up
 * @param master ifindex of the bridge, bond or VRF it belongs to; 0 for none
 * @param parent ifindex of the peer or lower device (IFLA_LINK); 0 for none
 * @param parentNamespace id of the parent's namespace as this one knows it; -1 for the same
 * @param promiscuity how many want every frame, whatever MAC it is for
 */
public record Link(
        int index,
        String name,
        String kind,
        int hardware,
        @Nullable MacAddress mac,
        int mtu,
        int flags,
        int operState,
        int master,
        int parent,
        int parentNamespace,
        int promiscuity)
        implements RtnetlinkObject {

    public static final int IFF_UP = 0x1;
    public static final int IFF_RUNNING = 0x40;
    public static final int IFF_LOWER_UP = 0x10000;
    public static final int ARPHRD_ETHER = 1;
    public static final int ARPHRD_LOOPBACK = 772;

    static final int BODY_BYTES = 16;

    static final int IFLA_ADDRESS = 1;
    static final int IFLA_IFNAME = 3;
    static final int IFLA_MTU = 4;
    static final int IFLA_LINK = 5;
    static final int IFLA_MASTER = 10;
    static final int IFLA_OPERSTATE = 16;
    static final int IFLA_LINKINFO = 18;
    static final int IFLA_GROUP = 27;
    static final int IFLA_NET_NS_FD = 28;
    static final int IFLA_PROMISCUITY = 30;
    static final int IFLA_LINK_NETNSID = 37;
    static final int IFLA_XDP = 43;
    static final int IFLA_XDP_FD = 1;
    private static final int IFLA_INFO_KIND = 1;

    private static final String[] NAMES = new String[IFLA_LINK_NETNSID + 1];
    private static final String[] INFO_NAMES = {"IFLA_INFO_UNSPEC", "IFLA_INFO_KIND"};

    static {
        java.util.Arrays.setAll(NAMES, i -> "IFLA attribute " + i);
        NAMES[IFLA_ADDRESS] = "IFLA_ADDRESS";
        NAMES[IFLA_IFNAME] = "IFLA_IFNAME";
        NAMES[IFLA_MTU] = "IFLA_MTU";
        NAMES[IFLA_LINK] = "IFLA_LINK";
        NAMES[IFLA_MASTER] = "IFLA_MASTER";
        NAMES[IFLA_OPERSTATE] = "IFLA_OPERSTATE";
        NAMES[IFLA_LINKINFO] = "IFLA_LINKINFO";
        NAMES[IFLA_PROMISCUITY] = "IFLA_PROMISCUITY";
        NAMES[IFLA_LINK_NETNSID] = "IFLA_LINK_NETNSID";
    }

    /** The same with another promiscuity. */
    public Link with(int newPromiscuity) {
        return new Link(
                index,
                name,
                kind,
                hardware,
                mac,
                mtu,
                flags,
                operState,
                master,
                parent,
                parentNamespace,
                newPromiscuity);
    }

    /** Administratively up. */
    public boolean isUp() {
        return (flags & IFF_UP) != 0;
    }

    /** Up, with carrier, and ready (RFC 2863 up). */
    public boolean isRunning() {
        return (flags & IFF_RUNNING) != 0;
    }

    /** {@code struct ifinfomsg}: u8 family, u8, u16 type, i32 index, u32 flags, u32 change. */
    static Link read(ByteBuffer bytes, int body, int end, String place) {
        String name = "";
        String kind = "";
        MacAddress mac = null;
        int mtu = 0;
        int operState = 0;
        int master = 0;
        int parent = 0;
        int parentNamespace = -1;
        int promiscuity = 0;
        Attributes at = new Attributes(bytes, body + BODY_BYTES, end, place, NAMES);
        while (at.next()) {
            switch (at.type()) {
                case IFLA_IFNAME -> name = at.text();
                case IFLA_ADDRESS -> mac = at.isMac() ? at.mac() : null;
                case IFLA_MTU -> mtu = at.i32();
                case IFLA_OPERSTATE -> operState = at.u8();
                case IFLA_MASTER -> master = at.i32();
                case IFLA_LINK -> parent = at.i32();
                case IFLA_PROMISCUITY -> promiscuity = at.i32();
                case IFLA_LINK_NETNSID -> parentNamespace = at.i32();
                case IFLA_LINKINFO -> kind = kind(at.nested(INFO_NAMES));
                default -> {}
            }
        }
        return new Link(
                bytes.getInt(body + 4),
                name,
                kind,
                bytes.getShort(body + 2) & 0xffff,
                mac,
                mtu,
                bytes.getInt(body + 8),
                operState,
                master,
                parent,
                parentNamespace,
                promiscuity);
    }

    private static String kind(Attributes info) {
        String kind = "";
        while (info.next()) {
            if (info.type() == IFLA_INFO_KIND) {
                kind = info.text();
            }
        }
        return kind;
    }
}
