package floof.dataplane;

import floof.engine.CycleClock;
import floof.engine.Frame;
import floof.engine.Node;
import floof.engine.Packet;
import java.util.List;

/**
 * Polices each packet for Linux under its reason, so that none of them takes all of the time.
 * Thread: worker.
 */
public final class ExceptionNode implements Node {

    private static final byte PASS = 0;
    private static final byte DROP = 1;

    private final CycleClock clock;
    private final Policer policer;

    public ExceptionNode(CycleClock clock) {
        this.clock = clock;
        policer = new Policer(clock.nowNs);
    }

    @Override
    public String name() {
        return "exception";
    }

    @Override
    public List<String> exits() {
        return List.of("twin-output", "drop");
    }

    @Override
    public void process(Frame frame) {
        long nowNs = clock.nowNs;
        for (int i = 0; i < frame.count; i++) {
            int reason = Packet.reason(frame.packets[i]);
            frame.exits[i] = policer.admits(reason, nowNs) ? PASS : DROP;
        }
    }
}
