package floof.dataplane;

import floof.engine.Frame;
import floof.engine.PortEnd;
import org.jspecify.annotations.Nullable;

/**
 * A worker's ends of the ports by their index: the device and its twin, each with the packets that
 * wait to be sent there. Thread: the worker; attached and detached by its commands.
 */
public final class PortTable {

    /** Ports at most; their index is the upper bound of all loops over them. */
    public static final int PORTS_MAX = 256;

    /** A port and what goes out of it in this cycle. */
    static final class Output {
        final PortEnd end;
        final long[] batch = new long[Frame.SIZE];
        int count;

        Output(PortEnd end) {
            this.end = end;
        }
    }

    private final @Nullable Output[] devices = new @Nullable Output[PORTS_MAX];
    private final @Nullable Output[] twins = new @Nullable Output[PORTS_MAX];

    /** A device; or a port without one, which is its twin alone. */
    public void attachDevice(PortEnd device) {
        devices[device.index()] = new Output(device);
    }

    public void attachTwin(PortEnd twin) {
        twins[twin.index()] = new Output(twin);
    }

    public void detach(int index) {
        devices[index] = null;
        twins[index] = null;
    }

    @Nullable Output device(int index) {
        return index < PORTS_MAX ? devices[index] : null;
    }

    @Nullable Output twin(int index) {
        return index < PORTS_MAX ? twins[index] : null;
    }
}
