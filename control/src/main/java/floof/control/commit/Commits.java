package floof.control.commit;

import floof.api.Listeners;
import floof.api.commit.CommitRequest;
import floof.api.commit.CommitResult;
import floof.api.commit.CommitTime;
import floof.api.commit.Origin;
import floof.api.commit.PendingCommit;
import floof.api.commit.PendingCommit.Kind;
import floof.base.alarm.Alarms;
import floof.base.alarm.Severity;
import floof.base.task.Tasks;
import floof.config.candidate.Candidate;
import floof.config.candidate.Candidates;
import floof.config.store.History;
import floof.config.tree.Branch;
import floof.config.value.ConfigError;
import floof.config.value.StatementException;
import floof.control.audit.CommitRecords;
import floof.control.instance.Instance;
import floof.control.plan.CommitException;
import floof.control.plan.Intent;
import floof.control.plan.Step;
import floof.linux.error.LinuxException;
import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Commits: validate, compare with what is, plan, prepare (everything that can be known to fail
 * before something has changed), carry out or undo, record. One at a time. Thread: any.
 */
public final class Commits {

    private static final Logger LOG = LoggerFactory.getLogger(Commits.class);

    /** Of who asks: with the answer's own time no more than {@link floof.api.Router} promises. */
    private static final Duration PATIENCE = Duration.ofSeconds(8);

    /** A rollback that failed is tried again after that. */
    private static final Duration RETRY = Duration.ofSeconds(30);

    /** Most attempts: after that only the operator can help. */
    private static final int TRIES = 10;

    private static final Duration NEVER = Duration.ofDays(36_500);
    private static final String ROLLBACK_ALARM = "commit/rollback";

    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss z").withZone(ZoneId.systemDefault());

    private final Instance instance;
    private final History history;
    private final Candidates candidates;
    private final StoredConfiguration configuration;
    private final Reconciler reconciler;
    private final InstantSource clock;
    private final Waiting waiting;
    private final Tasks tasks;
    private final Listeners listeners;
    private final CommitRecords records;
    private final Alarms alarms;
    private final ReentrantLock turns = new ReentrantLock();

    /** What was planned for last, and the tree that it is of. */
    private Branch planned;

    private Intent intent = Intent.EMPTY;

    public Commits(
            Instance instance,
            History history,
            Candidates candidates,
            StoredConfiguration configuration,
            Reconciler reconciler,
            InstantSource clock,
            Waiting waiting,
            Tasks tasks,
            Listeners listeners,
            CommitRecords records,
            Alarms alarms) {
        this.instance = instance;
        this.history = history;
        this.candidates = candidates;
        this.configuration = configuration;
        this.reconciler = reconciler;
        this.clock = clock;
        this.waiting = waiting;
        this.tasks = tasks;
        this.listeners = listeners;
        this.records = records;
        this.alarms = alarms;
        this.planned = Branch.empty(history.running().schema());
    }

    /**
     * Makes the system follow the running configuration again, and begins to watch the clock. An
     * interface that cannot be had (its device is gone) does not keep the others from working: it
     * is left out, with an alarm, until it can.
     *
     * @param unconfirmed what {@link Unconfirmed#catchUp} rolled back
     * @return follows what is running when the system changes, until it is closed
     */
    public LinkWatch start(@Nullable Branch unconfirmed) {
        try (Turn _ = turn()) {
            reconciler.follow(intent(candidates.working()), true);
        }
        if (unconfirmed != null) {
            records.committed(unconfirmed, candidates.running(), Unconfirmed.TIMER, digest());
        }
        Waiting.Item item = waiting.item();
        if (item != null && item.kind() != Kind.CONFIRMATION) {
            candidates.share(item.tree());
        }
        freeze(item);
        configuration.report(alarms);
        waiting.start(tasks, this::due);
        return new LinkWatch(instance, this::follow, reconciler::isWaiting, tasks);
    }

    /** What one does at a time. */
    private interface Turn extends AutoCloseable {
        @Override
        void close();
    }

    private Turn turn() {
        turns.lock();
        return turns::unlock;
    }

    /**
     * For who asks, and must not wait for a commit that waits for BIRD or a fast path.
     *
     * @throws CommitException when it is not our turn in time
     */
    private Turn soon() throws CommitException {
        boolean isOurs = false;
        try {
            isOurs = turns.tryLock(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        if (!isOurs) {
            throw new CommitException("", "a commit is under way; try again when it is done");
        }
        return turns::unlock;
    }

    /** Everything wrong with what shall be committed; changes nothing, but confirms. */
    public CommitResult check(CommitRequest request) {
        try (Turn _ = soon()) {
            refuse(request);
            CommitResult result = plan(request.current().tree());
            return result.isDone() ? withWarning(result, confirm()) : result;
        } catch (CommitException e) {
            return refused(e);
        }
    }

    /** What a commit would do. */
    public CommitResult plan(Branch tree) {
        try (Turn _ = soon()) {
            List<ConfigError> errors = configuration.validator().of(tree);
            if (!errors.isEmpty()) {
                return CommitResult.refused(errors);
            }
            Intent wanted = intent(tree);
            List<Step> plan = plan(wanted, false);
            return CommitResult.done(warnings(tree, plan), steps(plan));
        } catch (CommitException e) {
            return refused(e);
        }
    }

    private List<ConfigError> warnings(Branch tree, List<Step> plan) {
        List<ConfigError> warnings =
                new ArrayList<>(reconciler.warnings(tree, candidates.running()));
        warnings.addAll(lost(plan));
        return warnings;
    }

    private static List<ConfigError> lost(List<Step> plan) {
        return plan.stream().flatMap(it -> it.check().warnings().stream()).toList();
    }

    private Intent intent(Branch tree) {
        intent = Intent.of(tree, planned, intent);
        planned = tree;
        return intent;
    }

    private static List<String> steps(List<Step> plan) {
        return plan.stream().map(it -> it + it.check().note()).toList();
    }

    /** Locks, and private copies that are not up to date. */
    private void refuse(CommitRequest request) throws CommitException {
        try {
            candidates.mayCommit(request.editor());
        } catch (StatementException e) {
            throw new CommitException("", e.getMessage());
        }
        Candidate editor = request.editor();
        if (editor != null && editor.isBehind()) {
            throw new CommitException(
                    "",
                    "others committed since; 'update' merges their changes into the private"
                            + " candidate");
        }
    }

    /** Makes a configuration the running one, now or later, or changes nothing and says why. */
    public CommitResult commit(CommitRequest request) {
        request.progress().accept("wait for other commits");
        try (Turn _ = turn()) {
            request.progress().accept("check the configuration");
            refuse(request);
            CommitRequest current = request.current();
            return current.at() == null ? now(current) : later(current);
        } catch (CommitException | IOException e) {
            return refused(e);
        }
    }

    private CommitResult now(CommitRequest request) throws CommitException, IOException {
        Branch tree = request.tree();
        List<ConfigError> errors = configuration.validator().of(tree);
        if (!errors.isEmpty()) {
            return CommitResult.refused(errors);
        }
        reconciler.heal();
        Intent wanted = intent(tree);
        List<Step> plan = plan(wanted, request.full());
        List<ConfigError> warnings = warnings(tree, plan);
        List<ConfigError> lost = lost(plan);
        if (!lost.isEmpty()) {
            listeners.tell("warning, the commit begins:", lost); // afterwards they hear nothing
        }
        Waiting.Item before = waiting.item();
        if (request.confirmWithin() != null) {
            // On disk before anything changes: a floofd that dies now comes back in time.
            waiting.put(
                    Kind.CONFIRMATION,
                    request.confirmWithin(),
                    request.origin(),
                    before == null ? candidates.running() : before.tree());
        }
        try {
            reconciler.execute(plan, request.progress(), () -> record(request));
        } catch (CommitException e) {
            try {
                waiting.put(before);
            } catch (IOException also) {
                LOG.error("what waits: {}", also.getMessage());
            }
            throw e;
        }
        candidates.committed(tree, request.editor());
        String unconfirmed = request.confirmWithin() == null ? confirm() : "";
        configuration.replaced(alarms);
        request.progress().accept("compare the system with the configuration");
        for (String step : reconciler.verify(wanted)) {
            warnings.add(new ConfigError(List.of(), null, "committed, but still to do: " + step));
        }
        return withWarning(CommitResult.done(warnings, steps(plan)), unconfirmed);
    }

    /** Checked now, done at its time. */
    private CommitResult later(CommitRequest request) throws IOException {
        CommitResult check = plan(request.tree());
        if (!check.isDone()) {
            return check;
        }
        switch (Objects.requireNonNull(request.at())) {
            case CommitTime.At at ->
                    waiting.put(
                            Kind.TIME,
                            Duration.between(clock.instant(), at.time()),
                            request.origin(),
                            request.tree());
            case CommitTime.Reboot _ ->
                    waiting.put(Kind.REBOOT, Duration.ZERO, request.origin(), request.tree());
        }
        freeze(waiting.item());
        return CommitResult.done(List.of(), check.steps());
    }

    /**
     * Keeps the commit that waits for its confirmation.
     *
     * @return why that failed; empty on success
     */
    private String confirm() {
        try {
            waiting.put(null);
            alarms.clear(ROLLBACK_ALARM);
            return "";
        } catch (IOException e) {
            LOG.error("not confirmed: {}", e.getMessage());
            return "not confirmed, and rolled back at its time unless the next commit can confirm: "
                    + e.getMessage();
        }
    }

    private static CommitResult withWarning(CommitResult done, String warning) {
        List<ConfigError> warnings = new ArrayList<>(done.warnings());
        warnings.add(new ConfigError(List.of(), null, warning));
        return warning.isEmpty() ? done : CommitResult.done(warnings, done.steps());
    }

    /** The commit that waits, or null. */
    public @Nullable PendingCommit pending() {
        Waiting.Item item = waiting.item();
        return item == null ? null : item.shown();
    }

    /** Takes a commit back that waits for its time. */
    public boolean clearPending() throws IOException {
        try (Turn _ = soon()) {
            Waiting.Item item = waiting.item();
            if (item == null || item.kind() == Kind.CONFIRMATION) {
                return false;
            }
            waiting.put(null);
            freeze(null);
            return true;
        } catch (CommitException e) {
            throw new IOException(e.getMessage(), e);
        }
    }

    private void freeze(Waiting.@Nullable Item item) {
        candidates.freeze(
                item == null || item.kind() == Kind.CONFIRMATION
                        ? null
                        : "a commit by "
                                + item.origin().user()
                                + " waits for "
                                + (item.kind() == Kind.REBOOT
                                        ? "a restart of the machine"
                                        : TIME.format(item.deadline()))
                                + " ('clear system commit' cancels it)");
    }

    /** The time of what waits has come. */
    private void due() {
        try (Turn _ = turn()) {
            rollBackOrCommit();
        }
    }

    private void rollBackOrCommit() {
        Waiting.Item item = waiting.due();
        if (item == null) {
            return;
        }
        boolean isRollback = item.kind() == Kind.CONFIRMATION;
        Origin origin = isRollback ? Unconfirmed.TIMER : item.origin();
        String what = isRollback ? "automatic rollback" : "commit at its time";
        CommitResult result;
        try {
            freeze(null);
            if (item.tree().equals(candidates.running())) {
                waiting.put(null); // it was done, but its file could not be removed
                return;
            }
            result = now(CommitRequest.of(item.tree(), origin));
        } catch (CommitException | IOException e) {
            result = refused(e);
        }
        if (result.isDone()) {
            waiting.failed(RETRY); // if its file is still there
            listeners.tell(
                    isRollback
                            ? "Commit was not confirmed; automatic rollback complete."
                            : what + " by " + item.origin().user() + " complete");
            return;
        }
        String errors = String.join("\n", result.errors().stream().map(it -> "" + it).toList());
        LOG.error("{} failed: {}", what, errors);
        listeners.tell(what + " failed:", result.errors());
        if (isRollback) {
            tryLater(item, errors);
            return;
        }
        try {
            waiting.put(null);
        } catch (IOException e) {
            LOG.error("{}: {}", what, e.getMessage());
            waiting.failed(RETRY);
        }
    }

    /** Schedules another attempt, unless the rules of this version refuse the configuration. */
    private void tryLater(Waiting.Item item, String errors) {
        boolean isRefused = !configuration.validator().of(item.tree()).isEmpty();
        boolean isLast = waiting.failed(RETRY) >= TRIES || isRefused;
        if (isLast) {
            waiting.failed(NEVER);
        }
        alarms.raise(
                ROLLBACK_ALARM,
                Severity.MAJOR,
                "the last commit was not confirmed, and cannot be rolled back: " + errors,
                (isLast ? "" : "it is retried automatically; or ")
                        + "'rollback 1', correct what is refused, and 'commit'; or 'commit' alone"
                        + " keeps the running configuration");
    }

    private void record(CommitRequest request) throws IOException {
        Branch tree = request.tree();
        Origin origin = request.origin();
        Waiting.Item item = request.confirmWithin() == null ? null : waiting.item();
        if (!tree.equals(candidates.running())
                || !origin.comment().isEmpty()
                || !history.fault().isEmpty()) {
            history.add(
                    tree,
                    clock.instant(),
                    origin.user(),
                    origin.client(),
                    origin.comment(),
                    item == null ? null : item.tree());
            records.committed(candidates.running(), tree, origin, digest());
        }
    }

    /** Of the newest revision. */
    private String digest() {
        return history.revisions().getFirst().digest();
    }

    /**
     * Makes the system follow the running configuration when somebody changed links or addresses.
     * Departments that those do not matter to (BIRD) follow only when they left something out.
     *
     * @param isByItself nobody did
     * @return whether nothing was left out
     */
    private boolean follow(boolean isByItself) {
        try (Turn _ = turn()) {
            if (isByItself) {
                reconciler.lookAgain();
            }
            return reconciler.follow(intent(candidates.working()), reconciler.isAllToFollow());
        }
    }

    /** The steps that make the system follow an intent, tried as far as nothing changes. */
    private List<Step> plan(Intent intent, boolean isFull) throws CommitException {
        try {
            List<Step> plan = reconciler.plan(intent, isFull);
            for (Step step : plan) {
                step.check().run();
            }
            return plan;
        } catch (IOException | LinuxException e) {
            throw new CommitException("", "" + e.getMessage(), e);
        }
    }

    private static CommitResult refused(Exception e) {
        String place = e instanceof CommitException commit ? commit.path() : "";
        List<String> path = place.isEmpty() ? List.of() : List.of(place.split(" "));
        // What a program or the kernel says may be about anything.
        boolean isOurs = e instanceof CommitException && e.getCause() == null;
        List<List<String>> others = isOurs ? List.of() : List.of(List.of());
        return CommitResult.refused(
                List.of(new ConfigError(path, null, "" + e.getMessage(), others)));
    }
}
