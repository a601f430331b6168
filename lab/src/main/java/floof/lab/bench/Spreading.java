package floof.lab.bench;

import floof.dataplane.ForwardingGraph;
import floof.dataplane.PacketText;
import floof.dataplane.PortTable;
import floof.dataplane.Rehearsal;
import floof.dataplane.TableView;
import floof.engine.BufferPool;
import floof.engine.CycleClock;
import floof.engine.Depot;
import floof.engine.Frame;
import floof.engine.Generator;
import floof.engine.Graph;
import floof.engine.HandOver;
import floof.engine.Packet;
import floof.engine.PortCounter;
import floof.engine.SharedDepot;
import floof.engine.TimeStampCounter;
import floof.engine.Trace;
import floof.engine.Traffic;
import floof.engine.Waiter;
import floof.linux.system.CurrentThread;
import floof.tables.Limits;
import floof.tables.Tables;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.concurrent.CountDownLatch;

/**
 * {@code ./floof bench spreading [--json]}: what it costs to divide a receive queue between two
 * workers. One receives packets of 64 bytes from a generator; it forwards them all, or half of them
 * and hands the other half over. A worker's clocks per packet are the median of its cycles with
 * packets: one in which the system ran something else does not count. The rate does suffer by it.
 */
public final class Spreading {

    private static final int RUNS = 5;
    private static final long RUN_NS = 1_000_000_000L;
    private static final int CYCLES = 1 << 15;
    private static final int BUFFERS = 256 * Depot.BULK;

    private static final Limits LIMITS =
            new Limits(1 << 15, 1 << 15, 16 << 20, 64, 4, 4, 4, 1, 3, 24, 19);

    private final Results results;
    private final Rehearsal rehearsal;
    private final Depot depot;
    private final double clocksPerNs = TimeStampCounter.clocksPerNs();
    private volatile boolean isOver;

    private Spreading(Results results, Rehearsal rehearsal, Depot depot) {
        this.results = results;
        this.rehearsal = rehearsal;
        this.depot = depot;
    }

    public static void main(String[] words) throws Exception {
        Results results = new Results(List.of(words).contains("--json"));
        new Calibration(results).run();
        try (Held tables = new Held("tables", Tables.fileBytes(LIMITS));
                Held own = new Held("buffers", (long) Frame.SIZE * Packet.BUFFER_BYTES);
                Held shared = new Held("shared", (long) BUFFERS * Packet.BUFFER_BYTES);
                Rehearsal rehearsal =
                        new Rehearsal(
                                tables.region,
                                LIMITS,
                                own.region,
                                Frame.SIZE,
                                Traffic.of(Rehearsal.mixture()))) {
            Depot depot = new SharedDepot(shared.region, BUFFERS);
            new Spreading(results, rehearsal, depot).run();
        }
        if (List.of(words).contains("--json")) {
            System.out.println(results.json());
        }
    }

    /** One side: its graph, and the clocks of its cycles with packets. */
    private final class Side implements Runnable {
        final HandOver handOver;
        final Trace trace = new Trace(new PacketText());
        final Generator input;
        final Generator output;
        final Graph graph;
        final int node;
        final boolean isReader;
        final CountDownLatch settled = new CountDownLatch(1);
        final double[] cycles = new double[CYCLES];
        int used;

        Side(HandOver handOver, Traffic traffic, boolean isReader, boolean isSpread) {
            this.handOver = handOver;
            this.isReader = isReader;
            BufferPool pool = new BufferPool(depot);
            input = new Generator(0, pool, traffic);
            output = new Generator(1, pool, List.of());
            PortTable ports = new PortTable();
            ports.attachDevice(output);
            TableView view = new TableView(rehearsal.tables(), 1 + handOver.number());
            view.online();
            graph = ForwardingGraph.build(view, ports, pool, new CycleClock(), trace, handOver);
            node =
                    graph.indexOf(
                            isSpread ? ForwardingGraph.SPREAD_INPUT : ForwardingGraph.DEVICE_INPUT);
        }

        @Override
        public void run() {
            BitSet cpu = new BitSet();
            cpu.set(handOver.number());
            CurrentThread.runOn(cpu);
            CurrentThread.nice(-20);
            settled.countDown();
            while (!isOver) {
                long start = System.nanoTime();
                int count =
                        isReader
                                ? input.receive(graph.pending(node), Frame.SIZE)
                                : handOver.take(graph, trace, start);
                if (count != 0) {
                    graph.run();
                    cycles[used++ % CYCLES] = (double) (System.nanoTime() - start) / count;
                }
            }
        }

        double clocks() {
            double[] kept = Arrays.copyOf(cycles, Math.min(used, CYCLES));
            return kept.length == 0 ? 0 : Results.median(kept) * clocksPerNs;
        }

        long sent() {
            return output.counter(PortCounter.TX_PACKETS);
        }
    }

    private void run() throws Exception {
        measure("warm-up", true);
        measure("warm-up", false);
        for (boolean isSpread : new boolean[] {false, true}) {
            measure(isSpread ? "spread" : "alone", isSpread);
        }
    }

    private void measure(String row, boolean isSpread) throws Exception {
        double[] rates = new double[RUNS];
        double[] reader = new double[RUNS];
        double[] taker = new double[RUNS];
        double[] lost = new double[RUNS];
        for (int run = 0; run < RUNS; run++) {
            List<HandOver> two = HandOver.among(List.of(Waiter.AWAKE, Waiter.AWAKE));
            Traffic traffic = Workload.ip4One().traffic();
            Side one = new Side(two.get(0), traffic, true, isSpread);
            Side other = new Side(two.get(1), traffic, false, false);
            isOver = false;
            Thread second = Thread.ofPlatform().start(other);
            other.settled.await();
            Thread first = Thread.ofPlatform().start(one);
            Thread.sleep(RUN_NS / 1_000_000);
            isOver = true;
            first.join();
            second.join();
            long received = one.input.counter(PortCounter.RX_PACKETS);
            rates[run] = (one.sent() + other.sent()) * 1e3 / RUN_NS;
            reader[run] = one.clocks();
            taker[run] = other.clocks();
            lost[run] = 100.0 * two.get(0).counter(HandOver.FULL) / received;
        }
        if (row.equals("warm-up")) {
            return;
        }
        double[] rate = results.add(row, "million packets/s", rates);
        results.say(
                "%-8s %6.2f (%.2f to %.2f) million packets/s; reader %.1f clocks per packet,"
                        + " taker %.1f per packet taken; %.2f %% lost",
                row,
                rate[1],
                rate[0],
                rate[2],
                Results.median(reader),
                Results.median(taker),
                Results.median(lost));
    }
}
