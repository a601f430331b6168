package floof.manager;

import floof.base.alarm.Alarms;
import floof.base.alarm.Severity;
import floof.base.task.Tasks;
import floof.fpc.Connection;
import floof.fpc.Feature;
import floof.fpc.FpcServer;
import floof.fpc.Message;
import floof.fpc.Reply;
import floof.fpc.Report;
import floof.fpc.StateLost;
import floof.tables.LayoutException;
import floof.tables.TableWriter;
import java.io.IOException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The fast path manager: receives Linux's state over FPC and writes it into the shared tables. It
 * acknowledges each object when it is programmed. It keeps links, neighbours and addresses on the
 * heap and finds them in the tables when it starts; routes are only in the tables.
 *
 * <p>Objects sent under another resync than the current one are refused as STALE; a client that
 * never marked (resync 0) may send at any time.
 *
 * <p>Thread: the task {@code fpc-manager}; nothing else may use the writer.
 */
public final class TableServer implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(TableServer.class);

    /** Of FPC; Hello carries it. */
    private static final int PROTOCOL = 1;

    /** Readers pass within microseconds; an old generation is half a gigabyte, so waiting pays. */
    private static final int OLD_GENERATION_MS = 1_000;

    /** The alarm after a failed write, until the tables are complete again. */
    static final String TORN = "fast-path/tables";

    /** Opens the tables as their one writer. */
    @FunctionalInterface
    public interface Opening {
        TableWriter open() throws IOException, LayoutException;
    }

    private final Opening opening;
    private final Runnable onSwept;
    private final Alarms alarms;
    private final FpcServer server;
    private TableWriter writer;
    private StateWriter state;
    private Readings readings;

    /**
     * Adopts the tables and listens.
     *
     * @param socket {@code /run/floof/NAME/fpc.sock}
     * @param opening called at once; also called on the manager's thread after an unfinished write,
     *     when the tables are rebuilt
     * @param onSwept called on the manager's thread after each sweep: the tables then have the
     *     client's whole state
     * @param tasks runs {@code fpc-manager}
     * @throws IOException when it cannot listen there
     */
    public static TableServer open(
            Path socket, Opening opening, Runnable onSwept, Alarms alarms, Tasks tasks)
            throws IOException, LayoutException {
        return new TableServer(socket, opening, onSwept, alarms, tasks);
    }

    private TableServer(Path socket, Opening opening, Runnable onSwept, Alarms alarms, Tasks tasks)
            throws IOException, LayoutException {
        this.opening = opening;
        this.onSwept = onSwept;
        this.alarms = alarms;
        writer = opening.open();
        state = new StateWriter(writer);
        readings = new Readings(writer, state);
        server =
                FpcServer.open(
                        socket, "fpc-manager", this::handle, line -> LOG.warn("{}", line), tasks);
    }

    /** Ends the connections and the thread; the tables stay as they are. */
    @Override
    public void close() {
        server.close();
    }

    private Reply handle(Message.Request request, Connection from) {
        if (writer.isTorn()) {
            throw reopen(null);
        }
        try {
            return dispatch(request, from);
        } catch (RuntimeException e) {
            if (!writer.isTorn()) {
                throw e;
            }
            LOG.error("{}: a write of the tables was not finished", request.messageType(), e);
            throw reopen(e);
        }
    }

    /** The fast path continues with its tables until the clients have sent everything again. */
    private StateLost reopen(@Nullable RuntimeException cause) {
        alarms.raise(
                TORN,
                Severity.MAJOR,
                "a write of the fast path's tables failed; it forwards by those of before",
                "they are rebuilt automatically; see 'show log floofd'");
        try {
            writer = opening.open();
        } catch (IOException | LayoutException e) {
            return new StateLost("the tables cannot be rebuilt: " + e.getMessage(), e);
        }
        Links former = state.links();
        state = new StateWriter(writer);
        state.links().nameAs(former);
        readings = new Readings(writer, state);
        return new StateLost("the tables are being rebuilt after a failed write", cause);
    }

    private Reply dispatch(Message.Request request, Connection from) {
        return switch (request) {
            case Message.Hello hello -> hello(hello, from);
            case Message.Mark mark -> state.mark(mark);
            case Message.Sweep sweep -> sweep(sweep);
            case Message.CountersRequest counters -> readings.counters(counters);
            case Message.HitsRequest hits -> readings.hits(hits);
            case Message.FillingRequest _ -> readings.filling();
            case Message.Vrf vrf -> state.vrf(vrf);
            case Message.Port port -> state.port(port);
            default -> object(request, from);
        };
    }

    private Reply object(Message.Request request, Connection from) {
        if (from.resync() != 0 && from.resync() != writer.mark()) {
            return Reply.refused(
                    Report.STALE,
                    "resync " + from.resync() + "; the current one is " + writer.mark());
        }
        return switch (request) {
            case Message.Link link -> state.link(link);
            case Message.Address address -> state.address(address);
            case Message.Neighbour neighbour -> state.neighbour(neighbour);
            case Message.Route route -> state.route(route);
            case Message.Policy policy -> state.policy(policy);
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
        Reply reply = state.sweep(request);
        if (wasBuilding && !writer.isBuilding()) {
            boolean passed = writer.awaitReaders(OLD_GENERATION_MS);
            LOG.info(
                    "the tables were rebuilt; the old ones {}",
                    passed ? "are released" : "still have a reader");
        }
        if (reply.isOk()) {
            alarms.clear(TORN);
            onSwept.run();
        }
        return reply;
    }
}
