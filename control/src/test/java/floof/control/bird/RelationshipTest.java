package floof.control.bird;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import floof.base.Family;
import floof.config.check.Validation;
import floof.config.text.TextParser;
import floof.control.TestSchema;
import floof.testkit.Eventually;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * Who hears what: two edges of our AS, each with neighbours of stock BIRD. Neighbour N of AS 65000
 * + N originates 20.0.N.0/24 and 2a00:N::/48; our AS originates 203.0.113.0/24, 21.0.0.0/16 and
 * 2001:db8:1234::/48.
 */
class RelationshipTest {

    private static final int CUSTOMER = 1;
    private static final int PEER = 2;
    private static final int UPSTREAM = 3;
    private static final int ROUTE_SERVER = 4;
    private static final int STRANGER = 5;

    /** The other edge of ours, its customer and its peer. */
    private static final int EDGE = 6;

    private static final int FAR_CUSTOMER = 7;
    private static final int FAR_PEER = 8;

    /** A router of our AS with a stock BIRD. */
    private static final int INSIDE = 9;

    private static final int OWN = 0;

    private static final Pattern IP4 = Pattern.compile("(?m)^20\\.0\\.(\\d+)\\.0/24 ");
    private static final Pattern IP6 = Pattern.compile("(?m)^2a00:(\\d+)::/48 ");

    private final BirdLab lab;
    private final Map<Integer, BirdLab.Neighbour> neighbours = new TreeMap<>();

    RelationshipTest() throws Exception {
        lab = new BirdLab();
    }

    @BeforeEach
    void wire() throws Exception {
        for (int number : List.of(CUSTOMER, PEER, UPSTREAM, ROUTE_SERVER, STRANGER, INSIDE)) {
            neighbours.put(number, lab.neighbour(number));
        }
        BirdLab.Neighbour edge = lab.neighbour(EDGE);
        neighbours.put(EDGE, edge);
        for (int number : List.of(FAR_CUSTOMER, FAR_PEER)) {
            neighbours.put(number, lab.neighbour(number, edge.namespace));
        }
        for (int number : neighbours.keySet()) {
            if (number != EDGE) {
                neighbour(number).start(stock(number, ""));
            }
        }
        String text =
                ours("192.0.6.2")
                        + peer("near", 65000, "192.0.6.1", "2001:db8:6::1", "ibgp")
                        + peer(FAR_CUSTOMER, "customer")
                        + peer(FAR_PEER, "peer")
                        + "}";
        edge.start(BirdConfig.text(BirdLab.intent(text), Path.of("/dev/null")));
    }

    @AfterEach
    void close() {
        lab.close();
    }

    private BirdLab.Neighbour neighbour(int number) {
        return requireNonNull(neighbours.get(number));
    }

    /** A speaker that announces what is its own, and what {@code more} adds. */
    private static String stock(int number, String more) {
        long as = number == INSIDE ? 65000 : 65000 + number;
        return """
        router id 192.0.%1$d.2;
        protocol device {}
        protocol static s4 { ipv4; route 20.0.%1$d.0/24 blackhole; %3$s }
        protocol static s6 { ipv6; route 2a00:%1$d::/48 blackhole; }
        template bgp t { local as %2$d; connect delay time 1; connect retry time 1; error wait time 1, 2; }
        protocol bgp r4 from t { neighbor 192.0.%1$d.1 as 65000; ipv4 { import all; export where source = RTS_STATIC; }; }
        protocol bgp r6 from t { neighbor 2001:db8:%1$d::1 as 65000; ipv6 { import all; export where source = RTS_STATIC; }; }
        """
                .formatted(number, as, more);
    }

    private static String ours(String routerId) {
        return "bgp { asn 65000; router-id "
                + routerId
                + "; prefixes [ 203.0.113.0/24 21.0.0.0/16 2001:db8:1234::/48 ]; ";
    }

    private static String peer(int number, String relationship) {
        return peer(
                "n" + number,
                number == EDGE || number == INSIDE ? 65000 : 65000 + number,
                "192.0." + number + ".2",
                "2001:db8:" + number + "::2",
                relationship);
    }

    /**
     * @param relationship empty for none
     */
    private static String peer(
            String name, long as, String address4, String address6, String relationship) {
        String is = relationship.isEmpty() ? "" : "relationship " + relationship + ";";
        return "peer %s { remote-as %d; neighbor [ %s %s ]; %s } "
                .formatted(name, as, address4, address6, is);
    }

    /**
     * @param stranger its relationship
     * @param role of our routers to this one
     */
    private void run(String stranger, String role) throws Exception {
        String text =
                ours("192.0.1.1")
                        + peer(CUSTOMER, "customer")
                        + peer(PEER, "peer")
                        + peer(UPSTREAM, "upstream")
                        + peer(ROUTE_SERVER, "route-server")
                        + peer(STRANGER, stranger)
                        + peer(EDGE, "ibgp")
                        + peer(INSIDE, "ibgp")
                        + "}";
        lab.run(text.replace("relationship ibgp;", "relationship ibgp; " + role));
    }

    /** Whose routes a neighbour has from BGP, in both families. */
    private Set<Integer> heard(int number) {
        Set<Integer> heard = new TreeSet<>();
        for (Family family : Family.values()) {
            String routes =
                    neighbour(number)
                            .birdc(
                                    "show route table master%s where source = RTS_BGP"
                                            .formatted(family == Family.IP4 ? "4" : "6"));
            Set<Integer> here = new TreeSet<>();
            if (routes.contains("203.0.113.0/24") || routes.contains("2001:db8:1234::/48")) {
                here.add(OWN);
            }
            (family == Family.IP4 ? IP4 : IP6)
                    .matcher(routes)
                    .results()
                    .forEach(it -> here.add(Integer.parseInt(it.group(1))));
            assertThat(family == Family.IP4 || here.equals(heard)).as(routes).isTrue();
            heard.addAll(here);
        }
        return heard;
    }

    private void awaitHeard(int number, Integer... whose) {
        Set<Integer> expected = new TreeSet<>(List.of(whose));
        Eventually.await(() -> {
            try {
                return heard(number).equals(expected);
            } catch (AssertionError e) {
                return false; // one family is behind the other
            }
        });
    }

    @Test
    void whoHearsWhat() throws Exception {
        run("", "");
        awaitHeard(PEER, OWN, CUSTOMER, FAR_CUSTOMER);
        awaitHeard(UPSTREAM, OWN, CUSTOMER, FAR_CUSTOMER);
        awaitHeard(ROUTE_SERVER, OWN, CUSTOMER, FAR_CUSTOMER);
        awaitHeard(FAR_PEER, OWN, CUSTOMER, FAR_CUSTOMER);
        awaitHeard(STRANGER, OWN);
        awaitHeard(CUSTOMER, OWN, PEER, UPSTREAM, ROUTE_SERVER, FAR_CUSTOMER, FAR_PEER);
        awaitHeard(FAR_CUSTOMER, OWN, CUSTOMER, PEER, UPSTREAM, ROUTE_SERVER, FAR_PEER);
        // Routes of iBGP go to iBGP by a reflector only.
        awaitHeard(INSIDE, OWN, CUSTOMER, PEER, UPSTREAM, ROUTE_SERVER);
        run("", "role { route-reflector; }");
        awaitHeard(INSIDE, OWN, CUSTOMER, PEER, UPSTREAM, ROUTE_SERVER, FAR_CUSTOMER, FAR_PEER);
    }

    @Test
    void aNewRelationshipTakesEffectWithoutANewSession() throws Exception {
        run("", "");
        awaitHeard(STRANGER, OWN);
        awaitHeard(PEER, OWN, CUSTOMER, FAR_CUSTOMER);
        String since = since();
        run("customer", "");
        awaitHeard(STRANGER, OWN, CUSTOMER, PEER, UPSTREAM, ROUTE_SERVER, FAR_CUSTOMER, FAR_PEER);
        awaitHeard(PEER, OWN, CUSTOMER, FAR_CUSTOMER, STRANGER);
        assertThat(since()).isEqualTo(since);
    }

    /** When the sessions of the stranger came up. */
    private String since() {
        return neighbour(STRANGER)
                .birdc("show protocols all")
                .lines()
                .filter(line -> line.startsWith("r4 ") || line.startsWith("r6 "))
                .toList()
                .toString();
    }

    @Test
    void whatWinsAndWhatIsRefused() throws Exception {
        String leak = "route 20.0.101.0/24 blackhole { bgp_path.prepend(3356); };";
        String forged =
                "route 20.0.103.0/24 blackhole { bgp_large_community.add((65000, 1, 4)); };";
        String all = "route 198.51.100.0/24 blackhole; route 0.0.0.0/0 blackhole; ";
        neighbour(CUSTOMER).configure(stock(CUSTOMER, all + leak));
        neighbour(PEER).configure(stock(PEER, all));
        neighbour(UPSTREAM).configure(stock(UPSTREAM, all + forged));
        run("", "");
        awaitHeard(PEER, OWN, CUSTOMER, FAR_CUSTOMER);
        Eventually.await(() -> neighbour(CUSTOMER).birdc("show route").contains("20.0.103.0/24"));
        Eventually.await(() -> lab.kernel("198.51.100.0/24").contains("via 192.0.1.2"));
        // The upstream's default is for ourselves and our other edge.
        Eventually.await(() -> lab.kernel("default").contains("via 192.0.3.2"));
        Eventually.await(() -> neighbour(EDGE).birdc("show route").contains("0.0.0.0/0"));
        assertThat(bgp(FAR_CUSTOMER)).doesNotContain("0.0.0.0/0");
        assertThat(bgp(PEER)).doesNotContain("20.0.103.0/24").doesNotContain("20.0.101.0/24");
        assertThat(neighbour(PEER).birdc("show route 20.0.1.0/24 all")).contains("(65000, 1, 4)");
        assertThat(neighbour(CUSTOMER).birdc("show route 20.0.103.0/24 all"))
                .contains("(65000, 1, 1)")
                .doesNotContain("(65000, 1, 4)");
        neighbour(CUSTOMER).configure(stock(CUSTOMER, ""));
        Eventually.await(() -> lab.kernel("198.51.100.0/24").contains("via 192.0.2.2"));
        neighbour(PEER).configure(stock(PEER, ""));
        Eventually.await(() -> lab.kernel("198.51.100.0/24").contains("via 192.0.3.2"));
    }

    private String bgp(int number) {
        return neighbour(number).birdc("show route where source = RTS_BGP");
    }

    /** What another AS may not announce, and what it may not make us say. */
    @Test
    void whatIsNotTheirsIsRefused() throws Exception {
        neighbour(CUSTOMER)
                .configure(
                        stock(
                                CUSTOMER,
                                "route 21.0.7.0/24 blackhole; route 10.7.0.0/16 blackhole; route"
                                        + " 20.0.104.0/24 blackhole { bgp_otc = 65009; };"));
        neighbour(PEER).configure(stock(PEER, "route 20.0.102.0/25 blackhole;"));
        neighbour(STRANGER)
                .configure(
                        stock(
                                STRANGER,
                                "route 20.0.105.0/24 blackhole {"
                                        + " bgp_large_community.add((65000, 1, 4)); };"));
        run("", "");
        awaitHeard(UPSTREAM, OWN, CUSTOMER, FAR_CUSTOMER);
        awaitHeard(FAR_CUSTOMER, OWN, CUSTOMER, PEER, UPSTREAM, ROUTE_SERVER, FAR_PEER);
        Eventually.await(() -> bgp(FAR_CUSTOMER).contains("10.7.0.0/16"));
        Eventually.await(() -> lab.kernel("20.0.105.0/24").contains("via 192.0.5.2"));
        assertThat(bgp(UPSTREAM))
                .as("bogons, forged marks, leaks")
                .doesNotContain("10.7.0.0/16", "20.0.105.0/24", "20.0.104.0/24");
        assertThat(bgp(EDGE)).doesNotContain("20.0.105.0/24");
        assertThat(lab.kernel("21.0.7.0/24")).as("a part of ours").isEmpty();
        assertThat(bgp(CUSTOMER)).as("too long").doesNotContain("20.0.102.0/25");
        assertThat(neighbour(CUSTOMER).birdc("show route 20.0.3.0/24 all"))
                .contains("BGP.otc: 65003");
        assertThat(neighbour(UPSTREAM).birdc("show route 20.0.1.0/24 all"))
                .doesNotContain("BGP.otc");
        assertThat(neighbour(PEER).birdc("show route 20.0.1.0/24 all")).contains("BGP.otc: 65000");
    }

    /** Its routes go to our AS only. */
    @Test
    void aRouterThatMarksNothingIsReflected() throws Exception {
        run("", "role { route-reflector; }");
        Eventually.await(() -> bgp(EDGE).contains("20.0.9.0/24"));
        awaitHeard(FAR_CUSTOMER, OWN, CUSTOMER, PEER, UPSTREAM, ROUTE_SERVER, FAR_PEER);
        awaitHeard(UPSTREAM, OWN, CUSTOMER, FAR_CUSTOMER);
    }

    @Test
    void aRelationshipThatEndsWithdrawsWhatItGave() throws Exception {
        run("customer", "");
        awaitHeard(PEER, OWN, CUSTOMER, FAR_CUSTOMER, STRANGER);
        run("", "");
        awaitHeard(PEER, OWN, CUSTOMER, FAR_CUSTOMER);
        awaitHeard(FAR_PEER, OWN, CUSTOMER, FAR_CUSTOMER);
        awaitHeard(STRANGER, OWN);
    }

    @Test
    void anEdgeThatIsNotOursIsNotIbgp() {
        for (String line :
                List.of(
                        peer("a", 65000, "192.0.9.2", "2001:db8:9::2", "customer"),
                        peer("a", 65001, "192.0.9.2", "2001:db8:9::2", "ibgp"))) {
            assertThat(faults(line))
                    .singleElement()
                    .asString()
                    .contains("bgp peer a: needs our AS");
        }
        assertThat(
                        faults(
                                "peer a { remote-as 65001; neighbor 192.0.9.2; relationship peer;"
                                        + " role { route-reflector; } }"))
                .singleElement()
                .asString()
                .contains("bgp peer a role route-reflector: needs relationship ibgp");
        assertThat(faults(peer("a", 65000, "192.0.9.2", "2001:db8:9::2", ""))).isEmpty();
    }

    private static List<String> faults(String peer) {
        return Validation.of(
                        TextParser.load(TestSchema.EMPTY, ours("192.0.2.1") + peer + "}").tree())
                .stream()
                .map(Object::toString)
                .toList();
    }

    /** Every filter in both families, with all that may be left out. */
    @Test
    void birdTakesEveryCombination() throws Exception {
        StringBuilder text = new StringBuilder("bgp { asn 4200000000; router-id 192.0.2.1; ");
        int number = 10;
        for (String relationship :
                List.of("customer", "peer", "upstream", "route-server", "ibgp")) {
            for (String bogons : List.of("", "reject-bogons; ")) {
                number++;
                text.append(
                        "peer p%1$d { remote-as %2$d; neighbor [ 198.51.100.%1$d 2001:db8::%1$d ]; relationship %3$s; %4$s} "
                                .formatted(
                                        number,
                                        relationship.equals("ibgp") ? 4_200_000_000L : number,
                                        relationship,
                                        bogons));
            }
        }
        lab.run(text + "}");
        assertThat(
                        Stream.of(lab.bird.text().split("\n"))
                                .filter(it -> it.startsWith("function from_")))
                .hasSize(20);
    }
}
