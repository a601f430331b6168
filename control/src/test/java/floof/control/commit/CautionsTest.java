package floof.control.commit;

import static org.assertj.core.api.Assertions.assertThat;

import floof.config.text.SetParser;
import floof.config.tree.Branch;
import floof.config.value.ConfigError;
import floof.control.TestSchema;
import floof.control.plan.Intent;
import java.util.List;
import org.junit.jupiter.api.Test;

class CautionsTest {

    private static Branch tree(String... lines) {
        var loaded = SetParser.load(TestSchema.EMPTY, String.join("\n", lines) + "\n");
        assertThat(loaded.errors()).isEmpty();
        return loaded.tree();
    }

    private static List<String> cautions(Branch before, Branch after) {
        return Cautions.of(after, Intent.of(after), before, Intent.of(before)).stream()
                .map(ConfigError::toString)
                .toList();
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
        assertThat(cautions(TestSchema.EMPTY, before)).isEmpty();
        assertThat(cautions(before, after))
                .containsExactlyInAnyOrder(
                        "interfaces b address: 10.0.1.1/24 overlaps 10.0.0.1/16 of interface a:"
                                + " Linux reaches a host in both by one of them only",
                        "interfaces b address: 10.1.0.9/24 overlaps 10.1.0.1/24 of interface a:"
                                + " Linux reaches a host in both by one of them only");
        assertThat(cautions(after, after)).as("told once").isEmpty();
    }

    @Test
    void usersWithoutAnAccount() {
        Branch daemon = tree("set system login user daemon class operator");
        assertThat(cautions(TestSchema.EMPTY, daemon)).isEmpty();
        Branch nobody = tree("set system login user nosuchuser class operator");
        assertThat(cautions(TestSchema.EMPTY, nobody))
                .singleElement()
                .asString()
                .contains("system login user nosuchuser", "no account", "useradd");
        assertThat(cautions(nobody, nobody)).isEmpty();
    }
}
