package floof.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Benchmarks as they are called; without figures. */
class BenchTest {

    private static Command.Outcome bench(String... words) {
        List<String> line = new ArrayList<>(List.of(Router.repository() + "/floof", "bench"));
        line.addAll(List.of(words));
        return Command.of(line.toArray(String[]::new)).run();
    }

    /** Packets reach each node and leave it as they must, and lookups find what they must. */
    @Test
    @Tag("slow")
    void everyNodeAndTableRunsByItself() {
        Command.Outcome outcome = bench("jmh", "--once");
        assertThat(outcome.isGood()).as(outcome.output()).isTrue();
        assertThat(outcome.output().lines().filter(line -> line.endsWith(" ran")))
                .as(outcome.output())
                .anyMatch(line -> line.startsWith("node/twin-output "))
                .anyMatch(line -> line.startsWith("table/ip6-10k/frame "))
                .hasSizeGreaterThan(40);
    }

    @ParameterizedTest
    @ValueSource(strings = {"forwarding", "ports", "dpdk", "jmh"})
    void nonsenseIsAnsweredWithTheUsage(String name) {
        Command.Outcome outcome = bench(name, "no-such-row");
        assertThat(outcome.status()).isEqualTo(2);
        assertThat(outcome.output())
                .contains("no-such-row")
                .contains("usage: ./floof bench " + name);
        Command.Outcome help = bench(name, "--help");
        assertThat(help.isGood()).isTrue();
        assertThat(help.output()).contains("usage: ./floof bench " + name);
    }

    @Test
    void anUnknownBenchmarkIsAnsweredWithAllNames() {
        Command.Outcome outcome = bench("nothing");
        assertThat(outcome.status()).isEqualTo(2);
        assertThat(outcome.output()).contains("forwarding").contains("jmh").contains("memif");
    }
}
