package floof.control.statics;

import static org.assertj.core.api.Assertions.assertThat;

import floof.control.bird.BirdLab;
import floof.control.plan.Intent;
import floof.linux.netlink.Rtnetlink;
import floof.linux.system.NetworkNamespace;
import floof.testkit.Eventually;
import floof.testkit.Netns;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

class StaticReasonsTest {

    /** Each route that BIRD leaves out has a reason, and no other has. */
    @Test
    void reasonsAgreeWithBird() throws Exception {
        try (BirdLab lab = new BirdLab()) {
            lab.neighbour(1);
            BirdLab.Neighbour dark = lab.neighbour(2);
            lab.neighbour(3);
            Netns.run(dark.namespace, "ip link set v2 down");
            Netns.run(lab.ours, "ip link set v3 down");
            Map<String, String> reasons = new LinkedHashMap<>();
            StringBuilder routes = new StringBuilder();
            String[][] all = {
                {"10.1.0.0/16", "next-hop 192.0.1.9;", null},
                {"10.2.0.0/16", "next-hop 203.0.113.9;", "next hop 203.0.113.9 is on no link"},
                {
                    "10.3.0.0/16",
                    "next-hop 192.0.2.9;",
                    "next hop 192.0.2.9: interface v2 has no link"
                },
                {"10.4.0.0/16", "next-hop [ 192.0.1.9 203.0.113.9 ];", null},
                {"10.5.0.0/16", "interface nosuch;", "there is no interface nosuch"},
                {"10.6.0.0/16", "interface v1;", null},
                {"10.7.0.0/16", "interface v3;", "interface v3 is down"},
                {"10.8.0.0/16", "qualified-next-hop 10.9.9.9 { interface v1; onlink; }", null},
                {
                    "10.9.0.0/16",
                    "qualified-next-hop 10.9.9.9 { interface v1; }",
                    "next hop 10.9.9.9 is in no network of v1"
                },
                {"10.10.0.0/16", "discard;", null},
                {"2001:db8:a::/48", "qualified-next-hop fe80::9 { interface v1; }", null},
                {
                    "2001:db8:b::/48",
                    "next-hop 2001:db8:99::1;",
                    "next hop 2001:db8:99::1 is on no link"
                },
            };
            for (String[] route : all) {
                routes.append("route " + route[0] + " { " + route[1] + " }\n");
                reasons.put(route[0], route[2]);
            }
            String text =
                    "interfaces { v1 { driver tap; address 192.0.1.1/24; } } routing { static { "
                            + routes
                            + " } }";
            lab.run(text);
            Map<String, String> found = new LinkedHashMap<>();
            try (Rtnetlink netlink =
                    NetworkNamespace.call(lab.ours, () -> Rtnetlink.open("test: statics"))) {
                StaticReasons now = StaticReasons.of(netlink);
                for (Intent.StaticRoute route : BirdLab.intent(text).routes()) {
                    found.put(route.prefix().toString(), now.of(route));
                }
            }
            assertThat(found).isEqualTo(reasons);
            for (Map.Entry<String, String> route : reasons.entrySet()) {
                boolean isUsable = route.getValue() == null;
                assertThat(Eventually.holds(() -> lab.kernel(route.getKey()).isEmpty() != isUsable))
                        .as(() -> route + " is " + lab.kernel(route.getKey()))
                        .isTrue();
            }
        }
    }
}
