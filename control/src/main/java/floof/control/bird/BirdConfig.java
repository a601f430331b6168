package floof.control.bird;

import floof.base.Family;
import floof.base.Prefix;
import floof.control.plan.Intent;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The text of {@code bird.conf} for an intent. Deterministic: the same intent gives the same text,
 * so that comparing texts tells whether BIRD must be reconfigured. Thread: any.
 *
 * <p>Preferences are those of Junos, turned round: {@link #preference}. An originated prefix is a
 * discard route between BGP and every other protocol: a route of ours to the same prefix wins and
 * is announced in its place, a neighbour's announcement of our prefix does not. In the kernel it
 * ends what would otherwise follow a default route back to the neighbour and loop.
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

    /** Just better than BGP's 170, worse than every IGP's. */
    static final int ORIGINATED = 169;

    static final int BGP = 170;

    /**
     * Metric of all our routes in the kernel: the worst, so that connected networks and what others
     * put there win. One for all of them, because BIRD 2 leaves the old route behind when the
     * metric of a prefix changes.
     */
    static final long METRIC = 4294967295L;

    /**
     * When the configuration knows no IPv4 address at all. BIRD refuses to start without a router
     * id; this one (RFC 7600, dummy address) is never on a wire, for BGP demands its own.
     */
    private static final String NO_ROUTER_ID = "192.0.0.8";

    /** File, line and column in BIRD's messages. */
    private static final Pattern PLACE = Pattern.compile("bird\\.conf:([0-9]{1,9}):");

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

    /**
     * The statement that BIRD's refusal is about: a peer, or else as much as is left of {@code bgp}
     * or {@code routing}.
     *
     * @param text {@link #text} for the intent
     */
    public static List<String> blamed(Intent intent, String text, BirdException refusal) {
        Matcher place = PLACE.matcher("" + refusal.getMessage());
        String head =
                text.lines()
                        .limit(place.find() ? Long.parseLong(place.group(1)) : 0)
                        .filter(line -> line.startsWith("protocol "))
                        .reduce("", (before, last) -> last);
        Intent.Bgp bgp = intent.bgp();
        BgpSessions.Session session = bgp == null ? null : BgpSessions.headed(bgp, head);
        if (session != null) {
            return List.of("bgp", "peer", session.peer().name());
        }
        return List.of(
                bgp == null || head.startsWith("protocol static static") ? "routing" : "bgp");
    }

    /** BIRD's preference, of which more wins, for one of Junos, of which less wins; or back. */
    public static int preference(int junos) {
        return 255 - junos;
    }

    /** The configuration for an intent. */
    public synchronized String text(Intent intent) {
        Intent.Bgp bgp = intent.bgp();
        Blocks out = new Blocks();
        out.line("# Generated from the committed configuration; changes here are lost.");
        out.line("log " + quote(log.toString()) + " all;");
        out.line("router id " + routerId(intent) + ";");
        for (String what : List.of("base", "log", "protocol", "route")) {
            out.line("timeformat " + what + " iso long;");
        }
        out.line("graceful restart wait " + GRACEFUL_WAIT_S + ";").empty();
        for (Family family : Family.values()) {
            // With a trie BIRD tells routes by ascending prefix.
            out.line(channel(family) + " table " + table(family) + " { trie yes; };");
        }
        out.line("protocol device { scan time 10; }");
        out.begin("protocol direct");
        for (Family family : Family.values()) {
            out.line(channel(family) + " { preference " + preference(0) + "; };");
        }
        out.line("check link yes;").end();
        for (Family family : Family.values()) {
            kernel(out, family, bgp != null && bgp.mergePaths());
            statics(out, family, intent.routes());
            originated(out, family, bgp);
        }
        if (bgp != null) {
            BgpText.write(out, bgp);
        }
        return out.toString();
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

    /** BIRD's own table of a family. */
    public static String table(Family family) {
        return "master" + digit(family);
    }

    static String channel(Family family) {
        return "ipv" + digit(family);
    }

    static int digit(Family family) {
        return family == Family.IP4 ? 4 : 6;
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

    private static void kernel(Blocks out, Family family, boolean isMerging) {
        out.empty().begin("protocol kernel kernel" + digit(family));
        out.line("metric " + METRIC + ";");
        out.line(channel(family) + " { import none; export where source != RTS_DEVICE; };");
        out.line("learn no;");
        out.line("graceful restart yes;");
        if (isMerging) {
            out.line("merge paths yes limit " + MULTIPATH_LIMIT + ";");
        }
        out.line("scan time 10;");
        out.end();
    }

    private void statics(Blocks out, Family family, List<Intent.StaticRoute> routes) {
        int usual = preference(Intent.Rank.DEFAULT.preference());
        out.begin("protocol static static" + digit(family));
        out.line(channel(family) + " { preference " + usual + "; };");
        out.line("check link yes;");
        out.lines(Objects.requireNonNull(routeLines.get(family)).of(routes));
        out.end();
    }

    private static void originated(Blocks out, Family family, Intent.@Nullable Bgp bgp) {
        out.begin("protocol static originate" + digit(family));
        out.line(channel(family) + " { preference " + preference(ORIGINATED) + "; };");
        if (bgp != null) {
            for (Prefix prefix : BgpText.originated(bgp, family)) {
                out.line("route " + prefix + " blackhole;");
            }
        }
        out.end();
    }
}
