package floof.cli;

import floof.api.Router;
import floof.base.task.Task;
import floof.base.task.Tasks;
import floof.cli.limit.Arrivals;
import floof.cli.wire.Peers;
import floof.cli.wire.Wire;
import floof.config.access.Permissions;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Serves operator sessions on a unix socket. Everybody may connect; the session refuses whom the
 * configuration gives no class, and what the class may not do.
 *
 * <p>Tasks: {@code cli-accept} and {@code cli-watch}; threads: two per session; all end with {@link
 * #close}. A session that sends garbage, or does not read what it asked for, ends alone.
 */
public final class SessionServer implements AutoCloseable {

    /** Sessions at once: two threads and some 300 KB each. */
    public static final int SESSIONS_MAX = 64;

    /** Of one user, other than root: a quarter, so that nobody can lock the others out. */
    static final int USER_SESSIONS_MAX = SESSIONS_MAX / 4;

    /** What each one that is turned away takes, so that nobody spins at our cost. */
    private static final Duration TURNED_AWAY = Duration.ofMillis(1);

    /** How long a client may take to read what waits for it, and to say hello. */
    public static final Duration PATIENCE = Duration.ofSeconds(60);

    /** Out of descriptors or the like: others may give some back meanwhile. */
    private static final Duration OUT_OF_DESCRIPTORS = Duration.ofMillis(100);

    private static final Logger LOG = LoggerFactory.getLogger(SessionServer.class);

    private final Path path;
    private final Router router;
    private final Peers peers;
    private final Duration patience;
    private final ServerSocketChannel server;
    private final Sessions sessions;
    private final Arrivals arrivals = new Arrivals();
    private final Task acceptor;
    private final Task watch;

    /** Binds {@code path}, in place of a socket that a dead process left, and begins to serve. */
    public SessionServer(Path path, Router router, Tasks tasks) throws IOException {
        this(path, router, Peers.OF_KERNEL, PATIENCE, tasks);
    }

    SessionServer(Path path, Router router, Peers peers, Duration patience, Tasks tasks)
            throws IOException {
        this.path = path;
        this.router = router;
        this.sessions = new Sessions(router);
        this.peers = peers;
        this.patience = patience;
        Files.deleteIfExists(path);
        this.server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        try {
            server.bind(UnixDomainSocketAddress.of(path), SESSIONS_MAX);
            Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rw-rw-rw-"));
        } catch (IOException e) {
            server.close();
            throw e;
        }
        this.acceptor = tasks.start("cli-accept", Task.Failure.RESTART, this::accept);
        this.watch = tasks.start("cli-watch", Task.Failure.RESTART, this::watch);
    }

    private void accept(Task self) {
        while (!self.isEnding()) {
            try {
                SocketChannel channel = server.accept();
                try {
                    admit(channel, self);
                } catch (IOException | RuntimeException e) {
                    LOG.warn("connection on {}: {}", path, e.toString());
                    channel.close();
                }
            } catch (ClosedChannelException e) {
                return;
            } catch (IOException e) {
                LOG.warn("accept on {}: {}", path, e.getMessage());
                self.pause(OUT_OF_DESCRIPTORS);
            }
        }
    }

    private void admit(SocketChannel channel, Task self) throws IOException {
        String user = peers.user(channel);
        if (!user.equals("root") && !arrivals.admits(user, System.nanoTime())) {
            String rate = user + " connects more than " + Arrivals.PER_SECOND + " times a second";
            LOG.warn("{}; turned away", rate);
            refuse(channel, rate);
            self.pause(TURNED_AWAY);
            return;
        }
        String refusal = refusal(user);
        if (refusal != null) {
            LOG.info("session of {} refused: {}", user, refusal);
            refuse(channel, refusal);
            return;
        }
        Session session = new Session(channel, router, user, sessions);
        sessions.add(session);
        session.start();
    }

    private static void refuse(SocketChannel channel, String why) throws IOException {
        try (channel) {
            Wire wire = new Wire(channel);
            wire.write(Wire.Type.ERROR, "error: " + why + "\n");
            wire.write(Wire.Type.EXIT, new byte[] {1}, 0, 1);
        }
    }

    private @Nullable String refusal(String user) {
        if (Permissions.of(router.running(), user) == null) {
            return "permission denied: user '" + user + "' has no class ('system login user')";
        }
        if (sessions.size() >= SESSIONS_MAX) {
            return SESSIONS_MAX + " sessions are open already";
        }
        long own = sessions.of(user);
        return own >= USER_SESSIONS_MAX && !user.equals("root")
                ? own + " sessions of " + user + " are open already"
                : null;
    }

    /** Ends sessions whose client does not read, or never said what it wants. */
    private void watch(Task self) {
        while (!self.isEnding()) {
            self.pause(patience.dividedBy(4));
            for (Session session : sessions.all()) {
                if (session.stuckFor().compareTo(patience) > 0) {
                    LOG.warn("session of {} ended: it reads nothing", session);
                    session.abort();
                }
            }
        }
    }

    /** Sessions open now. */
    int sessions() {
        return sessions.size();
    }

    /** Ends every session and the tasks; the socket's file goes. */
    @Override
    public void close() throws IOException {
        acceptor.end();
        server.close();
        acceptor.close();
        watch.close();
        sessions.all().forEach(Session::abort);
        try {
            for (Session session : sessions.all()) {
                session.join(1000);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        Files.deleteIfExists(path);
    }
}
