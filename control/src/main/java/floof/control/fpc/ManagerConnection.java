package floof.control.fpc;

import floof.fpc.FpcClient;
import floof.fpc.Message;
import java.io.IOException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** The connection to the fast path manager, made when first needed and again when it was lost. */
public final class ManagerConnection implements AutoCloseable {

    private static final int WINDOW = 16;

    private final Path socket;
    private @Nullable FpcClient client;

    public ManagerConnection(Path socket) {
        this.socket = socket;
    }

    /** Thread: any. */
    public synchronized FpcClient client() throws IOException {
        FpcClient current = client;
        if (current == null || current.lost().isDone()) {
            current = FpcClient.connect(socket, "manager-client", WINDOW);
            int pid = Math.toIntExact(ProcessHandle.current().pid());
            current.ask(new Message.Hello(1, 0, 0, pid), Message.Hello.class);
            client = current;
        }
        return current;
    }

    @Override
    public synchronized void close() {
        if (client != null) {
            client.close();
        }
    }
}
