package floof.linux.dpdk;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import floof.base.MacAddress;
import floof.linux.error.Errno;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.util.ArrayList;
import java.util.List;

/**
 * An Ethernet device of DPDK (rte_ethdev.h). Plugged, configured, started, and stopped before it is
 * unplugged. Thread: any, one at a time, in the network namespace in which it was plugged where its
 * driver stands on a kernel device; {@link #isUp}, {@link #statistics} and {@link #extended} any.
 */
@SuppressWarnings("restricted")
public final class EthDevice {

    // Offload bits of rte_ethdev.h.
    public static final long TX_SEGMENTS = 1 << 15;
    public static final long RX_SCATTER = 1 << 13;

    // struct rte_eth_dev_info
    private static final int INFO_SIZE = 376;
    private static final int INFO_DRIVER = 8;
    private static final int INFO_MTU_MIN = 20;
    private static final int INFO_MTU_MAX = 22;
    private static final int INFO_RX_QUEUES = 44;
    private static final int INFO_TX_QUEUES = 46;
    private static final int INFO_RX_OFFLOADS = 72;
    private static final int INFO_TX_OFFLOADS = 80;
    private static final int INFO_RSS_TYPES = 112;

    // struct rte_eth_conf: rxmode at 8, txmode at 64, rx_adv_conf.rss_conf at 128
    private static final int CONF_SIZE = 2272;
    private static final int CONF_RX_MODE = 8;
    private static final int CONF_MTU = 12;
    private static final int CONF_RX_OFFLOADS = 24;
    private static final int CONF_TX_OFFLOADS = 72;
    private static final int CONF_RSS_TYPES = 144;
    private static final int MODE_RSS = 1;

    // RTE_ETH_RSS_IP | RTE_ETH_RSS_TCP | RTE_ETH_RSS_UDP
    private static final long RSS_TYPES = 0xa38c | 0x10410 | 0x20820;

    // struct rte_eth_stats
    private static final int STATS_SIZE = 704;
    private static final int STATS_MISSED = 32;

    // struct rte_eth_xstat_name: char[64]; struct rte_eth_xstat: 0 u64 id, 8 u64 value
    private static final int XSTAT_NAME_SIZE = 64;
    private static final int XSTAT_SIZE = 16;

    /** A bit of rte_eth_link, whose flags lie at 4. */
    private static final int LINK_UP = 1 << 2;

    private static final int MAC_BYTES = 6;

    private final Library library;
    private final short id;
    private final String name;
    private final MethodHandle linkGet;
    private final MemorySegment link = Arena.ofAuto().allocate(8, 8);

    EthDevice(Library library, int id, String name) {
        linkGet =
                Linker.nativeLinker()
                        .downcallHandle(
                                MemorySegment.ofAddress(library.address("rte_eth_link_get_nowait")),
                                FunctionDescriptor.of(JAVA_INT, JAVA_SHORT, ADDRESS));
        this.library = library;
        this.id = (short) id;
        this.name = name;
    }

    /** What a driver can do. */
    public record Abilities(
            String driver,
            int mtuMin,
            int mtuMax,
            int rxQueues,
            int txQueues,
            long rxOffloads,
            long txOffloads,
            long rssTypes) {}

    /** A number that only this driver counts. */
    public record Statistic(String name, long value) {}

    /**
     * What every driver counts beside packets and bytes.
     *
     * @param missed not received: the device's queue was full
     * @param receiveErrors not received: damaged
     * @param sendErrors not sent
     * @param noBuffer not received for want of a buffer
     */
    public record Statistics(long missed, long receiveErrors, long sendErrors, long noBuffer) {}

    /** DPDK's number of it. */
    public int id() {
        return id & 0xffff;
    }

    /** DPDK's name of it. */
    public String name() {
        return name;
    }

    public Abilities abilities() {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment info = arena.allocate(INFO_SIZE, 8);
            library.check("rte_eth_dev_info_get", id, info);
            long driver = info.get(JAVA_LONG, INFO_DRIVER);
            return new Abilities(
                    MemorySegment.ofAddress(driver).reinterpret(256).getString(0),
                    info.get(JAVA_SHORT, INFO_MTU_MIN) & 0xffff,
                    info.get(JAVA_SHORT, INFO_MTU_MAX) & 0xffff,
                    info.get(JAVA_SHORT, INFO_RX_QUEUES) & 0xffff,
                    info.get(JAVA_SHORT, INFO_TX_QUEUES) & 0xffff,
                    info.get(JAVA_LONG, INFO_RX_OFFLOADS),
                    info.get(JAVA_LONG, INFO_TX_OFFLOADS),
                    info.get(JAVA_LONG, INFO_RSS_TYPES));
        }
    }

    /**
     * Makes its queues, before {@link #start}. Several receive queues share the flows among them by
     * RSS where the driver can.
     *
     * @param rxQueues one for each thread that receives
     * @param txQueues one for each thread that sends
     * @param descriptors wanted in each queue; the driver's limits are kept
     * @param mtu longest layer-3 packet; 0 = the driver's own
     * @param rxOffloads bits that {@link #abilities} has
     * @param txOffloads the same
     * @param pool of the receive queues
     */
    public void configure(
            int rxQueues,
            int txQueues,
            int descriptors,
            int mtu,
            long rxOffloads,
            long txOffloads,
            MbufPool pool) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment conf = arena.allocate(CONF_SIZE, 8);
            long rssTypes = abilities().rssTypes() & RSS_TYPES;
            if (rxQueues > 1 && rssTypes != 0) {
                conf.set(JAVA_INT, CONF_RX_MODE, MODE_RSS);
                conf.set(JAVA_LONG, CONF_RSS_TYPES, rssTypes);
            }
            conf.set(JAVA_INT, CONF_MTU, mtu);
            conf.set(JAVA_LONG, CONF_RX_OFFLOADS, rxOffloads);
            conf.set(JAVA_LONG, CONF_TX_OFFLOADS, txOffloads);
            library.check("rte_eth_dev_configure", id, (short) rxQueues, (short) txQueues, conf);
            MemorySegment rx = arena.allocateFrom(JAVA_SHORT, (short) descriptors);
            MemorySegment tx = arena.allocateFrom(JAVA_SHORT, (short) descriptors);
            library.check("rte_eth_dev_adjust_nb_rx_tx_desc", id, rx, tx);
            int socket = library.call("rte_eth_dev_socket_id", id);
            MemorySegment defaults = MemorySegment.NULL;
            for (short q = 0; q < rxQueues; q++) {
                library.check(
                        "rte_eth_rx_queue_setup",
                        id,
                        q,
                        rx.get(JAVA_SHORT, 0),
                        socket,
                        defaults,
                        MemorySegment.ofAddress(pool.address()));
            }
            for (short q = 0; q < txQueues; q++) {
                library.check(
                        "rte_eth_tx_queue_setup", id, q, tx.get(JAVA_SHORT, 0), socket, defaults);
            }
        }
    }

    /** Starts it; {@link #receiver} and {@link #sender} then give its queues. */
    public void start() {
        library.check("rte_eth_dev_start", id);
    }

    /** Stops it; no queue may be in use. */
    public void stop() {
        library.check("rte_eth_dev_stop", id);
    }

    /** A receive queue, as long as it is started. */
    public BurstQueue receiver(int queue) {
        return queue(queue, Layouts.FP_RX_BURST, Layouts.FP_RX_QUEUES);
    }

    /** A transmit queue, as long as it is started. */
    public BurstQueue sender(int queue) {
        return queue(queue, Layouts.FP_TX_BURST, Layouts.FP_TX_QUEUES);
    }

    private BurstQueue queue(int queue, int burst, int queues) {
        MemorySegment operations =
                MemorySegment.ofAddress(
                                library.address("rte_eth_fp_ops")
                                        + (long) id() * Layouts.FP_OPS_SIZE)
                        .reinterpret(Layouts.FP_OPS_SIZE);
        MemorySegment data =
                MemorySegment.ofAddress(operations.get(JAVA_LONG, queues))
                        .reinterpret((queue + 1) * 8L);
        return new BurstQueue(
                MemorySegment.ofAddress(operations.get(JAVA_LONG, burst)),
                data.getAtIndex(JAVA_LONG, queue));
    }

    /** Whether it has a link. Allocates nothing: it is asked again and again. */
    public boolean isUp() {
        try {
            return (int) linkGet.invokeExact(id, link) == 0
                    && (link.get(JAVA_SHORT, 4) & LINK_UP) != 0;
        } catch (Throwable t) {
            throw new AssertionError("rte_eth_link_get_nowait", t);
        }
    }

    public MacAddress mac() {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment mac = arena.allocate(MAC_BYTES, 2);
            library.check("rte_eth_macaddr_get", id, mac);
            return MacAddress.of(mac.toArray(JAVA_BYTE));
        }
    }

    /**
     * @return false where the driver cannot change it
     */
    public boolean setMac(MacAddress mac) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment bytes = arena.allocateFrom(JAVA_BYTE, mac.bytes());
            return isDone("rte_eth_dev_default_mac_addr_set", bytes);
        }
    }

    /**
     * @param mtu layer-3 bytes
     * @return false where the driver cannot change it
     */
    public boolean setMtu(int mtu) {
        return isDone("rte_eth_dev_set_mtu", (short) mtu);
    }

    /**
     * Receives frames for any address.
     *
     * @return false where the driver cannot
     */
    public boolean receiveAll() {
        return isDone("rte_eth_promiscuous_enable");
    }

    /**
     * Receives frames for any group address.
     *
     * @return false where the driver cannot
     */
    public boolean receiveMulticast() {
        return isDone("rte_eth_allmulticast_enable");
    }

    private boolean isDone(String function, Object... more) {
        Object[] arguments = new Object[more.length + 1];
        arguments[0] = id;
        System.arraycopy(more, 0, arguments, 1, more.length);
        int result = library.call(function, arguments);
        if (result < 0 && result != -Errno.EOPNOTSUPP) {
            throw DpdkException.of(-result, function, arguments);
        }
        return result >= 0;
    }

    public Statistics statistics() {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment stats = arena.allocate(STATS_SIZE, 8);
            library.check("rte_eth_stats_get", id, stats);
            return new Statistics(
                    stats.get(JAVA_LONG, STATS_MISSED),
                    stats.get(JAVA_LONG, STATS_MISSED + 8),
                    stats.get(JAVA_LONG, STATS_MISSED + 16),
                    stats.get(JAVA_LONG, STATS_MISSED + 24));
        }
    }

    /** All that its driver counts (rte_eth_xstats_get). */
    public List<Statistic> extended() {
        try (Arena arena = Arena.ofConfined()) {
            int count = library.check("rte_eth_xstats_get_names", id, MemorySegment.NULL, 0);
            MemorySegment names = arena.allocate((long) XSTAT_NAME_SIZE * count + 1, 8);
            MemorySegment values = arena.allocate((long) XSTAT_SIZE * count + 1, 8);
            int named = library.check("rte_eth_xstats_get_names", id, names, count);
            int counted = library.check("rte_eth_xstats_get", id, values, count);
            List<Statistic> all = new ArrayList<>();
            for (int i = 0; i < Math.min(counted, Math.min(named, count)); i++) {
                long which = values.get(JAVA_LONG, (long) i * XSTAT_SIZE);
                all.add(
                        new Statistic(
                                names.getString(which * XSTAT_NAME_SIZE),
                                values.get(JAVA_LONG, (long) i * XSTAT_SIZE + 8)));
            }
            return all;
        }
    }
}
