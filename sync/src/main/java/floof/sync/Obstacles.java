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
 * Rules, and routes that act like rules, beyond what the fast path can follow: as long as there is
 * one, Linux forwards for the namespace. Guarded by the outbox.
 */
final class Obstacles {

    private final Set<Rule> rules = new HashSet<>();

    /** Prefixes of table local that are no single address, and how many routes each has. */
    private final Map<Prefix, Integer> broadLocals = new TreeMap<>();

    /**
     * A rule came or went.
     *
     * @return false when that was known
     */
    boolean rule(Rule rule, boolean present) {
        return present ? rules.add(rule) : rules.remove(rule);
    }

    /** All rules there are. */
    void rules(Collection<Rule> all) {
        rules.clear();
        rules.addAll(all);
    }

    /** Rules that are known or in {@code all}, but not both. */
    List<Rule> differing(Collection<Rule> all) {
        Set<Rule> given = new HashSet<>(all);
        List<Rule> differing = new ArrayList<>();
        given.stream().filter(rule -> !rules.contains(rule)).forEach(differing::add);
        rules.stream().filter(rule -> !given.contains(rule)).forEach(differing::add);
        return differing;
    }

    /**
     * Routes of a prefix came ({@code sign} 1) or went (-1). Linux asks table local first, so its
     * wide prefixes hide longer ones of table main.
     *
     * @return whether some of them are obstacles
     */
    boolean routes(Prefix prefix, List<Candidate> candidates, int sign) {
        if (prefix.length() == prefix.family().bits()) {
            return false;
        }
        int broad = 0;
        for (Candidate candidate : candidates) {
            boolean isLocal =
                    candidate.table() == Candidate.LOCAL
                            && candidate.type() != RouteType.UNSUPPORTED;
            broad += isLocal ? sign : 0;
        }
        if (broad == 0) {
            return false;
        }
        broadLocals.merge(prefix, broad, (a, b) -> a + b == 0 ? null : a + b);
        return true;
    }

    /** Each as the command {@code ip} writes it. */
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
