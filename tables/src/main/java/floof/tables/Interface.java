package floof.tables;

import floof.base.MacAddress;
import floof.memory.Memory;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * A logical interface: 128 bytes, native order unless wire order is stated.
 *
 * <pre>
 *  0 u32 flags                 4 u32 port, 0xffffffff = none
 *  8 u32 VRF                  12 u32 ifindex in Linux
 * 16     MAC, 6 bytes as on the wire             22 u16 MTU, layer 3, bytes
 * 24     name, 16 bytes, zero-padded
 * 40 u32 resync               44 .. 63 reserved
 * 64     8 other MACs that Linux receives here: 6 bytes as on the wire, u16 1; unused ones 0
 * </pre>
 *
 * MAC and MTU are one aligned 8-byte store, and so is each of the other MACs.
 */
public final class Interface {

    public static final int SIZE_BYTES = 128;

    public static final int USED = 1;

    /** Administratively up (IFF_UP). */
    public static final int UP = 2;

    /** Has carrier (IFF_RUNNING). */
    public static final int RUNNING = 4;

    /** Ethernet: the fast path may forward through it if it is a port's twin. */
    public static final int ETHERNET = 8;

    /** Linux receives frames for any MAC here. */
    public static final int ANY_MAC = 16;

    /** Most other MACs; an interface with more of them receives any MAC. */
    public static final int OTHER_MACS_MAX = 8;

    private static final int OTHER_MACS = 64;

    /** Marks a MAC as used, whatever its bytes are. */
    private static final long OTHER_MAC_USED = 1L << 48;

    static final int PORT = 4;
    static final int VRF = 8;
    static final int IFINDEX = 12;
    static final int MAC = 16;
    private static final int MTU = 22;
    static final int NAME = 24;
    static final int NAME_BYTES = 16;
    static final int RESYNC = 40;

    private Interface() {}

    /** {@link #USED}, {@link #UP}, {@link #RUNNING}, {@link #ETHERNET}. */
    public static int flags(long address) {
        return Memory.getIntAcquire(address);
    }

    /** Port index, or -1. */
    public static int port(long address) {
        return Memory.getIntOpaque(address + PORT);
    }

    public static int vrf(long address) {
        return Memory.getInt(address + VRF);
    }

    public static int ifindex(long address) {
        return Memory.getInt(address + IFINDEX);
    }

    /**
     * The six MAC bytes as a little-endian load of a frame's first eight bytes gives them: compare
     * with {@code getLong(frame) & 0xffff_ffff_ffffL}.
     */
    public static long macBits(long address) {
        return Memory.getLongOpaque(address + MAC) & 0xffff_ffff_ffffL;
    }

    /**
     * Whether Linux receives frames for a MAC here that is not the interface's own.
     *
     * @param macBits as {@link #macBits} has them
     */
    public static boolean isOtherMac(long address, long macBits) {
        if ((flags(address) & ANY_MAC) != 0) {
            return true;
        }
        for (int i = 0; i < OTHER_MACS_MAX; i++) {
            long other = Memory.getLongOpaque(address + OTHER_MACS + (long) i * Long.BYTES);
            if (other == (macBits | OTHER_MAC_USED)) {
                return true;
            }
        }
        return false;
    }

    /** The other MACs that Linux receives here. */
    public static List<MacAddress> otherMacs(long address) {
        List<MacAddress> macs = new ArrayList<>();
        for (int i = 0; i < OTHER_MACS_MAX; i++) {
            long other = Memory.getLongOpaque(address + OTHER_MACS + (long) i * Long.BYTES);
            if (other != 0) {
                macs.add(new MacAddress(Long.reverseBytes(other) >>> 16));
            }
        }
        return macs;
    }

    static void putOtherMacs(long address, List<MacAddress> macs) {
        for (int i = 0; i < OTHER_MACS_MAX; i++) {
            Memory.putLongOpaque(
                    address + OTHER_MACS + (long) i * Long.BYTES,
                    i < macs.size() ? wire(macs.get(i)) | OTHER_MAC_USED : 0);
        }
    }

    private static long wire(MacAddress mac) {
        return Long.reverseBytes(mac.value() << 16);
    }

    public static MacAddress mac(long address) {
        return new MacAddress(Memory.getLongBe(address + MAC) >>> 16);
    }

    /** Longest IP packet in bytes. */
    public static int mtu(long address) {
        return Memory.getShort(address + MTU) & 0xffff;
    }

    /** For display; allocates. */
    public static String name(long address) {
        byte[] bytes = new byte[NAME_BYTES];
        Memory.copy(address + NAME, bytes, 0, NAME_BYTES);
        return new String(bytes, StandardCharsets.UTF_8).trim();
    }

    static void putMacAndMtu(long address, MacAddress mac, int mtu) {
        Memory.putLongRelease(address + MAC, wire(mac) | (long) Math.min(mtu, 0xffff) << 48);
    }
}
