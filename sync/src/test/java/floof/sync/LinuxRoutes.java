package floof.sync;

import floof.base.Prefix;
import floof.testkit.Netns;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import tools.jackson.databind.JsonNode;

/** What Linux itself says of its routes. */
final class LinuxRoutes {

    private LinuxRoutes() {}

    /**
     * Prefixes of table main and their next hops as ip(8) tells them, best metric only: {@code via
     * GATEWAY dev NAME}, joined by commas.
     */
    static Map<Prefix, String> of(Netns netns) {
        Map<Prefix, String> routes = new TreeMap<>();
        Map<Prefix, Long> metrics = new TreeMap<>();
        for (String family : List.of("-4", "-6")) {
            for (JsonNode route : netns.ipJson(family + " route show table main")) {
                Prefix prefix = prefix(route.get("dst").asString(), family.equals("-4"));
                long metric = route.path("metric").asLong(0);
                if (!prefix.address().isLinkLocal()
                        && metric < metrics.getOrDefault(prefix, Long.MAX_VALUE)) {
                    metrics.put(prefix, metric);
                    routes.put(prefix, hops(route));
                }
            }
        }
        return routes;
    }

    private static Prefix prefix(String text, boolean isIp4) {
        if (text.equals("default")) {
            return Prefix.parse(isIp4 ? "0.0.0.0/0" : "::/0");
        }
        return Prefix.parse(text.contains("/") ? text : text + (isIp4 ? "/32" : "/128"));
    }

    private static String hops(JsonNode route) {
        String type = route.path("type").asString("unicast");
        if (!type.equals("unicast")) {
            return type;
        }
        if (!route.has("nexthops")) {
            return hop(route);
        }
        List<String> hops = new ArrayList<>();
        route.get("nexthops").forEach(hop -> hops.add(hop(hop)));
        hops.sort(null);
        return String.join(",", hops);
    }

    private static String hop(JsonNode hop) {
        String gateway = hop.path("gateway").asString(hop.at("/via/host").asString(""));
        boolean isDead = hop.path("flags").toString().contains("\"dead\"");
        return (gateway.isEmpty() ? "" : "via " + gateway + " ")
                + "dev "
                + hop.get("dev").asString()
                + (isDead ? " dead" : "");
    }
}
