package floof.fpc;

import floof.base.task.Task;
import floof.base.task.Tasks;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The server end of FPC: several clients, and one task that handles all requests in the order of
 * their arrival. It stops reading from a client that does not read its replies. A client that
 * breaks the protocol gets an error reply and is dropped. The server answers requests for counters
 * of {@link CounterKind#MESSAGE} itself; the handler answers all others.
 */
public final class FpcServer implements AutoCloseable {
    /** 320 KiB of buffers each, so 10 MiB in all. */
    static final int MAX_CONNECTIONS = 32;

    /** Handles requests. Thread: the server's. */
    @FunctionalInterface
    public interface Handler {
        /**
         * An exception becomes {@link Report#FAILED} with its text; {@link StateLost} also ends all
         * connections. The answer for types that the handler does not know is {@link
         * Report#UNSUPPORTED}.
         */
        Reply handle(Message.Request request, Connection from);

        /** Called when the client is gone. */
        default void ended(Connection connection) {}
    }

    private final Path socket;
    private final Handler handler;
    private final Consumer<String> log;
    private final MessageCounts counts = new MessageCounts();
    private final ServerSocketChannel listener;
    private final Selector selector;
    private final Task task;
    private int connectionCount;
    private int lastId;

    /** Why all connections are to be dropped; null if they are not. */
    private @Nullable String stateLost;

    /**
     * Listens on a socket that only its owner can access, replacing that of a dead server, and
     * starts the task. The death of the task ends the process: clients would wait for ever.
     *
     * @param name of the task
     * @param log receives one line per event that an operator should know
     * @throws IOException also if another server listens there
     */
    public static FpcServer open(
            Path socket, String name, Handler handler, Consumer<String> log, Tasks tasks)
            throws IOException {
        removeDead(socket);
        ServerSocketChannel listener = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        try {
            listener.bind(UnixDomainSocketAddress.of(socket));
            Files.setPosixFilePermissions(socket, PosixFilePermissions.fromString("rw-------"));
            listener.configureBlocking(false);
            return new FpcServer(socket, name, handler, log, listener, tasks);
        } catch (IOException e) {
            listener.close();
            throw new IOException("cannot listen on " + socket + ": " + e.getMessage(), e);
        }
    }

    private static void removeDead(Path socket) throws IOException {
        if (!Files.exists(socket)) {
            return;
        }
        boolean isAlive;
        try (SocketChannel probe = SocketChannel.open(UnixDomainSocketAddress.of(socket))) {
            isAlive = probe.isConnected();
        } catch (IOException e) {
            isAlive = false;
        }
        if (isAlive) {
            throw new IOException("cannot listen on " + socket + ": another server does");
        }
        Files.delete(socket);
    }

    private FpcServer(
            Path socket,
            String name,
            Handler handler,
            Consumer<String> log,
            ServerSocketChannel listener,
            Tasks tasks)
            throws IOException {
        this.socket = socket;
        this.handler = handler;
        this.log = log;
        this.listener = listener;
        selector = Selector.open();
        listener.register(selector, SelectionKey.OP_ACCEPT);
        task = tasks.start(name, Task.Failure.END_PROCESS, this::run);
    }

    MessageCounts counts() {
        return counts;
    }

    /** Ends all connections and the task, and removes the socket. */
    @Override
    public void close() {
        task.end();
        selector.wakeup();
        task.close();
    }

    private void run(Task self) throws IOException {
        try {
            while (!self.isEnding()) {
                selector.select(this::ready);
                dropAfterLoss();
            }
        } finally {
            finish();
        }
    }

    private void dropAfterLoss() {
        String why = stateLost;
        if (why != null) {
            stateLost = null;
            endAll(why);
        }
    }

    private void endAll(@Nullable String why) {
        for (SelectionKey key : List.copyOf(selector.keys())) {
            if (key.attachment() instanceof Connection connection && key.isValid()) {
                flushQuietly(connection);
                end(key, connection, why);
            }
        }
    }

    private void finish() {
        try {
            endAll(null);
            selector.close();
            listener.close();
            Files.deleteIfExists(socket);
        } catch (IOException e) {
            log.accept(socket + ": " + e.getMessage());
        }
    }

    private static void flushQuietly(Connection connection) {
        try {
            connection.wire.flush();
        } catch (IOException e) {
            // The client went first.
        }
    }

    private void ready(SelectionKey key) {
        if (key.attachment() instanceof Connection connection) {
            serve(key, connection);
        } else {
            accept();
        }
    }

    private void accept() {
        try {
            SocketChannel channel = listener.accept();
            if (channel == null) {
                return;
            }
            if (connectionCount == MAX_CONNECTIONS) {
                log.accept(socket + ": a client turned away, " + connectionCount + " are here");
                channel.close();
                return;
            }
            channel.configureBlocking(false);
            Connection connection = new Connection(++lastId, new MessageStream(channel));
            channel.register(selector, SelectionKey.OP_READ, connection);
            connectionCount++;
        } catch (IOException e) {
            log.accept(socket + ": accept: " + e.getMessage());
        }
    }

    private void serve(SelectionKey key, Connection connection) {
        MessageStream wire = connection.wire;
        try {
            boolean isOpen = wire.fill();
            do {
                while (stateLost == null && wire.hasRoom() && wire.hasMessage()) {
                    answer(connection, wire.take());
                }
                wire.flush();
            } while (stateLost == null && wire.hasRoom() && wire.hasMessage());
            if (!isOpen) {
                end(key, connection, wire.hasRemains() ? "ended within a message" : null);
                return;
            }
            key.interestOps(
                    (wire.hasRoom() ? SelectionKey.OP_READ : 0)
                            | (wire.hasOutput() ? SelectionKey.OP_WRITE : 0));
        } catch (MalformedMessage e) {
            counts.countMalformed();
            flushQuietly(connection);
            end(key, connection, e.getMessage());
        } catch (IOException e) {
            end(key, connection, e.getMessage());
        }
    }

    /** Handles one message and appends the reply. */
    private void answer(Connection connection, ByteBuffer message) {
        Codec.Header header = Codec.header(message);
        if (header.isReply()) {
            throw new MalformedMessage("header.flags", 1, "0, a request");
        }
        connection.resync(header.resync());
        MessageType type = MessageType.of(header.type());
        Reply reply;
        MalformedMessage fault = null;
        if (type == null) {
            counts.countUnknown();
            reply = Reply.refused(Report.UNSUPPORTED, "unknown message type " + header.type());
        } else {
            try {
                reply = handle(type, Codec.request(type, message), connection);
                counts.count(type, reply.report());
            } catch (MalformedMessage e) {
                fault = e;
                reply = Reply.refused(Report.MALFORMED, String.valueOf(e.getMessage()));
            }
        }
        Codec.putReply(
                connection.wire.out(), header.type(), reply, header.sequence(), header.resync());
        if (fault != null) {
            throw fault;
        }
    }

    private Reply handle(MessageType type, Message.Request request, Connection connection) {
        if (request instanceof Message.CountersRequest(CounterKind kind, int from)
                && kind == CounterKind.MESSAGE
                && from == 0) {
            return Reply.ok(counts.counters());
        }
        try {
            Reply reply = handler.handle(request, connection);
            Message.Answer answer = reply.answer();
            if (!reply.isOk() || type.answer() == (answer == null ? null : answer.getClass())) {
                return reply;
            }
            return failed(type + " answered with " + answer, null);
        } catch (StateLost e) {
            stateLost = String.valueOf(e.getMessage());
            return Reply.refused(Report.FAILED, stateLost);
        } catch (RuntimeException e) {
            return failed(type + ": " + e, e);
        }
    }

    private Reply failed(String text, @Nullable RuntimeException cause) {
        StackTraceElement[] trace = cause == null ? null : cause.getStackTrace();
        log.accept(text + (trace == null || trace.length == 0 ? "" : " at " + trace[0]));
        return Reply.refused(Report.FAILED, text);
    }

    private void end(SelectionKey key, Connection connection, @Nullable String why) {
        if (why != null) {
            log.accept(socket + ": " + connection + " dropped: " + why);
        }
        key.cancel();
        connectionCount--;
        try {
            connection.wire.close();
        } catch (IOException e) {
            log.accept(socket + ": " + connection + ": " + e.getMessage());
        }
        handler.ended(connection);
    }
}
