package floof.lab;

import floof.base.IpAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.function.ToIntFunction;

/**
 * The smallest network with a router in it, without BGP:
 *
 * <pre>
 *   client ─ 192.0.2.0/24 ─ ge-0 router ge-1 ─ 198.51.100.0/24 ─ server
 *            2001:db8:1::/64                  2001:db8:2::/64
 * </pre>
 */
public final class Transit extends Network {

    public static final String SERVER4 = "198.51.100.2";
    public static final String SERVER6 = "2001:db8:2::2";

    /** What makes the router of this network. */
    public static final List<String> CONFIGURATION =
            List.of(
                    "set interfaces ge-0 device eth0",
                    "set interfaces ge-0 address 192.0.2.1/24",
                    "set interfaces ge-0 address 2001:db8:1::1/64",
                    "set interfaces ge-1 device eth1",
                    "set interfaces ge-1 address 198.51.100.1/24",
                    "set interfaces ge-1 address 2001:db8:2::1/64");

    public Transit(String name) {
        super(name);
        for (String host : List.of("client", "router", "server")) {
            host(host);
        }
        link("client", "eth0", "router", "eth0");
        link("router", "eth1", "server", "eth0");
        address("client", "eth0", "192.0.2.2/24", "2001:db8:1::2/64");
        address("server", "eth0", SERVER4 + "/24", SERVER6 + "/64");
        ip("client", "route add default via 192.0.2.1");
        ip("client", "-6 route add default via 2001:db8:1::1");
        ip("server", "route add default via 198.51.100.1");
        ip("server", "-6 route add default via 2001:db8:2::1");
    }

    /**
     * Gives the router's Linux so many IPv4 routes to the server, and waits until the fast path has
     * them too.
     *
     * @param lengths draws the length of a prefix
     */
    public void fill(Router router, int count, ToIntFunction<Random> lengths) {
        Random random = new Random(1);
        StringBuilder lines = new StringBuilder();
        Set<Long> seen = new HashSet<>();
        while (seen.size() < count) {
            int length = lengths.applyAsInt(random);
            int address = random.nextInt() & -1 << 32 - length;
            int top = address >>> 24;
            boolean isFree = top > 10 && top < 190 && top != 127;
            if (isFree && seen.add((long) address << 8 | length)) {
                String prefix = IpAddress.ip4(address) + "/" + length;
                lines.append("route add ").append(prefix).append(" via ").append(SERVER4);
                lines.append('\n');
            }
        }
        Path batch = write("routes", lines.toString());
        Command.Outcome outcome =
                router.inDataplane("ip", "-batch", batch.toString()).run("", Duration.ofMinutes(5));
        if (!outcome.isGood()) {
            throw new IllegalStateException("ip -batch: " + outcome.output());
        }
        if (!await(Duration.ofMinutes(5), () -> router.tableUse("ip4-routes") >= count)) {
            throw new IllegalStateException(
                    router.tableUse("ip4-routes") + " routes in the tables; expected " + count);
        }
    }
}
