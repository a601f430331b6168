package floof.api.route;

import floof.api.network.Route;
import floof.api.view.Layout;
import floof.api.view.Layout.Column;
import floof.api.view.Times;
import floof.api.view.UnavailableException;
import floof.base.Family;
import floof.base.Prefix;
import java.time.Instant;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** How routes are printed. */
final class RouteText {

    private static final String LEGEND = "+ = Active Route, - = Last Active, * = Both\n\n";

    /** Columns of a terminal that has no more. */
    private static final int WIDTH = 80;

    /** A line each. */
    static final Layout<Route> TERSE =
            Layout.Table.of(
                    Column.of("A", route -> route.active() ? "*" : " "),
                    Column.of("Destination", Route::prefix),
                    Column.of("P", route -> route.protocol().substring(0, 1)),
                    Column.of(">Prf?1", Route::preference),
                    Column.of(">Metric?3", Route::metric),
                    Column.of("Next hop", RouteText::firstHop),
                    Column.of("AS path?2", Route::asPath));

    /** A line each, of what forwards. */
    static final Layout<Route> FORWARDING =
            Layout.Table.of(
                    Column.of("Destination", Route::prefix),
                    Column.of("Next hop", RouteText::gateway),
                    Column.of("Type?1", route -> hopType(route.type())),
                    Column.of("Netif", RouteText::netif),
                    Column.of("Fast path?2", route -> name(route.state())));

    private RouteText() {}

    static String header(RouteTotal total) {
        return String.format(
                "%s: %d destinations, %d routes (%d active, 0 holddown, %d hidden)%n",
                RouteTotal.table(total.family()),
                total.destinations(),
                total.routes(),
                total.active(),
                total.hidden());
    }

    /** Two or three lines each. */
    static Layout.Printer<Route> brief(RouteSource.Routes routes) {
        return new Sections(routes, RouteText::route);
    }

    /** Everything that is known of each. */
    static Layout.Printer<Route> extensive(RouteSource.Routes routes) {
        return new Sections(routes, RouteText::extensive);
    }

    /** Appends one route. */
    @FunctionalInterface
    private interface Form {
        /**
         * @param first of its prefix
         */
        void print(StringBuilder out, Route route, boolean first, Instant now);
    }

    /** The two tables, each with its head. */
    private static final class Sections implements Layout.Printer<Route> {

        private final RouteSource.Routes routes;
        private final Form form;
        private final Instant now = Instant.now();
        private @Nullable Prefix last;

        Sections(RouteSource.Routes routes, Form form) {
            this.routes = routes;
            this.form = form;
        }

        @Override
        public void print(Route route, StringBuilder out) throws UnavailableException {
            Prefix before = last;
            last = route.prefix();
            Family family = last.family();
            if (before == null || before.family() != family) {
                out.append(before == null ? "" : "\n");
                out.append(header(routes.total(family))).append(LEGEND);
            }
            form.print(out, route, !last.equals(before), now);
        }
    }

    private static void route(StringBuilder out, Route route, boolean first, Instant now) {
        String prefix = first ? route.prefix().toString() : "";
        out.append(prefix);
        if (prefix.length() > 18) {
            out.append('\n').repeat(' ', 19);
        } else {
            out.repeat(' ', 19 - prefix.length());
        }
        out.append(route.active() ? '*' : ' ')
                .append('[')
                .append(route.protocol())
                .append('/')
                .append(route.preference())
                .append("] ")
                .append(Times.age(route.since(), now));
        boolean bgp = route.asPath() != null;
        if (route.metric() != null && (bgp || route.metric() != 0)) {
            out.append(bgp ? ", MED " : ", metric ").append(route.metric());
        }
        if (route.localPreference() != null) {
            out.append(", localpref ").append(route.localPreference());
        }
        out.append(route.stale() ? ", stale" : "").append('\n');
        if (bgp) {
            wrapped(out, 22, "AS path: " + route.asPath() + ", validation-state: unverified");
        }
        way(out, route, 20);
        if (route.active()
                && route.state() != Route.State.PROGRAMMED
                && route.state() != Route.State.UNKNOWN) {
            line(out, 22, "Fast path: " + fastPath(route));
        }
        if (route.reason() != null) {
            wrapped(out, 22, "Hidden: " + route.reason());
        }
    }

    private static void extensive(StringBuilder out, Route route, boolean first, Instant now) {
        if (first) {
            out.append(route.prefix()).append('\n');
        }
        out.repeat(' ', 8).append(route.active() ? '*' : ' ').append(route.protocol());
        out.append(" Preference: ").append(route.preference()).append('\n');
        way(out, route, 14);
        line(out, 16, "State: " + state(route) + ", age " + Times.age(route.since(), now));
        if (route.metric() != null) {
            line(out, 16, (route.asPath() == null ? "Metric: " : "MED: ") + route.metric());
        }
        if (route.localPreference() != null) {
            line(out, 16, "Localpref: " + route.localPreference());
        }
        if (route.from() != null) {
            line(out, 16, "Source: " + route.from());
        }
        if (route.asPath() != null) {
            wrapped(out, 16, "AS path: " + route.asPath());
        }
        route.attributes().forEach((name, value) -> wrapped(out, 16, name + ": " + value));
        if (route.reason() != null) {
            wrapped(out, 16, "Hidden: " + route.reason());
        }
    }

    private static String state(Route route) {
        String state =
                switch (route.state()) {
                    case HIDDEN -> "Hidden";
                    case INACTIVE -> "Inactive";
                    case UNKNOWN -> "Active";
                    default -> "Active, fast path " + fastPath(route);
                };
        return route.stale() ? state + ", stale" : state;
    }

    private static String fastPath(Route route) {
        return name(route.state())
                + (route.state() == Route.State.REFUSED ? ", does not fit; Linux forwards" : "");
    }

    private static void line(StringBuilder out, int indent, String text) {
        out.repeat(' ', indent).append(text).append('\n');
    }

    /** Long values go on in lines of their own, broken between words. */
    private static void wrapped(StringBuilder out, int indent, String text) {
        String rest = text;
        int margin = indent;
        while (margin + rest.length() > WIDTH) {
            int end = rest.lastIndexOf(' ', WIDTH - margin);
            if (end <= 0) {
                end = rest.indexOf(' ');
            }
            if (end < 0) {
                break;
            }
            line(out, margin, rest.substring(0, end));
            rest = rest.substring(end + 1);
            margin = indent + 2;
        }
        line(out, margin, rest);
    }

    private static void way(StringBuilder out, Route route, int indent) {
        switch (route.type()) {
            case UNICAST -> {
                for (Route.NextHop hop : route.nextHops()) {
                    boolean best = route.active() && hop == route.nextHops().getFirst();
                    out.repeat(' ', indent).append(best ? ">  " : "   ");
                    if (hop.gateway() != null) {
                        out.append("to ").append(hop.gateway()).append(' ');
                    }
                    out.append("via ").append(hop.interfaceName());
                    out.append(hop.weight() > 1 ? ", weight " + hop.weight() : "").append('\n');
                }
            }
            case LOCAL -> line(out, indent + 3, "Local via " + netif(route));
            case BLACKHOLE -> line(out, indent + 3, "Discard");
            case UNREACHABLE, PROHIBIT -> line(out, indent + 3, "Reject");
        }
    }

    private static String firstHop(Route route) {
        return switch (route.type()) {
            case UNICAST -> {
                String gateway = gateway(route);
                yield (route.active() ? ">" : "") + (gateway == null ? netif(route) : gateway);
            }
            case LOCAL -> "Local";
            case BLACKHOLE -> "Discard";
            case UNREACHABLE, PROHIBIT -> "Reject";
        };
    }

    /** The first next hop's address, and how many others there are. */
    private static @Nullable String gateway(Route route) {
        if (route.nextHops().isEmpty() || route.nextHops().getFirst().gateway() == null) {
            return null;
        }
        int others = route.nextHops().size() - 1;
        return route.nextHops().getFirst().gateway() + (others > 0 ? " +" + others : "");
    }

    private static String netif(Route route) {
        return route.nextHops().isEmpty() ? "-" : route.nextHops().getFirst().interfaceName();
    }

    /** As Junos abbreviates them. */
    private static String hopType(Route.Type type) {
        return switch (type) {
            case UNICAST -> "ucst";
            case LOCAL -> "locl";
            case BLACKHOLE -> "dscd";
            case UNREACHABLE, PROHIBIT -> "rjct";
        };
    }

    private static String name(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT);
    }
}
