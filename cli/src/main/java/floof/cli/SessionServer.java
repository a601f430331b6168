package floof.cli;

import floof.api.Router;
import floof.config.Permissions;
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
 * <p>Threads: {@code cli-accept}, {@code cli-watch}, and two per session; all end with {@link
 * #close}. A session that sends garbage, or does not read what it asked for, ends alone.
 */
public final class SessionServer implements AutoCloseable {

    /** Sessions at once: two threads and some 300 KB each. */
    public static final int SESSIONS_MAX = 64;

    /** Of one user, other than root: a quarter, so that nobody can lock the others out. */
    static final int USER_SESSIONS_MAX = SESSIONS_MAX / 4;

    /** How long a client may take to read what waits for it, and to say hello. */
    public static final Duration PATIENCE = Duration.ofSeconds(60);

    private static final Logger LOG = LoggerFactory.getLogger(SessionServer.class);

    private final Path path;
    private final Router router;
    private final Peers peers;
    private final Duration patience;
    private final ServerSocketChannel server;
    private final Sessions sessions = new Sessions();
    private final Thread acceptor;
    private final Thread watch;
    private volatile boolean closed;

    /** Binds {@code path}, in place of a socket that a dead process left, and begins to serve. */
    public SessionServer(Path path, Router router) throws IOException {
        this(path, router, Peers.OF_KERNEL, PATIENCE);
    }

    SessionServer(Path path, Router router, Peers peers, Duration patience) throws IOException {
        this.path = path;
        this.router = router;
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
        this.acceptor = Thread.ofPlatform().daemon().name("cli-accept").start(this::accept);
        this.watch = Thread.ofPlatform().daemon().name("cli-watch").start(this::watch);
    }

    private void accept() {
        while (!closed) {
            try {
                SocketChannel channel = server.accept();
                try {
                    admit(channel);
                } catch (IOException | RuntimeException e) {
                    LOG.warn("connection on {}: {}", path, e.toString());
                    channel.close();
                }
            } catch (ClosedChannelException e) {
                return;
            } catch (IOException e) {
                LOG.warn("accept on {}: {}", path, e.getMessage());
                pause();
            }
        }
    }

    /** Out of descriptors or the like: others may give some back meanwhile. */
    private void pause() {
        try {
            Thread.sleep(100);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void admit(SocketChannel channel) throws IOException {
        String user = peers.user(channel);
        String refusal = refusal(user);
        if (refusal != null) {
            LOG.info("session of {} refused: {}", user, refusal);
            try (channel) {
                Wire wire = new Wire(channel);
                wire.write(Wire.Type.ERROR, "error: " + refusal + "\n");
                wire.write(Wire.Type.EXIT, new byte[] {1}, 0, 1);
            }
            return;
        }
        Session session = new Session(channel, router, user, sessions);
        sessions.add(session);
        session.start();
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
    private void watch() {
        long step = Math.max(10, patience.toMillis() / 4);
        try {
            while (!closed) {
                Thread.sleep(step);
                for (Session session : sessions.all()) {
                    if (session.stuckFor().compareTo(patience) > 0) {
                        LOG.warn("session of {} ended: it reads nothing", session);
                        session.abort();
                    }
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Sessions open now. */
    int sessions() {
        return sessions.size();
    }

    /** Ends every session and the threads; the socket's file goes. */
    @Override
    public void close() throws IOException {
        closed = true;
        server.close();
        watch.interrupt();
        sessions.all().forEach(Session::abort);
        try {
            acceptor.join(1000);
            watch.join(1000);
            for (Session session : sessions.all()) {
                session.join(1000);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        Files.deleteIfExists(path);
    }
}
