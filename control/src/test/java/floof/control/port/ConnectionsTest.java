package floof.control.port;

import static org.assertj.core.api.Assertions.assertThat;

import floof.base.IpAddress;
import floof.config.value.ConfigError;
import floof.linux.system.NetworkNamespace;
import floof.testkit.Netns;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class ConnectionsTest {

    /** A session of an operator, on an address of the device. */
    @Test
    void whatADeviceCarriesIsNamed() throws Exception {
        try (Netns netns = Netns.withPair().addressed()) {
            List<String> found =
                    NetworkNamespace.call(netns.path(), ConnectionsTest::endedWithDevices);
            assertThat(found)
                    .singleElement()
                    .asString()
                    .startsWith("interfaces ge-0 device: e0 carries connections")
                    .contains(" from 192.0.2.1", "'commit confirmed' rolls it back");
        }
    }

    private static List<String> endedWithDevices() throws IOException {
        InetAddress here = InetAddress.getByName("192.0.2.1");
        try (ServerSocket server = new ServerSocket(0, 1, here);
                Socket _ = new Socket(here, server.getLocalPort())) {
            return Stream.of("lo", "e0")
                    .flatMap(device -> Connections.endedWith("ge-0", device).stream())
                    .map(ConfigError::toString)
                    .toList();
        }
    }

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
