package floof.config.candidate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import floof.config.TestSchema;
import floof.config.access.Permissions;
import floof.config.edit.Edit;
import floof.config.text.JsonPrinter;
import floof.config.text.SetPrinter;
import floof.config.tree.Branch;
import floof.config.tree.TextPrinter;
import floof.config.value.StatementException;
import java.util.List;
import org.junit.jupiter.api.Test;

class CandidateTest {

    private static final Candidate.Owner ANN = new Candidate.Owner("ann", "pts/0", "1");

    private final Candidates candidates = new Candidates(TestSchema.EMPTY);
    private final Candidate candidate = open(Candidate.Mode.SHARED);

    private Candidate open(Candidate.Mode mode) {
        try {
            return candidates.open(mode, ANN, () -> Permissions.ALL);
        } catch (StatementException e) {
            throw new AssertionError(e);
        }
    }

    private void set(List<String> words) throws StatementException {
        candidate.edit(tree -> Edit.set(tree, words));
    }

    private boolean delete(List<String> words) throws StatementException {
        return candidate.edit(tree -> Edit.delete(tree, words));
    }

    @Test
    void aFailingSetLeavesItUnchanged() throws StatementException {
        set(List.of("system", "host-name", "a"));
        Branch before = candidate.tree();
        assertThatThrownBy(() -> set(List.of("interfaces", "x", "mtu", "1500", "foo", "1")))
                .hasMessage("interfaces x mtu 1500: unknown statement 'foo'");
        assertThat(candidate.tree()).isSameAs(before);
    }

    @Test
    void editsDuringACommitStay() throws StatementException {
        set(List.of("system", "host-name", "a"));
        Branch committed = candidate.tree();
        set(List.of("system", "host-name", "b"));
        candidates.committed(committed, candidate);
        assertThat(candidate.isModified()).isTrue();
        assertThat(candidate.running()).isSameAs(committed);
        candidates.committed(candidate.tree(), candidate);
        assertThat(candidate.isModified()).isFalse();
    }

    @Test
    void setAppendsToLeafListsAndReplacesLeaves() throws StatementException {
        set(List.of("interfaces", "a", "address", "10.0.0.2/24"));
        set(List.of("interfaces", "a", "address", "[", "10.0.0.1/24", "2001:db8::2/64", "]"));
        set(List.of("interfaces", "a", "mtu", "1500"));
        set(List.of("interfaces", "a", "mtu", "9000"));
        assertThat(TextPrinter.print(candidate.tree()))
                .isEqualTo(
                        """
                        interfaces {
                            a {
                                mtu 9000;
                                address [ 10.0.0.1/24 10.0.0.2/24 2001:db8::2/64 ];
                            }
                        }
                        """);
        assertThat(delete(List.of("interfaces", "a", "address", "2001:db8::2/64"))).isTrue();
        assertThat(delete(List.of("interfaces", "a", "address", "2001:db8::2/64"))).isFalse();
        assertThat(delete(List.of("interfaces", "b"))).isFalse();
        assertThatThrownBy(() -> delete(List.of("interfaces", "b", "foo")))
                .hasMessageContaining("interfaces b: unknown statement 'foo'");
        assertThat(delete(List.of())).isTrue();
        assertThat(candidate.isModified()).isFalse();
    }

    @Test
    void openMakesTheEntryButNoEmptyContainer() throws StatementException {
        candidate.open(List.of("interfaces", "a"));
        candidate.open(List.of("routing", "static"));
        assertThat(SetPrinter.print(candidate.tree(), List.of(), false))
                .isEqualTo("set interfaces a\n");
    }

    @Test
    void jsonHasTypes() throws StatementException {
        set(List.of("interfaces", "a", "mtu", "9000", "disable"));
        set(List.of("bgp", "prefixes", "10.0.0.0/8"));
        assertThat(JsonPrinter.print(candidate.tree()))
                .isEqualTo(
                        "{\"interfaces\":[{\"name\":\"a\",\"disable\":true,\"mtu\":9000}],"
                                + "\"bgp\":{\"prefixes\":[\"10.0.0.0/8\"]}}");
    }
}
