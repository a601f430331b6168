package floof.fpc;

import java.util.EnumSet;
import java.util.Set;

/**
 * A capability of a manager; its bit in {@link Message.Hello#features} is the ordinal. Unknown bits
 * are ignored. Objects that need a missing capability are not sent, but shown as unsupported.
 */
public enum Feature {
    IP4,
    IP6,
    /** Routes with several next hops. */
    MULTIPATH,
    /** {@link Message.Hits}. */
    HITS,
    /** The manager leaves a route refused as FULL to Linux, as no shorter one may match. */
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
