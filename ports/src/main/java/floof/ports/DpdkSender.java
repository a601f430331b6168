package floof.ports;

import floof.linux.dpdk.BurstQueue;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * A transmit queue of a DPDK device. If a device has fewer queues than there are workers, some
 * workers share one and take turns. Thread: any worker with this queue.
 */
final class DpdkSender {

    private final BurstQueue queue;
    private final boolean isShared;
    private final boolean takesChains;
    private final AtomicBoolean isBusy = new AtomicBoolean();

    /**
     * @param isShared whether several workers send through it
     * @param takesChains whether the driver sends packets of several buffers
     */
    DpdkSender(BurstQueue queue, boolean isShared, boolean takesChains) {
        this.queue = queue;
        this.isShared = isShared;
        this.takesChains = takesChains;
    }

    boolean takesChains() {
        return takesChains;
    }

    /** Sends an array of packets; returns how many, from the first on, the driver accepted. */
    int send(long packets, int count) {
        if (count == 0) {
            return 0;
        }
        if (!isShared) {
            return queue.run(packets, count);
        }
        while (!isBusy.compareAndSet(false, true)) {
            Thread.onSpinWait();
        }
        int taken = queue.run(packets, count);
        isBusy.setRelease(false);
        return taken;
    }
}
