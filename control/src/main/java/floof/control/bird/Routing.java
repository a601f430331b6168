package floof.control.bird;

import static java.util.stream.Collectors.toCollection;

import floof.config.tree.Branch;
import floof.config.value.ConfigError;
import floof.control.plan.CommitException;
import floof.control.plan.Department;
import floof.control.plan.Intent;
import floof.control.plan.Step;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Static routes and BGP: BIRD's configuration. Thread: one at a time. */
public final class Routing implements Department {

    private static final Logger LOG = LoggerFactory.getLogger(Routing.class);

    private static final Chapter CHAPTER = new Chapter("routing", false, false);

    private final Bird bird;
    private final Path log;
    private final BirdConfig config;

    /** What BIRD found no fault with last. */
    private String checked = "";

    /**
     * @param log where messages of BIRD go
     */
    public Routing(Bird bird, Path log) {
        this.bird = bird;
        this.log = log;
        this.config = new BirdConfig(log);
    }

    @Override
    public List<Step> plan(Intent shall, boolean isFull) throws IOException {
        String before = bird.text();
        String after = config.text(shall);
        if (after.equals(before) && !isFull) {
            return List.of();
        }
        String text = "reconfigure BIRD";
        return List.of(
                new Step(
                        Step.Phase.DAEMONS,
                        CHAPTER.name(),
                        text,
                        () -> configure(after),
                        text,
                        () -> configure(before),
                        new Step.Check() {
                            @Override
                            public void run() throws IOException, CommitException {
                                check(shall);
                            }

                            @Override
                            public String note() {
                                List<String> ended = BgpSessions.ended(before, after);
                                return ended.isEmpty()
                                        ? ""
                                        : "; ends the BGP session with " + String.join(", ", ended);
                            }
                        }));
    }

    /** A session without a policy must not be an accident (RFC 8212). */
    @Override
    public List<ConfigError> warnings(Branch shall, Branch running) {
        Set<String> known = withoutRelationship(running);
        return withoutRelationship(shall).stream()
                .filter(peer -> !known.contains(peer))
                .map(peer ->
                        new ConfigError(
                                List.of("bgp", "peer", peer),
                                null,
                                "has no relationship: it gets only our prefixes; its routes are"
                                        + " used here and go to nobody"))
                .toList();
    }

    /** Their names; of a stored configuration, too, which may lack what is required. */
    private static Set<String> withoutRelationship(Branch configured) {
        return configured.effective().container("bgp").entries("peer").stream()
                .filter(peer -> !peer.has("relationship"))
                .map(Branch::name)
                .collect(toCollection(LinkedHashSet::new));
    }

    @Override
    public Chapter chapter() {
        return CHAPTER;
    }

    @Override
    public boolean isSame(String statement, Intent one, Intent other) {
        return one.routes().equals(other.routes()) && Objects.equals(one.bgp(), other.bgp());
    }

    /**
     * BIRD's configuration at start-up, without the statements that BIRD refuses.
     *
     * @param log where messages of BIRD go
     * @param usable what is stored, without what was left out
     * @param leaveOut leaves out a statement, and says whether it was there
     * @throws IOException when BIRD refuses even what nobody configured
     */
    public static String accepted(
            Bird bird, Path log, Supplier<Branch> usable, Predicate<ConfigError> leaveOut)
            throws IOException {
        while (true) {
            Intent intent = Intent.of(usable.get());
            String text = BirdConfig.text(intent, log);
            // Static routes are typed values: nothing in them is left to be refused.
            Intent rest = intent.withoutRoutes();
            String checked = BirdConfig.text(rest, log);
            try {
                // One that does not run may be another BIRD than the one that took it.
                if (bird.find() == null || !text.equals(bird.text())) {
                    bird.check(checked);
                }
                return text;
            } catch (IOException e) {
                LOG.warn("BIRD does not check its configuration: {}", e.getMessage());
                return text; // the start fails for the same reason
            } catch (BirdException e) {
                List<String> statement = BirdConfig.blamed(rest, checked, e);
                String reason = "BIRD refuses: " + e.getMessage();
                if (!leaveOut.test(new ConfigError(statement, null, reason))) {
                    throw new IOException("BIRD refuses its configuration: " + e.getMessage(), e);
                }
            }
        }
    }

    private void configure(String text) throws IOException, CommitException {
        try {
            bird.configure(text);
        } catch (BirdException e) {
            throw new CommitException(CHAPTER.name(), "" + e.getMessage(), e);
        }
    }

    /** Static routes are typed values: nothing in them is left to be refused. */
    private void check(Intent shall) throws IOException, CommitException {
        Intent rest = shall.withoutRoutes();
        String text = BirdConfig.text(rest, log);
        try {
            if (!text.equals(checked)) {
                bird.check(text);
                checked = text;
            }
        } catch (BirdException e) {
            String statement = String.join(" ", BirdConfig.blamed(rest, text, e));
            throw new CommitException(statement, "BIRD refuses: " + e.getMessage(), e);
        }
    }
}
