package floof.dataplane;

import floof.base.Reason;
import floof.dataplane.PortTable.Output;
import floof.engine.BufferPool;
import floof.engine.Frame;
import floof.engine.Node;
import floof.engine.Packet;
import floof.tables.Counters;
import org.jspecify.annotations.Nullable;

/**
 * Hands packets to Linux: writes the unchanged frame to the twin of its input port. The control
 * traffic of a cycle goes first. Thread: worker.
 */
public final class TwinOutputNode implements Node {

    private static final boolean[] IS_CONTROL = isControl();

    private final TableView view;
    private final PortTable ports;
    private final BufferPool pool;
    private final long[] control = new long[Frame.SIZE];
    private final long[] data = new long[Frame.SIZE];
    private final byte[] reasons = new byte[Frame.SIZE];
    private final @Nullable Output[] touched = new @Nullable Output[Frame.SIZE];

    public TwinOutputNode(TableView view, PortTable ports, BufferPool pool) {
        this.view = view;
        this.ports = ports;
        this.pool = pool;
    }

    private static boolean[] isControl() {
        Reason[] reasons = Reason.values();
        boolean[] isControl = new boolean[reasons.length];
        for (Reason reason : reasons) {
            isControl[reason.ordinal()] = reason.kind() == Reason.Kind.CONTROL;
        }
        return isControl;
    }

    @Override
    public void process(Frame frame) {
        int controls = 0;
        int others = 0;
        for (int i = 0; i < frame.count; i++) {
            long packet = frame.packets[i];
            if (IS_CONTROL[Packet.reason(packet)]) {
                control[controls++] = packet;
            } else {
                data[others++] = packet;
            }
        }
        deliver(control, controls);
        deliver(data, others);
    }

    /** One burst per twin. */
    private void deliver(long[] packets, int count) {
        int used = 0;
        for (int i = 0; i < count; i++) {
            long packet = packets[i];
            Output twin = ports.twin(Packet.port(packet));
            if (twin == null) {
                view.countDrops(Reason.TWIN_FULL, Packet.input(packet), 1);
                pool.give(packet);
                continue;
            }
            if (twin.count == 0) {
                touched[used++] = twin;
            }
            twin.batch[twin.count++] = packet;
        }
        for (int i = 0; i < used; i++) {
            Output twin = touched[i];
            if (twin != null) {
                send(twin);
            }
        }
    }

    /** All packets of a twin arrived on one interface. */
    private void send(Output twin) {
        int count = twin.count;
        twin.count = 0;
        int iface = Packet.input(twin.batch[0]);
        for (int i = 0; i < count; i++) {
            reasons[i] =
                    (byte)
                            Packet.reason(
                                    twin.batch[i]); // afterwards the buffers are no longer ours
        }
        int taken = twin.end.transmit(twin.batch, count);
        for (int i = 0; i < taken; i++) {
            view.countReason(reasons[i], Counters.PASSED, 1);
        }
        view.countInterface(iface, Counters.EXCEPTED, taken);
        if (taken < count) {
            // A packet that Linux did not accept no longer counts as an exception: each counts
            // once.
            view.countDrops(Reason.TWIN_FULL, iface, count - taken);
        }
    }
}
