package floof.control.bird;

import floof.base.Family;
import floof.base.Prefix;
import floof.control.plan.Intent.NextHop;
import floof.control.plan.Intent.Rank;
import floof.control.plan.Intent.Refusal;
import floof.control.plan.Intent.StaticRoute;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Static routes of one family as BIRD reads them. Of a list that shares routes with the one before,
 * only the others' lines are made anew: the rest of the text is copied as it was. Thread: one at a
 * time.
 */
final class RouteLines {

    private final Family family;
    private List<StaticRoute> routes = List.of();
    private String text = "";

    /** Where the line of each route ends; that of another family is empty. */
    private int[] ends = {};

    RouteLines(Family family) {
        this.family = family;
    }

    /**
     * @param now by ascending prefix, of both families
     */
    @SuppressWarnings("ReferenceEquality") // what was not touched is shared
    String of(List<StaticRoute> now) {
        if (now == routes) {
            return text;
        }
        StringBuilder out = new StringBuilder(text.length() + 1024);
        int[] newEnds = new int[now.size()];
        int old = 0;
        int young = 0;
        while (young < now.size()) {
            int from = old;
            int shift = out.length() - end(old);
            while (old < routes.size() && young < now.size() && routes.get(old) == now.get(young)) {
                newEnds[young++] = ends[old++] + shift;
            }
            out.append(text, end(from), end(old));
            if (young < now.size()) {
                Prefix next = now.get(young).prefix();
                while (old < routes.size() && routes.get(old).prefix().compareTo(next) <= 0) {
                    old++;
                }
                append(out, now.get(young));
                newEnds[young++] = out.length();
            }
        }
        routes = now;
        ends = newEnds;
        text = out.toString();
        return text;
    }

    /** Where the lines of the first {@code count} routes end. */
    private int end(int count) {
        return count == 0 ? 0 : ends[count - 1];
    }

    private void append(StringBuilder out, StaticRoute route) {
        if (route.prefix().family() != family) {
            return;
        }
        if (route.nextHops().isEmpty()) {
            begin(out, route).append(' ').append(word(route.refusal()));
            end(out, route.rank(), false);
        }
        Map<Rank, List<NextHop>> byRank = byRank(route);
        byRank.forEach((rank, hops) -> {
            begin(out, route);
            hops.forEach(hop -> append(out, hop));
            end(out, rank, byRank.size() > 1);
        });
    }

    /** BIRD shares flows among the next hops of one line; each other rank is a line of its own. */
    private static Map<Rank, List<NextHop>> byRank(StaticRoute route) {
        Map<Rank, List<NextHop>> byRank = new LinkedHashMap<>();
        for (NextHop hop : route.nextHops()) {
            Rank rank = hop.rank() == null ? route.rank() : hop.rank();
            byRank.computeIfAbsent(rank, key -> new ArrayList<>(1)).add(hop);
        }
        return byRank;
    }

    private static StringBuilder begin(StringBuilder out, StaticRoute route) {
        return out.append("route ").append(route.prefix());
    }

    private static String word(@Nullable Refusal refusal) {
        return switch (refusal) {
            case REJECT -> "unreachable";
            case PROHIBIT -> "prohibit";
            case DISCARD -> "blackhole";
            case null -> "blackhole";
        };
    }

    private static void append(StringBuilder out, NextHop hop) {
        out.append(" via ");
        if (hop.gateway() == null) {
            out.append('"').append(hop.interfaceName()).append('"');
        } else {
            out.append(hop.gateway());
            if (hop.interfaceName() != null) {
                out.append("%'").append(hop.interfaceName()).append('\'');
            }
        }
        if (hop.isOnlink()) {
            out.append(" onlink");
        }
        if (hop.weight() != 1) {
            out.append(" weight ").append(hop.weight());
        }
    }

    /**
     * BIRD compares static routes of one preference by the metric to their next hop, where none is
     * the worst.
     */
    private static void end(StringBuilder out, Rank rank, boolean isOneOfSeveral) {
        if (isOneOfSeveral || !rank.equals(Rank.DEFAULT)) {
            out.append(" { preference = ").append(BirdConfig.preference(rank.preference()));
            out.append("; igp_metric = ").append(rank.metric()).append("; }");
        }
        out.append(";\n");
    }
}
