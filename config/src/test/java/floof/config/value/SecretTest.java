package floof.config.value;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import floof.config.TestSchema;
import floof.config.check.Validation;
import floof.config.edit.Edit;
import floof.config.edit.Replacing;
import floof.config.schema.Schema;
import floof.config.text.Diff;
import floof.config.text.JsonPrinter;
import floof.config.text.Loaded;
import floof.config.text.SetParser;
import floof.config.text.SetPrinter;
import floof.config.text.TextParser;
import floof.config.tree.Branch;
import floof.config.tree.Node;
import floof.config.tree.Statement;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Secrets of both kinds in trees, text and differences. */
class SecretTest {

    private static final List<String> KEY = List.of("bgp", "peer", "p", "authentication-key");

    @TempDir private Path folder;

    private static Branch with(String key) throws StatementException {
        return with(TestSchema.EMPTY, key);
    }

    private static Branch with(Branch tree, String key) throws StatementException {
        return Edit.set(tree, Node.below(KEY, key));
    }

    private static Secret secret(Branch tree) {
        return (Secret) ((Statement) Objects.requireNonNull(tree.find(KEY))).values().getFirst();
    }

    @Test
    @DisplayName("32 secrets are shown hashed or sealed, with ## SECRET-DATA")
    void shown() throws StatementException {
        Branch tree = with("top secret");
        assertThat(secret(tree).open()).isEqualTo("top secret");
        assertThat(tree.toString())
                .doesNotContain("top secret")
                .containsPattern("authentication-key \"\\$F1\\$[\\w-]+\"; ## SECRET-DATA\n");
        assertThat(SetPrinter.print(tree, List.of(), false)).doesNotContain("top secret");
        assertThat(JsonPrinter.print(tree)).doesNotContain("top secret");
        assertThat(Diff.text(TestSchema.EMPTY, tree, List.of()))
                .doesNotContain("top secret")
                .contains("SECRET-DATA");
        Loaded text = TextParser.load(TestSchema.EMPTY, tree.toString());
        assertThat(text.errors()).isEmpty();
        assertThat(text.tree()).isEqualTo(tree);
        assertThat(secret(text.tree()).open()).isEqualTo("top secret");
        Loaded set = SetParser.load(TestSchema.EMPTY, SetPrinter.print(tree, List.of(), false));
        assertThat(set.tree()).isEqualTo(tree);
    }

    @Test
    void theSameSecretIsNoChangeAndAnotherIs() throws StatementException {
        Branch one = with("top secret");
        Branch two = with("top secret");
        assertThat(secret(one).toString()).isNotEqualTo(secret(two).toString());
        assertThat(Diff.between(one, two)).isEmpty();
        assertThat(one).isEqualTo(two).hasSameHashCodeAs(two);
        assertThat(Diff.between(one, with("other"))).hasSize(1);
    }

    @Test
    void replacingTextLeavesSecretsAlone() throws StatementException {
        Branch tree =
                Edit.set(with("top secret"), List.of("bgp", "peer", "p", "description", "F1"));
        Branch replaced = Replacing.of(tree, List.of(), text -> text.replace("F1", "X"));
        assertThat(replaced.toString()).contains("description X");
        assertThat(secret(replaced).open()).isEqualTo("top secret");
    }

    @Test
    void messagesNeverHoldTheValue() {
        List<String> hash =
                List.of("system", "login", "user", "u", "authentication", "encrypted-password");
        assertThatThrownBy(() -> Edit.set(TestSchema.EMPTY, Node.below(hash, "clear-text")))
                .hasMessageContaining("not a crypt(5) hash")
                .hasMessageNotContaining("clear-text");
        for (String bad : List.of("quo\"te", "new\nline", "ümlaut", "x".repeat(81), "$F1$AAAA")) {
            assertThatThrownBy(() -> with(bad)).hasMessageNotContaining(bad);
        }
    }

    @Test
    void aKeyStaysInItsFileAndOpensWhatItSealed() throws IOException, StatementException {
        Path file = folder.resolve("key");
        Branch own = Branch.empty(Schema.of(Vault.open(file)));
        assertThat(Files.getPosixFilePermissions(file))
                .isEqualTo(PosixFilePermissions.fromString("rw-------"));
        String before = Files.readString(file);
        Branch sealed = with(own, "top secret");
        String text = sealed.toString();

        Branch other = Branch.empty(Schema.of(Vault.open(folder.resolve("other"))));
        Branch foreign = TextParser.load(other, text).tree();
        assertThat(secret(foreign).open()).isNull();
        assertThat(Validation.of(foreign))
                .anyMatch(error -> error.message().contains("another router's key"));

        Branch again = Branch.empty(Schema.of(Vault.open(file)));
        assertThat(Files.readString(file)).isEqualTo(before);
        assertThat(secret(TextParser.load(again, text).tree()).open()).isEqualTo("top secret");
        Files.writeString(file, "garbage");
        assertThatThrownBy(() -> Vault.open(file)).hasMessageContaining("is no key");
        assertThat(file).hasContent("garbage");
    }
}
