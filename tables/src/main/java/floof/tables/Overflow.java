package floof.tables;

import floof.base.Family;
import floof.base.Prefix;
import floof.memory.Memory;

/**
 * Destinations that Linux must serve because a route to them did not fit: a shorter, wrong one
 * would match. The address space is divided into 65,536 slices per family. A slice with a refused
 * route is punted as a whole, so that marking it never needs memory.
 *
 * <p>A slice of IPv4 is a /16. An IPv6 slice is all /32s with the same hash, since most of the
 * space is empty. Both depend on the VRF, too. Readers look here only when the VRF says so ({@link
 * Vrf#OVERFLOW}).
 *
 * <pre>
 * generation + overflow: 8 KiB of bits for IPv4, then 8 KiB for IPv6, in u64s
 * </pre>
 *
 * <p>Thread: the writer's; {@link #hasLeft4} and {@link #hasLeft6} any.
 */
public final class Overflow {

    private static final int SLICES = 1 << 16;
    private static final int FAMILY_BYTES = SLICES / 8;
    static final int SIZE_BYTES = 2 * FAMILY_BYTES;

    private static final int IP4_SLICE_LENGTH = 16;
    private static final int IP6_SLICE_LENGTH = 32;

    /** A prefix that covers more slices than exist takes all of them. */
    private static final int IP6_LENGTH_MIN = IP6_SLICE_LENGTH - 16;

    private final Tables tables;
    private final long generation;
    private final long bits;

    /** Refused prefixes per slice; allocated with the first one. */
    private final int[][] counts = new int[2][];

    /** Refused prefixes per VRF. */
    private final int[] prefixes;

    /** A former writer left bits whose prefixes are unknown; they stay until {@link #settle}. */
    private boolean isInherited;

    Overflow(Tables tables, long generation) {
        this.tables = tables;
        this.generation = generation;
        bits = tables.overflow(generation);
        prefixes = new int[tables.limits().vrfs()];
        for (long at = bits; at < bits + SIZE_BYTES; at += Long.BYTES) {
            isInherited |= Memory.getLong(at) != 0;
        }
    }

    /** Whether Linux serves an IPv4 destination (host order) of a VRF with refused routes. */
    public static boolean hasLeft4(Tables tables, long generation, int vrf, int destination) {
        return isSet(tables.overflow(generation), slice4(vrf, destination >>> 16));
    }

    /**
     * The same for an IPv6 destination.
     *
     * @param high its first 64 bits
     */
    public static boolean hasLeft6(Tables tables, long generation, int vrf, long high) {
        return isSet(tables.overflow(generation) + FAMILY_BYTES, slice6(vrf, (int) (high >>> 32)));
    }

    private static boolean isSet(long family, int slice) {
        return (Memory.getLongOpaque(family + (slice >>> 6 << 3)) >>> slice & 1) != 0;
    }

    private static int slice4(int vrf, int top) {
        return (top ^ vrf * 0x9e37) & SLICES - 1;
    }

    private static int slice6(int vrf, int top) {
        return (top ^ vrf * 0x9e37_79b1) * 0x85eb_ca6b >>> 16;
    }

    /**
     * Punts packets to this prefix, and some near it, to Linux as TABLE_FULL, until {@link
     * #readmit} was called as many times. Needs no memory.
     */
    public void expel(int vrf, Prefix prefix) {
        if (hasVrf(vrf)) {
            change(vrf, prefix, 1);
            prefixes[vrf]++;
            show(vrf);
        }
    }

    /** Undoes one {@link #expel}. */
    public void readmit(int vrf, Prefix prefix) {
        if (hasVrf(vrf)) {
            change(vrf, prefix, -1);
            prefixes[vrf]--;
            show(vrf);
        }
    }

    /** Readmits what a former writer punted, unless this one punted it too. */
    public void settle() {
        isInherited = false;
        for (Family family : Family.values()) {
            int[] perSlice = counts[family.ordinal()];
            for (int slice = 0; slice < SLICES; slice++) {
                show(family, slice, perSlice != null && perSlice[slice] > 0);
            }
        }
        for (int vrf = 0; vrf < prefixes.length; vrf++) {
            show(vrf);
        }
    }

    private boolean hasVrf(int vrf) {
        return (Vrf.flags(tables.vrf(generation, vrf)) & Vrf.USED) != 0;
    }

    private void show(int vrf) {
        if (hasVrf(vrf) && (prefixes[vrf] > 0 || !isInherited)) {
            Vrf.setFlag(tables.vrf(generation, vrf), Vrf.OVERFLOW, prefixes[vrf] > 0);
        }
    }

    private void change(int vrf, Prefix prefix, int change) {
        if (prefix.family() == Family.IP4) {
            int top = prefix.address().ip4Value() >>> 16;
            int count = 1 << Math.max(0, IP4_SLICE_LENGTH - prefix.length());
            for (int i = 0; i < count; i++) {
                change(Family.IP4, slice4(vrf, top + i), change);
            }
        } else if (prefix.length() <= IP6_LENGTH_MIN) {
            for (int slice = 0; slice < SLICES; slice++) {
                change(Family.IP6, slice, change);
            }
        } else {
            int top = (int) (prefix.address().high() >>> 32);
            int count = 1 << Math.max(0, IP6_SLICE_LENGTH - prefix.length());
            for (int i = 0; i < count; i++) {
                change(Family.IP6, slice6(vrf, top + i), change);
            }
        }
    }

    private void change(Family family, int slice, int change) {
        int[] perSlice = counts[family.ordinal()];
        if (perSlice == null) {
            perSlice = new int[SLICES];
            counts[family.ordinal()] = perSlice;
        }
        perSlice[slice] += change;
        if (perSlice[slice] > 0 || !isInherited) {
            show(family, slice, perSlice[slice] > 0);
        }
    }

    private void show(Family family, int slice, boolean hasLeft) {
        long word = bits + (long) family.ordinal() * FAMILY_BYTES + (slice >>> 6 << 3);
        long before = Memory.getLong(word);
        long bit = 1L << slice;
        long after = hasLeft ? before | bit : before & ~bit;
        if (after != before) {
            Memory.putLongRelease(word, after);
        }
    }
}
