package floof.control.bgp;

import floof.api.network.BgpSession.Direction;
import floof.base.alarm.Alarms;
import floof.base.alarm.Severity;
import floof.base.task.Task;
import floof.base.task.Tasks;
import floof.control.bird.BgpSessions;
import floof.control.bird.Bird;
import floof.control.bird.BirdException;
import floof.control.bird.Protocol;
import floof.control.instance.Instance;
import floof.control.plan.Intent;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks at every BGP session twice a second: logs when it came up or went down and why, raises an
 * alarm while it is down, and ends the wait for a peer whose routes are stale. BIRD forgets what
 * ended a session when it is up again, and keeps the routes of a peer whose connection closed for
 * the restart time that the peer asks for, up to 4,095 s. Thread: a task of its own; what it knows
 * is read by any.
 */
public final class SessionWatch implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(SessionWatch.class);

    /** Half of BIRD's connect delay, so that a look mostly comes before the next attempt fails. */
    private static final Duration PERIOD = Duration.ofMillis(500);

    /** So many sessions that are down are asked for one by one, more all at once. */
    private static final int FEW = 8;

    /** A session that never was up is no alarm before; both sides reconnect every ten seconds. */
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    /** Most of BIRD's log that is read at once. */
    private static final int LOG_MAX = 256 << 10;

    /**
     * What BIRD logs when a notification ends a session: {@code bgp1: Received: Hold timer
     * expired}. What the peer adds, behind another colon, is left out.
     */
    private static final Pattern NOTIFIED =
            Pattern.compile("(?md)^[^<\n]*<RMT> (\\S+): (Received|Error): ([^:\n]+)");

    /** Of a connection attempt without an answer. */
    private static final Duration UNANSWERED = Duration.ofSeconds(10);

    /**
     * What is known of a session.
     *
     * @param failure what ended it last, or keeps it down; null for nothing
     * @param staleSince when it went down, while its routes are kept; else null
     */
    public record Known(@Nullable Failure failure, @Nullable Instant staleSince) {

        /** Of one never seen. */
        public static final Known NOTHING = new Known(null, null);
    }

    /** One session from look to look. */
    private static final class Life {
        boolean isUp;
        long sinceEpochS;
        String birdsError = "";

        /** The last notification by BIRD's log, in the words of its last error; empty for none. */
        String notified = "";

        @Nullable Failure failure;
        @Nullable Instant staleSince;

        /** The same by the clock that nobody can set. */
        long staleSinceNs;

        @Nullable Signatures signatures;
        boolean hadKey;
    }

    /** What a look at a session found. */
    private record Sight(
            BgpSessions.Session session, Protocol protocol, Signatures refused, Instant now) {

        /** When the session got into its state. */
        Instant since() {
            return Instant.ofEpochSecond(protocol.sinceEpochS());
        }

        int maxStale() {
            return session.peer().session().maxStale();
        }

        String named() {
            Intent.Peer peer = session.peer();
            return "session with %s (peer %s, AS %d)"
                    .formatted(session.neighbor(), peer.name(), peer.remoteAs());
        }
    }

    private final Instance instance;
    private final Bird bird;
    private final Alarms alarms;
    private final InstantSource clock;
    private final Supplier<Intent.@Nullable Bgp> configured;
    private final Map<String, Life> lives = new HashMap<>();

    /** How far BIRD's log was read. */
    private long logRead;

    private final Task task;

    /**
     * @param configured what is committed; null without BGP
     */
    public SessionWatch(
            Instance instance,
            Bird bird,
            Alarms alarms,
            Tasks tasks,
            InstantSource clock,
            Supplier<Intent.@Nullable Bgp> configured) {
        this.instance = instance;
        this.bird = bird;
        this.alarms = alarms;
        this.clock = clock;
        this.configured = configured;
        this.task = tasks.start("bgp-watch", Task.Failure.RESTART, this::run);
    }

    private void run(Task self) {
        while (!self.isEnding()) {
            try {
                look();
            } catch (IOException | BirdException e) {
                LOG.debug("BGP: {}", e.getMessage()); // BIRD is being restarted: its own alarm
            }
            self.pause(PERIOD);
        }
    }

    /** What is known of the session of this BIRD protocol. */
    public synchronized Known known(String protocol) {
        Life life = lives.get(protocol);
        return life == null ? Known.NOTHING : new Known(life.failure, life.staleSince);
    }

    private void look() throws IOException, BirdException {
        Intent.Bgp bgp = configured.get();
        Map<String, BgpSessions.Session> sessions = bgp == null ? Map.of() : BgpSessions.of(bgp);
        forget(sessions);
        if (sessions.isEmpty()) {
            return;
        }
        readLog();
        List<Protocol> all =
                bird.summaries().stream().filter(it -> sessions.containsKey(it.name())).toList();
        long down = all.stream().filter(it -> !isUp(it)).count();
        if (down > FEW) {
            all = bird.protocols();
        }
        Signatures refused = down == 0 ? Signatures.NONE : Signatures.read(instance);
        for (Protocol protocol : all) {
            BgpSessions.Session session = sessions.get(protocol.name());
            boolean isUp = isUp(protocol);
            List<Protocol> details =
                    isUp || down > FEW ? List.of(protocol) : bird.protocol(protocol.name());
            if (session != null && !details.isEmpty()) {
                observe(new Sight(session, details.getFirst(), refused, clock.instant()), isUp);
            }
        }
    }

    /**
     * BIRD forgets a notification as soon as its next attempt to connect fails; its log keeps it.
     */
    private synchronized void readLog() {
        try (RandomAccessFile log = new RandomAccessFile(instance.log("bird").toFile(), "r")) {
            long end = log.length();
            long news = logRead > end ? 0 : logRead; // 0: another log
            long from = Math.max(news, end - LOG_MAX);
            byte[] bytes = new byte[(int) (end - from)];
            log.seek(from);
            log.readFully(bytes);
            NOTIFIED.matcher(new String(bytes, StandardCharsets.UTF_8))
                    .results()
                    .forEach(line -> {
                        Life life = lives.get(line.group(1));
                        if (life != null) {
                            String sender = line.group(2).equals("Error") ? "BGP " : "";
                            life.notified = sender + line.group(2) + ": " + line.group(3);
                        }
                    });
            logRead = end;
        } catch (IOException e) { // not there yet, or cut meanwhile: the sessions are looked at
            LOG.debug("BGP: {}", e.getMessage());
        }
    }

    private static boolean isUp(Protocol summary) {
        return summary.state().equals("up") && summary.info().startsWith("Established");
    }

    private synchronized void forget(Map<String, BgpSessions.Session> sessions) {
        lives.keySet()
                .removeIf(name -> {
                    boolean isGone = !sessions.containsKey(name);
                    if (isGone) {
                        alarms.clear(alarm(name));
                    }
                    return isGone;
                });
    }

    private static String alarm(String protocol) {
        return "bgp-session/" + protocol;
    }

    private void observe(Sight sight, boolean isUp) throws IOException {
        boolean isTooStale;
        synchronized (this) {
            Life life = lives.computeIfAbsent(sight.protocol().name(), name -> new Life());
            if (isUp) {
                up(sight, life);
            } else {
                down(sight, life);
            }
            life.isUp = isUp;
            life.sinceEpochS = sight.protocol().sinceEpochS();
            alarm(sight, life);
            long maxStaleNs = TimeUnit.SECONDS.toNanos(sight.maxStale());
            isTooStale =
                    life.staleSince != null && System.nanoTime() - life.staleSinceNs >= maxStaleNs;
        }
        if (isTooStale) {
            LOG.warn(
                    "BGP: {} has been away for {} s; its routes are removed (max-stale)",
                    sight.named(),
                    sight.maxStale());
            try {
                bird.reset(sight.protocol().name(), false);
            } catch (BirdException e) {
                LOG.warn("BGP: {}: {}", sight.named(), e.getMessage()); // the others go on
            }
        }
    }

    private static void up(Sight sight, Life life) {
        if (life.isUp && sight.protocol().sinceEpochS() != life.sinceEpochS) {
            LOG.warn(
                    "BGP: {} went down after {} and is up again at once",
                    sight.named(),
                    age(life.sinceEpochS, sight.now()));
        } else if (!life.isUp) {
            LOG.info("BGP: {} is up", sight.named());
        }
        if (!life.notified.isEmpty()) { // it ended what was before
            life.failure = Failure.of(life.notified, sight.now());
        }
        life.birdsError = "";
        life.notified = "";
        life.staleSince = null;
        life.signatures = null;
    }

    private void down(Sight sight, Life life) {
        String error = sight.protocol().detail("Last error");
        boolean isNews = !error.isEmpty() && !error.equals(life.birdsError);
        if (isNews) {
            String cause = life.notified.isEmpty() ? error : life.notified;
            life.failure = Failure.of(cause, sight.now());
        }
        life.notified = "";
        life.birdsError = error;
        boolean isStale = !sight.protocol().detail("Restart timer").isEmpty();
        if (!isStale) {
            life.staleSince = null;
        } else if (life.staleSince == null) {
            // One that was down before floofd started has no more than the time of day.
            Duration before =
                    life.isUp ? Duration.ZERO : Duration.between(sight.since(), sight.now());
            life.staleSinceNs = System.nanoTime() - before.toNanos();
            life.staleSince = sight.since();
        }
        if (life.isUp) {
            if (!isNews) { // whatever else ends one leaves an error
                life.failure = new Failure("restarted on our side", Direction.LOCAL, sight.now());
            }
            LOG.warn(
                    "BGP: {} went down after {}: {}{}",
                    sight.named(),
                    age(life.sinceEpochS, sight.now()),
                    life.failure,
                    isStale ? "; its routes are kept for " + sight.maxStale() + " s at most" : "");
        } else {
            if (isNews) {
                LOG.info("BGP: {} is down: {}", sight.named(), life.failure);
            }
            silence(sight, life);
        }
    }

    /** What BIRD does not hear of: refused signatures, and no answer at all. */
    private void silence(Sight sight, Life life) {
        boolean hasKey = sight.session().peer().key() != null;
        Signatures before = life.hadKey == hasKey ? life.signatures : null;
        life.hadKey = hasKey;
        life.signatures = sight.refused();
        String blame = before == null ? "" : sight.refused().blame(before, hasKey);
        if (!blame.isEmpty() && isOneOfSeveral(hasKey)) {
            blame += " (or that of another neighbor that is down)";
        }
        boolean isConnecting = sight.protocol().detail("BGP state").equals("Connect");
        if (blame.isEmpty()
                && life.failure == null
                && isConnecting
                && sight.since().plus(UNANSWERED).isBefore(sight.now())) {
            blame = "no answer to TCP connections";
        }
        if (!blame.isEmpty() && (life.failure == null || !life.failure.text().equals(blame))) {
            life.failure = new Failure(blame, Direction.TRANSPORT, sight.now());
            LOG.warn("BGP: {} is down: {}", sight.named(), life.failure);
        }
    }

    /** Linux counts for all of them together. */
    private boolean isOneOfSeveral(boolean hasKey) {
        return lives.values().stream()
                        .filter(life -> life.signatures != null && life.hadKey == hasKey)
                        .count()
                > 1;
    }

    private void alarm(Sight sight, Life life) {
        String name = alarm(sight.protocol().name());
        boolean isOverdue = !sight.since().plus(PATIENCE).isAfter(sight.now());
        if (life.isUp) {
            alarms.clear(name);
        } else if (isOverdue || life.staleSince != null) {
            String why = life.failure == null ? "" : ": " + life.failure;
            alarms.raise(
                    name,
                    Severity.MAJOR,
                    "BGP: " + sight.named() + " is down" + why,
                    "show bgp neighbor " + sight.session().neighbor(),
                    List.of("bgp", "peer", sight.session().peer().name()));
        }
    }

    private static String age(long sinceEpochS, Instant now) {
        return Duration.ofSeconds(Math.max(0, now.getEpochSecond() - sinceEpochS))
                .toString()
                .substring(2)
                .toLowerCase(Locale.ROOT);
    }

    @Override
    public void close() {
        task.close();
    }
}
