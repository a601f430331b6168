package floof.app;

import floof.engine.Graph;
import floof.engine.Trace;
import floof.engine.Worker;
import floof.fpc.Connection;
import floof.fpc.FpcServer;
import floof.fpc.Message;
import floof.fpc.Reply;
import floof.fpc.Report;
import java.util.ArrayList;
import java.util.List;

/** What the fast path answers over FPC. Thread: the server's. */
final class FastPathRequests implements FpcServer.Handler {

    private static final int PROTOCOL_VERSION = 1;

    /** Bit of the features in its HELLO: the JVM runs with the ahead-of-time cache it was given. */
    static final long CACHED = 1;

    private final AttachedPorts ports;
    private final Worker worker;
    private final Graph graph;
    private final Trace trace;
    private final double clocksPerNs;
    private final Runnable shutdown;
    private List<String> traceLines = List.of();

    /**
     * @param clocksPerNs rate of the processor's time stamp counter
     * @param shutdown begins the end of the process and returns
     */
    FastPathRequests(
            AttachedPorts ports,
            Worker worker,
            Graph graph,
            Trace trace,
            double clocksPerNs,
            Runnable shutdown) {
        this.ports = ports;
        this.worker = worker;
        this.graph = graph;
        this.trace = trace;
        this.clocksPerNs = clocksPerNs;
        this.shutdown = shutdown;
    }

    @Override
    public Reply handle(Message.Request request, Connection from) {
        return switch (request) {
            case Message.Hello _ -> Reply.ok(hello());
            case Message.PortAttach attach -> ports.attach(attach);
            case Message.PortDetach detach -> ports.detach(detach.index());
            case Message.PortsRequest page -> Reply.ok(ports.page(page.from()));
            case Message.TraceAdd add -> traceAdd(add.count());
            case Message.TraceShow page -> Reply.ok(tracePage(page.from()));
            case Message.NodesRequest page -> Reply.ok(nodes(page.from()));
            case Message.FactsRequest page -> Reply.ok(ports.facts(page.kind(), page.from()));
            case Message.Shutdown _ -> shutdown();
            default ->
                    Reply.refused(
                            Report.UNSUPPORTED,
                            "the fast path does not take " + request.messageType().label());
        };
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
        worker.call(() -> trace.start(count));
        return Reply.ok();
    }

    /** The whole is written when its first page is asked for, so that pages fit each other. */
    private Message.Trace tracePage(int from) {
        if (from == 0) {
            List<String> lines = new ArrayList<>();
            trace.ways(graph, ports::name).forEach(lines::addAll);
            traceLines = lines;
        }
        int start = Math.min(from, traceLines.size());
        int end = Math.min(start + Message.Trace.MAX_LINES, traceLines.size());
        return new Message.Trace(
                traceLines.subList(start, end), end == traceLines.size() ? Message.END : end);
    }

    private Message.Nodes nodes(int from) {
        List<Message.NodeState> states = new ArrayList<>();
        int end = Math.min(graph.size(), from + Message.MAX_PAGE);
        for (int n = from; n < end; n++) {
            states.add(
                    new Message.NodeState(
                            graph.node(n).name(),
                            graph.calls(n),
                            graph.packets(n),
                            Math.round(graph.clocks(n) * clocksPerNs)));
        }
        return new Message.Nodes(states, end == graph.size() ? Message.END : end);
    }

    private Reply shutdown() {
        shutdown.run();
        return Reply.ok();
    }
}
