package floof.web;

import floof.api.view.Json;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.io.EndPoint;

/**
 * Bounds the connections of each user, and of all users but root together, so that nobody locks the
 * others out. One connection too many gets status 429 and is closed. Thread: any.
 */
final class ConnectionsByUser implements Connection.Listener {

    /** Of one user, other than root. */
    static final int MAX = Rest.CONNECTIONS_MAX / 4;

    /** Of all users but root together. */
    static final int OTHERS_MAX = Rest.CONNECTIONS_MAX - MAX;

    private final Rest.Peers peers;
    private final Map<EndPoint, String> users = new ConcurrentHashMap<>();

    ConnectionsByUser(Rest.Peers peers) {
        this.peers = peers;
    }

    @Override
    public void onOpened(Connection connection) {
        EndPoint end = connection.getEndPoint();
        try {
            String user = peers.user((SocketChannel) end.getTransport());
            String refusal = user.equals("root") ? "" : admit(end, user);
            if (!refusal.isEmpty()) {
                refuse(end, refusal);
            }
        } catch (IOException e) {
            end.close(e); // the client is gone
        }
    }

    /** Counts a connection; or says why there may not be one more. */
    private synchronized String admit(EndPoint end, String user) {
        if (users.values().stream().filter(user::equals).count() >= MAX) {
            return MAX + " connections of " + user + " are open already";
        }
        if (users.size() >= OTHERS_MAX) {
            return OTHERS_MAX + " connections are open already";
        }
        users.put(end, user);
        return "";
    }

    private static void refuse(EndPoint end, String why) throws IOException {
        byte[] body = Json.print(Map.of("error", why)).getBytes(StandardCharsets.UTF_8);
        String head =
                """
                HTTP/1.1 429 Too Many Requests\r
                Content-Type: application/json\r
                Content-Length: %d\r
                Connection: close\r
                \r
                """
                        .formatted(body.length);
        end.flush(ByteBuffer.wrap(head.getBytes(StandardCharsets.UTF_8)), ByteBuffer.wrap(body));
        end.close();
    }

    @Override
    public void onClosed(Connection connection) {
        users.remove(connection.getEndPoint());
    }
}
