package floof.control;

import floof.fpc.FpcClient;
import java.io.IOException;
import java.util.Set;

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

    /**
     * Starts it again, without ports but with its tables, unless its command line has these words;
     * later starts have them too.
     *
     * @return whether it was started again
     */
    boolean require(Set<String> words) throws IOException;

    /** What has become of the cache that makes it start fast, for operators. */
    String cache();
}
