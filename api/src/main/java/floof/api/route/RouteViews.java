package floof.api.route;

import static floof.api.view.Layout.whole;
import static java.util.stream.Collectors.joining;

import floof.api.network.Route;
import floof.api.route.RouteQuery.Match;
import floof.api.route.RouteQuery.Place;
import floof.api.view.Arguments;
import floof.api.view.Commands;
import floof.api.view.Kind;
import floof.api.view.Layout;
import floof.api.view.Parameter;
import floof.api.view.Parameter.Word;
import floof.api.view.Reader;
import floof.api.view.UnavailableException;
import floof.api.view.UnknownException;
import floof.api.view.View;
import floof.base.Family;
import floof.base.IpAddress;
import floof.base.Prefix;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Everything behind {@code show route}. */
public final class RouteViews {

    /** Protocols that routes may have. */
    private static final List<String> PROTOCOLS =
            List.of("Aggregate", "BGP", "Direct", "Kernel", "Local", "Static");

    private static final Parameter PROTOCOL =
            Parameter.choice(
                    "protocol",
                    "Routes of one protocol",
                    PROTOCOLS.stream()
                            .map(it -> new Word(it.toLowerCase(Locale.ROOT), "Routes of " + it))
                            .toList());

    private static final Parameter TABLE =
            Parameter.choice(
                    "table",
                    "Routes of one table",
                    Stream.of(Family.values())
                            .map(RouteTotal::table)
                            .map(it -> new Word(it, "Routes of " + it))
                            .toList());

    private static final Parameter PLACE =
            Parameter.free(
                    "prefix", "Address, or prefix with the prefixes it contains", Kind.PREFIX);

    private static final Parameter MATCH =
            Parameter.oneOf(
                            "match",
                            Stream.of(Match.values())
                                    .map(it -> new Word(it.word(), "Prefixes " + it.help()))
                                    .toList())
                    .after("prefix");

    private static final Parameter FORM =
            Parameter.oneOf(
                    "form",
                    List.of(
                            new Word("detail", "All details of each route"),
                            new Word("extensive", "All details of each route"),
                            new Word("terse", "One line each")));

    private static final Parameter HIDDEN =
            Parameter.flag("hidden", "Unusable routes and the reasons");

    private static final Parameter NEIGHBOR =
            Parameter.value("bgp", "Address of a neighbor", Kind.NEIGHBOR).required();

    private RouteViews() {}

    /** All of them. */
    public static Commands of(RouteSource source) {
        return Commands.of(
                new Routes(
                        source,
                        "show route",
                        "Routes",
                        List.of(HIDDEN, PROTOCOL, TABLE, PLACE, MATCH, FORM),
                        RouteQuery.Kind.TABLE),
                new Routes(
                        source,
                        "show route receive-protocol",
                        "Routes received from a neighbor, including rejected ones",
                        List.of(NEIGHBOR, TABLE, PLACE, MATCH, FORM),
                        RouteQuery.Kind.RECEIVED),
                new Routes(
                        source,
                        "show route advertising-protocol",
                        "Routes sent to a neighbor",
                        List.of(NEIGHBOR, TABLE, PLACE, MATCH, FORM),
                        RouteQuery.Kind.ADVERTISED),
                new Routes(
                        source,
                        "show route forwarding-table",
                        "Routes that Linux and the fast path use",
                        List.of(TABLE, PLACE, MATCH),
                        RouteQuery.Kind.FORWARDING),
                View.at("route summary", "Size of each routing table")
                        .of(
                                RouteTotal.class,
                                source::totals,
                                whole(totals ->
                                        List.of(
                                                totals.stream()
                                                        .map(RouteText::header)
                                                        .collect(joining())))));
    }

    private record Routes(
            RouteSource source,
            String line,
            String help,
            List<Parameter> parameters,
            RouteQuery.Kind kind)
            implements View<Route> {

        @Override
        public Class<Route> type(Arguments typed) {
            return Route.class;
        }

        @Override
        public boolean hasDetail(Arguments arguments) {
            return kind == RouteQuery.Kind.FORWARDING || "terse".equals(arguments.get("form"));
        }

        @Override
        public Answer<Route> open(Arguments arguments, Reader reader)
                throws UnavailableException, UnknownException {
            RouteSource.Routes routes = source.open(query(arguments));
            return new Answer<>(routes.warnings(), routes, layout(arguments.get("form"), routes));
        }

        private Layout<Route> layout(@Nullable String form, RouteSource.Routes routes) {
            if (kind == RouteQuery.Kind.FORWARDING) {
                return RouteText.FORWARDING;
            }
            if (form == null) {
                return RouteText.brief(routes);
            }
            return form.equals("terse") ? RouteText.TERSE : RouteText.extensive(routes);
        }

        private RouteQuery query(Arguments arguments) {
            String table = arguments.get("table");
            String protocol = arguments.get("protocol");
            String neighbor = arguments.get("bgp");
            return new RouteQuery(
                    arguments.has("hidden") ? RouteQuery.Kind.HIDDEN : kind,
                    table == null ? null : family(table),
                    protocol == null ? null : protocol(protocol),
                    place(arguments.get("prefix"), arguments.get("match")),
                    neighbor == null ? null : IpAddress.parse(neighbor));
        }
    }

    private static Family family(String table) {
        return Stream.of(Family.values())
                .filter(family -> RouteTotal.table(family).equals(table))
                .findFirst()
                .orElseThrow();
    }

    private static String protocol(String word) {
        return PROTOCOLS.stream().filter(it -> it.equalsIgnoreCase(word)).findFirst().orElseThrow();
    }

    private static @Nullable Place place(@Nullable String text, @Nullable String match) {
        if (text == null) {
            return null;
        }
        if (text.indexOf('/') < 0 && match == null) {
            return new Place.Address(IpAddress.parse(text));
        }
        Prefix named =
                text.indexOf('/') < 0 ? Prefix.host(IpAddress.parse(text)) : Prefix.parse(text);
        return new Place.Prefixes(
                named,
                Stream.of(Match.values())
                        .filter(it -> it.word().equals(match))
                        .findFirst()
                        .orElse(Match.OR_LONGER));
    }
}
