package floof.config.tree;

import static floof.config.tree.SchemaNode.container;
import static floof.config.tree.SchemaNode.flag;
import static floof.config.tree.SchemaNode.leaf;
import static floof.config.tree.SchemaNode.leafList;
import static floof.config.tree.SchemaNode.root;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import floof.config.text.SetParser;
import floof.config.value.ValueType;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Leaves that become lines of a daemon's configuration. */
class RenderingTest {

    private static final SchemaNode ROOT =
            root(
                    "configuration",
                    "Of a test",
                    container(
                                    "daemon",
                                    "Of a test",
                                    leaf("port", ValueType.number("<port>", 1, 65535), "Port")
                                            .orElse("22")
                                            .renders("Port <value>"),
                                    leaf("level", ValueType.name("<level>", 9), "Level"),
                                    container(
                                            "limits",
                                            "Below it",
                                            flag("strict", "Strict").renders("Strict yes")),
                                    flag("quiet", "Quiet").renders("Quiet yes"),
                                    leaf("retries", ValueType.number("<count>", 0, 9), "Retries")
                                            .renders("Retries <value> of <value>"))
                            .daemonBlock());

    private static List<String> rendered(String... lines) {
        Branch tree = SetParser.load(Branch.empty(ROOT), String.join("\n", lines)).tree();
        return tree.effective().container("daemon").rendered();
    }

    @Test
    void whatIsSetAndWhatHasADefault() {
        assertThat(rendered()).containsExactly("Port 22");
        assertThat(
                        rendered(
                                "set daemon retries 3",
                                "set daemon quiet",
                                "set daemon level x",
                                "set daemon limits strict",
                                "set daemon port 2222"))
                .containsExactly("Port 2222", "Strict yes", "Quiet yes", "Retries 3 of 3");
    }

    @Test
    void rendersInheritedButNotInactive() {
        assertThat(
                        rendered(
                                "set groups g daemon retries 1",
                                "set apply-groups g",
                                "set daemon quiet",
                                "deactivate daemon quiet"))
                .containsExactly("Port 22", "Retries 1 of 1");
    }

    /** Nobody would ask for its line. */
    @Test
    void whatIsInNoBlockIsRefused() {
        SchemaNode flag = flag("quiet", "Quiet").renders("Quiet yes");
        assertThatThrownBy(() -> root("c", "Of a test", container("daemon", "Of a test", flag)))
                .hasMessageContaining("quiet renders 'Quiet yes', but is in no block of a daemon");
    }

    @Test
    void aValueHasItsPlace() {
        assertThatThrownBy(() ->
                        leaf("port", ValueType.number("<port>", 1, 9), "Port").renders("Port 22"))
                .hasMessageContaining("expected <value> for a leaf");
        assertThatThrownBy(() -> flag("quiet", "Quiet").renders("Quiet <value>"))
                .hasMessageContaining("none for a flag");
    }

    /** A text may hold what ends the line, and so another statement of the daemon. */
    @Test
    void textCannotBeRendered() {
        for (SchemaNode free :
                List.of(
                        leaf("banner", ValueType.line("<text>", 99), "Text"),
                        leaf("file", ValueType.word("<file>", "/.*", "a path"), "File"),
                        leafList("port", ValueType.number("<port>", 1, 9), "Ports"),
                        container("block", "Block"))) {
            assertThatThrownBy(() -> free.renders("x <value>"))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("expected a flag, number, address or choice");
        }
    }
}
