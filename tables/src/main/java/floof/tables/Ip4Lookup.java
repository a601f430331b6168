package floof.tables;

import floof.memory.Memory;

/** Longest-prefix match of IPv4 addresses; see {@link Fib}. Thread: any; allocates nothing. */
public final class Ip4Lookup {

    private Ip4Lookup() {}

    /**
     * The leaf of the longest prefix that contains {@code destination} (host order), the default
     * route's when there is none, 0 = no route.
     *
     * @param fib from {@link Tables#fib4}
     */
    public static int leaf(long fib, int destination) {
        int entry =
                Memory.getIntAcquire(
                        fib
                                + Memory.getLong(fib + Fib.ROOT)
                                + ((long) (destination >>> Memory.getInt(fib + Fib.SHIFT)) << 2));
        int leaf = entry < 0 ? Fib.below(fib, entry, (long) destination << 32, 0) : entry;
        return leaf != 0 ? leaf : Memory.getIntOpaque(fib + Fib.DEFAULT);
    }
}
