package floof.control.fastpath;

import floof.control.plan.CommitException;
import floof.control.plan.Department;
import floof.control.plan.FastPathSettings;
import floof.control.plan.Intent;
import floof.control.plan.Step;
import java.io.IOException;
import java.util.List;

/**
 * Start-up settings of the fast path: workers, buffers, rings. A changed value causes a restart;
 * ports and tables stay.
 *
 * @param settlePorts waits for pending port changes, which must finish before a restart
 */
public record FastPathDepartment(FastPath fastPath, Step.Action settlePorts) implements Department {

    @Override
    public List<Step> plan(Intent shall, boolean isFull) throws IOException {
        FastPathSettings before = fastPath.settings();
        FastPathSettings after = shall.fastPath();
        if (after.equals(before)) {
            return List.of();
        }
        return List.of(
                new Step(
                        Step.Phase.RESTART,
                        "fast-path",
                        "restart the fast path, " + after,
                        () -> restart(after),
                        "restart the fast path, " + before,
                        () -> restart(before),
                        new Step.Check() {
                            @Override
                            public void run() throws CommitException {
                                fastPath.check(after);
                            }
                        }));
    }

    private void restart(FastPathSettings settings) throws IOException, CommitException {
        settlePorts.run();
        fastPath.restart(settings);
    }
}
