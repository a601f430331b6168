package floof.app;

import floof.control.plan.CoreAssignment;
import floof.dataplane.ForwardingGraph;
import floof.dataplane.PacketText;
import floof.dataplane.PortTable;
import floof.dataplane.TableView;
import floof.engine.BufferPool;
import floof.engine.CycleClock;
import floof.engine.Depot;
import floof.engine.Graph;
import floof.engine.HandOver;
import floof.engine.Pauses;
import floof.engine.PortEnd;
import floof.engine.Trace;
import floof.engine.Worker;
import floof.linux.system.CurrentThread;
import floof.tables.Tables;
import java.util.BitSet;

/**
 * A worker with everything that it owns. It shares with other workers the tables (read only), the
 * depot, and the rings for hand-over.
 *
 * @param cpu the CPU on which it runs
 */
record ForwardingWorker(
        int number,
        int cpu,
        Worker worker,
        Graph graph,
        Trace trace,
        PortTable ports,
        TableView view,
        BufferPool pool,
        HandOver handOver) {

    /**
     * The nodes are measured once in this many runs; a clock reading costs as much as a small node.
     */
    private static final int MEASURE_EVERY = 64;

    /** Runs before everything of normal priority; a real-time class would be throttled. */
    private static final int NICE = -20;

    /**
     * @param cores on which CPU it runs, and with whom
     * @param waiter the worker's own, which its hand-over wakes
     */
    static ForwardingWorker make(
            CoreAssignment cores,
            boolean isBusy,
            Tables tables,
            Depot depot,
            PollWaiter waiter,
            HandOver handOver) {
        int number = handOver.number();
        int cpu = cores.cores().get(number);
        BufferPool pool = new BufferPool(depot);
        CycleClock clock = new CycleClock();
        Trace trace = new Trace(new PacketText());
        PortTable ports = new PortTable();
        TableView view = new TableView(tables, number);
        Graph graph = ForwardingGraph.build(view, ports, pool, clock, trace, handOver);
        graph.measureEvery(MEASURE_EVERY);
        Worker worker =
                new Worker(
                        "worker-" + number,
                        graph,
                        trace,
                        clock,
                        waiter,
                        handOver,
                        view,
                        new Pauses(new KernelUsage()),
                        () -> ports.countLosses(view),
                        isBusy,
                        cores.isShared(number),
                        () -> settle(cpu, cores.isPinned()));
        return new ForwardingWorker(number, cpu, worker, graph, trace, ports, view, pool, handOver);
    }

    private static void settle(int cpu, boolean isPinned) {
        if (isPinned) {
            BitSet cpus = new BitSet();
            cpus.set(cpu);
            CurrentThread.runOn(cpus);
        }
        CurrentThread.nice(NICE);
    }

    /**
     * Starts sending to and receiving from a port's device. Thread: the worker's.
     *
     * @param isSpread whether received packets are distributed among all workers
     */
    void addDevice(PortEnd end, boolean isSpread) {
        end.attached();
        ports.attachDevice(end);
        String input = isSpread ? ForwardingGraph.SPREAD_INPUT : ForwardingGraph.DEVICE_INPUT;
        worker.addInput(end, graph.indexOf(input), false);
    }

    /** The same for its twin. Thread: the worker's. */
    void addTwin(PortEnd end) {
        end.attached();
        ports.attachTwin(end);
        worker.addInput(end, graph.indexOf(ForwardingGraph.TWIN_INPUT), true);
    }

    /**
     * Stops receiving from and sending to an end; does nothing if it did not. Thread: the worker's.
     */
    void remove(PortEnd end) {
        worker.removeInput(end);
        ports.countLosses(view);
        if (ports.detach(end)) {
            end.detached();
        }
    }
}
