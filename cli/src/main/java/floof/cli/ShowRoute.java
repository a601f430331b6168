package floof.cli;

import floof.api.Route;
import floof.api.RouteTable;
import floof.api.Router;
import floof.api.UnavailableException;
import floof.base.Family;
import floof.base.IpAddress;
import floof.base.Prefix;
import floof.cli.Position.Argument;
import floof.cli.Position.Keyword;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
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

        /** As it is typed. */
        String word() {
            return name().toLowerCase(Locale.ROOT).replace("_", "");
        }

        String help() {
            return help;
        }
    }

    /**
     * What is asked for; null for all.
     *
     * @param protocol as {@link Route#protocol} has it
     * @param place an address or a prefix
     */
    record Wanted(
            @Nullable Family family,
            @Nullable String protocol,
            @Nullable String place,
            Match match) {

        static final Wanted ALL = new Wanted(null, null, null, Match.OR_LONGER);

        Wanted in(Family other) {
            return new Wanted(other, protocol, place, match);
        }

        Wanted by(String other) {
            return new Wanted(family, other, place, match);
        }

        Wanted at(String other, Match how) {
            return new Wanted(family, protocol, other, how);
        }
    }

    /** Names of the tables. */
    static String table(Family family) {
        return family.label() + ".0";
    }

    /** Protocols that routes may have. */
    static final List<String> PROTOCOLS = List.of("BGP", "Direct", "Kernel", "Local", "Static");

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

    /** Behind {@code show route}. */
    static Position grammar(Router router, Known known) {
        Position ways = new Narrowing(router, known).of(Wanted.ALL);
        List<Keyword> keywords = new ArrayList<>(ways.keywords());
        keywords.addFirst(Operational.leaf("summary", "Sizes", () -> summary(router)));
        return new Position(keywords, ways.argument(), ways.action());
    }

    /** The grammar that narrows what is asked for. */
    private record Narrowing(Router router, Known known) {

        /** What may still narrow {@code wanted}, in any order. */
        Position of(Wanted wanted) {
            List<Keyword> keywords = new ArrayList<>();
            if (wanted.protocol() == null) {
                keywords.add(
                        new Keyword(
                                "protocol",
                                "Of one protocol",
                                () ->
                                        new Position(
                                                PROTOCOLS.stream()
                                                        .map(it -> narrowed(it, wanted.by(it)))
                                                        .toList())));
            }
            if (wanted.family() == null) {
                keywords.add(
                        new Keyword(
                                "table",
                                "Of one table",
                                () ->
                                        new Position(
                                                Stream.of(Family.values())
                                                        .map(it ->
                                                                narrowed(table(it), wanted.in(it)))
                                                        .toList())));
            }
            return new Position(
                    keywords,
                    wanted.place() == null ? place(wanted) : null,
                    Operational.asking(() -> show(router, wanted)));
        }

        private Keyword narrowed(String word, Wanted wanted) {
            return new Keyword(
                    word.toLowerCase(Locale.ROOT), "Routes of " + word, () -> of(wanted));
        }

        private Argument place(Wanted wanted) {
            return new Argument(
                    ' ',
                    "<prefix>",
                    "Address, or prefix for itself and those it contains",
                    ShowRoute::wrong,
                    known::prefixes,
                    text -> {
                        Position all = of(wanted.at(text, Match.OR_LONGER));
                        List<Keyword> keywords = new ArrayList<>(all.keywords());
                        for (Match match : Match.values()) {
                            keywords.add(
                                    new Keyword(
                                            match.word(),
                                            "Prefixes " + match.help(),
                                            () -> of(wanted.at(text, match))));
                        }
                        return new Position(
                                Position.sorted(keywords).keywords(), null, all.action());
                    });
        }
    }

    private static Answer show(Router router, Wanted wanted) throws UnavailableException {
        String place = wanted.place();
        if (place != null && place.indexOf('/') < 0) {
            return answer(router.route(IpAddress.parse(place)), wanted);
        }
        Prefix named = place == null ? null : Prefix.parse(place);
        return answer(
                router.routes(prefix ->
                        (wanted.family() == null || prefix.family() == wanted.family())
                                && (named == null || matches(prefix, named, wanted.match()))),
                wanted);
    }

    private static boolean matches(Prefix prefix, Prefix named, Match match) {
        return switch (match) {
            case EXACT -> prefix.equals(named);
            case LONGER -> !prefix.equals(named) && named.contains(prefix);
            case OR_LONGER -> named.contains(prefix);
        };
    }

    private static Answer summary(Router router) throws UnavailableException {
        RouteTable table = router.routes(prefix -> false);
        StringBuilder text = new StringBuilder();
        table.totals().forEach(total -> text.append(header(total)));
        return Answer.Data.of(RouteTable.Total.class, table.totals(), text.toString());
    }

    private static Answer answer(RouteTable found, Wanted wanted) {
        RouteTable table =
                found.only(route ->
                        (wanted.family() == null || route.prefix().family() == wanted.family())
                                && (wanted.protocol() == null
                                        || route.protocol().equals(wanted.protocol())));
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
        if (found.routes().size() >= RouteTable.ROUTES_MAX) {
            text.append("\nwarning: only the first ")
                    .append(RouteTable.ROUTES_MAX)
                    .append(" routes were looked at\n");
        }
        return Answer.Data.of(Route.class, table.routes(), text.toString());
    }

    private static String header(RouteTable.Total total) {
        return String.format(
                "%s: %d destinations, %d routes (%d active, 0 holddown, %d hidden)%n",
                table(total.family()),
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
