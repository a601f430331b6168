package floof.tables;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import floof.memory.Memory;
import floof.memory.Region;
import org.junit.jupiter.api.Test;

class LayoutTest {

    @Test
    void theDefaultGenerationStaysBelow600Megabytes() {
        Limits limits = Limits.DEFAULT;
        Layout layout = new Layout(limits);
        long sum =
                128
                        + 1024 // ports
                        + 4096 * 64 // interfaces
                        + 1024 * 320 // VRFs
                        + 16_384 // slices of refused routes
                        + 65_536 * 64 // adjacencies
                        + 8192 * 320 // groups
                        + 16 * 65_536 * 16 // adjacency counters
                        + 2_000_000L * 32 // IPv4 routes
                        + 500_000L * 32 // IPv6 routes
                        + (4 << 24) // IPv4 root
                        + (4 << 19) // IPv6 root
                        + limits.blockBytes();
        assertThat(layout.generationBytes).isBetween(sum, sum + (2 << 20));
        assertThat(layout.generationBytes).isLessThan(600_000_000L);
        assertThat(layout.firstGeneration).isEqualTo(26 << 20);
        assertThat(Tables.fileBytes(limits)).isEqualTo((26 << 20) + 2 * layout.generationBytes);
    }

    @Test
    void testsTakeTensOfMegabytes() {
        assertThat(Tables.fileBytes(Limits.SMALL)).isLessThan(40L << 20);
    }

    @Test
    void sectionsDoNotOverlapAndAreAligned() {
        Layout layout = new Layout(Limits.SMALL);
        long[] starts = {
            layout.ports,
            layout.interfaces,
            layout.vrfs,
            layout.overflow,
            layout.adjacencies,
            layout.groups,
            layout.adjacencyCounters,
            layout.ip4Routes,
            layout.ip6Routes,
            layout.ip4Root,
            layout.ip6Root,
            layout.blocks
        };
        for (int i = 0; i < starts.length; i++) {
            assertThat(starts[i] % 128).isZero();
            assertThat(i == 0 || starts[i] > starts[i - 1]).isTrue();
        }
        assertThat(layout.interfaceCounters % 128).isZero();
        assertThat(layout.drops % 128).isZero();
        assertThat(layout.reasonCounters % 128).isZero();
    }

    @Test
    void anotherVersionIsRefusedByName() throws Exception {
        try (SharedMemory memory = new SharedMemory(Limits.SMALL)) {
            memory.writer(Limits.SMALL);
            Memory.putInt(memory.region.address() + 8, 77);
            assertThatThrownBy(() -> Tables.open(memory.region))
                    .isInstanceOf(LayoutException.class)
                    .hasMessage(
                            "tables has table layout version 77; this program reads version 10");
            assertThatThrownBy(() -> memory.writer(Limits.SMALL))
                    .isInstanceOf(LayoutException.class);
        }
    }

    @Test
    void whatIsNotOursIsRefused() throws Exception {
        try (SharedMemory memory = new SharedMemory(Limits.SMALL)) {
            assertThatThrownBy(() -> Tables.open(memory.region))
                    .hasMessage("tables does not hold FloofOS tables");
            Memory.putLong(memory.region.address(), 4711);
            assertThatThrownBy(() -> memory.writer(Limits.SMALL))
                    .hasMessage("tables does not hold FloofOS tables");
        }
    }

    /** Zeros over the beginning of what was in use must not pass for memory that is new. */
    @Test
    void aHeaderThatWasWipedIsNotBlank() throws Exception {
        try (SharedMemory memory = new SharedMemory(Limits.SMALL)) {
            assertThat(Tables.areFor(memory.region, Limits.SMALL)).isTrue();
            assertThat(Tables.isSound(memory.region, Limits.SMALL)).isFalse();
            memory.writer(Limits.SMALL);
            assertThat(Tables.isSound(memory.region, Limits.SMALL)).isTrue();
            for (int word = 0; word < 3; word++) {
                long at = memory.region.address() + 8L * word;
                long before = Memory.getLong(at);
                Memory.putLong(at, 0);
                assertThat(Tables.areFor(memory.region, Limits.SMALL)).as("" + word).isFalse();
                assertThat(Tables.isSound(memory.region, Limits.SMALL)).as("" + word).isFalse();
                Memory.putLong(at, before);
            }
        }
    }

    @Test
    void otherLimitsAndShortFilesAreRefused() throws Exception {
        try (SharedMemory memory = new SharedMemory(Limits.SMALL)) {
            memory.writer(Limits.SMALL);
            Region half =
                    new Region("half", memory.region.address(), memory.region.sizeBytes() / 2);
            assertThatThrownBy(() -> Tables.open(half)).hasMessageContaining("its limits need");
            Limits other = new Limits(1, 1, 1 << 20, 64, 4, 8, 4, 4, 2, 8, 7);
            assertThatThrownBy(() -> memory.writer(other)).hasMessageContaining("was made for");
        }
    }

    @Test
    void aLimitOutOfItsRangeIsNamed() {
        assertThatThrownBy(() -> new Limits(1, 1, 1 << 20, 64, 4, 8, 4, 4, 2, 25, 7))
                .hasMessage("limit ip4RootBits is 25; expected 4..24");
    }
}
