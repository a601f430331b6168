package floof.dataplane;

import floof.engine.Frame;
import floof.engine.HandOver;
import floof.engine.Node;

/**
 * Hands packets over to other workers: publishes the packets that earlier nodes have staged. No
 * earlier node may stage a packet and give it another exit. Thread: worker.
 */
public record HandOverNode(HandOver handOver) implements Node {

    @Override
    public void process(Frame frame) {
        handOver.publish();
    }
}
