package floof.dataplane;

import floof.base.Reason;
import floof.dataplane.PortTable.Output;
import floof.engine.BufferPool;
import floof.engine.Frame;
import floof.engine.HandOver;
import floof.engine.Node;
import floof.engine.Packet;
import floof.engine.PortCounter;
import floof.engine.PortEnd;
import floof.tables.Counters;
import org.jspecify.annotations.Nullable;

/**
 * Sends packets out of the port in their metadata, one burst per port, and counts them at the
 * interface. Packets that the port does not accept are dropped as OUTPUT_FULL; those without a
 * port, as INTERFACE_DOWN. If another worker sends to the port, that worker's port-output gets the
 * packets. Thread: worker.
 */
public final class PortOutputNode implements Node {

    private final TableView view;
    private final PortTable ports;
    private final BufferPool pool;
    private final HandOver handOver;
    private final int self;
    private final @Nullable Output[] touched = new @Nullable Output[Frame.SIZE];

    /**
     * @param self index of this node
     */
    public PortOutputNode(
            TableView view, PortTable ports, BufferPool pool, HandOver handOver, int self) {
        this.view = view;
        this.ports = ports;
        this.pool = pool;
        this.handOver = handOver;
        this.self = self;
    }

    @Override
    public void process(Frame frame) {
        long[] packets = frame.packets;
        int count = frame.count;
        Output only = ports.device(Packet.port(packets[0]));
        if (only != null && isAlike(packets, count)) {
            send(only, packets, count);
        } else {
            sort(packets, count);
        }
    }

    /** Whether all packets go out of the same port. */
    private static boolean isAlike(long[] packets, int count) {
        int first = Packet.port(packets[0]);
        int differences = 0;
        for (int i = 1; i < count; i++) {
            differences |= Packet.port(packets[i]) ^ first;
        }
        return differences == 0;
    }

    private void sort(long[] packets, int count) {
        int used = 0;
        for (int i = 0; i < count; i++) {
            long packet = packets[i];
            Output output = ports.device(Packet.port(packet));
            if (output == null) {
                view.countDrops(Reason.INTERFACE_DOWN, Packet.output(packet), 1);
                pool.give(packet);
                continue;
            }
            if (output.count == 0) {
                touched[used++] = output;
            }
            output.batch[output.count++] = packet;
        }
        for (int i = 0; i < used; i++) {
            Output ready = touched[i];
            if (ready != null) {
                int waiting = ready.count;
                ready.count = 0;
                send(ready, ready.batch, waiting);
            }
        }
    }

    private void send(Output output, long[] packets, int count) {
        if (output.sender != PortEnd.ITSELF) {
            handOver(output.sender, packets, count);
            return;
        }
        int iface = Packet.output(packets[0]);
        long bytesBefore = output.end.counter(PortCounter.TX_BYTES);
        int taken = output.end.transmit(packets, count);
        long bytes = output.end.counter(PortCounter.TX_BYTES) - bytesBefore;
        view.countInterface(iface, Counters.TX_PACKETS, taken);
        view.countInterface(iface, Counters.TX_BYTES, bytes);
        if (taken < count) {
            view.countDrops(Reason.OUTPUT_FULL, iface, count - taken);
        }
    }

    /** The sender counts them as sent; this counts only packets that do not reach it. */
    private void handOver(int sender, long[] packets, int count) {
        for (int i = 0; i < count; i++) {
            if (!handOver.stage(sender, self, packets[i])) {
                view.countDrops(Reason.HAND_OVER_FULL, Packet.output(packets[i]), 1);
                pool.give(packets[i]);
            }
        }
        handOver.publish();
    }
}
