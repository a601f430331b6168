package floof.dataplane;

import floof.base.Reason;
import floof.dataplane.PortTable.Output;
import floof.engine.BufferPool;
import floof.engine.CycleClock;
import floof.engine.Frame;
import floof.engine.Node;
import floof.engine.Packet;
import floof.tables.Counters;
import floof.tables.Tables;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Hands packets to Linux: polices each under its reason, then puts the frame, unchanged, on the
 * twin of the port it came by. Control traffic of a cycle goes before all other. Thread: worker.
 */
public final class ExceptionNode implements Node {

    private static final boolean[] IS_CONTROL = isControl();

    private final Tables tables;
    private final int worker;
    private final PortTable ports;
    private final BufferPool pool;
    private final CycleClock clock;
    private final Policer policer = new Policer();
    private final long[] data = new long[Frame.SIZE];
    private final byte[] reasons = new byte[Frame.SIZE];
    private final @Nullable Output[] touched = new @Nullable Output[Frame.SIZE];
    private boolean started;

    public ExceptionNode(
            Tables tables, int worker, PortTable ports, BufferPool pool, CycleClock clock) {
        this.tables = tables;
        this.worker = worker;
        this.ports = ports;
        this.pool = pool;
        this.clock = clock;
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
    public String name() {
        return "exception";
    }

    @Override
    public List<String> exits() {
        return List.of();
    }

    @Override
    public void process(Frame frame) {
        if (!started) {
            policer.start(clock.nowNs);
            started = true;
        }
        long row = tables.reasonCounters(worker);
        int control = 0;
        int plain = 0;
        for (int i = 0; i < frame.count; i++) {
            long packet = frame.packets[i];
            int reason = Packet.reason(packet);
            if (!policer.admits(reason, clock.nowNs)) {
                Counters.add(Counters.reason(row, reason) + Counters.POLICED, 1);
                count(Packet.input(packet), Counters.DROPPED, 1);
                pool.give(packet);
            } else if (IS_CONTROL[reason]) {
                frame.packets[control++] = packet; // control <= i: overwrites only what was read
            } else {
                data[plain++] = packet;
            }
        }
        deliver(frame.packets, control, row);
        deliver(data, plain, row);
    }

    /** One burst per twin. */
    private void deliver(long[] packets, int count, long row) {
        int used = 0;
        for (int i = 0; i < count; i++) {
            long packet = packets[i];
            Output twin = ports.twin(Packet.port(packet));
            if (twin == null) {
                countLost(row, Packet.input(packet), 1);
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
                send(twin, row);
            }
        }
    }

    private void send(Output twin, long row) {
        int count = twin.count;
        twin.count = 0;
        // A twin's packets came by one port. Afterwards the buffers are not ours.
        int input = Packet.input(twin.batch[0]);
        for (int i = 0; i < count; i++) {
            reasons[i] = (byte) Packet.reason(twin.batch[i]);
        }
        int taken = twin.port.transmit(twin.batch, count);
        for (int i = 0; i < taken; i++) {
            Counters.add(Counters.reason(row, reasons[i]) + Counters.PASSED, 1);
        }
        count(input, Counters.EXCEPTED, taken);
        if (taken < count) {
            countLost(row, input, count - taken);
        }
    }

    /** What Linux did not take is no exception any more: each packet is counted once. */
    private void countLost(long row, int input, int packets) {
        Counters.add(Counters.reason(row, Reason.TWIN_FULL.ordinal()) + Counters.PASSED, packets);
        count(input, Counters.DROPPED, packets);
    }

    private void count(int iface, int counter, int packets) {
        Counters.add(tables.interfaceCounters(worker, iface) + counter, packets);
    }
}
