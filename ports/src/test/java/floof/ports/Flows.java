package floof.ports;

import static org.assertj.core.api.Assertions.assertThat;

import floof.engine.BufferPool;
import floof.engine.Frame;
import floof.engine.Port;
import floof.testkit.Eventually;
import floof.testkit.Packets;
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
        String here = "10.0.0." + flow;
        String there = "10.1.0." + flow;
        byte[] payload = ByteBuffer.allocate(22).putInt(2, number).array();
        byte[] bytes =
                isReply
                        ? packet(there, here, Packets.udp(2000, 1000, payload))
                        : packet(here, there, Packets.udp(1000, 2000, payload));
        return Packets.mendHeader(Packets.with(bytes, 20, fragment >> 8, fragment), 14);
    }

    private static byte[] packet(String from, String to, byte[] udp) {
        return Packets.ip(Bed.STATION, from, to, 64, 17, udp);
    }

    /**
     * What the ends receive until there are {@code count} or {@link Eventually#LIMIT} is over: the
     * numbers, and whose they are.
     *
     * @param pools of the workers
     */
    static Map<Integer, Integer> receive(Port port, List<BufferPool> pools, int count) {
        Map<Integer, Integer> endOfNumber = new HashMap<>();
        Eventually.holds(() -> {
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
            return endOfNumber.size() >= count;
        });
        return endOfNumber;
    }
}
