package floof.dataplane;

import floof.engine.Frame;
import floof.engine.HandOver;
import floof.engine.Node;
import java.util.List;

/**
 * Where packets leave this worker for others: gives them what the nodes before have staged. No node
 * before it may stage a packet and give it another exit. Thread: worker.
 */
public final class HandOverNode implements Node {

    private final HandOver handOver;

    public HandOverNode(HandOver handOver) {
        this.handOver = handOver;
    }

    @Override
    public String name() {
        return "hand-over";
    }

    @Override
    public List<String> exits() {
        return List.of();
    }

    @Override
    public void process(Frame frame) {
        handOver.publish();
    }
}
