package floof.control.commit;

import floof.base.alarm.Alarms;
import floof.base.alarm.Severity;
import floof.config.tree.Branch;
import floof.config.value.ConfigError;
import floof.control.plan.CommitException;
import floof.control.plan.Department;
import floof.control.plan.Intent;
import floof.control.plan.Step;
import floof.linux.error.LinuxException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes the system follow the configuration when it does not: at the start, when somebody changed
 * it by hand, when a device went away and came back. What cannot be had does not keep the rest from
 * working: it is left out, with an alarm, until it can. Thread: one at a time.
 */
public final class Reconciler {

    private static final Logger LOG = LoggerFactory.getLogger(Reconciler.class);

    /** The alarm of a difference that no statement is to blame for. */
    private static final String DIFFERS = "configuration/differs";

    /** Steps named in an alarm; the log has all. */
    private static final int NAMED = 3;

    /** Answers for statements that no department answers for. */
    private static final Department NOBODY = (shall, isFull) -> List.of();

    private final List<Department> departments;
    private final Alarms alarms;

    /** What was followed last. */
    private Intent followed = Intent.EMPTY;

    /** Statements that were left out of it, and why: {@code interfaces ge-0}. */
    private volatile Map<String, String> left = Map.of();

    private Set<String> raised = Set.of();

    /**
     * @param departments in the order of their steps
     */
    public Reconciler(List<Department> departments, Alarms alarms) {
        this.departments = departments;
        this.alarms = alarms;
    }

    /**
     * What makes the system follow an intent; what was left out last, and is wanted as it was then,
     * stays out.
     *
     * @param isFull also repeats what the system already has, where that helps
     */
    List<Step> plan(Intent intent, boolean isFull) throws IOException, CommitException {
        Set<String> out = stillLeft(intent).keySet();
        out.removeIf(it -> !owner(it).chapter().isPerDevice());
        return without(out, difference(departments, intent, isFull));
    }

    /** What was left out last, and is wanted as it was then; a copy. */
    private Map<String, String> stillLeft(Intent intent) {
        Map<String, String> still = new TreeMap<>(left);
        still.keySet().removeIf(it -> !owner(it).isSame(it, intent, followed));
        return still;
    }

    private static List<Step> difference(List<Department> among, Intent intent, boolean isFull)
            throws IOException, CommitException {
        List<Step> plan = new ArrayList<>();
        for (Department department : among) {
            plan.addAll(department.plan(intent, isFull));
        }
        plan.sort(Comparator.comparing(Step::phase));
        return plan;
    }

    private List<Step> without(Set<String> statements, List<Step> plan) {
        return plan.stream().filter(it -> !statements.contains(statement(it.path()))).toList();
    }

    /** The statement that stands or falls as a whole. */
    private String statement(String path) {
        Department owner = owner(path);
        String name = owner == NOBODY ? path.split(" ")[0] : owner.chapter().name();
        String[] more = path.substring(name.length()).strip().split(" ");
        return owner.chapter().isPerDevice() ? (name + " " + more[0]).strip() : name;
    }

    /** Who answers for a statement or what is below it. */
    private Department owner(String path) {
        return departments.stream()
                .filter(it -> (path + " ").startsWith(it.chapter().name() + " "))
                .findFirst()
                .orElse(NOBODY);
    }

    /** Those of all departments. */
    List<ConfigError> warnings(Branch shall, Branch running) {
        return departments.stream().flatMap(it -> it.warnings(shall, running).stream()).toList();
    }

    /**
     * Carries out a plan that {@link #plan} gave.
     *
     * @param progress gets the text of each step as it begins
     */
    void execute(List<Step> plan, Consumer<String> progress, Executor.Record record)
            throws CommitException {
        new Executor(departments, progress).execute(plan, record);
    }

    /** Has departments look again at what they cannot look at all the time. */
    void lookAgain() {
        departments.forEach(Department::lookAgain);
    }

    /** Mends links before a commit looks at them. */
    void heal() {
        try {
            departments.forEach(it -> it.heal(Intent.EMPTY));
        } catch (LinuxException e) {
            LOG.warn("links: {}", e.getMessage()); // the commit itself will tell
        }
    }

    /**
     * After a commit: says what is still not as committed, with an alarm and as what the committer
     * is told; nothing when all is.
     */
    List<String> verify(Intent intent) {
        Map<String, String> out = stillLeft(intent);
        List<String> steps;
        try {
            List<Step> plan = plan(intent, false);
            out.keySet().removeIf(it -> isDone(it, plan));
            steps = plan.stream().map(Step::text).toList();
        } catch (IOException | CommitException | LinuxException e) {
            steps = List.of("look at it: " + e.getMessage());
        }
        steps.forEach(step -> LOG.error("committed, and yet still to do: {}", step));
        ended(intent, out, steps);
        return steps;
    }

    /** Whether a plan, which has the steps of all but devices, has nothing to do for it. */
    private boolean isDone(String statement, List<Step> plan) {
        return !owner(statement).chapter().isPerDevice()
                && plan.stream().noneMatch(it -> statement(it.path()).equals(statement));
    }

    /**
     * The system was compared with an intent.
     *
     * @param out what was left out, and why
     * @param steps what is still to do
     */
    private void ended(Intent intent, Map<String, String> out, List<String> steps) {
        followed = intent;
        left = Map.copyOf(out);
        differs(steps);
        tell();
        departments.forEach(it -> it.followed(intent, alarms));
    }

    private void differs(List<String> steps) {
        String more = steps.size() > NAMED ? " and " + (steps.size() - NAMED) + " more" : "";
        alarms.set(
                !steps.isEmpty(),
                DIFFERS,
                Severity.MAJOR,
                "the system differs from the committed configuration; still to do: "
                        + steps.stream().limit(NAMED).collect(Collectors.joining("; "))
                        + more,
                "it is retried automatically; see show log floofd",
                List.of());
    }

    /**
     * Makes the system follow an intent as far as it can.
     *
     * @param isAll also by the departments that changes of links do not matter to
     * @return whether nothing was left out
     */
    boolean follow(Intent intent, boolean isAll) {
        try {
            return followed(intent, isAll);
        } catch (IOException | LinuxException e) {
            // A fast path that is being restarted, most likely: not a word to operators.
            LOG.warn("what is configured cannot be compared with what is: {}", e.getMessage());
            return false;
        }
    }

    private boolean followed(Intent intent, boolean isAll) throws IOException {
        List<Department> among =
                departments.stream().filter(it -> isAll || it.chapter().isWatched()).toList();
        Map<String, String> faults = stillLeft(intent);
        faults.keySet()
                .removeIf(it -> among.contains(owner(it)) && owner(it).isWorthTrying(intent));
        among.forEach(it -> faults.putAll(it.heal(intent)));
        Set<String> out = new TreeSet<>(faults.keySet());
        List<String> steps = List.of();
        Intent wanted = intent;
        boolean isTrying = true;
        while (isTrying) {
            try {
                List<Step> plan = without(out, difference(among, wanted, false));
                if (!plan.isEmpty()) {
                    LOG.info("not as configured: {}", plan);
                    execute(plan, step -> {}, () -> {});
                    plan = without(out, difference(among, wanted, false));
                }
                steps = plan.stream().map(Step::text).toList();
                isTrying = false;
            } catch (CommitException e) {
                String statement = statement(e.path());
                String why = String.valueOf(e.getMessage());
                if (!why.equals(left.get(statement))) {
                    LOG.error("configuration: {}: {}", e.path(), why);
                }
                faults.put(statement, why);
                Intent rest = owner(statement).fallback(statement, wanted);
                isTrying = !rest.equals(wanted) || out.add(statement);
                wanted = rest;
            }
        }
        ended(intent, faults, steps);
        return faults.isEmpty() && steps.isEmpty();
    }

    /** Whether something was left out that only all departments together try again. */
    boolean isAllToFollow() {
        return stillLeft(followed).keySet().stream()
                .anyMatch(it -> !owner(it).chapter().isWatched());
    }

    /** Whether a device that comes may be one that something waits for. Thread: any. */
    boolean isWaiting() {
        return faults().keySet().stream().anyMatch(it -> owner(it).chapter().isPerDevice());
    }

    /** Statements that were left out, and why. Thread: any. */
    public Map<String, String> left() {
        return left;
    }

    /** Statements that do not work, and why. */
    private Map<String, String> faults() {
        Map<String, String> faults = new TreeMap<>();
        departments.forEach(it -> faults.putAll(it.faults()));
        faults.putAll(left);
        return faults;
    }

    private void tell() {
        Set<String> now = new TreeSet<>();
        faults().forEach((statement, why) -> {
            String id = "configuration/" + statement.replace(' ', '/');
            now.add(id);
            alarms.raise(
                    id,
                    Severity.MAJOR,
                    statement + ": " + why,
                    owner(statement).remedy() + "; or delete " + statement,
                    List.of(statement.split(" ")));
        });
        raised.stream().filter(id -> !now.contains(id)).forEach(alarms::clear);
        raised = now;
    }
}
