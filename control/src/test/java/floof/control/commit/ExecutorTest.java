package floof.control.commit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import floof.control.plan.CommitException;
import floof.control.plan.Step;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** What the committer sees of a plan that is carried out. */
class ExecutorTest {

    private final List<String> events = new ArrayList<>();

    private Step step(String text, String undo, boolean fails) {
        Step.Action action =
                () -> {
                    if (fails) {
                        throw new IOException("injected");
                    }
                    events.add("done");
                };
        return new Step(Step.Phase.BUILD, "", text, action, undo, () -> events.add("done"));
    }

    private void execute(boolean fails) throws CommitException {
        List<Step> plan =
                List.of(
                        step("set mtu of ge-0 to 9000", "set mtu of ge-0 back", false),
                        step("set ge-0 up", "set ge-0 down", fails));
        new Executor(List.of(), events::add).execute(plan, () -> events.add("recorded"));
    }

    @Test
    @DisplayName("each step is reported before it is done")
    void steps() throws CommitException {
        execute(false);
        assertThat(events)
                .containsExactly(
                        "set mtu of ge-0 to 9000 (1 of 2)",
                        "done",
                        "set ge-0 up (2 of 2)",
                        "done",
                        "wait until all has taken effect",
                        "record the revision",
                        "recorded");
    }

    @Test
    @DisplayName("so is what takes steps back")
    void undo() {
        assertThatThrownBy(() -> execute(true)).hasMessageContaining("injected");
        assertThat(events)
                .containsExactly(
                        "set mtu of ge-0 to 9000 (1 of 2)",
                        "done",
                        "set ge-0 up (2 of 2)",
                        "undo: set mtu of ge-0 back",
                        "done");
    }
}
