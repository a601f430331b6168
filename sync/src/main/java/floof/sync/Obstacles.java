package floof.sync;

import floof.base.Prefix;
import floof.fpc.RouteType;
import floof.linux.netlink.Rule;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * Rules, and routes that act like rules, that the fast path does not support. While there is any,
 * Linux forwards all traffic of the namespace. Guarded by the outbox.
 */
final class Obstacles {

    private final Set<Rule> rules = new HashSet<>();

    /** Prefixes of table local wider than a single address, and the number of routes of each. */
    private final Map<Prefix, Integer> broadLocals = new TreeMap<>();

    /**
     * Called when a rule was added or removed.
     *
     * @return false if that was already known
     */
    boolean rule(Rule rule, boolean present) {
        return present ? rules.add(rule) : rules.remove(rule);
    }

    /** Sets all existing rules. */
    void rules(Collection<Rule> all) {
        rules.clear();
        rules.addAll(all);
    }

    /** Rules that are either known or in {@code all}, but not both. */
    List<Rule> differing(Collection<Rule> all) {
        Set<Rule> given = new HashSet<>(all);
        List<Rule> differing = new ArrayList<>();
        given.stream().filter(rule -> !rules.contains(rule)).forEach(differing::add);
        rules.stream().filter(rule -> !given.contains(rule)).forEach(differing::add);
        return differing;
    }

    /**
     * Called when routes of a prefix were added ({@code sign} 1) or removed (-1). Linux consults
     * table local first, so its wide prefixes hide longer ones of table main.
     *
     * @return whether some of them are obstacles
     */
    boolean routes(Prefix prefix, List<LinuxRoute> candidates, int sign) {
        if (prefix.length() == prefix.family().bits()) {
            return false;
        }
        int broad = 0;
        for (LinuxRoute candidate : candidates) {
            boolean isLocal =
                    candidate.table() == LinuxRoute.LOCAL
                            && candidate.type() != RouteType.UNSUPPORTED;
            broad += isLocal ? sign : 0;
        }
        if (broad == 0) {
            return false;
        }
        broadLocals.merge(prefix, broad, (a, b) -> a + b == 0 ? null : a + b);
        return true;
    }

    /** Each obstacle in the syntax of the command {@code ip}. */
    List<String> list() {
        List<String> list = new ArrayList<>();
        rules.stream()
                .filter(rule -> !rule.isDefault())
                .map(Rule::toString)
                .sorted()
                .forEach(list::add);
        for (Prefix prefix : broadLocals.keySet()) {
            list.add("ip route " + prefix + " table local");
        }
        return list;
    }
}
