package floof.linux.dpdk;

import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;

/**
 * A receive or transmit queue of a started device: its driver's burst function, called at its
 * address as {@code rte_eth_rx_burst} and {@code rte_eth_tx_burst} of rte_ethdev.h do. Useless once
 * the device was stopped. Allocates nothing once compiled. Thread: one at a time, registered by
 * {@link Eal#registerThread}.
 */
@SuppressWarnings("restricted")
public final class BurstQueue {

    // uint16_t (*)(void *queue, struct rte_mbuf **packets, uint16_t count)
    private static final MethodHandle BURST =
            Linker.nativeLinker()
                    .downcallHandle(
                            FunctionDescriptor.of(JAVA_SHORT, JAVA_LONG, JAVA_LONG, JAVA_SHORT));

    private final MemorySegment function;
    private final long queue;

    BurstQueue(MemorySegment function, long queue) {
        this.function = function;
        this.queue = queue;
    }

    /**
     * Receives into an array of rte_mbuf addresses, or sends what lies there.
     *
     * @param packets address of {@code count} longs
     * @param count at most 65,535
     * @return how many came, or how many the driver took from the array's start; those it frees
     */
    public int run(long packets, int count) {
        try {
            return (short) BURST.invokeExact(function, queue, packets, (short) count) & 0xffff;
        } catch (Throwable t) {
            throw new AssertionError("burst function", t);
        }
    }
}
