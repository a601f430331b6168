package floof.ports;

import static org.assertj.core.api.Assertions.assertThat;

import floof.engine.BufferPool;
import floof.engine.Packet;
import floof.engine.PortCounter;
import floof.memory.Memory;
import floof.memory.Region;
import floof.testkit.Packets;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Checksums finished and frames cut in software, against plain twins on byte arrays. */
class OffloadTest {

    private static final int BUFFERS = 1024;
    private static final int CASES = 20_000;

    private final Random random = new Random(11);
    private final BufferPool pool =
            new BufferPool(
                    Memory.allocate("buffers", (long) BUFFERS * Packet.BUFFER_BYTES, 64), BUFFERS);
    private final Counters counters = new Counters();
    private final List<byte[]> wire = new ArrayList<>();
    private final WireFrames frames = new WireFrames(pool, counters, this::record);
    private int room = Integer.MAX_VALUE;

    private int record(long[] packets, int count) {
        int taken = Math.min(count, room);
        for (int i = 0; i < taken; i++) {
            wire.add(Bed.bytes(packets[i]));
        }
        pool.give(packets, count);
        room -= taken;
        return taken;
    }

    private SampleTcp sample(int payload) {
        boolean isIp4 = random.nextBoolean();
        return SampleTcp.of(
                random,
                isIp4,
                random.nextBoolean(),
                random.nextInt(3),
                random.nextInt(4) * (isIp4 ? 4 : 8),
                random.nextInt(11) * 4,
                payload);
    }

    /** In buffers of odd lengths, so that words straddle them. */
    private long scattered(byte[] bytes) {
        long packet = Bed.packet(pool, bytes);
        if (bytes.length <= 200 || bytes.length > Packet.DATA_BYTES || random.nextBoolean()) {
            return packet;
        }
        int first = 150 + random.nextInt(bytes.length - 199);
        long rest = pool.take();
        Memory.copy(bytes, first, Packet.data(rest), bytes.length - first);
        Packet.setSegment(rest, bytes.length - first, 0);
        Packet.setSegment(packet, first, rest);
        Packet.setChain(packet, bytes.length, 2);
        return packet;
    }

    @Test
    void sumsAsTheTextbookDoes() {
        Region region = Memory.allocate("bytes", 4096, 64);
        for (int i = 0; i < CASES; i++) {
            byte[] bytes = new byte[random.nextInt(i % 10 == 0 ? 2048 : 80)];
            random.nextBytes(bytes);
            if (i % 7 == 0) {
                Arrays.fill(bytes, (byte) -1); // carries everywhere
            }
            long address = region.address() + random.nextInt(64);
            Memory.copy(bytes, 0, address, bytes.length);
            int sum = Checksum.fold(Checksum.sum(address, bytes.length));
            assertThat(Short.reverseBytes((short) sum) & 0xffff)
                    .isEqualTo(Packets.sum(bytes, 0, bytes.length));
        }
        Memory.remove(region);
    }

    @Test
    void repairsEveryPartialChecksum() {
        for (int i = 0; i < CASES; i++) {
            SampleTcp sample = sample(random.nextInt(i % 10 == 0 ? 1800 : 60));
            long packet = scattered(sample.partial());
            assertThat(ChecksumRepair.repair(packet)).isTrue();
            assertThat(Bed.bytes(packet)).as("%s", sample).isEqualTo(sample.bytes());
            assertThat(ChecksumRepair.repair(packet)).isFalse();
            pool.give(packet);
        }
        assertThat(pool.available()).isEqualTo(BUFFERS);
    }

    /** The frame is padded to 60 bytes; the padding does not count. */
    @Test
    void leavesPaddingAlone() {
        SampleTcp sample = SampleTcp.of(random, true, false, 0, 0, 0, 3);
        byte[] padded = Arrays.copyOf(sample.partial(), 60);
        padded[58] = 77;
        long packet = Bed.packet(pool, padded);
        assertThat(ChecksumRepair.repair(packet)).isTrue();
        assertThat(Arrays.copyOf(Bed.bytes(packet), sample.bytes().length))
                .isEqualTo(sample.bytes());
    }

    @Test
    void changesNothingElse() {
        for (int i = 0; i < CASES; i++) {
            SampleTcp sample = sample(random.nextInt(60));
            byte[] bytes = sample.bytes();
            switch (i % 6) {
                case 0 -> {} // whole
                case 1 -> bytes[sample.field()] ^= (byte) (1 << random.nextInt(8)); // wrong
                case 2 -> { // a fragment
                    bytes = sample.partial();
                    if (sample.isIp4()) {
                        bytes[sample.l3() + 6] = (byte) (random.nextBoolean() ? 0x20 : 0);
                        bytes[sample.l3() + 7] = (byte) (bytes[sample.l3() + 6] == 0 ? 1 : 0);
                    } else {
                        bytes[sample.l3() + 6] = 44;
                    }
                }
                case 3 -> bytes[sample.l3() + (sample.isIp4() ? 9 : 6)] = 47; // GRE
                case 4 -> bytes = Arrays.copyOf(sample.partial(), random.nextInt(bytes.length));
                default -> random.nextBytes(bytes);
            }
            long packet = Bed.packet(pool, bytes.length == 0 ? new byte[1] : bytes);
            byte[] before = Bed.bytes(packet);
            assertThat(ChecksumRepair.repair(packet)).isFalse();
            assertThat(Bed.bytes(packet)).isEqualTo(before);
            pool.give(packet);
        }
        SampleTcp none = SampleTcp.of(random, true, false, 0, 0, 0, 20);
        ByteBuffer.wrap(none.bytes()).putShort(none.field(), (short) 0);
        assertThat(ChecksumRepair.repair(Bed.packet(pool, none.bytes()))).isFalse();
    }

    private void setHeader(long packet, int type, int size, SampleTcp sample) {
        byte[] header = Bed.header(type, 0, size, sample.l4(), sample.field() - sample.l4());
        Memory.copy(header, 0, packet + Packet.VIRTIO, 12);
    }

    @Test
    void finishesWhatIsLeftToTheDevice() {
        long[] packets = new long[256];
        List<byte[]> expected = new ArrayList<>();
        for (int i = 0; i < packets.length; i++) {
            SampleTcp sample = sample(random.nextInt(1500));
            boolean isPartial = i % 3 != 0;
            packets[i] = scattered(isPartial ? sample.partial() : sample.bytes());
            if (isPartial) {
                setHeader(packets[i], 0, 0, sample);
            }
            expected.add(sample.bytes());
        }
        assertThat(frames.transmit(packets, 256)).isEqualTo(256);
        assertThat(wire.toArray()).isEqualTo(expected.toArray());
        assertThat(counters.get(PortCounter.TX_FINISHED)).isEqualTo(170);
        assertThat(pool.available()).isEqualTo(BUFFERS);
    }

    /** What one frame must become, written from the RFCs: headers copied, then each field set. */
    private static List<byte[]> plainlyCut(SampleTcp sample, int size) {
        byte[] whole = sample.bytes();
        int l4 = sample.l4();
        int headers = l4 + (sample.isTcp() ? (whole[l4 + 12] >> 4 & 0xf) * 4 : 8);
        int payload = whole.length - headers;
        List<byte[]> packets = new ArrayList<>();
        for (int at = 0; at < payload; at += size) {
            int count = Math.min(size, payload - at);
            byte[] bytes = Arrays.copyOf(whole, headers + count);
            System.arraycopy(whole, headers + at, bytes, headers, count);
            ByteBuffer packet = ByteBuffer.wrap(bytes);
            int l3 = sample.l3();
            if (sample.isIp4()) {
                packet.putShort(l3 + 2, (short) (bytes.length - l3));
                packet.putShort(l3 + 4, (short) (packet.getShort(l3 + 4) + at / size));
                Packets.mendHeader(bytes, l3);
            } else {
                packet.putShort(l3 + 4, (short) (bytes.length - l3 - 40));
            }
            if (sample.isTcp()) {
                packet.putInt(l4 + 4, packet.getInt(l4 + 4) + at);
                if (at + count < payload) {
                    bytes[l4 + 13] &= ~0x09; // FIN, PSH: the last one's
                }
                if (at != 0) {
                    bytes[l4 + 13] &= 0x7f; // CWR: the first one's
                }
            } else {
                packet.putShort(l4 + 4, (short) (bytes.length - l4));
            }
            Packets.mendPayload(bytes, l3, l4, sample.protocol());
            packets.add(bytes);
        }
        return packets;
    }

    private static int type(SampleTcp sample) {
        return sample.isTcp() ? sample.isIp4() ? 1 : 4 : 5;
    }

    @Test
    void cutsFramesThatStandForMany() {
        for (int i = 0; i < 300; i++) {
            SampleTcp sample = sample(1 + random.nextInt(i % 5 == 0 ? 65_000 : 6_000));
            int size = i % 5 == 0 ? 1448 : 1 + random.nextInt(i % 7 == 0 ? 8900 : 1500);
            size = Math.max(size, sample.bytes().length / 500); // as many buffers as there are
            long packet = Bed.packet(pool, sample.partial());
            setHeader(packet, type(sample) | (i % 2 == 0 ? 0x80 : 0), size, sample);
            wire.clear();
            assertThat(frames.transmit(new long[] {packet}, 1)).isEqualTo(1);
            assertThat(wire.toArray()).isEqualTo(plainlyCut(sample, size).toArray());
            assertThat(pool.available()).isEqualTo(BUFFERS);
        }
        assertThat(counters.get(PortCounter.TX_CUT)).isEqualTo(300);
    }

    @ParameterizedTest
    @CsvSource({
        "3, 1000, 34, 16", // UDP fragmentation: not ours
        "4, 1000, 34, 16", // says IPv6
        "1, 0, 34, 16", // no size
        "1, 1000, 36, 16", // not behind the IP header
        "1, 1000, 9000, 16", // not in the frame
        "0, 0, 34, 3000" // checksum not in the frame
    })
    void refusesWhatItCannotDo(int type, int size, int start, int offset) {
        SampleTcp sample = SampleTcp.of(random, true, true, 0, 0, 0, 2500);
        long packet = Bed.packet(pool, sample.partial());
        setHeader(packet, type, size, sample);
        Memory.putShort(packet + Packet.VIRTIO + 6, (short) start);
        Memory.putShort(packet + Packet.VIRTIO + 8, (short) offset);
        assertThat(frames.transmit(new long[] {packet}, 1)).isZero();
        assertThat(wire).isEmpty();
        assertThat(counters.get(PortCounter.TX_UNFIT)).isEqualTo(1);
        assertThat(pool.available()).isEqualTo(BUFFERS);
    }

    @Test
    void countsAFrameAsSentWhenItsLastPacketIs() {
        SampleTcp sample = SampleTcp.of(random, true, true, 0, 0, 0, 3000);
        long[] packets = new long[4];
        for (int i = 0; i < 4; i++) {
            packets[i] = Bed.packet(pool, sample.partial());
            setHeader(packets[i], 1, 1000, sample);
        }
        room = 7; // two frames and a third
        assertThat(frames.transmit(packets, 4)).isEqualTo(2);
        assertThat(pool.available()).isEqualTo(BUFFERS);
    }

    @Test
    void survivesAPoolThatRunsDry() {
        SampleTcp sample = SampleTcp.of(random, true, true, 0, 0, 0, 40_000);
        long packet = Bed.packet(pool, sample.partial());
        setHeader(packet, 1, 1000, sample);
        long[] others = new long[BUFFERS];
        int taken = pool.take(others, 0, pool.available() - 3);
        assertThat(frames.transmit(new long[] {packet}, 1)).isEqualTo(1); // three at a time
        assertThat(wire).hasSize(40);
        long again = Bed.packet(pool, new byte[100]);
        pool.give(again);
        packet = Bed.packet(pool, Arrays.copyOf(sample.partial(), 2500));
        setHeader(packet, 1, 1000, sample);
        int more = pool.take(others, taken, pool.available());
        assertThat(frames.transmit(new long[] {packet}, 1)).isZero();
        assertThat(counters.get(PortCounter.TX_FULL)).isEqualTo(1);
        pool.give(others, taken + more);
        assertThat(pool.available()).isEqualTo(BUFFERS);
    }
}
