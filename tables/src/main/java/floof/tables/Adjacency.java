package floof.tables;

import floof.base.Family;
import floof.base.IpAddress;
import floof.base.MacAddress;
import floof.base.Reason;
import floof.memory.Memory;
import org.jspecify.annotations.Nullable;

/**
 * What to do with a packet after its lookup: 64 bytes, one cache line. Native order unless wire
 * order is stated.
 *
 * <pre>
 *  0 u8  kind: 0 none, 1 forward, 2 leave under the reason
 *  1 u8  ordinal of the {@link Reason} (kind 2)
 *  2 u16 output port
 *  4 u16 MTU, layer 3, bytes                     6 u16 0
 *  8     destination MAC, 6 bytes, then source MAC, 6 bytes, as on the wire
 * 20 u32 output interface (logical)             24 u32 VRF
 * 28 u32 family of the next hop (AF_), 0 = none
 * 32     next hop, 16 bytes in network order, IPv4 in the first 4
 * 48 u32 1 = removed, waits for readers        52 .. 63 reserved
 * </pre>
 *
 * A change is visible as a whole: the action (kind, reason, port, MTU) is one aligned 8-byte store,
 * the destination MAC another one. A new source MAC touches two words, so the writer first makes
 * the adjacency unresolved, waits for the readers to pass, writes, and resolves it again. The node
 * adds the ethertype, as one adjacency serves both families (RFC 8950).
 *
 * <p>Thread: readers any; the writer through {@link TableWriter}.
 */
public final class Adjacency {

    public static final int SIZE_BYTES = 64;

    /** Offset of the rewrite: 12 bytes, destination and source MAC. */
    public static final int REWRITE = 8;

    public static final int NONE = 0;
    public static final int FORWARD = 1;
    public static final int LEAVE = 2;

    /** Indices that every generation has. A lookup that matches never yields leaf 0. */
    public static final int NO_ROUTE = 0;

    public static final int LOCAL = 1;
    public static final int BLACKHOLE = 2;
    public static final int UNREACHABLE = 3;
    public static final int PROHIBIT = 4;
    public static final int UNSUPPORTED = 5;

    /** Number of fixed indices. */
    static final int FIXED = 8;

    private static final int PORT = 2;
    private static final int MTU = 4;
    static final int INTERFACE = 20;
    static final int VRF = 24;
    private static final int FAMILY = 28;
    private static final int NEXT_HOP = 32;
    static final int REMOVED = 48;

    private Adjacency() {}

    /** The action word; pass it to {@code kind}, {@code reason}, {@code port}, {@code mtu}. */
    public static long action(long address) {
        return Memory.getLongAcquire(address);
    }

    public static int kind(long action) {
        return (int) action & 0xff;
    }

    /** Ordinal of the reason when the kind is {@link #LEAVE}. */
    public static int reason(long action) {
        return (int) (action >>> 8) & 0xff;
    }

    public static int port(long action) {
        return (int) (action >>> 8 * PORT) & 0xffff;
    }

    /** Longest IP packet in bytes. */
    public static int mtu(long action) {
        return (int) (action >>> 8 * MTU) & 0xffff;
    }

    /** Logical output interface. */
    public static int iface(long address) {
        return Memory.getInt(address + INTERFACE);
    }

    public static int vrf(long address) {
        return Memory.getInt(address + VRF);
    }

    /** For display and for the manager. */
    public static MacAddress destinationMac(long address) {
        return new MacAddress(Memory.getLongBe(address + REWRITE) >>> 16);
    }

    /** For display and for the manager. */
    public static MacAddress sourceMac(long address) {
        return new MacAddress(Memory.getLongBe(address + REWRITE + 4) & 0xffff_ffff_ffffL);
    }

    /** Whether it leads to one neighbour; false for those of a network (glean) and fixed ones. */
    public static boolean hasNextHop(long address) {
        return Memory.getInt(address + FAMILY) != 0;
    }

    /** The next hop, or null for adjacencies that have none (glean, fixed). */
    public static @Nullable IpAddress nextHop(long address) {
        int family = Memory.getInt(address + FAMILY);
        if (family == Family.IP4.number()) {
            return IpAddress.ip4(Memory.getIntBe(address + NEXT_HOP));
        }
        return family == 0
                ? null
                : IpAddress.ip6(
                        Memory.getLongBe(address + NEXT_HOP),
                        Memory.getLongBe(address + NEXT_HOP + 8));
    }

    /** Whether the next hop is this IPv4 address. */
    public static boolean isNextHop4(long address, int next) {
        return Memory.getInt(address + FAMILY) == Family.IP4.number()
                && Memory.getIntBe(address + NEXT_HOP) == next;
    }

    /** Whether the next hop is this IPv6 address. */
    public static boolean isNextHop6(long address, long high, long low) {
        return Memory.getInt(address + FAMILY) == Family.IP6.number()
                && Memory.getLongBe(address + NEXT_HOP) == high
                && Memory.getLongBe(address + NEXT_HOP + 8) == low;
    }

    static long forward(int port, int mtu) {
        return FORWARD | (long) port << 8 * PORT | (long) Math.min(mtu, 0xffff) << 8 * MTU;
    }

    static long leave(Reason reason) {
        return LEAVE | reason.ordinal() << 8 | 0xffffL << 8 * PORT;
    }

    static void putAction(long address, long action) {
        Memory.putLongRelease(address, action);
    }

    static void putRewrite(long address, MacAddress destination, MacAddress source) {
        long first = destination.value() << 16 | source.value() >>> 32;
        // The last four bytes of the source MAC first: they only change while the adjacency is
        // unresolved.
        Memory.putIntBe(address + REWRITE + 8, (int) source.value());
        Memory.putLongRelease(address + REWRITE, Long.reverseBytes(first));
    }

    static void putWay(long address, int iface, int vrf, @Nullable IpAddress nextHop) {
        Memory.putInt(address + INTERFACE, iface);
        Memory.putInt(address + VRF, vrf);
        Memory.putInt(address + REMOVED, 0);
        Memory.putInt(address + FAMILY, nextHop == null ? 0 : nextHop.family().number());
        if (nextHop != null) {
            byte[] bytes = nextHop.bytes();
            Memory.copy(bytes, 0, address + NEXT_HOP, bytes.length);
        }
    }
}
