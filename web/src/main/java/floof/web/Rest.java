package floof.web;

import floof.api.Router;
import java.io.IOException;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import jdk.net.ExtendedSocketOptions;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.NetworkConnectionLimit;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.unixdomain.server.UnixDomainServerConnector;
import org.eclipse.jetty.util.thread.QueuedThreadPool;

/**
 * Serves HTTP/1.1 on a unix socket to which everybody may connect. Threads: at most {@value
 * #THREADS_MAX}, named {@code rest}; they end with {@link #close}.
 */
public final class Rest implements AutoCloseable {

    /** More wait, or are turned away. */
    static final int CONNECTIONS_MAX = 32;

    /** One for each connection, and those that accept and select. */
    static final int THREADS_MAX = CONNECTIONS_MAX + 4;

    /** How long a client may neither send nor read. */
    static final Duration PATIENCE = Duration.ofSeconds(30);

    private static final int REQUEST_BYTES = 8 << 10;

    private final Server server;
    private final Path socket;

    private Rest(Server server, Path socket) {
        this.server = server;
        this.socket = socket;
    }

    /** Binds {@code socket}, in place of one that a dead process left, and begins to serve. */
    public static Rest start(Path socket, Router router) throws IOException {
        return start(socket, router, PATIENCE, Rest::user);
    }

    static Rest start(Path socket, Router router, Duration patience, Peers peers)
            throws IOException {
        QueuedThreadPool threads = new QueuedThreadPool(THREADS_MAX, 2);
        threads.setName("rest");
        threads.setDaemon(true);
        Server server = new Server(threads);
        HttpConfiguration http = new HttpConfiguration();
        http.setSendServerVersion(false);
        http.setRequestHeaderSize(REQUEST_BYTES);
        UnixDomainServerConnector connector =
                new UnixDomainServerConnector(server, 1, 1, new HttpConnectionFactory(http));
        connector.setUnixDomainPath(socket);
        connector.setIdleTimeout(patience.toMillis());
        connector.addBean(new ConnectionsByUser(peers));
        server.addConnector(connector);
        server.addBean(new NetworkConnectionLimit(CONNECTIONS_MAX, connector));
        server.setHandler(new RestHandler(router, peers));
        try {
            Files.deleteIfExists(socket);
            server.start();
            Files.setPosixFilePermissions(socket, PosixFilePermissions.fromString("rw-rw-rw-"));
            return new Rest(server, socket);
        } catch (Exception e) { // all that Jetty declares
            try (Rest _ = new Rest(server, socket)) {
                throw new IOException("cannot serve " + socket + ": " + e.getMessage(), e);
            }
        }
    }

    /** Who is at the other end of a connection. */
    interface Peers {
        String user(SocketChannel channel) throws IOException;
    }

    /** As the kernel says ({@code SO_PEERCRED}, unix(7)): whoever connected. */
    private static String user(SocketChannel channel) throws IOException {
        return channel.getOption(ExtendedSocketOptions.SO_PEERCRED).user().getName();
    }

    @Override
    public void close() throws IOException {
        try {
            server.stop();
        } catch (Exception e) { // all that Jetty declares
            throw new IOException("cannot end serving " + socket + ": " + e.getMessage(), e);
        } finally {
            Files.deleteIfExists(socket);
        }
    }
}
