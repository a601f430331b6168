package floof.ports;

import floof.base.Uninterruptibly;
import floof.engine.BufferPool;
import floof.linux.Epoll;
import floof.linux.EventFd;
import floof.linux.Poll;
import floof.linux.error.LinuxException;
import floof.linux.net.MessageSocket;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * Shared memory with a port of another process (VPP, DPDK or another router): a memif with one ring
 * in each direction (docs/decisions/042). One worker receives and sends, chosen by the port's
 * number.
 *
 * <p>A thread of the port connects: a client tries each second, a server waits for a client. When
 * the other side goes away, the thread takes the rings from the worker and starts again.
 *
 * <p>Thread: any but a worker's.
 */
public final class MemifPort extends SharedPort {

    private static final int RETRY_MS = 1_000;

    /**
     * The address of the other side.
     *
     * @param socket path of the control socket, on which the server listens
     * @param isServer whether we are the server; the client's memory is shared
     * @param id of the memif, the same on both sides
     * @param ringSize descriptors of each ring, a power of two; the client decides
     * @param isRepairing whether received partial checksums are completed
     */
    public record Settings(
            Path socket, boolean isServer, int id, int ringSize, boolean isRepairing) {}

    private final Settings settings;
    private final MemifEnd end;
    private final Executor onWorker;
    private final @Nullable MessageSocket listener;

    /** Wakes the thread: readable when something happens. */
    private final Epoll events = new Epoll(1);

    private final EventFd wakeUp;
    private final Thread thread;
    private volatile boolean isClosing;
    private volatile boolean isUp;
    private volatile String state = "not connected yet";

    private MemifPort(
            int index,
            String name,
            Settings settings,
            @Nullable MessageSocket listener,
            List<BufferPool> pools,
            List<? extends Executor> workers) {
        super(index, name, pools.size());
        this.settings = settings;
        this.listener = listener;
        int worker = index % pools.size();
        onWorker = workers.get(worker);
        end = new MemifEnd(index, pools.get(worker), settings.isRepairing());
        onlyEnd(worker, end);
        wakeUp = new EventFd("closing of memif " + name);
        events.add(wakeUp.fd().number(), Poll.IN);
        thread = Thread.ofPlatform().name("memif-" + name).daemon().unstarted(this::run);
    }

    /**
     * Starts to connect.
     *
     * @param pools of the workers
     * @param workers run a command on a worker's thread and return after it; {@link
     *     IllegalStateException} if the worker has ended
     * @throws LinuxException if the server's socket cannot be created
     */
    public static MemifPort open(
            int index,
            String name,
            Settings settings,
            List<BufferPool> pools,
            List<? extends Executor> workers) {
        MessageSocket listener =
                settings.isServer() ? MessageSocket.listen(settings.socket()) : null;
        MemifPort port = new MemifPort(index, name, settings, listener, pools, workers);
        port.thread.start();
        return port;
    }

    @Override
    public boolean isUp() {
        return isUp;
    }

    /** The state of the connection as text; the same object as long as nothing changes. */
    public String state() {
        return state;
    }

    private void run() {
        while (!isClosing) {
            MemifConnection connection = connect();
            if (connection != null) {
                keep(connection);
            }
        }
    }

    /** One attempt; null if it failed, after a pause. */
    private @Nullable MemifConnection connect() {
        MessageSocket socket;
        try {
            socket = listener == null ? MessageSocket.connect(settings.socket()) : next(listener);
        } catch (LinuxException e) {
            say(e.getMessage());
            await(RETRY_MS);
            return null;
        }
        if (socket == null) {
            return null;
        }
        try (MemifHandshake handshake =
                new MemifHandshake(name(), settings.id(), socket, () -> isClosing)) {
            try {
                return listener == null
                        ? handshake.asClient(settings.ringSize())
                        : handshake.asServer();
            } catch (MemifException | LinuxException | IllegalArgumentException e) {
                say(e.getMessage());
                handshake.fail(String.valueOf(e.getMessage()));
            }
        }
        if (listener == null) {
            await(RETRY_MS);
        }
        return null;
    }

    private @Nullable MessageSocket next(MessageSocket server) {
        await(server, -1);
        return isClosing ? null : server.accept();
    }

    /** Forwards through a connection until it ends. */
    private void keep(MemifConnection connection) {
        try {
            onWorker.execute(() -> end.use(connection));
            isUp = true;
            say("connected to " + connection.peer());
            boolean isThere = true;
            while (isThere && !isClosing) {
                await(connection.socket(), -1);
                isThere = isClosing || isThere(connection.socket());
            }
            isUp = false;
            if (!isThere) {
                say("the other side went away");
            }
            letGo();
        } catch (IllegalStateException e) {
            // The workers have ended: nobody uses the rings any more.
            isUp = false;
            awaitClosing();
        }
        if (isClosing) {
            tell(connection.socket());
        }
        connection.close();
    }

    /** Whether the other side is still there; the only message that it may send is its farewell. */
    private static boolean isThere(MessageSocket socket) {
        try {
            MessageSocket.Message message = socket.receive(MemifMessage.SIZE_BYTES);
            if (message != null && message.fd() != null) {
                message.fd().close();
            }
            return message == null;
        } catch (LinuxException e) {
            return false; // reset
        }
    }

    /** Takes the rings from the worker, unless the worker has already released the port. */
    private void letGo() {
        if (!isClosing) {
            onWorker.execute(() -> end.use(null));
        }
    }

    private static void tell(MessageSocket socket) {
        try {
            socket.send(MemifMessage.disconnect("port closed").bytes().array(), null);
        } catch (LinuxException e) {
            // The worker has ended.
        }
    }

    private void say(@Nullable String next) {
        if (!state.equals(next)) {
            state = String.valueOf(next);
        }
    }

    private void awaitClosing() {
        while (!isClosing) {
            await(RETRY_MS);
        }
    }

    private void await(MessageSocket socket, int timeoutMs) {
        events.add(socket.fd().number(), Poll.IN);
        await(timeoutMs);
        events.remove(socket.fd().number());
    }

    private void await(int timeoutMs) {
        events.await(timeoutMs);
    }

    /** The thread ends with its connection; the worker no longer uses the rings. */
    @Override
    public void close() {
        isClosing = true;
        wakeUp.signal();
        Uninterruptibly.join(thread);
        if (listener != null) {
            listener.close();
        }
        end.close();
        events.close();
        wakeUp.close();
    }
}
