package floof.linux.netlink;

import floof.base.Family;
import java.nio.ByteBuffer;

/**
 * A routing rule.
 *
 * @param priority less is looked at first
 * @param action FR_ACT_ number; 1 is "look into the table"
 * @param isSelective applies to some packets only, or with exceptions
 * @param text as ip-rule(8) shows it: {@code from 10.0.0.0/8 lookup 100}
 */
public record Rule(
        Family family, long priority, int table, int action, boolean isSelective, String text)
        implements RtnetlinkObject {

    public static final int FR_ACT_TO_TBL = 1;

    static final int BODY_BYTES = 12;

    private static final int FIB_RULE_INVERT = 0x2;
    private static final int FRA_DST = 1;
    private static final int FRA_SRC = 2;
    private static final int FRA_IIFNAME = 3;
    private static final int FRA_PRIORITY = 6;
    private static final int FRA_FWMARK = 10;
    private static final int FRA_SUPPRESS_IFGROUP = 13;
    private static final int FRA_SUPPRESS_PREFIXLEN = 14;
    private static final int FRA_TABLE = 15;
    private static final int FRA_FWMASK = 16;
    private static final int FRA_OIFNAME = 17;
    private static final int FRA_PAD = 18;
    private static final int FRA_PROTOCOL = 21;

    private static final String[] NAMES = {
        "FRA_UNSPEC", "FRA_DST", "FRA_SRC", "FRA_IIFNAME", "FRA_GOTO", "FRA_UNUSED2",
        "FRA_PRIORITY", "FRA_UNUSED3", "FRA_UNUSED4", "FRA_UNUSED5", "FRA_FWMARK", "FRA_FLOW",
        "FRA_TUN_ID", "FRA_SUPPRESS_IFGROUP", "FRA_SUPPRESS_PREFIXLEN", "FRA_TABLE"
    };

    /**
     * {@code struct fib_rule_hdr}: u8 family, u8 dst length, u8 src length, u8 tos, u8 table, u8,
     * u8, u8 action, u32 flags.
     */
    static Rule read(ByteBuffer bytes, int body, int end, String place, Family family) {
        long priority = 0;
        int table = bytes.get(body + 4) & 0xff;
        boolean isSelective =
                bytes.get(body + 1) != 0
                        || bytes.get(body + 2) != 0
                        || bytes.get(body + 3) != 0
                        || bytes.getInt(body + 8) != 0;
        String from = "all";
        StringBuilder text = new StringBuilder();
        Attributes at = new Attributes(bytes, body + BODY_BYTES, end, place, NAMES);
        while (at.next()) {
            switch (at.type()) {
                case FRA_PRIORITY -> priority = at.u32();
                case FRA_TABLE -> table = at.i32();
                case FRA_SRC -> from = at.address(family) + "/" + bytes.get(body + 2);
                case FRA_DST ->
                        text.append(" to ")
                                .append(at.address(family))
                                .append('/')
                                .append(bytes.get(body + 1));
                case FRA_PROTOCOL, FRA_PAD -> {}
                // The kernel always says these two; -1 is "do not suppress".
                case FRA_SUPPRESS_IFGROUP, FRA_SUPPRESS_PREFIXLEN -> {
                    if (at.i32() != -1) {
                        isSelective = true;
                        text.append(" suppress ").append(at.i32());
                    }
                }
                // Interfaces, marks, ports, users, and what kernels to come may select by.
                default -> {
                    isSelective = true;
                    text.append(selector(at));
                }
            }
        }
        int action = bytes.get(body + 7) & 0xff;
        boolean isInverted = (bytes.getInt(body + 8) & FIB_RULE_INVERT) != 0;
        String shown = (isInverted ? "not " : "") + "from " + from + text + action(action, table);
        return new Rule(family, priority, table, action, isSelective, shown);
    }

    private static String selector(Attributes at) {
        return switch (at.type()) {
            case FRA_IIFNAME -> " iif " + at.text();
            case FRA_OIFNAME -> " oif " + at.text();
            case FRA_FWMARK -> " fwmark 0x" + Integer.toHexString(at.i32());
            case FRA_FWMASK -> at.i32() == -1 ? "" : "/0x" + Integer.toHexString(at.i32());
            default -> " selector " + at.type();
        };
    }

    private static String action(int action, int table) {
        return switch (action) {
            case FR_ACT_TO_TBL -> " lookup " + table;
            case 6 -> " blackhole";
            case 7 -> " unreachable";
            case 8 -> " prohibit";
            default -> " action " + action;
        };
    }

    /** {@code ip rule 100: from 10.0.0.0/8 lookup 100}. */
    @Override
    public String toString() {
        return (family == Family.IP6 ? "ip -6 rule " : "ip rule ") + priority + ": " + text;
    }

    /** One of those every namespace begins with: tables local, main and default (ip-rule(8)). */
    public boolean isDefault() {
        return !isSelective
                && action == FR_ACT_TO_TBL
                && (priority == 0 && table == Route.RT_TABLE_LOCAL
                        || priority == 32766 && table == Route.RT_TABLE_MAIN
                        || priority == 32767 && table == Route.RT_TABLE_DEFAULT);
    }
}
