package floof.linux.dpdk;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import floof.linux.Mapping;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;

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
    private static final int PAGE_BYTES = 4096;
    private static final String OPERATIONS = "ring_mp_mc";

    /** struct rte_pktmbuf_pool_private: 0 u16 data room, 2 u16 private size, 4 u32 flags. */
    private static final int PRIVATE_SIZE = 8;

    /**
     * RTE_MEMPOOL_F_NO_IOVA_CONTIG: a buffer may cross a page. Without it each small page holds one
     * buffer only; but net_af_xdp reckons that they lie one behind another, gives the kernel too
     * little memory and loses, uncounted, every frame and buffer beyond it.
     */
    private static final int ACROSS_PAGES = 1 << 5;

    /** RTE_MEMPOOL_F_NON_IO. */
    private static final int NOT_FOR_CARDS = 1 << 6;

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
        if (!name.equals(OPERATIONS)) {
            throw new DpdkException(
                    "mempool operations '" + name + "'; expected '" + OPERATIONS + "'");
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
            MemorySegment struct =
                    made(
                            library,
                            Layouts.POOL_SIZE,
                            "rte_mempool_create_empty",
                            arena.allocateFrom(name),
                            count,
                            Layouts.MBUF_SIZE + privateBytes + dataBytes,
                            cacheBuffers,
                            PRIVATE_SIZE,
                            ANY_SOCKET,
                            ACROSS_PAGES);
            try {
                library.check(
                        "rte_mempool_set_ops_byname",
                        struct,
                        arena.allocateFrom(OPERATIONS),
                        MemorySegment.NULL);
                MemorySegment sizes = arena.allocate(PRIVATE_SIZE, 8);
                sizes.set(JAVA_SHORT, 0, (short) dataBytes);
                sizes.set(JAVA_SHORT, 2, (short) privateBytes);
                library.run("rte_pktmbuf_pool_init", struct, sizes);
                populate(library, struct, arena.allocateFrom(name), count);
                MbufPool pool = new MbufPool(library, struct);
                Layouts.checkPool(library, pool, count, cacheBuffers, privateBytes, dataBytes);
                return pool;
            } catch (DpdkException e) {
                library.run("rte_mempool_free", struct);
                throw e;
            }
        }
    }

    /** Buffers one behind another, in memory that stays the process's. */
    private static void populate(
            Library library, MemorySegment struct, MemorySegment name, int count) {
        long sizeBytes = count * Layouts.elementBytes(struct);
        MemorySegment zone =
                made(
                        library,
                        Layouts.ZONE_SIZE,
                        "rte_memzone_reserve_aligned",
                        name,
                        sizeBytes,
                        ANY_SOCKET,
                        0,
                        PAGE_BYTES);
        Layouts.checkZone(zone, sizeBytes);
        long address = zone.get(JAVA_LONG, Layouts.ZONE_ADDRESS);
        library.check(
                "rte_mempool_populate_iova",
                struct,
                MemorySegment.ofAddress(address),
                address,
                sizeBytes,
                MemorySegment.NULL,
                MemorySegment.NULL);
        // What was said for the sake of the pages is not so: cards may use them.
        Layouts.checkFlags(struct, ACROSS_PAGES | NOT_FOR_CARDS);
        int flags = struct.get(JAVA_INT, Layouts.POOL_FLAGS);
        struct.set(JAVA_INT, Layouts.POOL_FLAGS, flags & ~(ACROSS_PAGES | NOT_FOR_CARDS));
        library.run(
                "rte_mempool_obj_iter",
                struct,
                MemorySegment.ofAddress(library.address("rte_pktmbuf_init")),
                MemorySegment.NULL);
    }

    private static MemorySegment made(
            Library library, long sizeBytes, String function, Object... arguments) {
        long address = library.pointer(function, arguments);
        if (address == 0) {
            throw DpdkException.of(Eal.errno(library), function, arguments);
        }
        return MemorySegment.ofAddress(address).reinterpret(sizeBytes);
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

    /** Where the buffers lie, one behind another, from a page's start. */
    public Mapping memory() {
        MemorySegment chunk =
                MemorySegment.ofAddress(struct.get(JAVA_LONG, Layouts.POOL_CHUNKS))
                        .reinterpret(Layouts.CHUNK_SIZE);
        return new Mapping(
                "DPDK buffers",
                chunk.get(JAVA_LONG, Layouts.CHUNK_ADDRESS),
                chunk.get(JAVA_LONG, Layouts.CHUNK_LENGTH));
    }
}
