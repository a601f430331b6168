package floof.control.port;

import static org.assertj.core.api.Assertions.assertThat;

import floof.config.text.SetParser;
import floof.config.tree.Branch;
import floof.config.value.ConfigError;
import floof.control.TestSchema;
import floof.control.plan.Intent;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Subnets of two interfaces that overlap. */
class OverlapsTest {

    private static Branch tree(String... lines) {
        var loaded = SetParser.load(TestSchema.EMPTY, String.join("\n", lines) + "\n");
        assertThat(loaded.errors()).isEmpty();
        return loaded.tree();
    }

    /** What one has and the other has not. */
    private static List<String> overlaps(Branch before, Branch after) {
        List<ConfigError> overlaps = new ArrayList<>(Overlaps.of(Intent.portsOf(after).values()));
        overlaps.removeAll(Overlaps.of(Intent.portsOf(before).values()));
        return overlaps.stream().map(ConfigError::toString).toList();
    }

    @Test
    void subnetsThatOverlapOnTwoInterfaces() {
        Branch before =
                tree(
                        "set interfaces a driver tap",
                        "set interfaces a address [ 10.0.0.1/16 10.1.0.1/24 fe80::1/64 ]",
                        "set interfaces a address [ 10.0.9.1/24 192.0.2.1/32 ]");
        Branch after =
                tree(
                        "set interfaces a driver tap",
                        "set interfaces a address [ 10.0.0.1/16 10.1.0.1/24 fe80::1/64 ]",
                        "set interfaces a address [ 10.0.9.1/24 192.0.2.1/32 ]",
                        "set interfaces b driver tap",
                        "set interfaces b address [ 10.0.1.1/24 10.2.0.1/24 fe80::2/64 ]",
                        "set interfaces b address [ 192.0.2.2/24 10.1.0.9/24 ]");
        assertThat(overlaps(TestSchema.EMPTY, before)).isEmpty();
        assertThat(overlaps(before, after))
                .containsExactlyInAnyOrder(
                        "interfaces b address: 10.0.1.1/24 overlaps 10.0.0.1/16 of interface a:"
                                + " Linux reaches a host in both by one of them only",
                        "interfaces b address: 10.1.0.9/24 overlaps 10.1.0.1/24 of interface a:"
                                + " Linux reaches a host in both by one of them only");
        assertThat(overlaps(after, after)).as("warned of once").isEmpty();
    }
}
