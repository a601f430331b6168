package floof.control.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import floof.linux.system.Cpus;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class CoreAssignmentTest {

    /** Every CPU is a core. */
    private static final IntFunction<BitSet> PLAIN = cpu -> Cpus.parse("" + cpu);

    /** CPU n and n + 4 are the threads of a core. */
    private static final IntFunction<BitSet> TWO_THREADS =
            cpu -> Cpus.parse(cpu % 4 + "," + (cpu % 4 + 4));

    private static FastPathSettings settings(@Nullable Integer workers, Integer... cores) {
        return new FastPathSettings(workers, List.of(cores), false, null, null);
    }

    private static CoreAssignment assignment(String cpus, FastPathSettings settings)
            throws CommitException {
        return CoreAssignment.of(Cpus.parse(cpus), PLAIN, settings);
    }

    private static void assertAssignment(
            CoreAssignment assignment, List<Integer> cores, String others) {
        assertThat(assignment.cores()).isEqualTo(cores);
        assertThat(Cpus.text(assignment.others())).isEqualTo(others);
    }

    @Test
    void leavesTheFirstCoreToEverythingElse() throws CommitException {
        assertAssignment(assignment("0-1", FastPathSettings.DEFAULT), List.of(1), "0");
        assertAssignment(assignment("0-3", FastPathSettings.DEFAULT), List.of(1, 2, 3), "0");
        assertAssignment(assignment("2,5", FastPathSettings.DEFAULT), List.of(5), "2");
        CoreAssignment many = assignment("0-63", FastPathSettings.DEFAULT);
        assertThat(many.cores()).hasSize(CoreAssignment.WORKERS_MAX).startsWith(48).endsWith(63);
        assertThat(many.from()).isEqualTo("64 CPUs, 64 cores, at most 16 workers");
    }

    @Test
    void oneCpuIsSharedByAll() throws CommitException {
        CoreAssignment assignment = assignment("0", FastPathSettings.DEFAULT);
        assertAssignment(assignment, List.of(0), "0");
        assertThat(assignment.isPinned()).isFalse();
        assertThat(assignment.isShared(0)).isTrue();
        assertThat(assignment("0-1", FastPathSettings.DEFAULT).isShared(0)).isFalse();
    }

    @Test
    void usesOneHardwareThreadOfACoreAndLeavesTheOtherIdle() throws CommitException {
        CoreAssignment assignment =
                CoreAssignment.of(Cpus.parse("0-7"), TWO_THREADS, FastPathSettings.DEFAULT);
        assertAssignment(assignment, List.of(1, 2, 3), "0,4");
        assertThat(assignment.from()).isEqualTo("8 CPUs, 4 cores");
    }

    @Test
    void doesAsToldByHand() throws CommitException {
        assertAssignment(assignment("0-3", settings(2)), List.of(2, 3), "0-1");
        assertAssignment(assignment("0-3", settings(null, 0, 2)), List.of(0, 2), "1,3");
        assertAssignment(assignment("0-3", settings(1, 0, 2)), List.of(0), "1-3");
        CoreAssignment all = assignment("0-1", settings(2));
        assertAssignment(all, List.of(0, 1), "0-1");
        assertThat(all.from()).endsWith("none is left for everything else");
        assertThat(all.isPinned()).isTrue();
        assertThat(all.isShared(1)).isTrue();
    }

    @Test
    void namesWhatTheMachineCannotFollow() {
        assertThatThrownBy(() -> assignment("0-1", settings(3)))
                .hasMessage("3 workers; this machine has 2 cores")
                .extracting(e -> ((CommitException) e).path())
                .isEqualTo("fast-path workers");
        assertThatThrownBy(() -> assignment("0-1", settings(null, 1, 7)))
                .hasMessageStartingWith("CPU 7 is not among those of the router")
                .extracting(e -> ((CommitException) e).path())
                .isEqualTo("fast-path cores 7");
        assertThatThrownBy(() -> assignment("0-3", settings(3, 1, 2)))
                .hasMessage("3 workers, but 2 cores are set for them");
    }

    @Test
    void settingsComeBackFromTheirWords() {
        FastPathSettings all = new FastPathSettings(2, List.of(0, 1), true, 1024, 4096);
        List<String> words = new ArrayList<>(List.of("--instance", "x"));
        words.addAll(all.words());
        words.add("rest");
        assertThat(FastPathSettings.take(words)).isEqualTo(all);
        assertThat(words).containsExactly("--instance", "x", "rest");
        assertThat(FastPathSettings.take(new ArrayList<>())).isEqualTo(FastPathSettings.DEFAULT);
        assertThat(FastPathSettings.DEFAULT.words()).isEmpty();
        assertThatThrownBy(() -> FastPathSettings.take(new ArrayList<>(List.of("--workers", "x"))))
                .hasMessage("--workers 'x': expected a number");
    }
}
