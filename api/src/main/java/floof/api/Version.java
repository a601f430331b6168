package floof.api;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Identity of the running software.
 *
 * @param version e.g. {@code 0.1.0}
 * @param java version of the JVM
 * @param kernel release of Linux
 * @param instance name of this router on its machine
 * @param started when this floofd started
 * @param fastPathStarted when the fast path started, or null when it does not run
 * @param fastPathCache what has become of the cache that makes it start fast
 */
public record Version(
        String version,
        String java,
        String kernel,
        String instance,
        Instant started,
        @Nullable Instant fastPathStarted,
        String fastPathCache) {}
