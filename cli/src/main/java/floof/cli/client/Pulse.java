package floof.cli.client;

import floof.cli.wire.Wire;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.time.Duration;

/** Whether floofd answers at its socket, asked on a connection of its own. Thread: any. */
public final class Pulse {

    /** What is found. */
    public enum State {
        ANSWERS,
        /** Nobody listens: it starts, or has ended. */
        ABSENT,
        /** It is connected to, and says nothing. */
        SILENT
    }

    private Pulse() {}

    /**
     * Asks it.
     *
     * @param longest that its answer may take
     */
    public static State of(Path socket, Duration longest) {
        try (SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX)) {
            channel.configureBlocking(false);
            // A listener that takes no connections any more refuses this: silent, not absent.
            channel.connect(UnixDomainSocketAddress.of(socket));
            new Wire(channel).write(Wire.Type.BEAT, "");
            try (Selector selector = Selector.open()) {
                channel.register(selector, SelectionKey.OP_READ);
                return selector.select(longest.toMillis()) > 0 ? State.ANSWERS : State.SILENT;
            }
        } catch (java.net.ConnectException | java.nio.file.NoSuchFileException e) {
            return State.ABSENT;
        } catch (IOException e) {
            return isBusy(e) ? State.SILENT : State.ABSENT;
        }
    }

    /** EAGAIN of connect(2): the queue of connections is full. */
    private static boolean isBusy(IOException e) {
        return String.valueOf(e.getMessage()).contains("temporarily unavailable");
    }
}
