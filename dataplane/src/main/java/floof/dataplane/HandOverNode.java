package floof.dataplane;

import floof.engine.Frame;
import floof.engine.HandOver;
import floof.engine.Node;
import java.util.List;

/**
 * Hands packets over to other workers: publishes the packets that earlier nodes have staged. No
 * earlier node may stage a packet and give it another exit. Thread: worker.
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
