package floof.control.bird;

import floof.base.Family;
import floof.base.IpAddress;
import floof.base.Prefix;
import floof.control.plan.Intent.StaticRoute;
import java.util.List;

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
        out.append("route ").append(route.prefix());
        if (route.nextHops().isEmpty()) {
            out.append(" blackhole");
        }
        for (IpAddress nextHop : route.nextHops()) {
            out.append(" via ").append(nextHop);
        }
        out.append(";\n");
    }
}
