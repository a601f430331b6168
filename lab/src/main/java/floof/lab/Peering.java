package floof.lab;

import java.time.Duration;
import java.util.List;

/**
 * The lab of the demo and of most end-to-end tests. Stock Linux hosts, a stock BIRD as the peer,
 * and our router:
 *
 * <pre>
 *   client ───────────── router ───────────── peer ───────────── server
 *      192.0.2.0/24           198.51.100.0/24      203.0.113.0/24
 *      2001:db8:1::/64        2001:db8:2::/64      2001:db8:3::/64
 *      .2              .1 ge-0  ge-1 .1       .2   .1            .2
 *                       AS 65000              AS 65010
 * </pre>
 *
 * The peer announces the server's prefixes by BGP, one session for each family.
 */
public final class Peering extends Network {

    public static final String CLIENT4 = "192.0.2.2";
    public static final String CLIENT6 = "2001:db8:1::2";
    public static final String SERVER4 = "203.0.113.2";
    public static final String SERVER6 = "2001:db8:3::2";

    /** What makes the router of this lab, as an operator types it. */
    public static final List<String> CONFIGURATION =
            List.of(
                    "set system host-name router",
                    "set interfaces ge-0 device eth0",
                    "set interfaces ge-0 description client",
                    "set interfaces ge-0 address 192.0.2.1/24",
                    "set interfaces ge-0 address 2001:db8:1::1/64",
                    "set interfaces ge-1 device eth1",
                    "set interfaces ge-1 description peer",
                    "set interfaces ge-1 address 198.51.100.1/24",
                    "set interfaces ge-1 address 2001:db8:2::1/64",
                    "set bgp asn 65000",
                    "set bgp router-id 192.0.2.1",
                    "set bgp prefixes 192.0.2.0/24",
                    "set bgp prefixes 2001:db8:1::/64",
                    "set bgp peer transit remote-as 65010",
                    "set bgp peer transit neighbor 198.51.100.2",
                    "set bgp peer transit neighbor 2001:db8:2::2",
                    "set bgp peer transit description \"the way to the server\"");

    private static final String PEER_BIRD =
            """
            log stderr all;
            router id 198.51.100.2;
            protocol device { scan time 1; }
            protocol direct { ipv4; ipv6; }
            protocol kernel { ipv4 { export where source = RTS_BGP; }; }
            protocol kernel { ipv6 { export where source = RTS_BGP; }; }
            filter announce4 { if source = RTS_STATIC || net = 203.0.113.0/24 then accept; reject; }
            filter announce6 { if source = RTS_STATIC || net = 2001:db8:3::/64 then accept; reject; }
            protocol static extra4 {
                ipv4;
            include "EXTRA4";
            }
            protocol static extra6 {
                ipv6;
            include "EXTRA6";
            }
            template bgp floof { local as 65010; graceful restart on; connect retry time 2; connect delay time 1; error wait time 1, 2; }
            protocol bgp router4 from floof { neighbor 198.51.100.1 as 65000; ipv4 { import all; export filter announce4; next hop self; }; }
            protocol bgp router6 from floof { neighbor 2001:db8:2::1 as 65000; ipv6 { import all; export filter announce6; next hop self; }; }
            """;

    public Peering(String name) {
        super(name);
        for (String host : List.of("client", "router", "peer", "server")) {
            host(host);
        }
        link("client", "eth0", "router", "eth0");
        link("router", "eth1", "peer", "eth0");
        link("peer", "eth1", "server", "eth0");
        address("client", "eth0", CLIENT4 + "/24", CLIENT6 + "/64");
        address("peer", "eth0", "198.51.100.2/24", "2001:db8:2::2/64");
        address("peer", "eth1", "203.0.113.1/24", "2001:db8:3::1/64");
        address("server", "eth0", SERVER4 + "/24", SERVER6 + "/64");
        ip("client", "route add default via 192.0.2.1");
        ip("client", "-6 route add default via 2001:db8:1::1");
        ip("server", "route add default via 203.0.113.1");
        ip("server", "-6 route add default via 2001:db8:3::1");
        sysctl("peer", "net.ipv4.ip_forward=1");
        sysctl("peer", "net.ipv6.conf.all.forwarding=1");
        write("extra4", "");
        write("extra6", "");
        write(
                "peer.conf",
                PEER_BIRD
                        .replace("EXTRA4", folder().resolve("extra4").toString())
                        .replace("EXTRA6", folder().resolve("extra6").toString()));
        start(
                "peer",
                in(
                        "peer",
                        "bird",
                        "-f",
                        "-c",
                        folder() + "/peer.conf",
                        "-s",
                        folder() + "/peer.sock"));
    }

    /** Replaces what the peer announces beside the server's prefixes; prefixes of both families. */
    public void announce(List<String> prefixes) {
        StringBuilder four = new StringBuilder();
        StringBuilder six = new StringBuilder();
        for (String prefix : prefixes) {
            boolean isSix = prefix.contains(":");
            (isSix ? six : four)
                    .append("route ")
                    .append(prefix)
                    .append(" via ")
                    .append(isSix ? SERVER6 : SERVER4)
                    .append(";\n");
        }
        write("extra4", four.toString());
        write("extra6", six.toString());
        peerBird("configure");
    }

    /** A command to the peer's BIRD. */
    public String peerBird(String command) {
        return Command.of("birdc", "-s", folder() + "/peer.sock", command).mustRun();
    }

    /** The hops that traceroute shows from the client to one of the server's addresses. */
    public List<String> hops(String server) {
        return in("client", "traceroute", "-n", "-q", "1", "-w", "2", server)
                .mustRun()
                .lines()
                .skip(1)
                .map(line -> line.strip().split("\\s+")[1])
                .toList();
    }

    /** Those that it should show. */
    public static List<String> expectedHops(String server) {
        return server.contains(":")
                ? List.of("2001:db8:1::1", "2001:db8:2::2", server)
                : List.of("192.0.2.1", "198.51.100.2", server);
    }

    /** Waits until both sessions carry the server's prefixes into the router's kernel. */
    public boolean awaitRoutes(Router router) {
        return await(
                Duration.ofSeconds(30),
                () ->
                        router.inDataplane("ip", "route", "show", "203.0.113.0/24")
                                        .run()
                                        .output()
                                        .contains("bird")
                                && router.inDataplane(
                                                "ip", "-6", "route", "show", "2001:db8:3::/64")
                                        .run()
                                        .output()
                                        .contains("bird"));
    }
}
