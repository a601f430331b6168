package floof.linux.dpdk;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import floof.linux.Mapping;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.util.ArrayList;
import java.util.List;

/**
 * A mempool of packet buffers ({@code rte_mempool} of {@code rte_mbuf}) over a ring that any number
 * of threads use without locks. {@link #take} and {@link #give} go to the ring, not through the
 * caches that registered threads have for their drivers. Allocates nothing once compiled. Thread:
 * any.
 */
@SuppressWarnings("restricted")
public final class MbufPool {

    /** Buffers that one call with an array of Java moves at most. */
    public static final int BULK_MAX = 64;

    private static final int ANY_SOCKET = -1;

    // int (*)(struct rte_mempool *, void **objects, unsigned count)
    private static final MethodHandle BULK =
            Linker.nativeLinker()
                    .downcallHandle(
                            FunctionDescriptor.of(JAVA_INT, JAVA_LONG, JAVA_LONG, JAVA_INT));

    private final Library library;
    private final MemorySegment struct;
    private final MemorySegment enqueue;
    private final MemorySegment dequeue;
    private final ThreadLocal<MemorySegment> scratch =
            ThreadLocal.withInitial(() -> Arena.ofAuto().allocate(JAVA_LONG, BULK_MAX));

    private MbufPool(Library library, MemorySegment struct) {
        this.library = library;
        this.struct = struct;
        MemorySegment table =
                MemorySegment.ofAddress(library.address("rte_mempool_ops_table"))
                        .reinterpret(Layouts.OPS_FIRST + 16L * Layouts.OPS_SIZE);
        int index = struct.get(JAVA_INT, Layouts.POOL_OPS_INDEX);
        int known = table.get(JAVA_INT, Layouts.OPS_COUNT);
        if (index < 0 || index >= known || known > 16) {
            throw new DpdkException("mempool operations " + index + " of " + known);
        }
        long operations = Layouts.OPS_FIRST + (long) index * Layouts.OPS_SIZE;
        String name = table.asSlice(operations, 32).getString(0);
        if (!name.equals("ring_mp_mc")) {
            throw new DpdkException("mempool operations '" + name + "'; expected 'ring_mp_mc'");
        }
        enqueue = MemorySegment.ofAddress(table.get(JAVA_LONG, operations + Layouts.OPS_ENQUEUE));
        dequeue = MemorySegment.ofAddress(table.get(JAVA_LONG, operations + Layouts.OPS_DEQUEUE));
    }

    static MbufPool create(
            Library library,
            String name,
            int count,
            int cacheBuffers,
            int privateBytes,
            int dataBytes) {
        try (Arena arena = Arena.ofConfined()) {
            long address =
                    library.pointer(
                            "rte_pktmbuf_pool_create_by_ops",
                            arena.allocateFrom(name),
                            count,
                            cacheBuffers,
                            (short) privateBytes,
                            (short) dataBytes,
                            ANY_SOCKET,
                            arena.allocateFrom("ring_mp_mc"));
            if (address == 0) {
                throw DpdkException.of(
                        Eal.errno(library),
                        "rte_pktmbuf_pool_create_by_ops",
                        name,
                        count,
                        cacheBuffers,
                        privateBytes,
                        dataBytes);
            }
            MbufPool pool =
                    new MbufPool(
                            library,
                            MemorySegment.ofAddress(address).reinterpret(Layouts.POOL_SIZE));
            Layouts.checkPool(library, pool, count, cacheBuffers, privateBytes, dataBytes);
            return pool;
        }
    }

    /** Address of the rte_mempool. */
    public long address() {
        return struct.address();
    }

    /** Takes buffers, all or none; their addresses are written to {@code count} longs. */
    boolean take(long array, int count) {
        return bulk(dequeue, array, count) == 0;
    }

    /** Gives buffers back, each with refcnt 1, one segment and no successor. */
    void give(long array, int count) {
        bulk(enqueue, array, count); // the ring holds all buffers: it cannot be full
    }

    private int bulk(MemorySegment operation, long array, int count) {
        try {
            return (int) BULK.invokeExact(operation, struct.address(), array, count);
        } catch (Throwable t) {
            throw new AssertionError("mempool operation", t);
        }
    }

    /**
     * Takes buffers, all or none.
     *
     * @param packets gets their addresses from index {@code from} on
     * @param count at most {@link #BULK_MAX}
     */
    public boolean take(long[] packets, int from, int count) {
        MemorySegment array = scratch.get();
        if (!take(array.address(), count)) {
            return false;
        }
        MemorySegment.copy(array, JAVA_LONG, 0, packets, from, count);
        return true;
    }

    /** Gives buffers back, those from index {@code from} on; at most {@link #BULK_MAX}. */
    public void give(long[] packets, int from, int count) {
        MemorySegment array = scratch.get();
        MemorySegment.copy(packets, from, array, JAVA_LONG, 0, count);
        give(array.address(), count);
    }

    /** Free buffers, those in threads' caches included. Slow: not for a packet's way. */
    public int available() {
        return library.call("rte_mempool_avail_count", struct);
    }

    /** Where the buffers lie. */
    public List<Mapping> memory() {
        List<Mapping> chunks = new ArrayList<>();
        long next = struct.get(JAVA_LONG, Layouts.POOL_CHUNKS);
        while (next != 0) {
            MemorySegment chunk = MemorySegment.ofAddress(next).reinterpret(Layouts.CHUNK_SIZE);
            chunks.add(
                    new Mapping(
                            "DPDK buffers",
                            chunk.get(JAVA_LONG, Layouts.CHUNK_ADDRESS),
                            chunk.get(JAVA_LONG, Layouts.CHUNK_LENGTH)));
            next = chunk.get(JAVA_LONG, 0);
        }
        return chunks;
    }

    /** Ends it; no buffer may be in use. */
    public void free() {
        library.run("rte_mempool_free", struct);
    }
}
