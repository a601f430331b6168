package floof.lab.bench.jmh;

import floof.dataplane.Rehearsal;
import floof.engine.Frame;
import floof.engine.Graph;
import floof.lab.bench.Stage;
import floof.lab.bench.Workload;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/**
 * A node alone. Before each invocation 256 packets are written and go through the nodes before it,
 * frame by frame; then it processes them, called as the graph calls it, among all the others; then
 * its exits are looked at. An invocation copies the packets into the one frame and the exits out of
 * it, as the graph's dealing does: less than a clock per packet in frames of 256, some five in
 * frames of one.
 */
@SuppressWarnings("NullAway.Init") // JMH calls build first
@State(Scope.Thread)
@BenchmarkMode(Mode.SampleTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class NodeBenchmark {

    /** A {@link Scene}. */
    @Param({
        "ethernet-input",
        "ip4-input",
        "ip6-input",
        "ip4-lookup",
        "ip6-lookup",
        "ip4-rewrite",
        "ip6-rewrite",
        "port-output",
        "twin-input",
        "receive-spread",
        "exception",
        "twin-output",
        "drop",
        "ip4-lookup-ecmp8",
        "ip4-rewrite-16-next-hops",
        "ip6-rewrite-16-next-hops",
        "port-output-4-ports"
    })
    public String scene = "";

    /** Packets per frame. */
    @Param({"256", "8", "1"})
    public int size;

    private final long[] packets = new long[Frame.SIZE];
    private final byte[] exits = new byte[Frame.SIZE];
    private final Frame frame = new Frame();

    private Stage stage;
    private Graph graph;
    private int node;
    private int from;
    private int next;
    private int exitCount;

    @Setup
    public void build() throws Exception {
        Scene played = Scene.named(scene);
        WarmGraph.require();
        Workload workload = played.workload().get();
        stage = new Stage(Stage.SMALL, workload.traffic());
        workload.insert(stage.rehearsal());
        graph = stage.rehearsal().graph();
        node = graph.indexOf(played.node());
        from = played.from().isEmpty() ? -1 : graph.indexOf(played.from());
        List<String> names = graph.place(node).exits();
        exitCount = names.size();
        next = names.indexOf(played.next());
    }

    @TearDown
    public void end() {
        stage.close();
    }

    @Setup(Level.Invocation)
    public void receive() {
        Rehearsal rehearsal = stage.rehearsal();
        for (int i = 0; i < Frame.SIZE; i += size) {
            Frame waiting = frame;
            if (from < 0) {
                rehearsal.readClock();
                rehearsal.generator().receive(waiting, size);
            } else {
                rehearsal.receive(size);
                graph.runBefore(from);
                waiting = graph.pending(from);
            }
            if (waiting.count != size) {
                throw new IllegalStateException(
                        waiting.count + " packets of " + size + " came to " + scene);
            }
            System.arraycopy(waiting.packets, 0, packets, i, size);
            waiting.clear();
        }
    }

    @Benchmark
    public void process() {
        int each = size;
        for (int i = 0; i < Frame.SIZE; i += each) {
            for (int j = 0; j < each; j++) {
                frame.packets[j] = packets[i + j];
            }
            frame.count = each;
            graph.process(node, frame);
            for (int j = 0; j < each; j++) {
                exits[i + j] = frame.exits[j];
            }
        }
    }

    /** Every packet went where it had to; those that did not end here are given back. */
    @TearDown(Level.Invocation)
    public void check() {
        frame.clear();
        if (exitCount == 0) {
            return; // they are in the pool again, or the next invocation finds none
        }
        for (int i = 0; i < Frame.SIZE; i++) {
            if (exits[i] < 0 || exits[i] >= exitCount || next >= 0 && exits[i] != next) {
                throw new IllegalStateException("a packet left " + scene + " by " + exits[i]);
            }
        }
        System.arraycopy(packets, 0, frame.packets, 0, Frame.SIZE);
        frame.count = Frame.SIZE;
        stage.rehearsal().giveBack(frame);
    }
}
