package floof.tables;

import floof.base.Reason;

/**
 * The capacity of the shared memory. It is stored in the header, so that readers need no
 * configuration. Every size in the file is derived from these numbers (see {@link Layout}).
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

    /** Twice a full Internet table: 470 MB. */
    public static final Limits DEFAULT = forRoutes(2_000_000, 500_000);

    /** A full Internet table: 1 million IPv4 and 250 thousand IPv6 routes. */
    public static final Limits MEDIUM = forRoutes(1_000_000, 250_000);

    /** Ports of the largest machine: as many as interfaces, since each port is one. */
    public static final int PORTS_MOST = 4_096;

    /**
     * The most memory that a port takes, apart from its driver: 4 KB of batches for each of 16
     * workers, two devices of Linux with their queues, and its records in floofd.
     */
    private static final int PORT_BYTES = 128 << 10;

    /**
     * Below this number of IPv4 routes the roots are small: their 64 MiB would be most of the
     * tables.
     */
    private static final int LARGE = 50_000;

    /** A few megabytes, for tests. */
    public static final Limits SMALL =
            new Limits(20_000, 20_000, 8L << 20, 512, 64, 64, 16, 16, 4, 16, 13);

    /** The number's index. */
    private static final int PORTS_NUMBER = 6;

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

    /**
     * The limits of a router for the given numbers of routes. Blocks: scattered IPv4 host routes
     * take 48 bytes each, scattered IPv6 routes 60 to 110. 40 % are left for retired blocks and for
     * gaps.
     */
    public static Limits forRoutes(int ip4Routes, int ip6Routes) {
        boolean isLarge = Math.max(ip4Routes, ip6Routes) >= LARGE;
        long scatteredBytes = 48L * ip4Routes + 110L * ip6Routes;
        long blockBytes = Math.max(1 << 20, scatteredBytes * 10 / 6);
        return new Limits(
                ip4Routes,
                ip6Routes,
                Math.ceilDiv(blockBytes, 2 << 20) * (2L << 20),
                65_536,
                8_192,
                PORTS_MOST,
                PORTS_MOST,
                1_024,
                16,
                isLarge ? 24 : 16,
                isLarge ? 19 : 13);
    }

    /**
     * The largest of a few sizes whose tables take at most a quarter of the machine's memory, even
     * while they are rebuilt beside the old ones.
     */
    public static Limits forMemory(long machineBytes) {
        Limits choice = forRoutes(20_000, 20_000);
        for (Limits larger : new Limits[] {forRoutes(200_000, 100_000), MEDIUM, DEFAULT}) {
            choice = Tables.fileBytes(larger) <= machineBytes / 4 ? larger : choice;
        }
        return choice.withPorts(ports(machineBytes));
    }

    /**
     * As many ports as fit a sixteenth of the machine's memory, but no fewer than older versions
     * had.
     */
    private static int ports(long machineBytes) {
        return Math.clamp(machineBytes / 16 / PORT_BYTES, 256, PORTS_MOST);
    }

    /** The same limits for another number of ports. */
    public Limits withPorts(int count) {
        long[] numbers = numbers();
        numbers[PORTS_NUMBER] = count;
        return of(numbers);
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
