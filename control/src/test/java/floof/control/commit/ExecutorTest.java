package floof.control.commit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import floof.control.plan.CommitException;
import floof.control.plan.Operation;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** What the committer sees of a plan that is carried out. */
class ExecutorTest {

    private static final Operation MTU = new Operation.SetMtu("ge-0", 0, 9000);
    private static final Operation UP = new Operation.SetAdmin("ge-0", true);

    private final List<String> events = new ArrayList<>();

    private void execute(Operation victim) throws CommitException {
        Executor.Step step =
                operation -> {
                    if (operation.equals(victim)) {
                        throw new IOException("injected");
                    }
                    events.add("done");
                };
        new Executor(step, events::add).execute(List.of(MTU, UP), () -> events.add("recorded"));
    }

    @Test
    @DisplayName("each step is reported before it is done")
    void steps() throws CommitException {
        execute(new Operation.SetAdmin("none", true));
        assertThat(events)
                .containsExactly(
                        "set mtu of ge-0 to 9000 (1 of 2)",
                        "done",
                        "set ge-0 up (2 of 2)",
                        "done",
                        "wait for the fast path",
                        "record the revision",
                        "recorded");
    }

    @Test
    @DisplayName("so is what takes steps back")
    void undo() {
        assertThatThrownBy(() -> execute(UP)).hasMessageContaining("injected");
        assertThat(events)
                .containsExactly(
                        "set mtu of ge-0 to 9000 (1 of 2)",
                        "done",
                        "set ge-0 up (2 of 2)",
                        "undo: set mtu of ge-0 back",
                        "done");
    }
}
