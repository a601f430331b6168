package floof.lab.bench.jmh;

import floof.base.IpAddress;
import floof.base.MacAddress;
import floof.base.Reason;
import floof.engine.Frame;
import floof.memory.Memory;
import floof.tables.Adjacency;
import floof.tables.Limits;
import floof.tables.Tables;
import java.util.Random;
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

/** 256 next hops chosen at random among so many: read as a worker reads them, and resolved anew. */
@SuppressWarnings("NullAway.Init") // JMH calls build first
@State(Scope.Thread)
@BenchmarkMode(Mode.SampleTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class AdjacencyBenchmark {

    private static final MacAddress SELF = MacAddress.parse("02:00:00:00:00:02");
    private static final int MTU = 1500;
    private static final int DRAWN = 1 << 20;
    private static final int GROUPS = 1024;
    private static final int MEMBERS = 8;

    @Param({"1", "10k", "1m"})
    public String adjacencies = "";

    private Desk desk;
    private Tables tables;
    private long generation;

    /** Adjacencies, and groups of eight of them, in no order. */
    private final int[] drawn = new int[DRAWN];

    private final int[] groups = new int[DRAWN];
    private int at;

    @Setup
    public void build() throws Exception {
        int count = Integer.parseInt(adjacencies.replace("k", "000").replace("m", "000000"));
        desk = new Desk(new Limits(64, 64, 1 << 20, count + 64, GROUPS, 4, 4, 1, 1, 8, 8));
        tables = desk.writer.tables();
        int iface = desk.writer.addInterface(0, 1);
        int[] leaves = new int[count];
        for (int i = 0; i < count; i++) {
            IpAddress nextHop = IpAddress.ip4((10 << 24) + i);
            leaves[i] = desk.writer.addAdjacency(iface, 0, nextHop, Reason.NEIGHBOUR_UNRESOLVED);
            desk.writer.forward(leaves[i], mac(i), SELF, 1, MTU);
        }
        generation = tables.generation();
        Random random = new Random(count);
        int[] all = new int[Math.min(count, GROUPS)];
        int[] members = new int[MEMBERS];
        int[] weights = new int[MEMBERS];
        java.util.Arrays.fill(weights, 1);
        for (int i = 0; i < all.length; i++) {
            for (int j = 0; j < MEMBERS; j++) {
                members[j] = leaves[random.nextInt(count)];
            }
            all[i] = desk.writer.group(members, weights);
        }
        for (int i = 0; i < DRAWN; i++) {
            drawn[i] = leaves[random.nextInt(count)];
            groups[i] = all[random.nextInt(all.length)];
        }
    }

    private static MacAddress mac(int number) {
        return new MacAddress(0x02_00_01_00_00_00L + number);
    }

    @TearDown
    public void end() {
        desk.close();
    }

    private int next() {
        int begin = at;
        at = begin + Frame.SIZE & DRAWN - 1;
        return begin;
    }

    /** Action, output interface and rewrite. */
    @Benchmark
    public long read() {
        int begin = next();
        long sum = 0;
        for (int i = begin; i < begin + Frame.SIZE; i++) {
            sum += of(drawn[i]);
        }
        return sum;
    }

    private long of(int index) {
        long at = tables.adjacency(generation, index);
        return Adjacency.action(at)
                + Adjacency.iface(at)
                + Memory.getLong(at + Adjacency.REWRITE)
                + Memory.getInt(at + Adjacency.REWRITE + 8);
    }

    /** The same of the member of a group for a flow. */
    @Benchmark
    public long readMember() {
        int begin = next();
        long sum = 0;
        for (int i = begin; i < begin + Frame.SIZE; i++) {
            sum += of(tables.adjacencyIndex(generation, groups[i], i * 0x9e37_79b1 >>> 16));
        }
        return sum;
    }

    /** As the manager does when a neighbour's MAC has changed. */
    @Benchmark
    public void resolve() {
        int begin = next();
        for (int i = begin; i < begin + Frame.SIZE; i++) {
            desk.writer.forward(drawn[i], mac(i), SELF, 1, MTU);
        }
    }
}
