package floof.ports;

import floof.base.MacAddress;
import floof.engine.BufferPool;
import floof.linux.net.Tap;
import floof.linux.system.PidFd;
import java.util.List;

/**
 * A TAP device: the port receives what Linux sends on it, and Linux receives what the port
 * transmits. A port's twin is a TAP. One worker reads, so that frames from Linux keep their order;
 * all workers write. The port's number selects the reader, so that several ports have several
 * readers.
 */
public final class TapPort extends SharedPort {

    private final Tap tap;
    private final int descriptor;
    private final TapEnd[] ends;

    /**
     * @param index number of the port
     * @param name of the port
     * @param tap owned by the port, which closes it; the device persists
     * @param pools of the workers
     */
    public TapPort(int index, String name, Tap tap, List<BufferPool> pools) {
        super(index, name, pools.size());
        this.tap = tap;
        this.descriptor = tap.fd().number();
        ends = new TapEnd[pools.size()];
        for (int i = 0; i < ends.length; i++) {
            ends[i] = new TapEnd(index, tap, i == index % ends.length, pools.get(i));
            end(i, ends[i]);
        }
    }

    /**
     * Shares the open file of another process, so that the device keeps its carrier if one of the
     * two dies.
     *
     * @param device the name that it must have
     * @param pid the process
     * @param number the descriptor in that process
     */
    public static TapPort share(
            int index, String name, String device, long pid, int number, List<BufferPool> pools) {
        try (PidFd process = PidFd.open(pid)) {
            Tap tap = Tap.adopt(process.fetch(number, "TAP " + device), device);
            return new TapPort(index, name, tap, pools);
        }
    }

    public MacAddress mac() {
        return tap.mac();
    }

    public void setMac(MacAddress mac) {
        tap.setMac(mac);
    }

    /** Number of the device's open file in this process. */
    public int descriptor() {
        return descriptor;
    }

    /** Whether somebody deleted the device, which makes its descriptor useless. Thread: any. */
    public boolean isGone() {
        for (TapEnd end : ends) {
            if (end.isGone()) {
                return true;
            }
        }
        return false;
    }

    /** Shows Linux the link as up or down. Thread: any. */
    public void carrier(boolean isUp) {
        tap.carrier(isUp);
    }

    @Override
    public void close() {
        tap.close();
        for (TapEnd end : ends) {
            end.close();
        }
    }
}
