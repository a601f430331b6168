package floof.lab;

import static org.assertj.core.api.Assertions.assertThat;

import floof.testkit.Eventually;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The recipes of CONTRIBUTING.md, followed in a copy of the checkout: each touches one package and
 * generated pages, and what it adds works in a router.
 */
@Tag("slow")
class RecipeTest {

    private static final Pattern DIFF = Pattern.compile("(?ms)^```diff\\n(.*?)^```$");
    private static final Pattern CHANGED = Pattern.compile("(?m)^\\+\\+\\+ b/(.*)/[^/]*$");

    @TempDir private Path folder;

    @Test
    void everyRecipeTouchesOnePackageAndWorks() throws IOException {
        Path copy = folder.resolve("floof");
        Command.of(
                        "sh",
                        "-c",
                        "mkdir %2$s && tar -C %1$s --exclude=target --exclude=.git -cf - . | tar -C %2$s -xf -"
                                .formatted(Router.repository(), copy))
                .mustRun();
        List<MatchResult> recipes =
                DIFF.matcher(Files.readString(copy.resolve("CONTRIBUTING.md"))).results().toList();
        assertThat(recipes).hasSize(3);
        for (MatchResult recipe : recipes) {
            assertThat(CHANGED.matcher(recipe.group(1)).results().map(it -> it.group(1)).distinct())
                    .as("packages of\n%s", recipe.group(1))
                    .hasSize(1);
            Command.Outcome outcome =
                    Command.of("patch", "-d", copy.toString(), "-p1", "--fuzz=0")
                            .run(recipe.group(1), Duration.ofSeconds(10));
            assertThat(outcome.status()).as(outcome.output()).isZero();
        }
        Command.Outcome pages =
                Command.of(
                                copy + "/floof",
                                "test",
                                "DataPageTest",
                                "ManualTest",
                                "-Dmanual.update=true")
                        .run("", Duration.ofMinutes(15));
        assertThat(pages.status()).as(pages.output()).isZero();
        assertThat(copy.resolve("docs/configuration.md"))
                .content()
                .contains("passive", "Wait until the peer connects");
        assertThat(copy.resolve("docs/operational-data.md"))
                .content()
                .contains("## `show system devices`", "A device of the machine that a port may");
        runs(copy);
    }

    private static void runs(Path copy) {
        String name = Network.unique("rc");
        try (Network network = new Network(name)) {
            network.host("router");
            network.host("peer");
            network.link("router", "enp1s0", "peer", "eth0");
            Router router = new Router(network, "router", name, copy);
            router.awaitReady();
            router.commit(
                    List.of(
                            "set interfaces lab0 driver tap",
                            "set interfaces lab0 address 192.0.2.1/24"));
            assertThat(router.must("show system devices")).contains("enp1s0");
            assertThat(router.must("show system devices prefix enp | display json"))
                    .contains("\"name\" : \"enp1s0\"");
            assertThat(router.must("show system devices prefix x")).doesNotContain("enp1s0");
            router.learn("192.0.2.9", "02:00:00:00:00:09", "lab0");
            assertThat(router.must("show arp")).contains("02:00:00:00:00:09");
            router.must("clear neighbors interface lab0");
            assertThat(router.must("show arp")).doesNotContain("02:00:00:00:00:09");
            router.commit(
                    List.of(
                            "set bgp asn 65000",
                            "set bgp router-id 192.0.2.1",
                            "set bgp peer p remote-as 65001",
                            "set bgp peer p neighbor 192.0.2.2",
                            "set bgp peer p session passive"));
            Eventually.await(() -> router.must("show bgp neighbor").contains("Passive"));
        }
    }
}
