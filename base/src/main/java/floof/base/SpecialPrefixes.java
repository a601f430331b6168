package floof.base;

import static java.util.stream.Collectors.toUnmodifiableList;

import java.util.List;
import java.util.stream.Stream;

/**
 * Prefixes with a special purpose (IANA's IPv4 and IPv6 Special-Purpose Address Registries), in two
 * degrees. {@link #NEVER_ROUTED}: no router forwards to them, no matter who announces them. {@link
 * #BOGON}: they are routed inside one network or not yet assigned; the Internet must not carry
 * them. Each list also covers all longer prefixes. {@link Kind#exceptions} are the globally
 * reachable blocks that the registries have inside reserved ones.
 */
public final class SpecialPrefixes {

    /**
     * Prefixes that can never be routed: this network, loopback, link-local, multicast, reserved.
     */
    public static final Kind NEVER_ROUTED =
            new Kind(
                    prefixes(
                            "0.0.0.0/8",
                            "127.0.0.0/8",
                            "169.254.0.0/16",
                            "224.0.0.0/3",
                            "::/8",
                            "fe80::/10",
                            "fec0::/10",
                            "ff00::/8"),
                    prefixes("64:ff9b::/96", "64:ff9b:1::/48"));

    /** {@link #NEVER_ROUTED}, and private, shared, documentation, benchmark, unassigned space. */
    public static final Kind BOGON =
            new Kind(
                    Stream.concat(
                                    NEVER_ROUTED.covered().stream(),
                                    prefixes(
                                            "10.0.0.0/8",
                                            "100.64.0.0/10",
                                            "172.16.0.0/12",
                                            "192.0.0.0/24",
                                            "192.0.2.0/24",
                                            "192.88.99.0/24",
                                            "192.168.0.0/16",
                                            "198.18.0.0/15",
                                            "198.51.100.0/24",
                                            "203.0.113.0/24",
                                            "100::/8",
                                            "200::/7",
                                            "400::/6",
                                            "800::/5",
                                            "1000::/4",
                                            "2001::/23",
                                            "2001:db8::/32",
                                            "2002::/16",
                                            "3fff::/20",
                                            "4000::/2",
                                            "8000::/1")
                                            .stream())
                            .collect(toUnmodifiableList()),
                    prefixes(
                            "192.0.0.9/32",
                            "192.0.0.10/32",
                            "64:ff9b::/96",
                            "2001:1::1/128",
                            "2001:1::2/128",
                            "2001:1::3/128",
                            "2001:3::/32",
                            "2001:4:112::/48",
                            "2001:20::/28",
                            "2001:30::/28"));

    /**
     * One of the two degrees.
     *
     * @param covered the blocks of this kind
     * @param exceptions blocks inside those that are not
     */
    public record Kind(List<Prefix> covered, List<Prefix> exceptions) {

        /** Whether all of the prefix is of this kind. */
        public boolean has(Prefix prefix) {
            return covers(covered, prefix) && !covers(exceptions, prefix);
        }

        private static boolean covers(List<Prefix> list, Prefix prefix) {
            return list.stream().anyMatch(one -> one.contains(prefix));
        }
    }

    private SpecialPrefixes() {}

    private static List<Prefix> prefixes(String... texts) {
        return Stream.of(texts).map(Prefix::parse).collect(toUnmodifiableList());
    }
}
