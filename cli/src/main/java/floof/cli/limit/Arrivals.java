package floof.cli.limit;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * How often each account may connect: some at once, then so many a second. Who connects more often
 * is turned away, without a thread or a line in a log for each time. Thread: one.
 */
public final class Arrivals {

    /** Connections at once of an account that was quiet. */
    public static final int AT_ONCE = 50;

    public static final int PER_SECOND = 10;

    /** Accounts that are remembered; the one that was quiet the longest is forgotten. */
    private static final int ACCOUNTS_MAX = 1_000;

    private static final long STEP_NS = 1_000_000_000L / PER_SECOND;

    /** When the last connection of an account is paid for, of those that came in the meantime. */
    private final Map<String, Long> paidNs =
            new LinkedHashMap<>(16, 0.75f, true) {
                @Override
                protected boolean removeEldestEntry(Map.Entry<String, Long> eldest) {
                    return size() > ACCOUNTS_MAX;
                }
            };

    /** Whether another connection of the account is within the bound, and counts it if so. */
    public boolean admits(String user, long nowNs) {
        Long before = paidNs.get(user);
        long paid = (before == null || before - nowNs < 0 ? nowNs : before) + STEP_NS;
        boolean isWithin = paid - nowNs <= AT_ONCE * STEP_NS;
        if (isWithin) {
            paidNs.put(user, paid);
        }
        return isWithin;
    }
}
