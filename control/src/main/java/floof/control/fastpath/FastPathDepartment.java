package floof.control.fastpath;

import floof.config.tree.Branch;
import floof.config.value.ConfigError;
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
 */
public final class FastPathDepartment implements Department {

    private static final Chapter CHAPTER = new Chapter("fast-path", true, false);

    private final FastPath fastPath;
    private final Step.Action settlePorts;

    /** This machine cannot have the configured settings; applied once it can. */
    private boolean isRefusedByMachine;

    /**
     * @param settlePorts waits for pending port changes, which must finish before a restart
     */
    public FastPathDepartment(FastPath fastPath, Step.Action settlePorts) {
        this.fastPath = fastPath;
        this.settlePorts = settlePorts;
    }

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
                        CHAPTER.name(),
                        "restart the fast path, " + after,
                        () -> restart(after),
                        "restart the fast path, " + before,
                        () -> restart(before),
                        () -> fastPath.check(after)));
    }

    private void restart(FastPathSettings settings) throws IOException, CommitException {
        settlePorts.run();
        fastPath.restart(settings);
    }

    @Override
    public List<ConfigError> warnings(Branch shall, Branch running) {
        return limits(shall).equals(limits(running))
                ? List.of()
                : List.of(
                        new ConfigError(
                                List.of(CHAPTER.name(), "limits"),
                                null,
                                "takes effect when floofd restarts"));
    }

    private static Branch limits(Branch tree) {
        return tree.effective().container(CHAPTER.name()).container("limits");
    }

    @Override
    public Chapter chapter() {
        return CHAPTER;
    }

    @Override
    public boolean isSame(String statement, Intent one, Intent other) {
        return one.fastPath().equals(other.fastPath());
    }

    @Override
    public boolean isWorthTrying(Intent shall) {
        return isRefusedByMachine && isPossible(shall);
    }

    /** Checks without a start, because a failing start loses packets. */
    private boolean isPossible(Intent shall) {
        try {
            fastPath.check(shall.fastPath());
            return true;
        } catch (CommitException e) {
            return false;
        }
    }

    @Override
    public String remedy() {
        return isRefusedByMachine ? Department.super.remedy() : "'commit' retries it";
    }

    /** The settings may have been made for another machine. */
    @Override
    public Intent fallback(String statement, Intent failed) {
        isRefusedByMachine = !isPossible(failed);
        return failed.with(FastPathSettings.DEFAULT);
    }
}
