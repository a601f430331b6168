package floof.cli.client;

import floof.cli.wire.Wire;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A session of floofctl from its begin to its end without a router, for the JVM to write down what
 * it loads (JEP 514): {@code ./floof} starts the client from that. Exit status 0 when all went
 * well.
 */
final class Rehearsal {

    private Rehearsal() {}

    public static void main(String... words) throws IOException {
        Path folder = Files.createTempDirectory("floofctl");
        Path socket = folder.resolve("sock");
        int status;
        try (ServerSocketChannel server =
                ServerSocketChannel.open(StandardProtocolFamily.UNIX)
                        .bind(UnixDomainSocketAddress.of(socket))) {
            Thread.ofPlatform().daemon().start(() -> answer(server));
            status =
                    new Floofctl(System.in, System.out, System.err)
                            .run("--socket", socket.toString(), "-c", "rehearse");
        } finally {
            Files.deleteIfExists(socket);
            Files.delete(folder);
        }
        System.exit(status);
    }

    private static void answer(ServerSocketChannel server) {
        try {
            Wire wire = new Wire(server.accept());
            while (wire.read() instanceof Wire.Frame frame && frame.type() != Wire.Type.INPUT_END) {
                // What a session would do with it matters not.
            }
            wire.write(Wire.Type.OUTPUT, "");
            wire.write(Wire.Type.EXIT, new byte[1], 0, 1);
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }
}
