package floof.ports;

import floof.engine.BufferPool;
import floof.linux.net.PacketSocket;
import floof.linux.system.NetworkNamespace;
import java.nio.file.Path;
import java.util.List;

/**
 * Drives a device of Linux through packet sockets, one per worker: the kernel distributes received
 * frames to them by flow, and each worker sends through its own.
 */
public final class AfPacketPort extends SharedPort {

    private final AfPacketEnd[] ends;

    private AfPacketPort(
            int index, String name, List<PacketSocket> sockets, List<BufferPool> pools) {
        super(index, name, sockets.size());
        ends = new AfPacketEnd[sockets.size()];
        for (int i = 0; i < ends.length; i++) {
            ends[i] = new AfPacketEnd(index, name, sockets.get(i), pools.get(i));
            end(i, ends[i]);
        }
    }

    /**
     * Opens a device.
     *
     * @param namespace path of the network namespace it is in
     * @param device its name there
     * @param ringFrames least number of frames in each worker's ring; each takes {@link
     *     PacketSocket#FRAME_SIZE} bytes
     * @param pools of the workers
     */
    public static AfPacketPort open(
            int index,
            String name,
            Path namespace,
            String device,
            int ringFrames,
            List<BufferPool> pools) {
        List<PacketSocket> sockets =
                NetworkNamespace.call(
                        namespace, () -> PacketSocket.openGroup(device, ringFrames, pools.size()));
        return new AfPacketPort(index, name, sockets, pools);
    }

    @Override
    public boolean isUp() {
        return ends[0].isUp();
    }

    @Override
    public void close() {
        for (AfPacketEnd end : ends) {
            end.close();
        }
    }
}
