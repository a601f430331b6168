package floof.tables;

import floof.memory.Memory;

/** Longest-prefix match of IPv6 addresses; see {@link Fib}. Thread: any; allocates nothing. */
public final class Ip6Lookup {

    private Ip6Lookup() {}

    /**
     * The leaf of the longest prefix that contains the address, the default route's when there is
     * none, 0 = no route.
     *
     * @param fib from {@link Tables#fib6}
     * @param high the address's first eight bytes in host order
     * @param low its last eight
     */
    public static int leaf(long fib, long high, long low) {
        int entry =
                Memory.getIntAcquire(
                        fib
                                + Memory.getLong(fib + Fib.ROOT)
                                + (high >>> Memory.getInt(fib + Fib.SHIFT) << 2));
        int leaf = entry < 0 ? Fib.below(fib, entry, high, low) : entry;
        return leaf != 0 ? leaf : Memory.getIntOpaque(fib + Fib.DEFAULT);
    }
}
