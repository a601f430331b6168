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
 * Bounds the connections of each user, and of all but root: nobody locks the others out. A
 * connection beyond is told so and ended. Thread: any.
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
            if (!user.equals("root")) {
                users.put(end, user);
                long own = users.values().stream().filter(user::equals).count();
                if (own > MAX) {
                    refuse(end, MAX + " connections of " + user + " are open already");
                } else if (users.size() > OTHERS_MAX) {
                    refuse(end, OTHERS_MAX + " connections are open already");
                }
            }
        } catch (IOException e) {
            end.close(e); // the client is gone
        }
    }

    private static void refuse(EndPoint end, String why) throws IOException {
        String body = Json.print(Map.of("error", why));
        String answer =
                """
                HTTP/1.1 429 Too Many Requests\r
                Content-Type: application/json\r
                Content-Length: %d\r
                Connection: close\r
                \r
                %s\
                """
                        .formatted(body.length(), body);
        end.flush(ByteBuffer.wrap(answer.getBytes(StandardCharsets.UTF_8)));
        end.close();
    }

    @Override
    public void onClosed(Connection connection) {
        users.remove(connection.getEndPoint());
    }
}
