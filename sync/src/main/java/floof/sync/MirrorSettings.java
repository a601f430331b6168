package floof.sync;

import java.nio.file.Path;
import java.time.Duration;

/**
 * @param managerSocket where the fast path manager listens
 * @param receiveBufferBytes how many bytes of events the kernel may buffer; each takes about 1 KiB
 * @param window most requests in flight to the manager
 * @param hitIntervalMs between checks which neighbours are in use
 * @param auditIntervalMs between comparisons with Linux
 * @param retry interval of attempts to reach the manager or a namespace
 */
public record MirrorSettings(
        Path managerSocket,
        int receiveBufferBytes,
        int window,
        int hitIntervalMs,
        int auditIntervalMs,
        Duration retry) {

    /**
     * For real use. STALE neighbours live 60 s in Linux (gc_stale_time, ip-sysctl), so an entry in
     * use is seen several times.
     */
    public static MirrorSettings of(Path managerSocket) {
        return new MirrorSettings(
                managerSocket, 32 << 20, 1024, 10_000, 60_000, Duration.ofMillis(200));
    }
}
