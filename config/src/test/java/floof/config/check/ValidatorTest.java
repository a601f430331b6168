package floof.config.check;

import static org.assertj.core.api.Assertions.assertThat;

import floof.config.RandomConfig;
import floof.config.TestSchema;
import floof.config.edit.Merge;
import floof.config.text.SetParser;
import floof.config.tree.Branch;
import floof.config.value.ConfigError;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ValidatorTest {

    private final Validator validator = new Validator(TestSchema.ROOT);

    private static Branch tree(String... lines) {
        return SetParser.load(TestSchema.EMPTY, String.join("\n", lines) + "\n").tree();
    }

    @Test
    void saysWhatTheWholeValidationSays() {
        Random random = new Random(11);
        RandomConfig configs = new RandomConfig(random);
        Branch tree = TestSchema.EMPTY;
        int good = 0;
        for (int i = 0; i < 600; i++) {
            Branch next = Merge.of(TestSchema.EMPTY, tree, configs.tree(2)).tree();
            List<ConfigError> errors = Validation.of(next);
            assertThat(validator.of(next)).isEqualTo(errors);
            good += errors.isEmpty() ? 1 : 0;
            tree = errors.isEmpty() ? next : random.nextInt(4) == 0 ? TestSchema.EMPTY : tree;
        }
        assertThat(good).isGreaterThan(50);
    }

    @Test
    void findsWhatOnlyTwoTogetherDoWrong() {
        String[] good = {
            "set interfaces a driver tap",
            "set interfaces a address 192.0.2.1/24",
            "set interfaces b driver tap",
            "set routing static route 10.0.0.0/8 next-hop 192.0.2.2"
        };
        assertThat(validator.of(tree(good))).isEmpty();
        assertThat(
                        validator.of(
                                tree(
                                        good[0],
                                        good[1],
                                        good[2],
                                        "set interfaces b address 192.0.2.1/25")))
                .hasSize(1);
        assertThat(
                        validator.of(
                                tree(
                                        good[0],
                                        good[1],
                                        good[3],
                                        "set interfaces a address 192.0.2.2/24")))
                .hasSize(1);
        assertThat(validator.of(tree(good[0], "set interfaces a address 192.0.2.2/24"))).isEmpty();
        assertThat(validator.of(tree(good))).isEmpty();
    }
}
