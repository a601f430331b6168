package floof.tables;

import floof.base.Reason;

/**
 * How much the shared memory holds. Stored in its header, so that readers need no configuration;
 * every size in the file is derived from these numbers (see {@link Layout}).
 *
 * @param ip4Routes IPv4 prefixes, all VRFs together
 * @param ip6Routes IPv6 prefixes, all VRFs together
 * @param blockBytes memory for the branches of all tries
 * @param adjacencies next hops, the fixed ones included
 * @param groups sets of equal-cost next hops
 * @param interfaces logical interfaces; index 0 is never one
 * @param ports ports of the fast path
 * @param vrfs forwarding tables per family
 * @param workers threads that forward
 * @param ip4RootBits index bits of the default VRF's IPv4 root: 4..24
 * @param ip6RootBits index bits of the default VRF's IPv6 root: 1..24
 */
public record Limits(
        int ip4Routes,
        int ip6Routes,
        long blockBytes,
        int adjacencies,
        int groups,
        int interfaces,
        int ports,
        int vrfs,
        int workers,
        int ip4RootBits,
        int ip6RootBits) {

    /**
     * The size of a router with a full Internet table. Blocks: 2 million scattered IPv4 host routes
     * take 48 bytes each, 500 thousand scattered IPv6 routes 60 to 110; 256 MiB leaves 40 % for
     * blocks that wait for their readers and for gaps.
     */
    public static final Limits DEFAULT =
            new Limits(
                    2_000_000, 500_000, 256L << 20, 65_536, 8_192, 4_096, 256, 1_024, 16, 24, 19);

    /** A few megabytes, for tests. */
    public static final Limits SMALL =
            new Limits(20_000, 20_000, 8L << 20, 512, 64, 64, 16, 16, 4, 16, 13);

    /** Bytes of the eleven numbers in the header, each as an i64. */
    static final int SIZE_BYTES = 11 * 8;

    public Limits {
        within("ip4Routes", ip4Routes, 1, 1 << 27);
        within("ip6Routes", ip6Routes, 1, 1 << 27);
        within("blockBytes", blockBytes, 64 << 10, 8L << 30);
        within("adjacencies", adjacencies, Adjacency.FIXED + 1, 1 << 24);
        within("groups", groups, 1, 1 << 20);
        within("interfaces", interfaces, 2, 1 << 20);
        within("ports", ports, 1, 0xffff);
        within("vrfs", vrfs, 1, 0xffff);
        within("workers", workers, 1, 256);
        within("ip4RootBits", ip4RootBits, Fib.IP4_INLINE_BITS, 24);
        within("ip6RootBits", ip6RootBits, Fib.IP6_INLINE_BITS, 24);
        if (Reason.values().length > Counters.REASONS) {
            throw new IllegalStateException(
                    Reason.values().length + " reasons; the layout holds " + Counters.REASONS);
        }
    }

    private static void within(String name, long value, long least, long most) {
        if (value < least || value > most) {
            throw new IllegalArgumentException(
                    "limit " + name + " is " + value + "; expected " + least + ".." + most);
        }
    }

    long[] numbers() {
        return new long[] {
            ip4Routes,
            ip6Routes,
            blockBytes,
            adjacencies,
            groups,
            interfaces,
            ports,
            vrfs,
            workers,
            ip4RootBits,
            ip6RootBits
        };
    }

    static Limits of(long[] n) {
        return new Limits(
                Math.toIntExact(n[0]),
                Math.toIntExact(n[1]),
                n[2],
                Math.toIntExact(n[3]),
                Math.toIntExact(n[4]),
                Math.toIntExact(n[5]),
                Math.toIntExact(n[6]),
                Math.toIntExact(n[7]),
                Math.toIntExact(n[8]),
                Math.toIntExact(n[9]),
                Math.toIntExact(n[10]));
    }
}
