package floof.ports;

import static org.assertj.core.api.Assertions.assertThat;

import floof.engine.BufferPool;
import floof.engine.Frame;
import floof.engine.Port;
import floof.engine.PortEnd;
import floof.testkit.Eventually;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/**
 * A memif of ours for another implementation to speak to. To DPDK go chains too. From it come none:
 * it never clears the flag of a descriptor that once went on in the next (rte_eth_memif.c, 22.11).
 */
final class MemifInterop implements AutoCloseable {

    private static final int TO_THEM_MAX = 6_000;
    private static final int FROM_THEM_MAX = 2_000;

    private final boolean isServer;
    private final Path socket;
    private final BufferPool pool;
    private final MemifPort port;
    private boolean isClosed;

    MemifInterop(boolean isServer, Path folder, BufferPool pool) {
        this.isServer = isServer;
        this.pool = pool;
        socket = folder.resolve(isServer ? "ours-serves" : "theirs-serves");
        MemifPort.Settings wire = new MemifPort.Settings(socket, isServer, 3, 256, false);
        port = MemifPort.open(1, "ours", wire, List.of(pool), List.of(Runnable::run));
    }

    /** DPDK's name of the other side. */
    String device() {
        return isServer ? "net_memif7" : "net_memif8";
    }

    String arguments() {
        String role = isServer ? "client" : "server";
        return "id=3,socket-abstract=no,role=" + role + ",socket=" + socket;
    }

    BufferPool pool() {
        return pool;
    }

    /** Frames of all lengths both ways; afterwards our side is closed. */
    void exchange(Port other) {
        assertThat(Eventually.holds(() -> port.isUp() && other.isUp())).as(port::state).isTrue();
        PortEnd theirs = other.end(0);
        // Its client offers buffers when it is first asked for packets.
        theirs.receive(new Frame(), Frame.SIZE);
        for (int round = 0; round < 400; round++) {
            Random random = new Random(round);
            cross(port.end(0), theirs, random, TO_THEM_MAX);
            cross(theirs, port.end(0), random, FROM_THEM_MAX);
        }
        leave(other);
    }

    private void cross(PortEnd from, PortEnd to, Random random, int longest) {
        List<byte[]> expected = new ArrayList<>();
        long[] packets = new long[1 + random.nextInt(32)];
        for (int i = 0; i < packets.length; i++) {
            byte[] bytes = new byte[14 + random.nextInt(i == 0 ? longest : 1_500)];
            random.nextBytes(bytes);
            expected.add(bytes);
            packets[i] = Bed.packet(pool, bytes);
        }
        assertThat(from.transmit(packets, packets.length)).isEqualTo(packets.length);
        Frame frame = new Frame();
        Bed.receive(to, frame, packets.length);
        assertThat(frame.count).isEqualTo(packets.length);
        for (int i = 0; i < frame.count; i++) {
            assertThat(Bed.bytes(frame.packets[i])).isEqualTo(expected.get(i));
        }
        pool.give(frame.packets, frame.count);
    }

    /**
     * Closes our side and waits until the other one has noticed. Who removes DPDK's while its peer
     * goes races its interrupt thread: {@code memif_intr_handler} of 22.11 then reads what is
     * freed.
     */
    private void leave(Port theirs) {
        close();
        assertThat(Eventually.holds(() -> !theirs.isUp())).as("the other side notices").isTrue();
    }

    @Override
    public void close() {
        if (!isClosed) {
            isClosed = true;
            port.close();
        }
    }
}
