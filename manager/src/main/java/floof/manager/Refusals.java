package floof.manager;

import floof.base.Family;
import floof.base.Prefix;
import floof.tables.TableWriter;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Prefixes that did not fit into the tables. A shorter, wrong prefix would match instead, so the
 * manager punts their destinations to Linux until the client has sent them again successfully.
 *
 * <p>Thread: the manager's.
 */
final class Refusals {

    private static final Logger LOG = LoggerFactory.getLogger(Refusals.class);

    private final TableWriter writer;

    /** The refused prefixes, with the resync of the refusal. */
    private final Map<SourcedPrefix, Integer> refused = new HashMap<>();

    Refusals(TableWriter writer) {
        this.writer = writer;
    }

    int count(Family family) {
        return (int)
                refused.keySet().stream().filter(key -> key.prefix().family() == family).count();
    }

    /** Called when a prefix is programmed, or no longer wanted. */
    void settle(int source, int vrf, Prefix prefix) {
        if (!refused.isEmpty() && refused.remove(new SourcedPrefix(source, vrf, prefix)) != null) {
            writer.overflow().readmit(vrf, prefix);
            logEnd();
        }
    }

    /**
     * Called when a prefix did not fit.
     *
     * @param why for the log; logged once until prefixes fit again
     */
    void refuse(int source, int vrf, Prefix prefix, String why) {
        if (refused.isEmpty()) {
            LOG.warn("{}; routes that do not fit are left to Linux", why);
        }
        if (refused.put(new SourcedPrefix(source, vrf, prefix), writer.mark()) == null) {
            writer.overflow().expel(vrf, prefix);
        }
    }

    /** Forgets prefixes that were not sent in this resync, and those that a former manager left. */
    void sweep() {
        forget(entry -> entry.getValue() != writer.mark());
        writer.overflow().settle();
    }

    /** Called before the VRF is removed. */
    void forget(int vrf) {
        forget(entry -> entry.getKey().vrf() == vrf);
    }

    private void forget(Predicate<Map.Entry<SourcedPrefix, Integer>> isOld) {
        boolean hadSome = !refused.isEmpty();
        List<SourcedPrefix> old =
                refused.entrySet().stream().filter(isOld).map(Map.Entry::getKey).toList();
        for (SourcedPrefix key : old) {
            refused.remove(key);
            writer.overflow().readmit(key.vrf(), key.prefix());
        }
        if (hadSome) {
            logEnd();
        }
    }

    private void logEnd() {
        if (refused.isEmpty()) {
            LOG.info("every route has room again");
        }
    }
}
