package floof.control.bird;

import floof.base.IpAddress;
import floof.base.Prefix;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One route of BIRD's tables.
 *
 * @param type {@code unicast}, {@code blackhole}, {@code unreachable}, {@code prohibit}
 * @param protocol name of the protocol that brought it
 * @param best whether BIRD chose it
 * @param sinceEpochS when it came, seconds since 1970; 0 when BIRD does not say
 * @param attributes by name, e.g. {@code BGP.as_path}
 */
public record BirdRoute(
        Prefix prefix,
        String type,
        String protocol,
        boolean best,
        int preference,
        long sinceEpochS,
        List<Hop> hops,
        Map<String, String> attributes) {

    /**
     * @param gateway null when the destination is on the link
     * @param weight 1 and up
     */
    public record Hop(@Nullable IpAddress gateway, String interfaceName, int weight) {}

    /** Value of an attribute, empty when the route has none of that name. */
    public String attribute(String name) {
        return attributes.getOrDefault(name, "");
    }
}
