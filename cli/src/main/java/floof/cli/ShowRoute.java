package floof.cli;

import floof.api.Route;
import floof.api.RouteTable;
import floof.api.Router;
import floof.api.UnavailableException;
import floof.base.Family;
import floof.base.IpAddress;
import floof.base.Prefix;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Output of {@code show route}. */
final class ShowRoute {

    /** Which prefixes are meant by one that is named. */
    enum Match {
        EXACT("equal to it"),
        LONGER("within it"),
        OR_LONGER("equal to it or within it");

        private final String help;

        Match(String help) {
            this.help = help;
        }

        String help() {
            return help;
        }
    }

    private static final String LEGEND = "+ = Active Route, - = Last Active, * = Both\n";

    private ShowRoute() {}

    /** What is wrong with the text of an address or prefix, or null. */
    static @Nullable String wrong(String text) {
        try {
            if (text.indexOf('/') < 0) {
                IpAddress.parse(text);
            } else {
                Prefix.parse(text);
            }
            return null;
        } catch (IllegalArgumentException e) {
            return e.getMessage();
        }
    }

    static Answer all(Router router) throws UnavailableException {
        return answer(router.routes(prefix -> true));
    }

    static Answer matching(Router router, String text, Match match) throws UnavailableException {
        if (text.indexOf('/') < 0) {
            return answer(router.route(IpAddress.parse(text)));
        }
        Prefix wanted = Prefix.parse(text);
        return answer(
                router.routes(prefix ->
                        switch (match) {
                            case EXACT -> prefix.equals(wanted);
                            case LONGER -> !prefix.equals(wanted) && wanted.contains(prefix);
                            case OR_LONGER -> wanted.contains(prefix);
                        }));
    }

    static Answer summary(Router router) throws UnavailableException {
        RouteTable table = router.routes(prefix -> false);
        StringBuilder text = new StringBuilder();
        table.totals().forEach(total -> text.append(header(total)));
        return new Answer.Data(table.totals(), text.toString());
    }

    private static Answer answer(RouteTable table) {
        StringBuilder text = new StringBuilder();
        Instant now = Instant.now();
        for (RouteTable.Total total : table.totals()) {
            int start = text.length();
            Prefix last = null;
            for (Route route : table.routes()) {
                if (route.prefix().family() == total.family()) {
                    route(text, route, !route.prefix().equals(last), now);
                    last = route.prefix();
                }
            }
            if (text.length() > start) {
                text.insert(start, (start == 0 ? "" : "\n") + header(total) + LEGEND + "\n");
            }
        }
        if (table.routes().size() == RouteTable.ROUTES_MAX) {
            text.append("\nwarning: only the first ")
                    .append(RouteTable.ROUTES_MAX)
                    .append(" routes are shown\n");
        }
        return new Answer.Data(table.routes(), text.toString());
    }

    private static String header(RouteTable.Total total) {
        return String.format(
                "%s.0: %d destinations, %d routes (%d active, 0 holddown, %d hidden)%n",
                total.family() == Family.IP4 ? "inet" : "inet6",
                total.destinations(),
                total.routes(),
                total.active(),
                total.hidden());
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
                .append("] ");
        out.append(route.since() == null ? "-" : Times.age(Duration.between(route.since(), now)));
        boolean bgp = route.asPath() != null;
        if (route.metric() != null && (bgp || route.metric() != 0)) {
            out.append(bgp ? ", MED " : ", metric ").append(route.metric());
        }
        if (route.localPreference() != null) {
            out.append(", localpref ").append(route.localPreference());
        }
        out.append('\n');
        if (bgp) {
            out.repeat(' ', 22)
                    .append("AS path: ")
                    .append(route.asPath())
                    .append(", validation-state: unverified\n");
        }
        way(out, route);
        if (route.active() && route.state() != Route.State.PROGRAMMED) {
            out.repeat(' ', 22).append("Fast path: ").append(name(route.state()));
            out.append(route.state() == Route.State.REFUSED ? ", no room; Linux forwards" : "");
            out.append('\n');
        }
    }

    private static void way(StringBuilder out, Route route) {
        switch (route.type()) {
            case UNICAST -> {
                for (Route.NextHop hop : route.nextHops()) {
                    boolean best = route.active() && hop == route.nextHops().getFirst();
                    out.repeat(' ', 20).append(best ? ">  " : "   ");
                    if (hop.gateway() != null) {
                        out.append("to ").append(hop.gateway()).append(' ');
                    }
                    out.append("via ").append(hop.interfaceName());
                    out.append(hop.weight() > 1 ? ", weight " + hop.weight() : "").append('\n');
                }
            }
            case LOCAL -> {
                String where =
                        route.nextHops().isEmpty()
                                ? "-"
                                : route.nextHops().getFirst().interfaceName();
                out.repeat(' ', 23).append("Local via ").append(where).append('\n');
            }
            case BLACKHOLE -> out.repeat(' ', 23).append("Discard\n");
            case UNREACHABLE, PROHIBIT -> out.repeat(' ', 23).append("Reject\n");
        }
    }

    private static String name(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT);
    }
}
