package floof.control.port;

import static org.assertj.core.api.Assertions.assertThat;

import floof.base.IpAddress;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

class ConnectionsTest {

    @Test
    void connectionsToThisMachineAreFound() throws Exception {
        for (String text : List.of("127.0.0.1", "::1")) {
            InetAddress here = InetAddress.getByName(text);
            try (ServerSocket server = new ServerSocket(0, 1, here);
                    Socket _ = new Socket(here, server.getLocalPort())) {
                String shown = "port " + server.getLocalPort() + " from " + IpAddress.parse(text);
                Path net = Path.of("/proc/thread-self/net");
                assertThat(Connections.into(List.of(IpAddress.parse(text)), net)).contains(shown);
                assertThat(Connections.into(List.of(IpAddress.parse("192.0.2.1")), net))
                        .doesNotContain(shown);
            }
        }
    }
}
