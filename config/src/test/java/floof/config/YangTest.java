package floof.config;

import static org.assertj.core.api.Assertions.assertThat;

import floof.config.check.Validation;
import floof.config.edit.Edit;
import floof.config.text.JsonPrinter;
import floof.config.text.SetPrinter;
import floof.config.text.TextParser;
import floof.config.text.YangPrinter;
import floof.config.tree.Branch;
import floof.config.value.StatementException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvFileSource;
import tools.jackson.databind.json.JsonMapper;

/** The module and its instance data under libyang's own eyes: Debian's yanglint. */
class YangTest {

    @TempDir private Path folder;
    private Path module;

    @BeforeEach
    void write() throws IOException {
        module =
                Files.writeString(folder.resolve("floof.yang"), YangPrinter.print(TestSchema.ROOT));
    }

    @Test
    void theModuleIsValid() throws Exception {
        assertThat(yanglint(module.toString())).isEmpty();
    }

    @Test
    void whatMayBeCommittedIsValidInstanceData() throws Exception {
        Random random = new Random(1);
        long lines = 0;
        for (int i = 0; i < 30; i++) {
            Branch tree = committable(new RandomConfig(random).tree(100));
            lines += SetPrinter.print(tree, List.of(), false).lines().count();
            assertThat(valid(tree, folder.resolve("data.json"))).as(tree::toString).isEmpty();
        }
        assertThat(lines).as("statements that were tried").isGreaterThan(250);
    }

    /** The tree without what {@link Validation} finds fault with. */
    private static Branch committable(Branch random) throws StatementException {
        Branch tree = random.effective();
        if (tree.has("bgp")) {
            tree = Edit.set(tree, List.of("bgp", "asn", "65000"));
            tree = Edit.set(tree, List.of("bgp", "router-id", "192.0.2.1"));
        }
        for (var errors = Validation.of(tree); !errors.isEmpty(); errors = Validation.of(tree)) {
            List<String> path = errors.getFirst().path();
            int entry = List.of("interfaces", "bgp", "routing").indexOf(path.getFirst()) + 2;
            tree = Edit.delete(tree, path.subList(0, entry));
        }
        return tree;
    }

    /** What {@link Validation} refuses for a rule, yanglint refuses for the same words. */
    @ParameterizedTest
    @CsvFileSource(
            resources = "/floof/config/check/broken-rules.csv",
            delimiter = '|',
            quoteCharacter = '~')
    void whatBreaksARuleIsNot(String text, String error) throws Exception {
        Branch tree = TextParser.load(TestSchema.EMPTY, text).tree();
        assertThat(valid(tree, folder.resolve("data.json"))).as(error).isNotEmpty();
    }

    /** What yanglint has to say of the tree as instance data; empty when it is valid. */
    private String valid(Branch tree, Path data) throws Exception {
        JsonMapper.shared().writeValue(data, JsonPrinter.rfc7951(tree));
        return yanglint("-t", "config", module.toString(), data.toString());
    }

    private String yanglint(String... arguments) throws Exception {
        List<String> words = new java.util.ArrayList<>(List.of("yanglint"));
        words.addAll(List.of(arguments));
        Process process = new ProcessBuilder(words).redirectErrorStream(true).start();
        String said = new String(process.getInputStream().readAllBytes());
        int status = process.waitFor();
        assertThat(status == 0).as(said).isEqualTo(said.isEmpty());
        return said;
    }
}
