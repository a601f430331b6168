package floof.api.route;

import floof.base.Family;
import floof.base.IpAddress;
import floof.base.Prefix;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Which routes are asked for; null for all.
 *
 * @param protocol as {@link floof.api.network.Route#protocol} has it
 * @param neighbor of BGP, for {@link Kind#RECEIVED} and {@link Kind#ADVERTISED}
 */
public record RouteQuery(
        Kind kind,
        @Nullable Family family,
        @Nullable String protocol,
        @Nullable Place place,
        @Nullable IpAddress neighbor) {

    /** All of the tables. */
    public static final RouteQuery ALL = new RouteQuery(Kind.TABLE, null, null, null, null);

    /** Where to look. */
    public enum Kind {
        /** What Linux forwards by, and what the routing daemon has besides. */
        TABLE,
        /** What cannot be used. */
        HIDDEN,
        /** What a neighbor sent, refused ones too. */
        RECEIVED,
        /** What a neighbor is sent. */
        ADVERTISED,
        /** What Linux forwards by, without asking the routing daemon. */
        FORWARDING
    }

    /** Which prefixes are meant by one that is named. */
    public enum Match {
        EXACT("equal to it"),
        LONGER("within it"),
        OR_LONGER("equal to it or within it");

        private final String help;

        Match(String help) {
            this.help = help;
        }

        /** As it is typed. */
        public String word() {
            return name().toLowerCase(Locale.ROOT).replace("_", "");
        }

        public String help() {
            return help;
        }
    }

    /** Prefixes of one family, by one of them or an address in it. */
    public sealed interface Place {

        Family family();

        /** The longest prefix that contains the address. */
        record Address(IpAddress address) implements Place {
            @Override
            public Family family() {
                return address.family();
            }
        }

        record Prefixes(Prefix named, Match match) implements Place {

            @Override
            public Family family() {
                return named.family();
            }

            public boolean has(Prefix prefix) {
                return switch (match) {
                    case EXACT -> prefix.equals(named);
                    case LONGER -> !prefix.equals(named) && named.contains(prefix);
                    case OR_LONGER -> named.contains(prefix);
                };
            }
        }
    }

    /** Whether routes of the family can be meant. */
    public boolean has(Family other) {
        return (family == null || family == other) && (place == null || place.family() == other);
    }
}
