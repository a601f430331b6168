package floof.linux.dpdk;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * Offsets of the structures that are read without a function of the library, DPDK 22.11 on x86-64,
 * and the proof that the loaded libraries have them. Structures that a setup call fills are {@link
 * EthDevice}'s.
 */
@SuppressWarnings("restricted")
final class Layouts {

    // struct rte_eth_fp_ops (rte_ethdev_core.h), one per port:
    //   0 rx_pkt_burst  24 rxq.data  64 tx_pkt_burst  88 txq.data
    static final int PORTS_MAX = 32; // RTE_MAX_ETHPORTS
    static final int FP_OPS_SIZE = 128;
    static final int FP_RX_BURST = 0;
    static final int FP_RX_QUEUES = 24;
    static final int FP_TX_BURST = 64;
    static final int FP_TX_QUEUES = 88;
    private static final int QUEUES_SIZE = 1024 * 8; // RTE_MAX_QUEUES_PER_PORT pointers

    // struct rte_mempool (rte_mempool.h), without debug statistics
    static final int POOL_SIZE = 192;
    static final int POOL_FLAGS = 56;
    private static final int POOL_COUNT = 64;
    private static final int POOL_CACHE = 68;
    private static final int POOL_ELEMENT = 72;
    private static final int POOL_HEADER = 76;
    private static final int POOL_TRAILER = 80;
    static final int POOL_OPS_INDEX = 88;
    private static final int POOL_POPULATED = 104;
    private static final int POOL_CHUNK_COUNT = 128;
    static final int POOL_CHUNKS = 136;

    // struct rte_memzone
    static final int ZONE_SIZE = 72;
    static final int ZONE_ADDRESS = 40;
    private static final int ZONE_BUS_ADDRESS = 32;
    private static final int ZONE_LENGTH = 48;

    // struct rte_mempool_memhdr: 0 next  16 addr  32 len
    static final int CHUNK_SIZE = 40;
    static final int CHUNK_ADDRESS = 16;
    static final int CHUNK_LENGTH = 32;

    // struct rte_mempool_ops_table: 4 u32 num_ops, 64 ops[16] of 128 bytes: 0 name 48 enqueue 56
    // dequeue
    static final int OPS_COUNT = 4;
    static final int OPS_FIRST = 64;
    static final int OPS_SIZE = 128;
    static final int OPS_ENQUEUE = 48;
    static final int OPS_DEQUEUE = 56;

    // struct rte_mbuf (rte_mbuf_core.h)
    static final int MBUF_SIZE = 128;
    private static final int MBUF_DATA_OFF = 16;
    private static final int MBUF_REFCNT = 18;
    private static final int MBUF_SEGMENTS = 20;
    private static final int MBUF_LENGTH = 36;
    private static final int MBUF_DATA_LENGTH = 40;
    private static final int MBUF_BUF_LENGTH = 54;
    private static final int MBUF_POOL = 56;
    private static final int MBUF_NEXT = 64;
    private static final int MBUF_PRIVATE = 88;

    private Layouts() {}

    /**
     * Before any port exists, all elements hold the same two functions, which complain, and each a
     * part of one array as its queues.
     */
    static void checkBurstFunctions(Library library) {
        MemorySegment all =
                MemorySegment.ofAddress(library.address("rte_eth_fp_ops"))
                        .reinterpret((long) PORTS_MAX * FP_OPS_SIZE);
        for (int port = 0; port < PORTS_MAX; port++) {
            expect(all, port, "rx_pkt_burst", FP_RX_BURST, all.get(JAVA_LONG, FP_RX_BURST));
            expect(all, port, "tx_pkt_burst", FP_TX_BURST, all.get(JAVA_LONG, FP_TX_BURST));
            long queues = all.get(JAVA_LONG, FP_RX_QUEUES) + (long) port * QUEUES_SIZE;
            expect(all, port, "rxq.data", FP_RX_QUEUES, queues);
            expect(all, port, "txq.data", FP_TX_QUEUES, queues);
        }
    }

    private static void expect(
            MemorySegment all, int port, String field, int offset, long expected) {
        long value = all.get(JAVA_LONG, (long) port * FP_OPS_SIZE + offset);
        if (value == 0 || value != expected) {
            throw unknown("rte_eth_fp_ops[" + port + "]." + field, value, expected);
        }
    }

    /** Bytes from one buffer to the next, DPDK's header and spread included. */
    static long elementBytes(MemorySegment pool) {
        return (long) pool.get(JAVA_INT, POOL_HEADER)
                + pool.get(JAVA_INT, POOL_ELEMENT)
                + pool.get(JAVA_INT, POOL_TRAILER);
    }

    /** Memory as it was asked for, by virtual addresses on the bus too. */
    static void checkZone(MemorySegment zone, long sizeBytes) {
        expect(
                "rte_memzone.iova",
                zone.get(JAVA_LONG, ZONE_BUS_ADDRESS),
                zone.get(JAVA_LONG, ZONE_ADDRESS));
        expect("rte_memzone.len", zone.get(JAVA_LONG, ZONE_LENGTH), sizeBytes);
    }

    static void checkFlags(MemorySegment pool, int expected) {
        expect("rte_mempool.flags", pool.get(JAVA_INT, POOL_FLAGS) & expected, expected);
    }

    /** What the fresh pool says of itself, and one buffer of it, against what was asked for. */
    static void checkPool(
            Library library,
            MbufPool pool,
            int count,
            int cacheBuffers,
            int privateBytes,
            int dataBytes) {
        MemorySegment struct = MemorySegment.ofAddress(pool.address()).reinterpret(POOL_SIZE);
        expect("rte_mempool.size", struct.get(JAVA_INT, POOL_COUNT), count);
        expect("rte_mempool.cache_size", struct.get(JAVA_INT, POOL_CACHE), cacheBuffers);
        expect(
                "rte_mempool.elt_size",
                struct.get(JAVA_INT, POOL_ELEMENT),
                MBUF_SIZE + privateBytes + dataBytes);
        expect("rte_mempool.populated_size", struct.get(JAVA_INT, POOL_POPULATED), count);
        expect("rte_mempool.nb_mem_chunks", struct.get(JAVA_INT, POOL_CHUNK_COUNT), 1);
        expect("rte_mempool_memhdr.len", pool.memory().sizeBytes(), count * elementBytes(struct));
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment one = arena.allocate(8, 8);
            expect("buffers taken", pool.take(one.address(), 1) ? 1 : 0, 1);
            long address = one.get(JAVA_LONG, 0);
            MemorySegment mbuf = MemorySegment.ofAddress(address).reinterpret(MBUF_SIZE);
            expect("rte_mbuf.buf_addr", mbuf.get(JAVA_LONG, 0), address + MBUF_SIZE + privateBytes);
            expect("rte_mbuf.refcnt", mbuf.get(JAVA_SHORT, MBUF_REFCNT), 1);
            expect("rte_mbuf.nb_segs", mbuf.get(JAVA_SHORT, MBUF_SEGMENTS), 1);
            expect("rte_mbuf.buf_len", mbuf.get(JAVA_SHORT, MBUF_BUF_LENGTH), dataBytes);
            expect("rte_mbuf.pool", mbuf.get(JAVA_LONG, MBUF_POOL), pool.address());
            expect("rte_mbuf.next", mbuf.get(JAVA_LONG, MBUF_NEXT), 0);
            expect("rte_mbuf.priv_size", mbuf.get(JAVA_SHORT, MBUF_PRIVATE), privateBytes);
            MemorySegment reason = arena.allocate(ADDRESS);
            mbuf.set(JAVA_SHORT, MBUF_DATA_OFF, (short) 128);
            mbuf.set(JAVA_INT, MBUF_LENGTH, 60);
            mbuf.set(JAVA_SHORT, MBUF_DATA_LENGTH, (short) 60);
            expect("rte_mbuf_check", library.call("rte_mbuf_check", mbuf, 1, reason), 0);
            mbuf.set(JAVA_INT, MBUF_LENGTH, 61);
            expect(
                    "rte_mbuf_check with pkt_len beyond data_len",
                    library.call("rte_mbuf_check", mbuf, 1, reason),
                    -1);
            mbuf.set(JAVA_INT, MBUF_LENGTH, 0);
            mbuf.set(JAVA_SHORT, MBUF_DATA_LENGTH, (short) 0);
            pool.give(one.address(), 1);
        }
    }

    private static void expect(String field, long value, long expected) {
        if (value != expected) {
            throw unknown(field, value, expected);
        }
    }

    private static DpdkException unknown(String field, long value, long expected) {
        return new DpdkException(
                "%s is 0x%x, expected 0x%x: these libraries have another layout than DPDK 22.11 of x86-64"
                        .formatted(field, value, expected));
    }
}
