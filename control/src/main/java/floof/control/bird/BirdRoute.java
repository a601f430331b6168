package floof.control.bird;

import floof.base.Prefix;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * One route of BIRD's tables, from {@code show route all}: code 1007 is {@code PREFIX TYPE
 * [PROTOCOL DATE TIME from ...] * (PREFERENCE/METRIC) [AS65001i]}, where a further route of the
 * same prefix leaves the prefix away; the lines {@code LABEL: VALUE} of 1012 that follow are its
 * attributes.
 *
 * @param protocol name of the protocol that brought it
 * @param best whether BIRD chose it
 * @param sinceEpochS when it came, seconds since 1970; 0 when BIRD does not say
 * @param attributes by name, e.g. {@code BGP.as_path}
 */
public record BirdRoute(
        Prefix prefix,
        String protocol,
        boolean best,
        int preference,
        long sinceEpochS,
        Map<String, String> attributes) {

    private static final int ROUTE = 1007;
    private static final int ATTRIBUTES = 1012;
    private static final Pattern FORM =
            Pattern.compile(
                    "(?<prefix>[0-9a-fA-F.:]+/[0-9]+)?\\s+[a-z]+ "
                            + "\\[(?<protocol>\\S+) (?<since>\\S+ [0-9:]{8})[^\\]]*\\]"
                            + "(?<best> \\*)?.*? \\((?<preference>[0-9]+)[^)]*\\).*");

    /** Every route in a reply to {@code show route}; lines of next hops are passed over. */
    public static List<BirdRoute> parse(List<BirdSocket.Line> reply) {
        List<BirdRoute> routes = new ArrayList<>();
        Prefix last = null;
        for (BirdSocket.Line line : reply) {
            if (line.code() == ATTRIBUTES && !routes.isEmpty()) {
                routes.getLast().add(line.text().strip());
            }
            Matcher matcher = line.code() == ROUTE ? FORM.matcher(line.text()) : null;
            if (matcher == null || !matcher.matches()) {
                continue;
            }
            last = matcher.group("prefix") == null ? last : Prefix.parse(matcher.group("prefix"));
            if (last != null) {
                routes.add(
                        new BirdRoute(
                                last,
                                matcher.group("protocol"),
                                matcher.group("best") != null,
                                Integer.parseInt(matcher.group("preference")),
                                Protocol.epochSeconds(matcher.group("since")),
                                new HashMap<>()));
            }
        }
        return routes;
    }

    /** Value of an attribute, empty when the route has none of that name. */
    public String attribute(String name) {
        return attributes.getOrDefault(name, "");
    }

    private void add(String text) {
        int colon = text.indexOf(": ");
        if (colon > 0) {
            attributes.put(text.substring(0, colon), text.substring(colon + 2).strip());
        }
    }
}
