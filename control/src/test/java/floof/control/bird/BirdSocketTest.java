package floof.control.bird;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import floof.base.IpAddress;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The client against a server that says what a test wants. */
class BirdSocketTest {

    private static final String GREETING = "0001 BIRD 2.0.12 ready.\n";

    @TempDir Path folder;
    private Thread server = new Thread();

    @AfterEach
    void serverEnds() throws InterruptedException {
        server.interrupt();
        server.join();
    }

    @Test
    void readsReplyBlocks() throws Exception {
        Path path =
                serve(
                        GREETING,
                        "1007-Table master4:\n a line more\n1008-\tType: static univ\n0000 \n");
        try (BirdSocket socket = BirdSocket.open(path, 2_000)) {
            assertThat(socket.command("show route all"))
                    .containsExactly(
                            new BirdSocket.Line(1007, "Table master4:"),
                            new BirdSocket.Line(1007, "a line more"),
                            new BirdSocket.Line(1008, "\tType: static univ"),
                            new BirdSocket.Line(0, ""));
        }
    }

    @Test
    void anErrorCodeIsAnErrorWhateverTheWords() throws Exception {
        Path path = serve(GREETING, "0002-Reading configuration from x\n8002 all is well\n");
        try (BirdSocket socket = BirdSocket.open(path, 2_000)) {
            assertThatThrownBy(() -> socket.command("configure"))
                    .isInstanceOf(BirdException.class)
                    .hasMessage("all is well")
                    .extracting(e -> ((BirdException) e).code())
                    .isEqualTo(8002);
        }
    }

    @Test
    void garbageSilenceAndTheEndAreErrors() throws Exception {
        for (String reply : List.of("hello\n", "99\n", "0000", " 1\n")) {
            Path path = serve(GREETING, reply);
            try (BirdSocket socket = BirdSocket.open(path, 100)) {
                assertThatThrownBy(() -> socket.command("x")).isInstanceOf(IOException.class);
            }
            serverEnds();
        }
    }

    @Test
    void refusesAnotherGreeting() throws Exception {
        Path path = serve("0016 Access restricted\n", "");
        assertThatThrownBy(() -> BirdSocket.open(path, 2_000)).hasMessageContaining("0001");
    }

    @Test
    void tellsProtocolsApart() {
        List<Protocol> protocols =
                Protocol.parse(
                        List.of(
                                new BirdSocket.Line(2002, "Name Proto Table State Since Info"),
                                new BirdSocket.Line(
                                        1002, "device1 Device --- up 2026-11-21 07:10:51  "),
                                new BirdSocket.Line(1006, ""),
                                new BirdSocket.Line(
                                        1002,
                                        "bgp_p_1 BGP --- start 2026-11-21 07:10:52  Active  Socket:"
                                                + " Connection closed"),
                                new BirdSocket.Line(1006, "  Description:    Routes"),
                                new BirdSocket.Line(
                                        1006,
                                        "    Routes:         2 imported, 1 filtered, 3 exported, 2"
                                                + " preferred"),
                                new BirdSocket.Line(0, "")));
        assertThat(protocols).hasSize(2);
        Protocol bgp = protocols.get(1);
        assertThat(bgp.name()).isEqualTo("bgp_p_1");
        assertThat(bgp.state()).isEqualTo("start");
        assertThat(bgp.info()).isEqualTo("Active  Socket: Connection closed");
        assertThat(bgp.count("imported")).isEqualTo(2);
        assertThat(bgp.count("exported")).isEqualTo(3);
        assertThat(bgp.detail("Description")).isEqualTo("Routes");
        assertThat(bgp.sinceEpochS()).isPositive();
    }

    @Test
    void readsRoutes() throws Exception {
        Path path =
                serve(
                        "0001 BIRD 2.0.12 ready.\n",
                        """
                        1007-Table master4:
                         198.51.100.0/24      unicast [static4 2026-11-21 07:10:51] * (200)
                         \tvia 192.0.2.2 on v0 weight 3
                         \tdev v1
                                              unicast [bgp_p_1 2026-11-21 07:10:52 from 192.0.2.9] (100/?) [AS65001i]
                         2001:db8::/32  unicast [bgp_p_2 2026-11-21 07:10:52] * (100) [AS65001i]
                        1008-\tType: BGP univ
                        1012-\tBGP.origin: IGP
                         \tBGP.as_path: 65001 65002
                        0000\s
                        """);
        List<BirdRoute> routes;
        try (BirdRoutes reply = BirdRoutes.open(path, "in ::/0", 1_000)) {
            routes = reply.all();
        }
        assertThat(routes.getFirst().hops())
                .containsExactly(
                        new BirdRoute.Hop(IpAddress.parse("192.0.2.2"), "v0", 3),
                        new BirdRoute.Hop(null, "v1", 1));
        assertThat(routes)
                .extracting(route -> route.prefix() + " " + route.protocol() + " " + route.best())
                .containsExactly(
                        "198.51.100.0/24 static4 true",
                        "198.51.100.0/24 bgp_p_1 false",
                        "2001:db8::/32 bgp_p_2 true");
        assertThat(routes.get(2).attribute("BGP.as_path")).isEqualTo("65001 65002");
        assertThat(routes.get(1).attribute("BGP.as_path")).isEmpty();
        assertThat(routes.get(0).preference()).isEqualTo(200);
    }

    /** Greets one client, waits for its line and answers. */
    private Path serve(String greeting, String reply) throws IOException {
        Path path = folder.resolve("s" + System.nanoTime());
        ServerSocketChannel listener = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        listener.bind(UnixDomainSocketAddress.of(path));
        server =
                Thread.ofVirtual()
                        .name("bird-stand-in")
                        .start(() -> {
                            try (listener;
                                    SocketChannel client = listener.accept()) {
                                client.write(bytes(greeting));
                                client.read(ByteBuffer.allocate(100));
                                client.write(bytes(reply));
                                client.read(ByteBuffer.allocate(100));
                            } catch (IOException e) {
                                // the test ended the conversation
                            }
                        });
        return path;
    }

    private static ByteBuffer bytes(String text) {
        return ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
    }
}
