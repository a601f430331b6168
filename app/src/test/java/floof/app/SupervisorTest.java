package floof.app;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class SupervisorTest {

    private static final long MIB = 1 << 20;

    @Test
    void theHeapFollowsTheMemoryThatThereIs() {
        assertThat(Supervisor.heap(24_576 * MIB)).isEqualTo("-Xmx1024m");
        assertThat(Supervisor.heap(2_048 * MIB)).isEqualTo("-Xmx1024m");
        assertThat(Supervisor.heap(512 * MIB)).isEqualTo("-Xmx256m");
    }
}
