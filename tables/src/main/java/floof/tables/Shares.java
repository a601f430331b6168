package floof.tables;

/** Distributes a group's buckets by weight. */
final class Shares {

    private Shares() {}

    /**
     * {@link EcmpGroup#BUCKETS} adjacency indices; a member gets its share by largest remainder,
     * and at least one. Equal members in equal order give equal buckets.
     */
    static int[] buckets(int[] adjacencies, int[] weights) {
        int members = adjacencies.length;
        if (members < 1 || members > EcmpGroup.BUCKETS || weights.length != members) {
            throw new IllegalArgumentException(
                    members + " members; expected 1.." + EcmpGroup.BUCKETS + " with a weight each");
        }
        long sum = 0;
        for (int weight : weights) {
            sum += weight;
        }
        int[] shares = new int[members];
        int given = 0;
        for (int i = 0; i < members; i++) {
            shares[i] = (int) Math.max(1, (long) weights[i] * EcmpGroup.BUCKETS / sum);
            given += shares[i];
        }
        while (given != EcmpGroup.BUCKETS) {
            int change = given < EcmpGroup.BUCKETS ? 1 : -1;
            shares[neediest(shares, weights, sum, change)] += change;
            given += change;
        }
        int[] buckets = new int[EcmpGroup.BUCKETS];
        int at = 0;
        for (int i = 0; i < members; i++) {
            for (int j = 0; j < shares[i]; j++) {
                buckets[at++] = adjacencies[i];
            }
        }
        return buckets;
    }

    /** The member furthest below (change 1) or above (-1) its exact share that may change. */
    private static int neediest(int[] shares, int[] weights, long sum, int change) {
        int best = -1;
        long bestLack = Long.MIN_VALUE;
        for (int i = 0; i < shares.length; i++) {
            long lack = change * ((long) weights[i] * EcmpGroup.BUCKETS - shares[i] * sum);
            if (lack > bestLack && (change > 0 || shares[i] > 1)) {
                bestLack = lack;
                best = i;
            }
        }
        return best;
    }
}
