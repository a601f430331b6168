package floof.control.bird;

import floof.base.Prefix;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * One route of BIRD's tables, from code 1007 of {@code show route}: {@code PREFIX TYPE [PROTOCOL
 * DATE TIME from ...] * (PREFERENCE/METRIC) [AS65001i]}. A further route of the same prefix leaves
 * the prefix away.
 *
 * @param protocol name of the protocol that brought it
 * @param best whether BIRD chose it
 * @param sinceEpochS when it came, seconds since 1970; 0 when BIRD does not say
 * @param asPath origin AS and origin as BIRD prints them ({@code AS65001i}); empty without
 */
public record BirdRoute(
        Prefix prefix,
        String protocol,
        boolean best,
        int preference,
        long sinceEpochS,
        String asPath) {

    private static final int ROUTE = 1007;
    private static final Pattern FORM =
            Pattern.compile(
                    "(?<prefix>[0-9a-fA-F.:]+/[0-9]+)?\\s+[a-z]+ "
                            + "\\[(?<protocol>\\S+) (?<since>\\S+ [0-9:]{8})[^\\]]*\\]"
                            + "(?<best> \\*)?.*? \\((?<preference>[0-9]+)[^)]*\\)"
                            + "(?: \\[(?<path>[^\\]]*)\\])?.*");

    /** Every route in a reply to {@code show route}; lines of next hops are passed over. */
    public static List<BirdRoute> parse(List<BirdSocket.Line> reply) {
        List<BirdRoute> routes = new ArrayList<>();
        Prefix last = null;
        for (BirdSocket.Line line : reply) {
            Matcher matcher = line.code() == ROUTE ? FORM.matcher(line.text()) : null;
            if (matcher == null || !matcher.matches()) {
                continue;
            }
            last = matcher.group("prefix") == null ? last : Prefix.parse(matcher.group("prefix"));
            if (last != null) {
                routes.add(of(last, matcher));
            }
        }
        return routes;
    }

    private static BirdRoute of(Prefix prefix, Matcher matcher) {
        @Nullable String path = matcher.group("path");
        return new BirdRoute(
                prefix,
                matcher.group("protocol"),
                matcher.group("best") != null,
                Integer.parseInt(matcher.group("preference")),
                Protocol.epochSeconds(matcher.group("since")),
                path == null ? "" : path);
    }
}
