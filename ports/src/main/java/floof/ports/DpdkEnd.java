package floof.ports;

import floof.engine.BufferPool;
import floof.engine.Frame;
import floof.engine.Packet;
import floof.engine.PortCounter;
import floof.engine.VirtioNet;
import floof.linux.dpdk.BurstQueue;
import floof.linux.dpdk.Eal;
import floof.memory.Memory;
import org.jspecify.annotations.Nullable;

/**
 * A worker's queues of a DPDK device: packets are received and sent in their {@code rte_mbuf},
 * without a copy. Thread: its worker; {@link #counter} any.
 */
final class DpdkEnd extends SharedPort.End {

    private final Eal eal;
    private final @Nullable BurstQueue receiver;
    private final DpdkSender sender;
    private final BufferPool pool;
    private final boolean isRepairing;
    private final long received;
    private final long sent;
    private final WireFrames frames;

    /**
     * @param receiver null without a receive queue
     * @param pool of the worker
     * @param isRepairing whether received partial checksums are completed
     * @param scratch address of twice {@link Frame#SIZE} longs
     */
    DpdkEnd(
            int index,
            Eal eal,
            @Nullable BurstQueue receiver,
            DpdkSender sender,
            BufferPool pool,
            boolean isRepairing,
            long scratch) {
        super(index);
        this.isRepairing = isRepairing;
        this.frames = new WireFrames(pool, counters, this::send);
        this.eal = eal;
        this.receiver = receiver;
        this.sender = sender;
        this.pool = pool;
        this.received = scratch;
        this.sent = scratch + 8L * Frame.SIZE;
    }

    /** Registers the thread with DPDK, which gives it a cache of the mempool. */
    @Override
    public void attached() {
        eal.registerThread();
    }

    @Override
    public boolean isReceiving() {
        return receiver != null;
    }

    @Override
    public int receive(Frame frame, int max) {
        if (receiver == null) {
            return 0;
        }
        int count = receiver.run(received, Math.min(max, Frame.SIZE));
        if (count == 0) {
            return 0;
        }
        int good = 0;
        int repaired = 0;
        long bytes = 0;
        for (int i = 0; i < count; i++) {
            long packet = Memory.getLong(received + 8L * i);
            int length = Packet.length(packet);
            if (!Chain.fits(length)) {
                pool.give(packet);
                continue;
            }
            Packet.received(packet, index);
            VirtioNet.clear(packet + Packet.VIRTIO);
            if (isRepairing && ChecksumRepair.repair(packet)) {
                repaired++;
            }
            frame.add(packet);
            bytes += length;
            good++;
        }
        counters.received(good, bytes);
        if (repaired != 0) {
            counters.add(PortCounter.RX_REPAIRED, repaired);
        }
        if (good < count) {
            counters.add(PortCounter.RX_BAD_LENGTH, count - good);
        }
        return good;
    }

    @Override
    public int transmit(long[] packets, int count) {
        return frames.transmit(packets, count);
    }

    /**
     * Sends packets that need no offload; packets that the device does not accept go to the pool.
     */
    private int send(long[] packets, int count) {
        int ready = 0;
        long bytes = 0;
        for (int i = 0; i < count; i++) {
            long packet = packets[i];
            if (sender.takesChains() || Packet.segments(packet) == 1) {
                Packet.setOffloads(packet, 0);
                Memory.putLong(sent + 8L * ready++, packet);
                bytes += Packet.length(packet);
            } else {
                counters.add(PortCounter.TX_UNFIT, 1);
                pool.give(packet);
            }
        }
        int taken = sender.send(sent, ready);
        for (int i = taken; i < ready; i++) {
            long packet = Memory.getLong(sent + 8L * i);
            bytes -= Packet.length(packet);
            pool.give(packet);
        }
        if (taken < ready) {
            counters.add(PortCounter.TX_FULL, ready - taken);
        }
        counters.sent(taken, bytes);
        return taken;
    }
}
