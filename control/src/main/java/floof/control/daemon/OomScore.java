package floof.control.daemon;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Whom the kernel kills when memory is short (proc_pid_oom_score_adj(5)). What forwards packets and
 * holds sessions goes last; floofd can come back without anybody's noticing, so it goes before
 * them, and what operators start before all.
 */
public final class OomScore {

    private static final Logger LOG = LoggerFactory.getLogger(OomScore.class);

    /** Of the fast path and BIRD. */
    public static final int FORWARDING = -900;

    /** Of floofd and its supervisor. */
    public static final int CONTROL = -500;

    /** Put before a command that operators start (choom(1)): it goes first. */
    public static final List<String> EXPENDABLE = List.of("choom", "-n", "500", "--");

    private OomScore() {}

    /**
     * Sets it. Where the process may not have less than others (without CAP_SYS_RESOURCE, as in
     * containers), the order among ours is kept above 0.
     */
    public static void set(long pid, int score) {
        Path file = Path.of("/proc", Long.toString(pid), "oom_score_adj");
        try {
            Files.writeString(file, Integer.toString(score));
        } catch (IOException e) {
            try {
                Files.writeString(file, Integer.toString(score - FORWARDING));
            } catch (IOException again) {
                LOG.warn("{} stays as it is: {}", file, again.getMessage());
            }
        }
    }
}
