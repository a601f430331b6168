package floof.dataplane;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import floof.engine.Packet;
import floof.memory.Memory;
import floof.memory.Region;
import floof.tables.Tables;
import java.lang.management.ManagementFactory;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("raw") // only volume counts
class AllocationTest {

    private static final long PACKETS = 10_000_000;

    /** Runs in a row: what allocates once in twenty million packets does so in one of them. */
    private static final int RUNS = 3;

    /** The JVM itself allocates some bytes when its second compiler is done, which may be late. */
    private static final long COMPILED_NS = 120_000_000_000L;

    /** Both families, good and bad, exceptions and drops: not one byte in thirty million. */
    @Test
    @Tag("slow")
    void thirtyMillionPacketsAllocateNothing() throws Exception {
        Region tables = Memory.allocate("tables", Tables.fileBytes(Rehearsal.LIMITS), 4096);
        Region buffers =
                Memory.allocate("buffers", (long) Rehearsal.BUFFERS * Packet.BUFFER_BYTES, 64);
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        try (Rehearsal rehearsal =
                new Rehearsal(tables, Rehearsal.LIMITS, buffers, Rehearsal.mixture())) {
            threads.getCurrentThreadAllocatedBytes(); // its first call allocates
            long sentBefore = 0;
            long exceptedBefore = 0;
            int clean = 0;
            long startNs = System.nanoTime();
            while (clean < RUNS && System.nanoTime() - startNs < COMPILED_NS) {
                sentBefore = rehearsal.sent();
                exceptedBefore = rehearsal.excepted();
                long before = threads.getCurrentThreadAllocatedBytes();
                run(rehearsal, PACKETS);
                clean = threads.getCurrentThreadAllocatedBytes() == before ? clean + 1 : 0;
            }
            assertThat(clean).as("runs in a row that allocate nothing").isEqualTo(RUNS);
            // Nine of ten are good, and some of the others pass the policers.
            assertThat(rehearsal.sent() - sentBefore)
                    .isBetween(PACKETS * 89 / 100, PACKETS * 91 / 100);
            assertThat(rehearsal.excepted()).isGreaterThan(exceptedBefore);
        } finally {
            Memory.remove(tables);
            Memory.remove(buffers);
        }
    }

    private static void run(Rehearsal rehearsal, long packets) {
        long done = 0;
        while (done < packets) {
            done += rehearsal.receive();
            rehearsal.forward();
        }
    }
}
