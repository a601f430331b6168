package floof.dataplane;

import floof.base.Reason;
import floof.engine.Frame;
import floof.engine.PortCounter;
import floof.engine.PortEnd;
import floof.tables.Counters;
import floof.tables.Limits;
import org.jspecify.annotations.Nullable;

/**
 * A worker's ends of the ports by index: the device and its twin, each with the packets that wait
 * to be sent there. Thread: the worker; its commands attach and detach ports.
 */
public final class PortTable {

    /** Most ports: those of the largest machine. */
    public static final int PORTS_MAX = Limits.PORTS_MOST;

    /** A port, and the packets that leave through it in this cycle. */
    static final class Output {
        final PortEnd end;

        /** The worker that sends, or {@link PortEnd#ITSELF}. */
        final int sender;

        final long[] batch = new long[Frame.SIZE];
        int count;

        /** Its losses that are already counted. */
        private long noBuffer;

        private long badLength;

        Output(PortEnd end) {
            this.end = end;
            sender = end.sender();
        }
    }

    private final @Nullable Output[] devices = new @Nullable Output[PORTS_MAX];
    private final @Nullable Output[] twins = new @Nullable Output[PORTS_MAX];

    /** All indexes in use are below. */
    private int end;

    /** A device; a port without one is just its twin. */
    public void attachDevice(PortEnd device) {
        devices[device.index()] = new Output(device);
        end = Math.max(end, device.index() + 1);
    }

    public void attachTwin(PortEnd twin) {
        twins[twin.index()] = new Output(twin);
        end = Math.max(end, twin.index() + 1);
    }

    /** Removes an end of a device or twin; returns whether it existed. */
    public boolean detach(PortEnd end) {
        return detach(devices, end) | detach(twins, end);
    }

    private static boolean detach(@Nullable Output[] outputs, PortEnd end) {
        Output output = outputs[end.index()];
        if (output == null || output.end != end) {
            return false;
        }
        outputs[end.index()] = null;
        return true;
    }

    /** Adds packets that the ends could not receive to the other drops, by interface and reason. */
    public void countLosses(TableView view) {
        for (int index = 0; index < end; index++) {
            Output device = devices[index];
            if (device != null) {
                countLosses(view, device, Counters.RX_PACKETS);
            }
            Output twin = twins[index];
            if (twin != null) {
                countLosses(view, twin, Counters.FROM_LINUX);
            }
        }
    }

    private static void countLosses(TableView view, Output output, int received) {
        long noBuffer = output.end.counter(PortCounter.RX_NO_BUFFER);
        long badLength = output.end.counter(PortCounter.RX_BAD_LENGTH);
        long lost = noBuffer - output.noBuffer + badLength - output.badLength;
        if (lost != 0) {
            int iface = view.tables.interfaceOfPort(view.generation, output.end.index());
            view.countInterface(iface, received, lost);
            view.countDrops(Reason.NO_BUFFER, iface, noBuffer - output.noBuffer);
            view.countDrops(Reason.OVERSIZED, iface, badLength - output.badLength);
            output.noBuffer = noBuffer;
            output.badLength = badLength;
        }
    }

    @Nullable Output device(int index) {
        return index < PORTS_MAX ? devices[index] : null;
    }

    @Nullable Output twin(int index) {
        return index < PORTS_MAX ? twins[index] : null;
    }
}
