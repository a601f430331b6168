package floof.app;

import floof.base.IpAddress;
import floof.engine.Graph;
import floof.engine.Trace;
import floof.fpc.Connection;
import floof.fpc.FactKind;
import floof.fpc.FpcServer;
import floof.fpc.Message;
import floof.fpc.Reply;
import floof.fpc.Report;
import java.util.ArrayList;
import java.util.List;

/** Handles the fast path's FPC requests. Thread: the server's. */
final class FastPathRequests implements FpcServer.Handler {

    private static final int PROTOCOL_VERSION = 1;

    /** Bit of the features in its HELLO: the JVM runs with the given ahead-of-time cache. */
    static final long CACHED = 1;

    private final AttachedPorts ports;
    private final List<ForwardingWorker> workers;
    private final Sizing sizing;
    private final WorkerReadings readings;
    private final double clocksPerNs;
    private final Runnable shutdown;
    private int traceCount;
    private List<String> traceLines = List.of();

    /**
     * @param clocksPerNs rate of the processor's time stamp counter
     * @param shutdown starts the end of the process and returns
     */
    FastPathRequests(
            AttachedPorts ports,
            List<ForwardingWorker> workers,
            Sizing sizing,
            double clocksPerNs,
            Runnable shutdown) {
        this.ports = ports;
        this.workers = List.copyOf(workers);
        this.sizing = sizing;
        this.readings = new WorkerReadings(this.workers);
        this.clocksPerNs = clocksPerNs;
        this.shutdown = shutdown;
    }

    @Override
    public Reply handle(Message.Request request, Connection from) {
        return switch (request) {
            case Message.Hello _ -> greet();
            case Message.PortAttach attach -> ports.attach(attach);
            case Message.PortDetach detach -> ports.detach(detach.index());
            case Message.PortsRequest page -> Reply.ok(ports.page(page.from()));
            case Message.TraceAdd add -> traceAdd(add.count());
            case Message.TraceShow page -> Reply.ok(tracePage(page.from()));
            case Message.NodesRequest page -> Reply.ok(nodes(page.from()));
            case Message.FactsRequest page -> Reply.ok(facts(page));
            case Message.CountersRequest page -> counters(page);
            case Message.PausesClear _ -> pausesClear();
            case Message.Peers peers -> peers(peers.addresses());
            case Message.Shutdown _ -> shutdown();
            default ->
                    Reply.refused(
                            Report.UNSUPPORTED,
                            "the fast path does not take " + request.messageType().label());
        };
    }

    /** The process answers as long as its workers run: one that does not loses packets. */
    private Reply greet() {
        int stuck = readings.stuck(System.nanoTime());
        return stuck < 0
                ? Reply.ok(hello())
                : Reply.refused(Report.FAILED, "worker " + stuck + " does not run");
    }

    private static Message.Hello hello() {
        int pid = Math.toIntExact(ProcessHandle.current().pid());
        return new Message.Hello(PROTOCOL_VERSION, AotCache.isUsed() ? CACHED : 0, 0, pid);
    }

    private Reply traceAdd(int count) {
        if (count > Trace.RECORDS_MAX) {
            return Reply.refused(
                    Report.FULL, "trace of " + count + " packets; at most " + Trace.RECORDS_MAX);
        }
        traceCount = count;
        workers.forEach(it -> it.worker().call(() -> it.trace().start(count)));
        return Reply.ok();
    }

    /**
     * The whole text is written at the request for its first page, so that pages are consistent.
     */
    private Message.Trace tracePage(int from) {
        if (from == 0) {
            traceLines = traceLines();
        }
        int start = Math.min(from, traceLines.size());
        int end = Math.min(start + Message.Trace.MAX_LINES, traceLines.size());
        return new Message.Trace(
                traceLines.subList(start, end), end == traceLines.size() ? Message.END : end);
    }

    /** Every worker traces the requested number; the first ones of all count. */
    private List<String> traceLines() {
        List<Trace.Way> ways = new ArrayList<>();
        for (ForwardingWorker it : workers) {
            for (Trace.Way way : it.trace().ways(it.graph(), ports::name)) {
                List<String> lines = new ArrayList<>(way.lines());
                lines.set(0, lines.getFirst() + " by worker " + it.number());
                ways.add(new Trace.Way(way.timeNs(), lines));
            }
        }
        ways.sort((one, other) -> Long.signum(one.timeNs() - other.timeNs()));
        List<String> lines = new ArrayList<>();
        ways.stream().limit(traceCount).forEach(way -> lines.addAll(way.lines()));
        return lines;
    }

    private Message.Nodes nodes(int from) {
        int perWorker = workers.getFirst().graph().size();
        int all = workers.size() * perWorker;
        int end = Math.min(all, from + Message.MAX_PAGE);
        List<Message.NodeState> states = new ArrayList<>();
        for (int i = from; i < end; i++) {
            states.add(node(workers.get(i / perWorker), i % perWorker));
        }
        return new Message.Nodes(states, end == all ? Message.END : end);
    }

    private Message.NodeState node(ForwardingWorker worker, int node) {
        Graph graph = worker.graph();
        return new Message.NodeState(
                worker.number(),
                graph.place(node).name(),
                graph.calls(node),
                graph.packets(node),
                Math.round(graph.clocks(node) * clocksPerNs));
    }

    private Message.Facts facts(Message.FactsRequest page) {
        return page.kind() == FactKind.SIZING
                ? sizing.facts()
                : ports.facts(page.kind(), page.from());
    }

    private Reply pausesClear() {
        workers.forEach(it -> it.worker().call(it.worker().pauses()::clear));
        return Reply.ok();
    }

    private Reply counters(Message.CountersRequest page) {
        return switch (page.kind()) {
            case CYCLE -> Reply.ok(readings.cycles());
            case PAUSE -> Reply.ok(readings.pauses(page.from()));
            case PORT -> Reply.ok(ports.counters(page.from()));
            default -> Reply.refused(Report.UNSUPPORTED, "the manager counts " + page.kind());
        };
    }

    private Reply peers(List<IpAddress> addresses) {
        workers.forEach(
                it -> it.worker().call(() -> it.view().peers.set(addresses, System.nanoTime())));
        return Reply.ok();
    }

    private Reply shutdown() {
        shutdown.run();
        return Reply.ok();
    }
}
