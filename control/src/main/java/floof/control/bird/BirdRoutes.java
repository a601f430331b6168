package floof.control.bird;

import floof.base.IpAddress;
import floof.base.Prefix;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The reply to {@code show route ... all}, route by route as they are wanted: BIRD waits meanwhile.
 * Code 1007 is {@code PREFIX TYPE [PROTOCOL DATE TIME from ...] * (PREFERENCE/METRIC) [AS65001i]},
 * where a further route of the same prefix leaves the prefix away, or a next hop, {@code via
 * ADDRESS on INTERFACE weight N}; the lines {@code LABEL: VALUE} of 1012 that follow are attributes
 * (BIRD 2.0, nest/rt-show.c). Thread: one at a time.
 *
 * <p>With {@code in PREFIX} and {@code trie yes} on the table they come by ascending prefix.
 */
public final class BirdRoutes implements AutoCloseable {

    private static final int ROUTE = 1007;
    private static final int ATTRIBUTES = 1012;

    /** "Network not found": the route went while BIRD looked, or there was none. */
    private static final int NOT_FOUND = 8001;

    /** The protocol that is asked about has no channel of the table's family. */
    private static final String NO_TABLES = "No valid tables";

    private static final Pattern FORM =
            Pattern.compile(
                    "(?<prefix>[0-9a-fA-F.:]+/[0-9]+)?\\s+(?<type>[a-z]+) "
                            + "\\[(?<protocol>\\S+) (?<since>\\S+ [0-9:]{8})[^\\]]*\\]"
                            + "(?<best> \\*)?.*? \\((?<preference>[0-9]+)[^)]*\\).*");

    private static final Pattern HOP =
            Pattern.compile(
                    "\\t(?:via (?<gateway>\\S+) on|dev) (?<interface>\\S+)"
                            + "(?:.*? weight (?<weight>[0-9]+))?.*");

    private final BirdSocket socket;
    private @Nullable BirdRoute next;
    private @Nullable Prefix last;
    private boolean isOver;

    private BirdRoutes(BirdSocket socket) {
        this.socket = socket;
    }

    /**
     * @param what behind {@code show route}
     * @param timeoutMs longest silence of BIRD
     */
    static BirdRoutes open(Path path, String what, long timeoutMs) throws IOException {
        BirdSocket socket = BirdSocket.open(path, timeoutMs);
        try {
            socket.begin("show route " + what + " all");
            return new BirdRoutes(socket);
        } catch (IOException e) {
            socket.close();
            throw e;
        }
    }

    /** The next route, null at the end. */
    public @Nullable BirdRoute next() throws IOException, BirdException {
        while (!isOver) {
            BirdSocket.Line line = line();
            BirdRoute begun = line == null ? null : begin(line);
            if (line == null || begun != null) {
                BirdRoute whole = next;
                next = begun;
                isOver = line == null;
                if (whole != null) {
                    return whole;
                }
            }
        }
        return null;
    }

    private BirdSocket.@Nullable Line line() throws IOException, BirdException {
        try {
            return socket.next();
        } catch (BirdException e) {
            if (e.code() == NOT_FOUND || NO_TABLES.equals(e.getMessage())) {
                return null;
            }
            throw e;
        }
    }

    /** The route that begins with this line; null when it belongs to the one before. */
    private @Nullable BirdRoute begin(BirdSocket.Line line) {
        String text = line.text();
        BirdRoute current = next;
        if (line.code() == ATTRIBUTES && current != null) {
            attribute(current.attributes(), text.strip());
        }
        if (line.code() != ROUTE) {
            return null;
        }
        if (text.startsWith("\t")) {
            Matcher hop = HOP.matcher(text);
            if (current != null && hop.matches()) {
                current.hops().add(hop(hop));
            }
            return null;
        }
        Matcher matcher = FORM.matcher(text);
        if (!matcher.matches()) {
            return null;
        }
        String prefix = matcher.group("prefix");
        Prefix of = prefix == null ? last : Prefix.parse(prefix);
        if (of == null) {
            return null;
        }
        last = of;
        return new BirdRoute(
                of,
                matcher.group("type"),
                matcher.group("protocol"),
                matcher.group("best") != null,
                Integer.parseInt(matcher.group("preference")),
                Protocol.epochSeconds(matcher.group("since")),
                new ArrayList<>(1),
                new LinkedHashMap<>());
    }

    private static BirdRoute.Hop hop(Matcher matcher) {
        String gateway = matcher.group("gateway");
        String weight = matcher.group("weight");
        return new BirdRoute.Hop(
                gateway == null ? null : IpAddress.parse(gateway),
                matcher.group("interface"),
                weight == null ? 1 : Integer.parseInt(weight));
    }

    private static void attribute(Map<String, String> attributes, String text) {
        int colon = text.indexOf(": ");
        if (colon > 0) {
            attributes.put(text.substring(0, colon), text.substring(colon + 2).strip());
        }
    }

    /** The rest at once, of a reply that is known to be short. */
    public List<BirdRoute> all() throws IOException, BirdException {
        List<BirdRoute> all = new ArrayList<>();
        for (BirdRoute route = next(); route != null; route = next()) {
            all.add(route);
        }
        return all;
    }

    @Override
    public void close() throws IOException {
        isOver = true;
        socket.close();
    }
}
