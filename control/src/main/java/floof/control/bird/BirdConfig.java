package floof.control.bird;

import floof.base.Family;
import floof.base.IpAddress;
import floof.base.Prefix;
import floof.control.plan.Intent;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.stream.Collectors;

/**
 * The text of {@code bird.conf} for an intent. Deterministic: the same intent gives the same text,
 * so that comparing texts tells whether BIRD must be reconfigured. Thread: any.
 *
 * <p>Originated prefixes are reject routes with a preference between BGP's (100) and that of static
 * routes (200): a real route of ours to the same prefix wins and is announced in their place, a
 * neighbour's announcement of our prefix does not. They never go to the kernel, where an
 * unreachable IPv6 route of metric 32 would beat the connected network of metric 256.
 */
public final class BirdConfig {

    /**
     * How long a restarted BIRD keeps routes of neighbours that have not come back, in seconds.
     * Reconnecting takes the connect delay of both ends (stock: 5 s), a full table some seconds
     * more; a route whose neighbour is gone attracts traffic no longer than this.
     */
    static final int GRACEFUL_WAIT_S = 30;

    /** Equal next hops that one kernel route may have (BIRD's own default of {@code limit}). */
    static final int MULTIPATH_LIMIT = 16;

    /**
     * When the configuration knows no IPv4 address at all. BIRD refuses to start without a router
     * id; this one (RFC 7600, dummy address) is never on a wire, for BGP demands its own.
     */
    private static final String NO_ROUTER_ID = "192.0.0.8";

    private static final Map<Family, String> MARTIANS =
            Map.of(
                    Family.IP4,
                    "0.0.0.0/8{8,32}, 127.0.0.0/8+, 169.254.0.0/16+, 224.0.0.0/3+",
                    Family.IP6,
                    "::/8{8,128}, fe80::/10+, fec0::/10+, ff00::/8+");

    /** The same for the life of the process: another text would make BIRD's sessions anew. */
    private static final String UNKNOWN = UUID.randomUUID().toString();

    private final Path log;

    /** Of the static routes at hand last: often nearly all are the same. */
    private final Map<Family, RouteLines> routeLines = new EnumMap<>(Family.class);

    /**
     * @param log where messages of BIRD go
     */
    public BirdConfig(Path log) {
        this.log = log;
        for (Family family : Family.values()) {
            routeLines.put(family, new RouteLines(family));
        }
    }

    /** The configuration for an intent; messages of BIRD go to {@code log}. */
    public static String text(Intent intent, Path log) {
        return new BirdConfig(log).text(intent);
    }

    /** The configuration for an intent. */
    public synchronized String text(Intent intent) {
        StringBuilder out = new StringBuilder();
        out.append("# Generated from the committed configuration; changes here are lost.\n");
        out.append("log ").append(quote(log.toString())).append(" all;\n");
        out.append("router id ").append(routerId(intent)).append(";\n");
        for (String what : List.of("base", "log", "protocol", "route")) {
            out.append("timeformat ").append(what).append(" iso long;\n");
        }
        out.append("graceful restart wait ").append(GRACEFUL_WAIT_S).append(";\n\n");
        out.append("protocol device { scan time 10; }\n");
        out.append("protocol direct { ipv4; ipv6; check link yes; }\n");
        for (Family family : Family.values()) {
            kernel(out, family);
            statics(out, family, intent.routes());
            originated(out, family, intent);
        }
        Intent.Bgp bgp = intent.bgp();
        if (bgp != null) {
            for (Family family : Family.values()) {
                filters(out, family, bgp);
            }
            sessions(bgp).forEach((name, session) -> session(out, bgp, name, session));
        }
        return out.toString();
    }

    /** A peer's session with one of its neighbour addresses. */
    public record Session(Intent.Peer peer, IpAddress neighbor) {}

    /** The sessions of a configuration by the name of their BIRD protocol. */
    public static Map<String, Session> sessions(Intent.Bgp bgp) {
        Map<String, Session> sessions = new LinkedHashMap<>();
        for (Intent.Peer peer : bgp.peers()) {
            int number = 1;
            for (IpAddress neighbor : peer.neighbors()) {
                sessions.put(protocolName(peer.name(), number++), new Session(peer, neighbor));
            }
        }
        return sessions;
    }

    /**
     * {@code bgp_NAME_N}. BIRD's symbols are letters, digits and underscores (doc/bird.conf,
     * section 3.1); any other character becomes {@code _xx}, its hexadecimal code, so that two
     * names never meet; an underscore of the name is doubled.
     */
    static String protocolName(String peer, int number) {
        StringBuilder name = new StringBuilder("bgp_");
        for (int i = 0; i < peer.length(); i++) {
            char c = peer.charAt(i);
            if (c < 128 && Character.isLetterOrDigit(c)) {
                name.append(c);
            } else if (c == '_') {
                name.append("__");
            } else {
                name.append('_').append(Integer.toHexString(c));
            }
        }
        return name.append('_').append(number).toString();
    }

    /**
     * A string constant of BIRD. Its lexer knows no escapes (conf/cf-lex.l): a quotation mark
     * becomes an apostrophe, control characters a space.
     */
    static String quote(String text) {
        StringBuilder quoted = new StringBuilder(text.length() + 2).append('"');
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            quoted.append(c == '"' ? '\'' : Character.isISOControl(c) ? ' ' : c);
        }
        return quoted.append('"').toString();
    }

    private static String routerId(Intent intent) {
        if (intent.bgp() != null) {
            return intent.bgp().routerId().toString();
        }
        return intent.ports().values().stream()
                .flatMap(port -> port.addresses().stream())
                .filter(address -> address.address().family() == Family.IP4)
                .map(address -> address.address().toString())
                .findFirst()
                .orElse(NO_ROUTER_ID);
    }

    private static void kernel(StringBuilder out, Family family) {
        out.append(
                """

                protocol kernel kernel%1$d {
                    ipv%1$d { import none; export where source != RTS_DEVICE && proto != "originate%1$d"; };
                    learn no;
                    graceful restart yes;
                    merge paths yes limit %2$d;
                    scan time 10;
                }
                """
                        .formatted(digit(family), MULTIPATH_LIMIT));
    }

    private void statics(StringBuilder out, Family family, List<Intent.StaticRoute> routes) {
        out.append("protocol static static%1$d {\n    ipv%1$d;\n".formatted(digit(family)));
        out.append("    check link yes;\n");
        out.append(Objects.requireNonNull(routeLines.get(family)).of(routes));
        out.append("}\n");
    }

    private static void originated(StringBuilder out, Family family, Intent intent) {
        out.append(
                "protocol static originate%1$d {\n    ipv%1$d { preference 150; };\n"
                        .formatted(digit(family)));
        for (Prefix prefix : own(intent.bgp(), family)) {
            out.append("    route ").append(prefix).append(" reject;\n");
        }
        out.append("}\n");
    }

    private static List<Prefix> own(
            Intent.@org.jspecify.annotations.Nullable Bgp bgp, Family family) {
        List<Prefix> own = new ArrayList<>();
        if (bgp != null) {
            bgp.prefixes().stream().filter(prefix -> prefix.family() == family).forEach(own::add);
        }
        return own;
    }

    private static void filters(StringBuilder out, Family family, Intent.Bgp bgp) {
        List<Prefix> own = own(bgp, family);
        String set = own.stream().map(Prefix::toString).collect(Collectors.joining(", "));
        out.append(
                """

                filter sane%1$d {
                    if net ~ [ %2$s ] then reject;
                    accept;
                }
                filter own%1$d {
                    %3$s
                    reject;
                }
                """
                        .formatted(
                                digit(family),
                                MARTIANS.get(family),
                                own.isEmpty() ? "" : "if net ~ [ " + set + " ] then accept;"));
    }

    private static void session(StringBuilder out, Intent.Bgp bgp, String name, Session session) {
        out.append(
                """

                protocol bgp %1$s {
                    description %2$s;
                    local as %3$d;
                    neighbor %4$s as %5$d;
                    %7$sgraceful restart yes;
                    connect delay time 1;
                    connect retry time 10;
                    error wait time 1, 30;
                    ipv%6$d { import filter sane%6$d; export filter own%6$d; next hop self; };
                }
                """
                        .formatted(
                                name,
                                quote(
                                        session.peer().description().isEmpty()
                                                ? session.peer().name()
                                                : session.peer().description()),
                                bgp.asn(),
                                session.neighbor(),
                                session.peer().remoteAs(),
                                digit(session.neighbor().family()),
                                password(session.peer())));
    }

    /**
     * The statement for the peer's key. One that cannot be opened (the router's own key is another)
     * becomes a password that nobody knows: no session rather than one without.
     */
    private static String password(Intent.Peer peer) {
        if (peer.key() == null) {
            return "";
        }
        String clear = peer.key().open();
        String password = clear == null ? UNKNOWN : clear;
        return "password " + quote(password) + ";\n    ";
    }

    private static int digit(Family family) {
        return family == Family.IP4 ? 4 : 6;
    }
}
