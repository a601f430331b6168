package floof.lab.bench;

import floof.engine.BufferPool;
import floof.engine.Packet;
import floof.linux.Mapping;
import floof.linux.dpdk.Eal;
import floof.linux.dpdk.MbufPool;
import floof.memory.Memory;
import floof.memory.Region;
import floof.ports.DpdkDepot;
import floof.ports.DpdkPort;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** DPDK in a benchmark's own process: its environment, a pool of buffers, ports. */
final class DpdkHost {

    private static final Path HERE = Path.of("/proc/self/ns/net");
    private static final int BUFFERS = 16_383;
    private static final int CACHE_BUFFERS = 512;
    private static final long MEMORY_BYTES = 192L << 20;

    private final Eal eal;
    private final MbufPool mbufs;

    /** Of the one thread that measures. */
    final BufferPool pool;

    private int ports;

    DpdkHost() throws IOException {
        Path folder = Files.createTempDirectory("floof-bench-dpdk-");
        String name = "floof-bench" + ProcessHandle.current().pid();
        eal = Eal.start(new Eal.Settings(name, folder, MEMORY_BYTES, false));
        for (String left : List.of("dpdk/" + name, "dpdk", "")) {
            Files.deleteIfExists(folder.resolve(left)); // empty, and not used again
        }
        mbufs =
                eal.pool(
                        "bench",
                        BUFFERS,
                        CACHE_BUFFERS,
                        Packet.METADATA_BYTES,
                        Packet.HEADROOM_BYTES + Packet.DATA_BYTES);
        Mapping memory = mbufs.memory();
        Memory.add(new Region(memory.what(), memory.address(), memory.sizeBytes()));
        pool = new BufferPool(new DpdkDepot(mbufs, BUFFERS));
    }

    Eal eal() {
        return eal;
    }

    MbufPool mbufs() {
        return mbufs;
    }

    /** A virtual device with one queue, not yet attached to the thread. */
    DpdkPort open(String vdev, String arguments) {
        int index = ports++;
        return DpdkPort.open(
                index,
                "bench" + index,
                new DpdkPort.Settings("vdev", vdev + index, arguments, null, 1, 1024, false),
                HERE,
                1500,
                eal,
                mbufs,
                List.of(pool));
    }
}
