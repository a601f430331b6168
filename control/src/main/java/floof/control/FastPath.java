package floof.control;

import floof.fpc.FpcClient;
import java.io.IOException;

/** The living fast path. Thread: any. */
interface FastPath {

    /**
     * The connection to it; made anew when it was lost.
     *
     * @throws IOException when it is being restarted
     */
    FpcClient client() throws IOException;

    /**
     * @throws IOException when it is being restarted
     */
    ProcessHandle process() throws IOException;
}
