package floof.ports;

import static org.assertj.core.api.Assertions.assertThat;

import floof.engine.BufferPool;
import floof.engine.Frame;
import floof.engine.Port;
import floof.testkit.Eventually;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Numbered packets of several flows, and which worker received them. */
final class Flows {

    private Flows() {}

    /** A UDP packet of a flow, or a fragment of one; {@code number} is its payload. */
    static byte[] packet(int flow, boolean isReply, int fragment, int number) {
        int here = 0x0a00_0000 | flow;
        int there = 0x0a01_0000 | flow;
        byte[] bytes = Bed.ETHERNET.clone();
        ByteBuffer buffer = ByteBuffer.allocate(64).put(bytes);
        buffer.putShort(12, (short) 0x0800)
                .putInt(14, 0x4500_0032)
                .putInt(18, fragment)
                .putInt(22, 0x4011_0000)
                .putInt(26, isReply ? there : here)
                .putInt(30, isReply ? here : there)
                .putInt(34, isReply ? 2000 << 16 | 1000 : 1000 << 16 | 2000)
                .putInt(44, number);
        return buffer.array();
    }

    /**
     * What the ends receive until there are {@code count}: the numbers, and whose they are; two
     * minutes at most.
     *
     * @param pools of the workers
     */
    static Map<Integer, Integer> receive(Port port, List<BufferPool> pools, int count) {
        Map<Integer, Integer> endOfNumber = new HashMap<>();
        long deadlineNs = System.nanoTime() + Eventually.LIMIT.toNanos();
        do {
            for (int worker = 0; worker < pools.size(); worker++) {
                Frame frame = new Frame();
                port.end(worker).receive(frame, Frame.SIZE);
                for (int i = 0; i < frame.count; i++) {
                    byte[] bytes = Bed.bytes(frame.packets[i]);
                    pools.get(worker).give(frame.packets[i]);
                    if (!Arrays.equals(bytes, 0, 12, Bed.ETHERNET, 0, 12)) {
                        continue; // Linux says something of its own
                    }
                    int number = ByteBuffer.wrap(bytes).getInt(44);
                    assertThat(endOfNumber.put(number, worker))
                            .as("second copy of %d, by worker %d", number, worker)
                            .isNull();
                }
            }
        } while (endOfNumber.size() < count && System.nanoTime() < deadlineNs);
        return endOfNumber;
    }
}
