package floof.ports;

import floof.engine.Depot;
import floof.engine.Packet;
import floof.linux.dpdk.MbufPool;

/**
 * DPDK's mempool as the depot of all workers. Drivers free sent buffers into it, so with a DPDK
 * port every buffer has to come from it. Thread: any.
 */
public final class DpdkDepot implements Depot {

    private final MbufPool pool;
    private final int size;

    /**
     * @param size of the pool
     */
    public DpdkDepot(MbufPool pool, int size) {
        this.pool = pool;
        this.size = size;
    }

    @Override
    public boolean take(long[] packets, int from) {
        if (!pool.take(packets, from, BULK)) {
            return false;
        }
        for (int i = from; i < from + BULK; i++) {
            // Drivers leave both values of the last packet.
            Packet.resetData(packets[i]);
            Packet.setOffloads(packets[i], 0);
        }
        return true;
    }

    @Override
    public void give(long[] packets, int from) {
        pool.give(packets, from, BULK);
    }

    @Override
    public int size() {
        return size;
    }

    @Override
    public int available() {
        return pool.available();
    }
}
