package floof.control;

import floof.api.CommitRequest;
import floof.api.CommitResult;
import floof.api.Origin;
import floof.config.Branch;
import floof.config.Candidate;
import floof.config.Candidates;
import floof.config.ConfigError;
import floof.config.History;
import floof.config.StatementException;
import floof.config.Validation;
import floof.control.bird.Bird;
import floof.control.bird.BirdConfig;
import floof.control.bird.BirdException;
import floof.control.instance.Instance;
import floof.control.plan.Applied;
import floof.control.plan.CommitException;
import floof.control.plan.FastPathSettings;
import floof.control.plan.Intent;
import floof.control.plan.Operation;
import floof.control.plan.Planner;
import floof.linux.LinuxException;
import floof.linux.dpdk.Eal;
import floof.linux.netlink.Rtnetlink;
import java.io.IOException;
import java.time.InstantSource;
import java.util.List;
import java.util.Objects;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Commits: validate, compare with what is, plan, prepare (everything that can be known to fail
 * before something has changed), carry out or undo, record. One at a time. Thread: any.
 */
final class Commits {

    private static final Logger LOG = LoggerFactory.getLogger(Commits.class);

    private static final String RESIZED =
            "fast-path limits: the tables get them when floofd starts again";

    private final Instance instance;
    private final History history;
    private final Candidates candidates;
    private final Ports ports;
    private final Bird bird;
    private final FastPath fastPath;
    private final int portLimit;
    private final InstantSource clock;

    /**
     * @param portLimit ports that the fast path has room for
     */
    Commits(
            Instance instance,
            History history,
            Candidates candidates,
            Ports ports,
            Bird bird,
            FastPath fastPath,
            int portLimit,
            InstantSource clock) {
        this.instance = instance;
        this.history = history;
        this.candidates = candidates;
        this.ports = ports;
        this.bird = bird;
        this.fastPath = fastPath;
        this.portLimit = portLimit;
        this.clock = clock;
    }

    /** Everything wrong with what shall be committed; changes nothing. */
    synchronized CommitResult check(CommitRequest request) {
        try {
            refuse(request);
            return plan(request.tree());
        } catch (CommitException e) {
            return CommitResult.refused(List.of(error(e)));
        }
    }

    /** What a commit would do. */
    synchronized CommitResult plan(Branch tree) {
        List<ConfigError> errors = Validation.of(tree);
        if (!errors.isEmpty()) {
            return CommitResult.refused(errors);
        }
        try {
            return CommitResult.done(List.of(), steps(plan(Intent.of(tree))));
        } catch (CommitException e) {
            return CommitResult.refused(List.of(error(e)));
        }
    }

    private static List<String> steps(List<Operation> plan) {
        return plan.stream().map(Operation::toString).toList();
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
                    "", "others committed since; 'update' brings that into the private candidate");
        }
    }

    /** Makes a configuration the running one, or changes nothing and says why. */
    synchronized CommitResult commit(CommitRequest request) {
        Branch tree = request.tree();
        try {
            refuse(request);
            List<ConfigError> errors = Validation.of(tree);
            if (!errors.isEmpty()) {
                return CommitResult.refused(errors);
            }
            dropBroken();
            List<Operation> plan = plan(Intent.of(tree));
            new Executor(Executor.on(ports, bird, fastPath))
                    .execute(plan, () -> record(tree, request.origin()));
            boolean isResized = !Objects.equals(limits(tree), limits(candidates.running()));
            candidates.committed(tree, request.editor());
            return CommitResult.done(isResized ? List.of(RESIZED) : List.of(), steps(plan));
        } catch (CommitException e) {
            return CommitResult.refused(List.of(error(e)));
        }
    }

    private static @Nullable Branch limits(Branch tree) {
        Branch fastPath = tree.effective().branch("fast-path");
        return fastPath == null ? null : fastPath.branch("limits");
    }

    private void record(Branch tree, Origin origin) throws IOException {
        if (!tree.equals(candidates.running()) || !origin.comment().isEmpty()) {
            history.add(tree, clock.instant(), origin.user(), origin.client(), origin.comment());
        }
    }

    /**
     * Makes the system follow the running configuration again after a start. An interface that
     * cannot be had (its device is gone) does not keep the others from working: it is left out,
     * with a word in the log, until the next commit.
     */
    synchronized void restore() {
        Intent intent = Intent.of(candidates.running());
        TreeMap<String, Intent.Port> left = new TreeMap<>(intent.ports());
        FastPathSettings settings = intent.fastPath();
        while (true) {
            try {
                List<Operation> plan =
                        plan(new Intent(left, intent.routes(), intent.bgp(), settings));
                new Executor(Executor.on(ports, bird, fastPath)).execute(plan, () -> {});
                return;
            } catch (CommitException e) {
                LOG.error("running configuration: {}: {}", e.path(), e.getMessage());
                String[] path = e.path().split(" ");
                if (path[0].equals("fast-path") && !settings.equals(FastPathSettings.DEFAULT)) {
                    settings = FastPathSettings.DEFAULT; // another machine than it was made for
                    continue;
                }
                boolean isPort = path.length > 1 && path[0].equals("interfaces");
                if (!isPort || left.remove(path[1]) == null) {
                    return;
                }
            }
        }
    }

    private void dropBroken() throws CommitException {
        try {
            ports.dropBroken();
        } catch (IOException | LinuxException e) {
            throw new CommitException("interfaces", "" + e.getMessage(), e);
        }
    }

    /** The operations that make the system follow an intent, tried as far as nothing changes. */
    private List<Operation> plan(Intent intent) throws CommitException {
        try {
            String text = BirdConfig.text(intent, instance.log("bird"));
            Applied applied = ports.applied(bird.text());
            List<Operation> plan = Planner.plan(intent, applied, text, portLimit);
            for (Operation operation : plan) {
                prepare(operation);
            }
            return plan;
        } catch (IOException | LinuxException e) {
            throw new CommitException("", "" + e.getMessage(), e);
        }
    }

    private void prepare(Operation operation) throws IOException, CommitException {
        switch (operation) {
            case Operation.ClaimDevice it -> {
                String device = Objects.requireNonNull(it.attachment().device());
                try (Rtnetlink here = Rtnetlink.open("prepare")) {
                    String refusal = Devices.refusal(device, here.link(device));
                    if (refusal != null && !ports.isClaimed(device)) {
                        throw new CommitException(it.path(), refusal);
                    }
                }
            }
            case Operation.CreateTwin it -> {
                boolean isDpdk = it.attachment().driver() == Intent.Driver.DPDK;
                String refusal = isDpdk ? Eal.refusal() : null;
                if (refusal != null) {
                    throw new CommitException(it.path() + " driver", refusal);
                }
            }
            case Operation.RestartFastPath it -> fastPath.check(it.after());
            case Operation.ConfigureBird it -> {
                try {
                    bird.check(it.after());
                } catch (BirdException e) {
                    throw new CommitException(it.path(), "BIRD refuses: " + e.getMessage(), e);
                }
            }
            default -> {}
        }
    }

    private static ConfigError error(CommitException e) {
        List<String> path = e.path().isEmpty() ? List.of() : List.of(e.path().split(" "));
        return new ConfigError(path, null, "" + e.getMessage());
    }
}
