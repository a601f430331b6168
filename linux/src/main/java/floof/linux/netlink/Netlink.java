package floof.linux.netlink;

import java.util.stream.IntStream;

/** Numbers of linux/netlink.h and linux/rtnetlink.h that the codec needs. */
final class Netlink {
    static final int HEADER_BYTES = 16;

    static final int NLMSG_ERROR = 2;
    static final int NLMSG_DONE = 3;

    static final int NLM_F_REQUEST = 0x1;
    static final int NLM_F_MULTI = 0x2;
    static final int NLM_F_ACK = 0x4;
    static final int NLM_F_DUMP_INTR = 0x10;
    static final int NLM_F_DUMP = 0x300;
    static final int NLM_F_REPLACE = 0x100;
    static final int NLM_F_EXCL = 0x200;
    static final int NLM_F_CREATE = 0x400;
    static final int NLM_F_APPEND = 0x800;
    static final int NLM_F_ACK_TLVS = 0x200;

    static final int RTM_NEWLINK = 16;
    static final int RTM_DELLINK = 17;
    static final int RTM_GETLINK = 18;
    static final int RTM_SETLINK = 19;
    static final int RTM_NEWADDR = 20;
    static final int RTM_DELADDR = 21;
    static final int RTM_GETADDR = 22;
    static final int RTM_NEWROUTE = 24;
    static final int RTM_DELROUTE = 25;
    static final int RTM_GETROUTE = 26;
    static final int RTM_NEWNEIGH = 28;
    static final int RTM_DELNEIGH = 29;
    static final int RTM_GETNEIGH = 30;
    static final int RTM_NEWRULE = 32;
    static final int RTM_DELRULE = 33;
    static final int RTM_GETRULE = 34;
    static final int RTM_NEWNEXTHOP = 104;
    static final int RTM_DELNEXTHOP = 105;

    static final int NETLINK_ROUTE = 0;
    static final int NETLINK_ADD_MEMBERSHIP = 1;
    static final int NETLINK_DROP_MEMBERSHIP = 2;
    static final int NETLINK_CAP_ACK = 10;
    static final int NETLINK_EXT_ACK = 11;
    static final int NETLINK_GET_STRICT_CHK = 12;

    static final int NLMSGERR_ATTR_MSG = 1;

    static final int AF_UNSPEC = 0;
    static final int AF_BRIDGE = 7;

    private static final String[] KINDS = {"LINK", "ADDR", "ROUTE", "NEIGH", "RULE"};
    private static final String[] VERBS = {"NEW", "DEL", "GET", "SET"};

    private static final String[] NAMES =
            IntStream.rangeClosed(0, RTM_DELNEXTHOP)
                    .mapToObj(Netlink::newName)
                    .toArray(String[]::new);

    private Netlink() {}

    /** The name of a message type, for messages to people. */
    static String name(int type) {
        return type <= RTM_DELNEXTHOP ? NAMES[type] : "message type " + type;
    }

    private static String newName(int type) {
        if ((type & ~3) == RTM_NEWNEXTHOP) {
            return "RTM_" + VERBS[type & 3] + "NEXTHOP";
        }
        int kind = (type - RTM_NEWLINK) / 4;
        if (type < RTM_NEWLINK || kind >= KINDS.length) {
            return "message type " + type;
        }
        return "RTM_" + VERBS[type & 3] + KINDS[kind];
    }

    /** Messages and attributes begin at multiples of 4. */
    static int aligned(int sizeBytes) {
        return sizeBytes + 3 & ~3;
    }
}
