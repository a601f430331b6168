package floof.app;

import floof.dataplane.ForwardingGraph;
import floof.dataplane.PacketText;
import floof.dataplane.PortTable;
import floof.dataplane.TableView;
import floof.engine.BufferPool;
import floof.engine.CycleClock;
import floof.engine.Depot;
import floof.engine.Graph;
import floof.engine.Pauses;
import floof.engine.PortEnd;
import floof.engine.Trace;
import floof.engine.Worker;
import floof.linux.CurrentThread;
import floof.tables.Tables;
import java.util.BitSet;

/**
 * A worker with all that is its own; of other workers it shares the tables, to read, and the depot.
 *
 * @param cpu on which it runs
 */
record ForwardingWorker(
        int number,
        int cpu,
        Worker worker,
        Graph graph,
        Trace trace,
        PortTable ports,
        TableView view,
        BufferPool pool) {

    /** Nodes' times are taken in every so many runs; a reading costs as much as a small node. */
    private static final int MEASURE_EVERY = 64;

    /** Served before everything of normal priority; a real-time class would be throttled. */
    private static final int NICE = -20;

    /**
     * @param isPinned whether it stays on its CPU
     */
    static ForwardingWorker make(
            int number, int cpu, boolean isPinned, boolean isBusy, Tables tables, Depot depot) {
        BufferPool pool = new BufferPool(depot);
        CycleClock clock = new CycleClock();
        Trace trace = new Trace(new PacketText());
        PortTable ports = new PortTable();
        TableView view = new TableView(tables, number);
        Graph graph = ForwardingGraph.build(view, ports, pool, clock, trace);
        graph.measureEvery(MEASURE_EVERY);
        Worker worker =
                new Worker(
                        "worker-" + number,
                        graph,
                        trace,
                        clock,
                        new EpollWaiter(),
                        view,
                        new Pauses(new KernelUsage()),
                        () -> ports.countLosses(view),
                        isBusy,
                        () -> settle(cpu, isPinned));
        return new ForwardingWorker(number, cpu, worker, graph, trace, ports, view, pool);
    }

    private static void settle(int cpu, boolean isPinned) {
        if (isPinned) {
            BitSet cpus = new BitSet();
            cpus.set(cpu);
            CurrentThread.runOn(cpus);
        }
        CurrentThread.nice(NICE);
    }

    /** Sends to a port's device from now on, and receives from it. Thread: the worker's. */
    void addDevice(PortEnd end) {
        end.attached();
        ports.attachDevice(end);
        worker.addInput(end, graph.indexOf(ForwardingGraph.DEVICE_INPUT), false);
    }

    /** The same with its twin. Thread: the worker's. */
    void addTwin(PortEnd end) {
        end.attached();
        ports.attachTwin(end);
        worker.addInput(end, graph.indexOf(ForwardingGraph.TWIN_INPUT), true);
    }

    /** Neither receives from an end nor sends to it any more. Thread: the worker's. */
    void remove(PortEnd end) {
        worker.removeInput(end);
        ports.countLosses(view);
        ports.detach(end);
        end.detached();
    }
}
