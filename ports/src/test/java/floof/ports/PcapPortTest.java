package floof.ports;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import floof.engine.BufferPool;
import floof.engine.Frame;
import floof.engine.Packet;
import floof.engine.PortCounter;
import floof.linux.Epoll;
import floof.linux.Poll;
import floof.memory.Memory;
import floof.testkit.Pcap;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Captures replayed and recorded. */
class PcapPortTest {

    private static final int BUFFERS = 1024;

    @TempDir private Path folder;
    private final Random random = new Random(5);
    private final Frame frame = new Frame();
    private final BufferPool pool =
            new BufferPool(
                    Memory.allocate("buffers", (long) BUFFERS * Packet.BUFFER_BYTES, 64), BUFFERS);

    private List<byte[]> frames() {
        List<byte[]> frames = new ArrayList<>();
        for (int length : new int[] {14, 60, 61, 1514, 2048, 2049, 9000}) {
            byte[] bytes = new byte[length];
            random.nextBytes(bytes);
            frames.add(bytes);
        }
        return frames;
    }

    /** A file as other programs write it. */
    private Path write(int magic, ByteOrder order, List<byte[]> frames) throws IOException {
        return Files.write(folder.resolve("in.pcap"), Pcap.file(magic, order, frames));
    }

    private PcapPort replay(Path file, long loops, double rate) {
        PcapPort port = PcapPort.open(3, "p", file, null, loops, rate, List.of(pool));
        assertThat(port.receive(frame, 256)).as("before its start").isZero();
        port.start();
        return port;
    }

    private List<byte[]> received() {
        List<byte[]> received = new ArrayList<>();
        for (int i = 0; i < frame.count; i++) {
            received.add(Bed.bytes(frame.packets[i]));
        }
        pool.give(frame.packets, frame.count);
        frame.clear();
        return received;
    }

    @ParameterizedTest
    @ValueSource(ints = {PcapReader.MAGIC_MICROSECONDS, PcapReader.MAGIC_NANOSECONDS})
    void replaysFilesOfEitherByteOrder(int magic) throws IOException {
        for (ByteOrder order : List.of(ByteOrder.BIG_ENDIAN, ByteOrder.LITTLE_ENDIAN)) {
            List<byte[]> frames = frames();
            PcapPort port = replay(write(magic, order, frames), 2, 0);
            assertThat(port.receive(frame, 5)).isEqualTo(5);
            assertThat(Packet.port(frame.packets[0])).isEqualTo(3);
            assertThat(port.receive(frame, 256 - 5)).isEqualTo(9);
            assertThat(port.receive(frame, 1)).isZero();
            List<byte[]> twice = new ArrayList<>(frames);
            twice.addAll(frames);
            assertThat(received().toArray()).isEqualTo(twice.toArray());
            assertThat(port.counter(PortCounter.RX_PACKETS)).isEqualTo(14);
            port.close();
        }
        assertThat(pool.available()).isEqualTo(BUFFERS);
    }

    @Test
    void isReadyAsLongAsThereIsSomething() throws IOException {
        PcapPort port =
                replay(
                        write(PcapReader.MAGIC_NANOSECONDS, ByteOrder.nativeOrder(), frames()),
                        1,
                        0);
        try (Epoll epoll = new Epoll(1)) {
            epoll.add(port.descriptor(), Poll.IN);
            assertThat(epoll.await(0)).isEqualTo(1);
            while (port.receive(frame, 256) != 0) {
                received();
            }
            assertThat(epoll.await(0)).isZero();
        }
        port.close();
    }

    @Test
    void keepsARate() throws IOException {
        Path file = write(PcapReader.MAGIC_NANOSECONDS, ByteOrder.nativeOrder(), frames());
        PcapPort port = replay(file, 0, 10_000);
        long startNs = System.nanoTime();
        int count = 0;
        while (count < 500) {
            count += port.receive(frame, 256 - frame.count);
            received();
        }
        assertThat(System.nanoTime() - startNs).isGreaterThan(49_000_000L);
        port.close();
    }

    @Test
    void recordsWhatItReplays() throws IOException {
        List<byte[]> frames = frames();
        Path file = write(PcapReader.MAGIC_MICROSECONDS, ByteOrder.BIG_ENDIAN, frames);
        Path out = folder.resolve("out.pcap");
        Files.writeString(out, "an older one");
        PcapPort port = PcapPort.open(3, "p", file, out, 40, 0, List.of(pool));
        port.start();
        long before = System.currentTimeMillis() / 1000;
        while (port.receive(frame, 256) != 0) {
            assertThat(port.transmit(frame.packets, frame.count)).isEqualTo(frame.count);
            frame.clear();
        }
        assertThat(port.counter(PortCounter.TX_PACKETS)).isEqualTo(280);
        assertThat(port.counter(PortCounter.TX_BYTES))
                .isEqualTo(port.counter(PortCounter.RX_BYTES));
        port.close();
        assertThat(pool.available()).isEqualTo(BUFFERS);
        ByteBuffer written =
                ByteBuffer.wrap(Files.readAllBytes(out)).order(ByteOrder.nativeOrder());
        assertThat(written.getInt(0)).isEqualTo(PcapReader.MAGIC_NANOSECONDS);
        assertThat(written.getInt(24)).isBetween((int) before, (int) before + 60);
        PcapPort again = replay(out, 1, 0);
        int at = 0;
        while (again.receive(frame, 256) != 0) {
            for (byte[] bytes : received()) {
                assertThat(bytes).isEqualTo(frames.get(at++ % frames.size()));
            }
        }
        assertThat(at).isEqualTo(280);
        again.close();
    }

    @Test
    void aFileThatCannotBeMadeIsNamed() {
        assertThatThrownBy(() ->
                        PcapPort.open(3, "p", null, Path.of("/nowhere/x"), 1, 0, List.of(pool)))
                .hasMessageContaining("/nowhere/x")
                .hasMessageContaining("ENOENT");
        assertThat(pool.available()).isEqualTo(BUFFERS);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "0, 0x00000001|begins with 0x00000001; expected the magic number of pcap",
                "20, 113|link type 113; expected 2, 1 (Ethernet)",
                "32, 9|record 1 at byte 24: 9 of 14 bytes; expected whole frames",
                "-1, 5|record 2 at byte 54: the file ends after",
                "-2, 10|10 bytes; expected a header of 24",
                "-2, 60|record 2 at byte 54: the file ends in its header"
            })
    void refusesWhatIsNoCapture(String change, String message) throws IOException {
        List<byte[]> frames = List.of(new byte[14], new byte[60]);
        Path file = write(PcapReader.MAGIC_NANOSECONDS, ByteOrder.BIG_ENDIAN, frames);
        byte[] bytes = Files.readAllBytes(file);
        int at = Integer.decode(change.split(", ")[0]);
        int value = Integer.decode(change.split(", ")[1]);
        if (at >= 0) {
            ByteBuffer.wrap(bytes).putInt(at, value);
        } else {
            bytes = java.util.Arrays.copyOf(bytes, at == -1 ? bytes.length - value : value);
        }
        Files.write(file, bytes);
        assertThatThrownBy(() -> replay(file, 1, 0))
                .isInstanceOf(PcapException.class)
                .hasMessageContaining(file.toString())
                .hasMessageContaining(message);
    }

    @Test
    void refusesFramesThatNoBufferHolds() throws IOException {
        Path file =
                write(PcapReader.MAGIC_NANOSECONDS, ByteOrder.BIG_ENDIAN, List.of(new byte[13]));
        assertThatThrownBy(() -> replay(file, 1, 0))
                .hasMessageContaining("record 1 at byte 24: 13 bytes; expected 14 to 67584");
        assertThatThrownBy(() -> replay(folder.resolve("none"), 1, 0))
                .isInstanceOf(PcapException.class)
                .hasMessageContaining("none: cannot be read");
    }
}
