package floof.control.bgp;

import floof.api.LogFiles;
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
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.RandomAccessFile;
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

    /** Half of BIRD's connect delay. */
    private static final Duration PERIOD = Duration.ofMillis(500);

    /** So many sessions that are down are asked for one by one, more all at once. */
    private static final int FEW = 8;

    /** A session that never was up is no alarm before; both sides reconnect every ten seconds. */
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    /** Most of BIRD's log that is read at once. */
    private static final int LOG_MAX = 256 << 10;

    /**
     * What BIRD logs when a notification ends a session: {@code bgp1: Received: Hold timer
     * expired}.
     */
    private static final Pattern NOTIFIED =
            Pattern.compile("(?m)<RMT> (\\S+): (Received|Error): (.+)$");

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
                observe(session, details.getFirst(), isUp, refused);
            }
        }
    }

    /**
     * BIRD forgets a notification as soon as its next attempt to connect fails; its log keeps it.
     */
    private synchronized void readLog() throws IOException {
        try (RandomAccessFile log = new RandomAccessFile(instance.log("bird").toFile(), "r")) {
            long end = log.length();
            long news = logRead > end ? 0 : logRead; // 0: another log
            long from = Math.max(news, end - LOG_MAX);
            NOTIFIED.matcher(LogFiles.text(log, from, LOG_MAX))
                    .results()
                    .forEach(line -> {
                        Life life = lives.get(line.group(1));
                        if (life != null) {
                            String sender = line.group(2).equals("Error") ? "BGP " : "";
                            life.notified = sender + line.group(2) + ": " + line.group(3);
                        }
                    });
            logRead = end;
        } catch (FileNotFoundException e) {
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

    private void observe(
            BgpSessions.Session session, Protocol protocol, boolean isUp, Signatures refused)
            throws IOException {
        Instant now = clock.instant();
        boolean isTooStale;
        synchronized (this) {
            Life life = lives.computeIfAbsent(protocol.name(), name -> new Life());
            long before = life.sinceEpochS;
            boolean isNew = protocol.sinceEpochS() != before;
            if (isUp) {
                up(session, life, isNew, before, now);
            } else {
                down(session, life, protocol, refused, now);
            }
            life.isUp = isUp;
            life.sinceEpochS = protocol.sinceEpochS();
            alarm(session, protocol, life, now);
            isTooStale =
                    life.staleSince != null
                            && System.nanoTime() - life.staleSinceNs
                                    >= TimeUnit.SECONDS.toNanos(
                                            session.peer().session().maxStale());
        }
        if (isTooStale) {
            LOG.warn(
                    "BGP: {} has been away for {} s; its routes are removed (max-stale)",
                    named(session),
                    session.peer().session().maxStale());
            try {
                bird.reset(protocol.name(), false);
            } catch (BirdException e) {
                LOG.warn("BGP: {}: {}", named(session), e.getMessage()); // the others go on
            }
        }
    }

    private static void up(
            BgpSessions.Session session, Life life, boolean isNew, long before, Instant now) {
        if (life.isUp && isNew) {
            LOG.warn(
                    "BGP: {} went down after {} and is up again at once",
                    named(session),
                    age(before, now));
            if (!life.notified.isEmpty()) {
                life.failure = Failure.of(life.notified, now);
            }
        } else if (!life.isUp) {
            LOG.info("BGP: {} is up", named(session));
        }
        life.birdsError = "";
        life.notified = "";
        life.staleSince = null;
        life.signatures = null;
    }

    private void down(
            BgpSessions.Session session,
            Life life,
            Protocol protocol,
            Signatures refused,
            Instant now) {
        String error = protocol.detail("Last error");
        boolean isNews = !error.isEmpty() && !error.equals(life.birdsError);
        if (isNews) {
            life.failure = Failure.of(life.notified.isEmpty() ? error : life.notified, now);
            life.notified = "";
        }
        life.birdsError = error;
        boolean isStale = !protocol.detail("Restart timer").isEmpty();
        if (isStale && life.staleSince == null) {
            // One that was down before floofd started has no more than the time of day.
            Duration before =
                    life.isUp
                            ? Duration.ZERO
                            : Duration.between(Instant.ofEpochSecond(protocol.sinceEpochS()), now);
            life.staleSinceNs = System.nanoTime() - before.toNanos();
        }
        life.staleSince =
                !isStale
                        ? null
                        : life.staleSince != null
                                ? life.staleSince
                                : Instant.ofEpochSecond(protocol.sinceEpochS());
        if (life.isUp) {
            if (!isNews) { // whatever else ends one leaves an error
                life.failure = new Failure("restarted on our side", Direction.LOCAL, now);
            }
            LOG.warn(
                    "BGP: {} went down after {}: {}{}",
                    named(session),
                    age(life.sinceEpochS, now),
                    life.failure,
                    isStale
                            ? "; its routes are kept for "
                                    + session.peer().session().maxStale()
                                    + " s at most"
                            : "");
        } else {
            if (isNews) {
                LOG.info("BGP: {} is down: {}", named(session), life.failure);
            }
            silence(session, life, protocol, refused, now);
        }
    }

    /** What BIRD does not hear of: refused signatures, and no answer at all. */
    private void silence(
            BgpSessions.Session session,
            Life life,
            Protocol protocol,
            Signatures refused,
            Instant now) {
        boolean hasKey = session.peer().key() != null;
        Signatures before = life.hadKey == hasKey ? life.signatures : null;
        life.hadKey = hasKey;
        life.signatures = refused;
        String blame = before == null ? "" : refused.blame(before, hasKey);
        if (!blame.isEmpty() && isOneOfSeveral(hasKey)) {
            blame += " (or that of another neighbor that is down)";
        }
        boolean isConnecting = protocol.detail("BGP state").equals("Connect");
        Instant since = Instant.ofEpochSecond(protocol.sinceEpochS());
        if (blame.isEmpty()
                && life.failure == null
                && isConnecting
                && since.plus(UNANSWERED).isBefore(now)) {
            blame = "no answer to TCP connections";
        }
        if (!blame.isEmpty() && (life.failure == null || !life.failure.text().equals(blame))) {
            life.failure = new Failure(blame, Direction.TRANSPORT, now);
            LOG.warn("BGP: {} is down: {}", named(session), life.failure);
        }
    }

    /** Linux counts for all of them together. */
    private boolean isOneOfSeveral(boolean hasKey) {
        return lives.values().stream()
                        .filter(life -> life.signatures != null && life.hadKey == hasKey)
                        .count()
                > 1;
    }

    private void alarm(BgpSessions.Session session, Protocol protocol, Life life, Instant now) {
        Instant since = Instant.ofEpochSecond(protocol.sinceEpochS());
        boolean isOverdue = !since.plus(PATIENCE).isAfter(now);
        if (life.isUp) {
            alarms.clear(alarm(protocol.name()));
        } else if (isOverdue || life.staleSince != null) {
            alarms.raise(
                    alarm(protocol.name()),
                    Severity.MAJOR,
                    "BGP: "
                            + named(session)
                            + " is down"
                            + (life.failure == null ? "" : ": " + life.failure),
                    "show bgp neighbor " + session.neighbor(),
                    List.of("bgp", "peer", session.peer().name()));
        }
    }

    private static String named(BgpSessions.Session session) {
        Intent.Peer peer = session.peer();
        return "session with %s (peer %s, AS %d)"
                .formatted(session.neighbor(), peer.name(), peer.remoteAs());
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
