package floof.control.bird;

import floof.base.IpAddress;
import floof.control.plan.Intent;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** BGP sessions as protocol instances of BIRD. */
public final class BgpSessions {

    private static final String BLOCK = "protocol bgp ";

    /** Any statement of a session itself but these. */
    private static final Pattern HARD = Pattern.compile(" {4}(?!description |bfd |ipv[46] |}| )");

    private static final Pattern WORD = Pattern.compile("[A-Za-z0-9_]+");

    private BgpSessions() {}

    /** A peer's session with one of its neighbour addresses. */
    public record Session(Intent.Peer peer, IpAddress neighbor) {}

    /** The sessions of a configuration by the name of their BIRD protocol. */
    public static Map<String, Session> of(Intent.Bgp bgp) {
        Map<String, Session> sessions = new LinkedHashMap<>();
        for (Intent.Peer peer : bgp.peers()) {
            int number = 1;
            for (IpAddress neighbor : peer.neighbors()) {
                sessions.put(protocolName(peer.name(), number++), new Session(peer, neighbor));
            }
        }
        return sessions;
    }

    /** {@code bgp_NAME_N}: at most 64 characters, BIRD's limit, as a name has at most 32. */
    static String protocolName(String peer, int number) {
        return "bgp_" + peer + "_" + number;
    }

    /** A protocol's name as BIRD reads it: dashes and dots need apostrophes (conf/cf-lex.l). */
    public static String symbol(String protocol) {
        return WORD.matcher(protocol).matches() ? protocol : "'" + protocol + "'";
    }

    /** The session whose block in BIRD's configuration begins with that line; null for none. */
    static @Nullable Session headed(Intent.Bgp bgp, String line) {
        return of(bgp).entrySet().stream()
                .filter(it -> line.equals(head(it.getKey()) + " {"))
                .map(Map.Entry::getValue)
                .findFirst()
                .orElse(null);
    }

    /** What begins a session's block in BIRD's configuration. */
    static String head(String protocol) {
        return BLOCK + symbol(protocol);
    }

    /**
     * Neighbours whose session BIRD ends when it changes from one configuration to the other. It
     * makes a session anew for every statement but the description, BFD and those of its channel
     * (proto/bgp/bgp.c, bgp_reconfigure), and all of them for another router id.
     */
    public static List<String> ended(String before, String after) {
        Map<String, List<String>> now = blocks(after);
        List<String> ended = new ArrayList<>();
        blocks(before)
                .forEach((name, statements) -> {
                    if (!statements.equals(now.get(name))) {
                        ended.add(neighbor(statements));
                    }
                });
        return ended;
    }

    /** Statements whose change ends the session, by the name of the protocol. */
    private static Map<String, List<String>> blocks(String text) {
        Map<String, List<String>> blocks = new LinkedHashMap<>();
        String routerId =
                text.lines().filter(it -> it.startsWith("router id ")).findFirst().orElse("");
        int first = text.indexOf("\n" + BLOCK); // the sessions are last, after any number of routes
        List<String> block = new ArrayList<>();
        for (String line : first < 0 ? List.<String>of() : text.substring(first).lines().toList()) {
            if (line.startsWith(BLOCK)) {
                block = new ArrayList<>(List.of(routerId));
                blocks.put(line.substring(BLOCK.length()), block);
            } else if (HARD.matcher(line).lookingAt()) {
                block.add(line.strip());
            }
        }
        return blocks;
    }

    private static String neighbor(List<String> statements) {
        return statements.stream()
                .filter(line -> line.startsWith("neighbor "))
                .map(line -> line.split(" ")[1])
                .findFirst()
                .orElse("?");
    }
}
