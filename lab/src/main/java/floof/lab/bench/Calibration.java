package floof.lab.bench;

import floof.engine.TimeStampCounter;
import floof.linux.Mapping;
import floof.memory.Memory;
import floof.memory.Region;

/**
 * What the machine itself does, to read the other figures by: a chain of dependent additions (the
 * core's clock), a chase of pointers through half a mebibyte (the second-level cache), and eight
 * chases at a time through a gibibyte (memory). Beside it is what the machine of
 * docs/performance.md does; clocks of different machines are not to be compared, ratios between
 * rows are.
 */
final class Calibration {

    private static final int RUNS = 7;
    private static final int LINE_BYTES = 64;

    /** Clocks on the machine of docs/performance.md, an AMD EPYC (Zen 4) at 2.596 GHz. */
    private static final double ADD = 0.708;

    private static final double SECOND_LEVEL = 12.5;
    private static final double MEMORY = 60;

    private final double clocksPerNs = TimeStampCounter.clocksPerNs();
    private final Results results;

    Calibration(Results results) {
        this.results = results;
    }

    /** Adds a row each. */
    void run() {
        double[] adds = new double[RUNS];
        for (int i = 0; i < RUNS; i++) {
            adds[i] = adds();
        }
        add("calibration-dependent-adds", "clocks/add", adds, ADD);
        chase("calibration-second-level-chase", 512 << 10, 1, SECOND_LEVEL);
        chase("calibration-memory-8-chains", 1 << 30, 8, MEMORY);
    }

    /** The least counts: it is what the machine can do when nobody disturbs. */
    private void add(String name, String unit, double[] runs, double expected) {
        double least = results.add(name, unit, runs)[0];
        results.say("%-32s %6.2f %s; %.2f in docs/performance.md", name, least, unit, expected);
    }

    /** Two sums in turn, each of the other: no compiler shortens that. */
    private double adds() {
        int rounds = 10_000_000;
        long start = System.nanoTime();
        long a = start;
        long b = 1;
        for (int i = 0; i < rounds; i++) {
            a += b;
            b += a;
            a += b;
            b += a;
        }
        double clocks = (System.nanoTime() - start) * clocksPerNs;
        use(a);
        return clocks / rounds / 4;
    }

    private void chase(String name, int sizeBytes, int chains, double expected) {
        Mapping mapping = Mapping.anonymous(name, sizeBytes);
        Region region = new Region(name, mapping.address(), mapping.sizeBytes());
        Memory.add(region);
        link(region.address(), sizeBytes / LINE_BYTES);
        int hops = 1 << 20;
        double[] runs = new double[RUNS];
        for (int i = -2; i < RUNS; i++) { // two to warm up
            long start = System.nanoTime();
            long end = chains == 1 ? one(region.address(), hops) : eight(region, hops / 8);
            double clocks = (System.nanoTime() - start) * clocksPerNs / hops;
            use(end);
            if (i >= 0) {
                runs[i] = clocks;
            }
        }
        add(name, "clocks/load", runs, expected);
        Memory.remove(region);
        mapping.unmap();
    }

    /** Looks at a result, so that the compiler cannot leave out what computed it. */
    private static void use(long result) {
        if (result == 0) {
            throw new IllegalStateException("a chain ended in nothing");
        }
    }

    /** One random cycle through all lines. */
    private static void link(long base, int lines) {
        for (int i = 0; i < lines; i++) {
            long to = base + (long) scattered(i + 1 & lines - 1, lines) * LINE_BYTES;
            Memory.putLong(base + (long) scattered(i, lines) * LINE_BYTES, to);
        }
    }

    /** A permutation of 0 .. lines - 1 (a power of two): each step can be undone. */
    private static int scattered(int i, int lines) {
        int mask = lines - 1;
        int bits = Integer.numberOfTrailingZeros(lines);
        int x = i;
        for (int round = 0; round < 3; round++) {
            x = x * 0x9e37_79b1 + 0x7f4a_7c15 & mask;
            x ^= x >>> bits / 2 + 1;
        }
        return x;
    }

    private static long one(long start, int hops) {
        long at = start;
        for (int i = 0; i < hops; i++) {
            at = Memory.getLong(at);
        }
        return at;
    }

    private static long eight(Region region, int hops) {
        long base = region.address();
        long part = region.sizeBytes() / 8;
        long a = base;
        long b = base + part;
        long c = base + 2 * part;
        long d = base + 3 * part;
        long e = base + 4 * part;
        long f = base + 5 * part;
        long g = base + 6 * part;
        long h = base + 7 * part;
        for (int i = 0; i < hops; i++) {
            a = Memory.getLong(a);
            b = Memory.getLong(b);
            c = Memory.getLong(c);
            d = Memory.getLong(d);
            e = Memory.getLong(e);
            f = Memory.getLong(f);
            g = Memory.getLong(g);
            h = Memory.getLong(h);
        }
        return a | b | c | d | e | f | g | h;
    }
}
