/**
 * DPDK 22.11 without C: the distribution's shared libraries ({@code librte-eal23} and friends),
 * called through the foreign function interface.
 *
 * <p>What C programs get from inline functions of the headers is done here by reading the same
 * structures: {@code rte_eth_rx_burst} is a call to the address that lies in {@code
 * rte_eth_fp_ops}, {@code rte_mempool_get_bulk} one to the pool's own operations. Offsets are
 * constants of ABI 23 on x86-64, checked when the process starts ({@link
 * floof.linux.dpdk.Layouts}); another ABI is refused.
 *
 * <p>Four traps shaped this package (docs/decisions/041-dpdk.md):
 *
 * <ul>
 *   <li>{@code rte_eal_init} pins the thread that calls it, so that thread ends afterwards.
 *   <li>Several library functions end the process ({@code rte_panic}) where others return an error:
 *       every precondition is checked before.
 *   <li>A thread that is not registered has no cache of the mempool: each worker registers before
 *       its first burst.
 *   <li>The burst functions change when a port is started or stopped.
 * </ul>
 */
@org.jspecify.annotations.NullMarked
package floof.linux.dpdk;
