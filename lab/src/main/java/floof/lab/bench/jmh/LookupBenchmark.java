package floof.lab.bench.jmh;

import floof.base.Family;
import floof.engine.Frame;
import floof.lab.bench.Stage;
import floof.lab.bench.Ways;
import floof.lab.bench.Workload;
import floof.tables.FrameLookup;
import floof.tables.Ip4Lookup;
import floof.tables.Ip6Lookup;
import floof.tables.Tables;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/**
 * Longest-prefix matches, plainly one by one and by frames, of the destinations of the rows of
 * {@code bench forwarding} in the same order. Reading the keys is in the time.
 */
@SuppressWarnings("NullAway.Init") // JMH calls build first
@State(Scope.Thread)
@BenchmarkMode(Mode.SampleTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class LookupBenchmark {

    @Param({"ip4", "ip6"})
    public String family = "";

    @Param({"1", "10k", "1m"})
    public String routes = "";

    private final FrameLookup lookup = new FrameLookup(Frame.SIZE);
    private Stage stage;
    private long fib;
    private boolean isIp4;

    /** Destinations: the first 64 bits, an IPv4 address in the upper half, and the rest. */
    private long[] high;

    private long[] low;
    private int at;

    @Setup
    public void build() throws Exception {
        WarmGraph.require();
        isIp4 = family.equals("ip4");
        Workload workload = workload(isIp4 ? Family.IP4 : Family.IP6, routes);
        stage =
                new Stage(
                        !routes.equals("1m")
                                ? Stage.SMALL
                                : isIp4 ? Stage.IP4_MANY : Stage.IP6_MANY,
                        workload.traffic());
        workload.insert(stage.rehearsal());
        int frames = Math.max(1, workload.destinations() / Frame.SIZE);
        high = new long[frames * Frame.SIZE];
        low = new long[high.length];
        for (int i = 0; i < high.length; i++) {
            high[i] = workload.high(i % workload.destinations());
            low[i] = workload.low(i % workload.destinations());
        }
        Tables tables = stage.rehearsal().tables();
        long generation = tables.generation();
        fib = isIp4 ? tables.fib4(generation, 0) : tables.fib6(generation, 0);
        check(stage.rehearsal().neighbour(0));
    }

    private static Workload workload(Family family, String routes) {
        boolean isIp4 = family == Family.IP4;
        return switch (routes) {
            case "1" -> isIp4 ? Workload.ip4One() : Workload.ip6One();
            case "10k" -> isIp4 ? Workload.ip4Few(Ways.ONE) : Workload.ip6Few(Ways.ONE);
            default -> isIp4 ? Workload.ip4Many(Ways.ONE) : Workload.ip6Many(Ways.ONE);
        };
    }

    /** Both ways find the route of every destination. */
    private void check(int leaf) {
        for (int i = 0; i < high.length; i += Frame.SIZE) {
            frame();
            for (int j = 0; j < Frame.SIZE; j++) {
                int plain =
                        isIp4
                                ? Ip4Lookup.leaf(fib, (int) (high[i + j] >>> 32))
                                : Ip6Lookup.leaf(fib, high[i + j], low[i + j]);
                if (plain != leaf || lookup.leaves[j] != leaf) {
                    throw new IllegalStateException(
                            "destination "
                                    + (i + j)
                                    + ": leaf "
                                    + plain
                                    + ", by frames "
                                    + lookup.leaves[j]);
                }
            }
        }
    }

    @TearDown
    public void end() {
        stage.close();
    }

    /** Where the next 256 destinations are. */
    private int next() {
        int begin = at;
        at = begin + Frame.SIZE == high.length ? 0 : begin + Frame.SIZE;
        return begin;
    }

    @Benchmark
    public int plain() {
        int begin = next();
        int sum = 0;
        if (isIp4) {
            for (int i = begin; i < begin + Frame.SIZE; i++) {
                sum += Ip4Lookup.leaf(fib, (int) (high[i] >>> 32));
            }
        } else {
            for (int i = begin; i < begin + Frame.SIZE; i++) {
                sum += Ip6Lookup.leaf(fib, high[i], low[i]);
            }
        }
        return sum;
    }

    @Benchmark
    public int frame() {
        int begin = next();
        System.arraycopy(high, begin, lookup.high, 0, Frame.SIZE);
        if (!isIp4) {
            System.arraycopy(low, begin, lookup.low, 0, Frame.SIZE);
        }
        lookup.find(fib, 0, Frame.SIZE);
        return lookup.leaves[begin & Frame.SIZE - 1];
    }
}
