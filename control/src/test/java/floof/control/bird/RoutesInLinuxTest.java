package floof.control.bird;

import static org.assertj.core.api.Assertions.assertThat;

import floof.testkit.Eventually;
import floof.testkit.Netns;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Which routes our BIRD puts into Linux, beside a stock BIRD. */
class RoutesInLinuxTest {

    private static final String DISCARD = "proto bird metric 4294967295";

    private BirdLab lab;

    @BeforeEach
    void open() throws Exception {
        lab = new BirdLab();
    }

    @AfterEach
    void close() {
        lab.close();
    }

    private void awaitKernel(String prefix, String... parts) throws Exception {
        assertThat(
                        Eventually.holds(() -> {
                            String routes = lab.kernel(prefix);
                            boolean isSo = parts.length > 0 || routes.isEmpty();
                            for (String part : parts) {
                                isSo &= routes.contains(part);
                            }
                            return isSo && routes.lines().count() <= Math.max(1, parts.length);
                        }))
                .as(() -> prefix + " is " + lab.kernel(prefix))
                .isTrue();
    }

    private static String upstream(String more4, String more6) {
        return """
        router id 192.0.1.2;
        protocol device {}
        protocol static { ipv4; route 0.0.0.0/0 blackhole; %s }
        protocol static { ipv6; route ::/0 blackhole; %s }
        template bgp t { local as 65001; connect delay time 1; error wait time 1, 2; }
        protocol bgp r4 from t { neighbor 192.0.1.1 as 65000; ipv4 { import all; export all; next hop self; }; }
        protocol bgp r6 from t { neighbor 2001:db8:1::1 as 65000; ipv6 { import all; export all; next hop self; }; }
        """
                .formatted(more4, more6);
    }

    private static String ours(String prefixes, String more) {
        return """
        interfaces { v1 { driver tap; address [ 192.0.1.1/24 2001:db8:1::1/64 ]; } }
        bgp {
            asn 65000;
            router-id 192.0.1.1;
            prefixes [ %s ];
            peer up { remote-as 65001; neighbor [ 192.0.1.2 2001:db8:1::2 ]; }
        }
        routing { static { %s } }
        """
                .formatted(prefixes, more);
    }

    /** An upstream with a default route that also announces our own prefixes. */
    @Test
    void whatWeOriginateEndsHereUnlessARouteOfOursSaysWhereItIs() throws Exception {
        BirdLab.Neighbour up = lab.neighbour(1);
        up.start(upstream("route 198.18.0.0/16 blackhole;", "route 2001:db8:1000::/36 blackhole;"));
        String prefixes =
                "198.18.0.0/16 198.19.0.0/16 192.0.1.0/24 2001:db8:1000::/36 2001:db8:2000::/36"
                        + " 2001:db8:1::/64";
        lab.run(ours(prefixes, ""));
        awaitKernel("0.0.0.0/0", "via 192.0.1.2");
        awaitKernel("::/0", "via 2001:db8:1::2");

        // Against the neighbour's announcement of our prefix.
        awaitKernel("198.18.0.0/16", "blackhole 198.18.0.0/16 " + DISCARD);
        awaitKernel("2001:db8:1000::/36", "blackhole 2001:db8:1000::/36 " + DISCARD);
        // Connected networks win and are announced.
        awaitKernel("192.0.1.0/24", "dev v1 proto kernel");
        awaitKernel("2001:db8:1::/64", "dev v1 proto kernel");
        assertThat(Eventually.holds(() -> up.birdc("show route").contains("192.0.1.0/24")))
                .isTrue();
        // A destination nobody has gets no further.
        assertThat(Netns.run(lab.ours, "ip route get 192.0.1.2")).contains("dev v1");
        assertThat(lookup("198.18.99.1")).contains("RTNETLINK");
        assertThat(lookup("2001:db8:1fff::1")).contains("RTNETLINK");

        // Static routes of ours win over it and give way again, and nothing stays behind.
        lab.run(
                ours(
                        prefixes,
                        "route 198.18.0.0/16 { next-hop 192.0.1.9; }"
                                + " route 2001:db8:1000::/36 { next-hop 2001:db8:1::9; }"));
        awaitKernel("198.18.0.0/16", "via 192.0.1.9");
        awaitKernel("2001:db8:1000::/36", "via 2001:db8:1::9");
        lab.run(ours(prefixes, ""));
        awaitKernel("198.18.0.0/16", "blackhole");
        awaitKernel("2001:db8:1000::/36", "blackhole");

        // What others put into the kernel wins as well, and is left alone.
        Netns.run(lab.ours, "ip route add 198.19.0.0/16 via 192.0.1.7");
        Netns.run(lab.ours, "ip -6 route add 2001:db8:2000::/36 via 2001:db8:1::7 metric 2000");
        assertThat(Netns.run(lab.ours, "ip route get 198.19.1.1")).contains("192.0.1.7");
        assertThat(Netns.run(lab.ours, "ip route get 2001:db8:2000::1")).contains("2001:db8:1::7");

        lab.run(ours("198.19.0.0/16", ""));
        awaitKernel("198.18.0.0/16", "via 192.0.1.2");
        awaitKernel("2001:db8:1000::/36", "via 2001:db8:1::2");
    }

    private String lookup(String address) {
        try {
            return Netns.run(lab.ours, "ip route get " + address);
        } catch (IllegalStateException e) {
            return "" + e.getMessage();
        }
    }

    /** The neighbour announces what can never be routed, what is a bogon, and neither. */
    @Test
    void whatCanNeverBeRoutedIsRefusedAndCountedAsReceived() throws Exception {
        lab.neighbour(1)
                .start(
                        upstream(
                                "route 169.254.7.0/24 blackhole; route 10.7.0.0/16 blackhole; route"
                                        + " 192.0.0.9/32 blackhole; route 1.2.3.0/24 blackhole;",
                                "route 64:ff9b::/96 blackhole; route 64:ff9b:1::/48 blackhole;"
                                        + " route 5::/16 blackhole; route 2001:db8:77::/48 blackhole;"
                                        + " route 2600::/32 blackhole;"));
        lab.run(ours("198.18.0.0/16", ""));
        awaitKernel("10.7.0.0/16", "via 192.0.1.2");
        awaitKernel("1.2.3.0/24", "via 192.0.1.2");
        awaitKernel("64:ff9b::/96", "via 2001:db8:1::2");
        awaitKernel("64:ff9b:1::/48", "via 2001:db8:1::2");
        awaitKernel("2001:db8:77::/48", "via 2001:db8:1::2");
        awaitKernel("2600::/32", "via 2001:db8:1::2");
        awaitKernel("5::/16");
        awaitKernel("169.254.7.0/24");
        Protocol session = protocol("bgp_up_2");
        assertThat(session.count("imported")).isEqualTo(5);
        assertThat(session.count("filtered")).as("known although refused").isEqualTo(1);

        lab.run(ours("198.18.0.0/16", "").replace("peer up {", "peer up { reject-bogons;"));
        awaitKernel("10.7.0.0/16");
        awaitKernel("64:ff9b:1::/48");
        awaitKernel("2001:db8:77::/48");
        awaitKernel("1.2.3.0/24", "via 192.0.1.2");
        awaitKernel("192.0.0.9", "via 192.0.1.2");
        awaitKernel("64:ff9b::/96", "via 2001:db8:1::2");
        awaitKernel("2600::/32", "via 2001:db8:1::2");
        assertThat(protocol("bgp_up_2").count("filtered")).isEqualTo(3);
        assertThat(protocol("bgp_up_2").sinceEpochS())
                .as("the session stays")
                .isEqualTo(session.sinceEpochS());
    }

    private Protocol protocol(String name) throws Exception {
        return lab.bird.protocols().stream()
                .filter(protocol -> protocol.name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void everyKindOfStaticRoute() throws Exception {
        lab.neighbour(1).start(upstream("route 10.200.0.0/16 blackhole;", ""));
        lab.neighbour(2);
        String statics =
                """
                route 10.1.0.0/16 { discard; }
                route 10.2.0.0/16 { reject; }
                route 10.3.0.0/16 { prohibit; }
                route 10.4.0.0/16 { interface v1; }
                route 10.5.0.0/16 {
                    qualified-next-hop 10.99.0.1 { interface v1; onlink; }
                }
                route 10.6.0.0/16 {
                    next-hop 192.0.1.2;
                    qualified-next-hop 192.0.2.2 { weight 3; }
                }
                route 10.7.0.0/16 {
                    next-hop 192.0.1.2;
                    qualified-next-hop 192.0.2.2 { preference 200; }
                }
                route 10.8.0.0/16 {
                    next-hop 192.0.1.2;
                    qualified-next-hop 192.0.2.2 { metric 10; }
                }
                route 10.9.0.0/16 { next-hop 203.0.113.9; }
                route 10.200.0.0/16 { next-hop 192.0.2.2; preference 180; }
                route 2001:db8:100::/48 {
                    qualified-next-hop fe80::7 { interface v1; }
                }
                """;
        lab.run(ours("198.18.0.0/16", statics));
        awaitKernel("10.1.0.0/16", "blackhole");
        awaitKernel("10.2.0.0/16", "unreachable");
        awaitKernel("10.3.0.0/16", "prohibit");
        awaitKernel("10.4.0.0/16", "dev v1");
        awaitKernel("10.5.0.0/16", "via 10.99.0.1 dev v1");
        awaitKernel(
                "10.6.0.0/16",
                "10.6.0.0/16",
                "192.0.1.2 dev v1 weight 1",
                "192.0.2.2 dev v2 weight 3");
        awaitKernel("10.7.0.0/16", "via 192.0.1.2");
        awaitKernel("10.8.0.0/16", "via 192.0.1.2");
        awaitKernel("10.9.0.0/16");
        awaitKernel("10.200.0.0/16", "via 192.0.1.2");
        awaitKernel("2001:db8:100::/48", "via fe80::7 dev v1");

        Netns.run(lab.ours, "ip link set v1 down");
        awaitKernel("10.6.0.0/16", "via 192.0.2.2");
        awaitKernel("10.7.0.0/16", "via 192.0.2.2");
        awaitKernel("10.8.0.0/16", "via 192.0.2.2");
        awaitKernel("10.200.0.0/16", "via 192.0.2.2");
    }
}
