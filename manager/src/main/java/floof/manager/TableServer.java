package floof.manager;

import floof.base.task.Tasks;
import floof.fpc.Connection;
import floof.fpc.Feature;
import floof.fpc.FpcServer;
import floof.fpc.Message;
import floof.fpc.MessageCounts;
import floof.fpc.Reply;
import floof.fpc.Report;
import floof.tables.TableWriter;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.nio.file.Path;

/**
 * The fast path manager: takes what Linux knows over FPC and writes it into the shared tables,
 * object by object, each acknowledged when it is programmed. It keeps links, neighbours and
 * addresses on the heap and finds them again in the tables when it starts; routes are in the tables
 * only.
 *
 * <p>Objects sent under another epoch than the current one are refused as STALE; a client that
 * never marked (epoch 0) may send at any time.
 *
 * <p>Thread: a task of its own, {@code fpc-manager}; nothing else may use the writer.
 */
public final class TableServer implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(TableServer.class);

    /** Of FPC; Hello carries it. */
    private static final int PROTOCOL = 1;

    /** Readers pass within microseconds; an old generation is half a gigabyte, worth a wait. */
    private static final int OLD_GENERATION_MS = 1_000;

    private final TableWriter writer;
    private final Runnable onSwept;
    private final Mirror mirror;
    private final Readings readings;
    private final FpcServer server;

    /**
     * Takes over the tables and listens.
     *
     * @param socket {@code /run/floof/NAME/fpc.sock}
     * @param onSwept called on the manager's thread after each sweep: the tables hold what the
     *     client knows
     * @param tasks runs {@code fpc-manager}
     * @throws IOException when it cannot listen there
     */
    public static TableServer open(Path socket, TableWriter writer, Runnable onSwept, Tasks tasks)
            throws IOException {
        return new TableServer(socket, writer, onSwept, tasks);
    }

    private TableServer(Path socket, TableWriter writer, Runnable onSwept, Tasks tasks)
            throws IOException {
        this.writer = writer;
        this.onSwept = onSwept;
        mirror = new Mirror(writer);
        readings = new Readings(writer, mirror);
        server =
                FpcServer.open(
                        socket, "fpc-manager", this::handle, line -> LOG.warn("{}", line), tasks);
    }

    /** Messages that came, by type. Thread: any. */
    public MessageCounts counts() {
        return server.counts();
    }

    /** Ends the connections and the thread; the tables stay as they are. */
    @Override
    public void close() {
        server.close();
    }

    private Reply handle(Message.Request request, Connection from) {
        return switch (request) {
            case Message.Hello hello -> hello(hello, from);
            case Message.Mark mark -> mirror.mark(mark);
            case Message.Sweep sweep -> sweep(sweep);
            case Message.CountersRequest counters -> readings.counters(counters);
            case Message.HitsRequest hits -> readings.hits(hits);
            case Message.FillingRequest _ -> readings.filling();
            case Message.Vrf vrf -> mirror.vrf(vrf);
            case Message.Port port -> mirror.port(port);
            default -> object(request, from);
        };
    }

    private Reply object(Message.Request request, Connection from) {
        if (from.epoch() != 0 && from.epoch() != writer.mark()) {
            return Reply.refused(
                    Report.STALE,
                    "epoch " + from.epoch() + "; the current one is " + writer.mark());
        }
        return switch (request) {
            case Message.Link link -> mirror.link(link);
            case Message.Address address -> mirror.address(address);
            case Message.Neighbour neighbour -> mirror.neighbour(neighbour);
            case Message.Route route -> mirror.route(route);
            case Message.Policy policy -> mirror.policy(policy);
            default ->
                    Reply.refused(
                            Report.UNSUPPORTED,
                            request.messageType().label()
                                    + " is for the fast path, not for tables");
        };
    }

    private Reply hello(Message.Hello hello, Connection from) {
        LOG.info("{}: process {} speaks FPC {}", from, hello.pid(), hello.version());
        int pid = Math.toIntExact(ProcessHandle.current().pid());
        return Reply.ok(new Message.Hello(PROTOCOL, Feature.all(), writer.mark(), pid));
    }

    private Reply sweep(Message.Sweep request) {
        boolean wasBuilding = writer.isBuilding();
        Reply reply = mirror.sweep(request);
        if (wasBuilding && !writer.isBuilding()) {
            boolean passed = writer.awaitReaders(OLD_GENERATION_MS);
            LOG.info(
                    "the tables were built anew; the old ones {}",
                    passed ? "are released" : "still have a reader");
        }
        if (reply.isOk()) {
            onSwept.run();
        }
        return reply;
    }
}
