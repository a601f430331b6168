package floof.control.fastpath;

import floof.control.daemon.Living;
import floof.control.plan.CommitException;
import floof.control.plan.FastPathSettings;
import floof.fpc.FpcClient;
import java.io.IOException;
import java.util.Set;

/** The living fast path. Thread: any. */
public interface FastPath {

    /**
     * The connection to it; made anew when it was lost.
     *
     * @throws IOException when it is being restarted
     */
    FpcClient client() throws IOException;

    /**
     * @throws IOException when it is being restarted
     */
    Living process() throws IOException;

    /**
     * Starts it again, without ports but with its tables, unless its command line has these words;
     * later starts have them too.
     *
     * @return whether it was started again
     */
    boolean require(Set<String> words) throws IOException;

    /**
     * Starts another one that takes over its tables and ports.
     *
     * @throws IOException when that one failed; the old one forwards on unless it was ended already
     */
    void replace() throws IOException;

    /** What has become of the cache that makes it start fast, for operators. */
    String cache();

    /**
     * What it was started with.
     *
     * @throws IOException when it is being restarted
     */
    FastPathSettings settings() throws IOException;

    /**
     * @throws CommitException when this machine cannot follow the settings
     */
    void check(FastPathSettings settings) throws CommitException;

    /** Starts it again with these settings and gives it its ports; its tables were never gone. */
    void restart(FastPathSettings settings) throws IOException, CommitException;
}
