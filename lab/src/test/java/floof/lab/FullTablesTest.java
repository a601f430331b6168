package floof.lab;

import static org.assertj.core.api.Assertions.assertThat;

import floof.testkit.Eventually;
import java.util.List;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** Tables of the least size, in a running router, and more routes than they hold. */
@Tag("slow")
class FullTablesTest {

    private static final int LIMIT = 1_000;

    @AutoClose private final Transit lab = new Transit(Network.unique("ft"));
    private Router router;

    @BeforeEach
    void build() {
        lab.address("server", "lo", "10.77.0.1/32", "10.78.0.1/32");
        router = lab.router(Transit.CONFIGURATION);
    }

    private JsonNode table(String name) {
        for (JsonNode row : router.json("show fast-path memory").get("tables")) {
            if (row.get("table").asString().equals(name)) {
                return row;
            }
        }
        throw new AssertionError("no table " + name);
    }

    private long leftToLinux() {
        for (JsonNode row : router.json("show fast-path statistics").get("reasons")) {
            if (row.get("reason").asString().equals("table-full")) {
                return row.get("packets").asLong();
            }
        }
        return 0;
    }

    private boolean reaches(String address) {
        return lab.in("client", "ping", "-n", "-c", "3", "-i", "0.1", "-W", "2", address)
                .run()
                .isGood();
    }

    private String alarms() {
        return router.must("show system alarms");
    }

    private void linux(String command) {
        router.inDataplane(("ip " + command).split(" ")).mustRun();
    }

    @Test
    void limitsMakeNewTablesAndFullOnesLeaveTheRestToLinux() {
        Pinger ping = new Pinger(lab, "client", Transit.SERVER4, "ping");
        assertThat(ping.awaitAnswers(50)).as(router::log).isTrue();

        // Tables of another size are made beside the old ones when floofd starts again.
        assertThat(
                        router.commit(
                                List.of(
                                        "set fast-path limits ip4-routes " + LIMIT,
                                        "set fast-path limits ip6-routes " + LIMIT)))
                .contains("takes effect when floofd restarts");
        ProcessHandle former = router.fastPath();
        router.floofd().destroyForcibly();
        assertThat(Eventually.holds(() -> !former.isAlive())).as(router::log).isTrue();
        router.awaitReady();
        assertThat(Eventually.holds(() -> table("ip4-routes").get("capacity").asLong() == LIMIT))
                .as(router::log)
                .isTrue();
        assertThat(ping.awaitAnswers(50)).as("flows again; %s", router.log()).isTrue();
        System.out.println("tables of another size: " + ping.stop());

        // A shorter route that would swallow what finds no room.
        linux("route add blackhole 10.0.0.0/8");
        linux("route add 10.78.0.0/16 via " + Transit.SERVER4);
        lab.fill(router, LIMIT - (int) table("ip4-routes").get("used").asLong(), random -> 24);
        assertThat(Eventually.holds(() -> table("ip4-routes").get("used").asLong() == LIMIT))
                .as(() -> table("ip4-routes") + router.log())
                .isTrue();
        assertThat(table("ip4-routes").get("fits").asLong()).isZero();
        ProcessHandle fastPath = router.fastPath();
        linux("route add 10.77.0.0/24 via " + Transit.SERVER4);
        linux("route add 10.77.1.0/24 via " + Transit.SERVER4);
        assertThat(Eventually.holds(() -> table("ip4-routes").get("refused").asLong() == 2))
                .as(router::log)
                .isTrue();
        assertThat(router.must("show route 10.77.0.0/24"))
                .contains("Fast path: refused, does not fit; Linux forwards");
        assertThat(router.must("show route 10.78.0.0/16")).doesNotContain("refused");
        assertThat(Eventually.holds(() -> alarms().contains("2 routes do not fit")))
                .as(this::alarms)
                .isTrue();
        long before = leftToLinux();
        assertThat(reaches("10.77.0.1")).as("by Linux; %s", router.log()).isTrue();
        assertThat(leftToLinux()).isGreaterThanOrEqualTo(before + 3);
        before = leftToLinux();
        assertThat(reaches("10.78.0.1")).as("by the fast path").isTrue();
        assertThat(leftToLinux()).isEqualTo(before);
        assertThat(
                        router.log()
                                .lines()
                                .filter(line -> line.contains("routes that do not fit"))
                                .distinct())
                .as("said once")
                .hasSize(1);

        // Room comes back without a word to the router.
        String gone =
                router.inDataplane("ip", "route", "show", "scope", "global")
                        .mustRun()
                        .lines()
                        .filter(line -> line.contains("/24") && !line.startsWith("10."))
                        .findFirst()
                        .orElseThrow();
        linux("route del " + gone.strip().split(" ")[0]);
        linux("route del 10.77.1.0/24");
        assertThat(Eventually.holds(() -> !alarms().contains("not fit"))).isTrue();
        assertThat(Eventually.holds(() -> table("ip4-routes").get("refused").asLong() == 0))
                .as(router::log)
                .isTrue();
        assertThat(router.must("show route 10.77.0.0/24")).doesNotContain("refused");
        before = leftToLinux();
        assertThat(reaches("10.77.0.1")).isTrue();
        assertThat(leftToLinux()).as("by the fast path again").isEqualTo(before);
        assertThat(router.fastPath()).as("nothing died").isEqualTo(fastPath);
    }
}
