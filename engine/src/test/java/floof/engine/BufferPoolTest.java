package floof.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import floof.memory.Memory;
import floof.memory.Region;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

class BufferPoolTest {

    /** Offsets as rte_mbuf_core.h of DPDK 22.11 has them. */
    @Test
    void buffersHaveTheLayoutOfAnMbuf() {
        try (Buffers buffers = new Buffers(2)) {
            long packet = buffers.pool.take();
            assertThat(packet).isEqualTo(buffers.region.address());
            assertThat(Packet.BUFFER_BYTES).isEqualTo(2368);
            assertThat(Memory.getLong(packet)).isEqualTo(packet + 192);
            assertThat(Memory.getLong(packet + 8)).isEqualTo(packet + 192);
            assertThat(Memory.getShort(packet + 16)).isEqualTo((short) 128);
            assertThat(Memory.getShort(packet + 54)).isEqualTo((short) 2176);
            assertThat(Memory.getLong(packet + 56)).isEqualTo(buffers.region.address());
            assertThat(Memory.getShort(packet + 88)).isEqualTo((short) 64);
            assertThat(Packet.data(packet)).isEqualTo(packet + 320);
            Packet.setLength(packet, 99);
            assertThat(Memory.getInt(packet + 36)).isEqualTo(99);
            assertThat(Memory.getShort(packet + 40)).isEqualTo((short) 99);
            Packet.setPort(packet, 7);
            assertThat(Memory.getShort(packet + 22)).isEqualTo((short) 7);
            assertFree(packet);
        }
    }

    /** What DPDK promises of a free buffer. */
    private static void assertFree(long packet) {
        assertThat(Memory.getShort(packet + 18)).as("refcnt").isEqualTo((short) 1);
        assertThat(Memory.getShort(packet + 20)).as("nb_segs").isEqualTo((short) 1);
        assertThat(Memory.getLong(packet + 64)).as("next").isZero();
        assertThat(Memory.getShort(packet + 16)).as("data_off").isEqualTo((short) 128);
    }

    @Test
    void metadataIsClearedButForTheReason() {
        try (Buffers buffers = new Buffers(1)) {
            long packet = buffers.pool.take();
            Packet.setHash(packet, -1);
            Packet.setL3(packet, 14);
            Packet.setReason(packet, 3);
            Packet.setTraced(packet, 5);
            Packet.received(packet, 0);
            assertThat(Packet.hash(packet)).isZero();
            assertThat(Packet.l3(packet)).isZero();
            assertThat(Packet.isTraced(packet)).isFalse();
            assertThat(Packet.reason(packet)).isEqualTo(Packet.NO_REASON);
        }
    }

    @Test
    void anEmptyPoolGivesNothingAndCounts() {
        try (Buffers buffers = new Buffers(3)) {
            long[] packets = new long[8];
            assertThat(buffers.pool.take(packets, 2, 5)).isEqualTo(3);
            assertThat(Set.of(packets[2], packets[3], packets[4])).hasSize(3);
            assertThat(packets[5]).isZero();
            assertThat(buffers.pool.take()).isZero();
            buffers.pool.give(packets[3]);
            assertThat(buffers.pool.take()).isEqualTo(packets[3]);
        }
    }

    @Test
    void refusesARegionTooSmallOrUnaligned() {
        assertThatThrownBy(() -> new BufferPool(new Region("few", 64, 2368), 2))
                .hasMessageContaining("does not hold 2 buffers");
        assertThatThrownBy(() -> new BufferPool(new Region("odd", 65, 1 << 20), 2))
                .hasMessageContaining("does not hold 2 buffers");
    }

    /** Whatever is taken, chained and given back in any order: no buffer is lost or given twice. */
    @Test
    void chainsComeBackWhole() {
        Random random = new Random(1);
        try (Buffers buffers = new Buffers(200)) {
            List<Long> out = new ArrayList<>();
            for (int step = 0; step < 2_000; step++) {
                int segments = 1 + random.nextInt(Packet.SEGMENTS_MAX);
                if (random.nextBoolean() && buffers.pool.available() >= segments) {
                    out.add(buffers.chain(segments));
                } else if (!out.isEmpty()) {
                    buffers.pool.give(out.remove(random.nextInt(out.size())));
                }
            }
            out.forEach(buffers.pool::give);
            assertThat(buffers.pool.available()).isEqualTo(200);
            Set<Long> seen = new HashSet<>();
            for (int i = 0; i < 200; i++) {
                long packet = buffers.pool.take();
                assertFree(packet);
                assertThat(seen.add(packet)).isTrue();
            }
        }
    }
}
