package floof.control.users;

import static org.assertj.core.api.Assertions.assertThat;

import floof.config.text.SetParser;
import floof.config.tree.Branch;
import floof.config.value.ConfigError;
import floof.control.TestSchema;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Users who need an account. */
class UsersTest {

    private static Branch tree(String... lines) {
        var loaded = SetParser.load(TestSchema.EMPTY, String.join("\n", lines) + "\n");
        assertThat(loaded.errors()).isEmpty();
        return loaded.tree();
    }

    private static List<String> missing(Branch before, Branch after) {
        return new Users().warnings(after, before).stream().map(ConfigError::toString).toList();
    }

    @Test
    void usersWithoutAnAccount() {
        Branch daemon = tree("set system login user daemon class operator");
        assertThat(missing(TestSchema.EMPTY, daemon)).isEmpty();
        Branch nobody = tree("set system login user nosuchuser class operator");
        assertThat(missing(TestSchema.EMPTY, nobody))
                .singleElement()
                .asString()
                .contains("system login user nosuchuser", "no account", "useradd");
        assertThat(missing(nobody, nobody)).isEmpty();
    }
}
