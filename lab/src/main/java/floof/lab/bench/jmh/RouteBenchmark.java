package floof.lab.bench.jmh;

import floof.base.Family;
import floof.base.Prefix;
import floof.engine.Frame;
import floof.lab.bench.Stage;
import floof.lab.bench.Workload;
import floof.tables.Adjacency;
import floof.tables.Limits;
import floof.tables.Outcome;
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
 * 256 scattered routes put into tables that hold so many already; they are taken out again in
 * between, and others come next.
 */
@SuppressWarnings("NullAway.Init") // JMH calls build first
@State(Scope.Thread)
@BenchmarkMode(Mode.SampleTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class RouteBenchmark {

    /** Routes that come and go. */
    private static final int CHANGING = 16 * Frame.SIZE;

    @Param({"ip4", "ip6"})
    public String family = "";

    @Param({"1", "10k", "1m"})
    public String routes = "";

    private Desk desk;
    private List<Prefix> prefixes;
    private int standing;
    private int at;

    @Setup
    public void build() throws Exception {
        standing = Integer.parseInt(routes.replace("k", "000").replace("m", "000000"));
        Family ip = family.equals("ip4") ? Family.IP4 : Family.IP6;
        prefixes = Workload.prefixes(ip, standing + CHANGING);
        Limits many = ip == Family.IP4 ? Stage.IP4_MANY : Stage.IP6_MANY;
        desk = new Desk(routes.equals("1m") ? many : Stage.SMALL);
        prefixes.subList(0, standing).forEach(this::put);
    }

    @TearDown
    public void end() {
        desk.close();
    }

    private List<Prefix> changing() {
        int begin = standing + at;
        return prefixes.subList(begin, begin + Frame.SIZE);
    }

    private void put(Prefix prefix) {
        Outcome outcome = desk.writer.putRoute(0, prefix, 0, Adjacency.LOCAL, 0);
        if (outcome != Outcome.DONE) {
            throw new IllegalStateException("route " + prefix + ": " + outcome);
        }
    }

    @Benchmark
    public void insert() {
        changing().forEach(this::put);
    }

    /** Takes them out again; the memory is free before the next invocation. */
    @TearDown(Level.Invocation)
    public void remove() {
        for (Prefix prefix : changing()) {
            if (desk.writer.removeRoute(0, prefix) != Outcome.DONE) {
                throw new IllegalStateException("route " + prefix + " was not there");
            }
        }
        desk.writer.reclaim();
        at = (at + Frame.SIZE) % CHANGING;
    }
}
