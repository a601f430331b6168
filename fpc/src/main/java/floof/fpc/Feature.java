package floof.fpc;

import java.util.EnumSet;
import java.util.Set;

/**
 * What a manager can do; the bit in {@link Message.Hello#features} is the ordinal. Unknown bits are
 * ignored. What the other end lacks is not sent to it but shown as unsupported.
 */
public enum Feature {
    IP4,
    IP6,
    /** Routes of several next hops. */
    MULTIPATH,
    /** {@link Message.Hits}. */
    HITS,
    /** A route refused as FULL is left to Linux by the manager, as no shorter one may match. */
    OVERFLOW;

    /** Every feature of this build as a bitmap. */
    public static long all() {
        return bitmap(EnumSet.allOf(Feature.class));
    }

    public static long bitmap(Set<Feature> features) {
        long bits = 0;
        for (Feature feature : features) {
            bits |= 1L << feature.ordinal();
        }
        return bits;
    }

    public boolean isIn(long bitmap) {
        return (bitmap >>> ordinal() & 1) != 0;
    }
}
