package floof.control.commit;

import static java.util.Objects.requireNonNull;

import floof.base.alarm.Alarms;
import floof.base.alarm.Severity;
import floof.control.bird.Routing;
import floof.control.fastpath.FastPath;
import floof.control.fastpath.FastPathDepartment;
import floof.control.plan.CommitException;
import floof.control.plan.Department;
import floof.control.plan.FastPathSettings;
import floof.control.plan.Intent;
import floof.control.plan.Step;
import floof.control.port.Ports;
import floof.linux.error.LinuxException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
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

    private static final String PORT = "interfaces ";

    /** The statement that stands for BIRD's configuration. */
    private static final String ROUTING = "routing";

    private static final String FAST_PATH = "fast-path";

    /** Steps named in an alarm; the log has all. */
    private static final int NAMED = 3;

    private final Ports ports;
    private final FastPath fastPath;
    private final List<Department> departments;

    /** What must follow changes of links. */
    private final List<Department> exceptRouting;

    private final Alarms alarms;

    /** What was followed last. */
    private Intent followed = Intent.EMPTY;

    /** Statements that were left out of it, and why: {@code interfaces ge-0}. */
    private volatile Map<String, String> left = Map.of();

    /** This machine cannot have the configured settings of the fast path; applied once it can. */
    private boolean isRefusedByMachine;

    private Set<String> raised = Set.of();

    /**
     * @param services what else follows the configuration
     */
    public Reconciler(
            Ports ports,
            FastPath fastPath,
            Routing routing,
            List<Department> services,
            Alarms alarms) {
        this.ports = ports;
        this.fastPath = fastPath;
        this.exceptRouting = List.of(ports, new FastPathDepartment(fastPath, ports::settle));
        this.departments = new ArrayList<>(exceptRouting);
        this.departments.add(routing);
        this.departments.addAll(services);
        this.alarms = alarms;
    }

    /**
     * What makes the system follow an intent; what was left out last, and is wanted as it was then,
     * stays out.
     *
     * @param isFull BIRD gets its configuration even when it has it
     */
    List<Step> plan(Intent intent, boolean isFull) throws IOException, CommitException {
        return without(stillWanted(intent), difference(departments, intent, isFull));
    }

    /** Interfaces that were left out, and are wanted as they were then. */
    private Set<String> stillWanted(Intent intent) {
        Set<String> out = new TreeSet<>();
        for (String statement : left.keySet()) {
            Intent.Port port = intent.ports().get(port(statement));
            if (port != null && port.equals(followed.ports().get(port.name()))) {
                out.add(statement);
            }
        }
        return out;
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

    private static List<Step> without(Set<String> statements, List<Step> plan) {
        return plan.stream().filter(it -> !statements.contains(statement(it.path()))).toList();
    }

    /** The statement that stands or falls as a whole. */
    private static String statement(String path) {
        String[] words = path.split(" ");
        boolean isPort = words[0].equals("interfaces") && words.length > 1;
        return isPort ? words[0] + " " + words[1] : words[0];
    }

    /** The interface that a statement is; empty for another one. */
    private static String port(String statement) {
        return statement.startsWith(PORT) ? statement.substring(PORT.length()) : "";
    }

    /** What was followed last: the running configuration. */
    Intent followed() {
        return followed;
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

    /** Has Linux look again whether other hosts have addresses of ours. */
    void detectAgain() {
        try {
            ports.detectAgain();
        } catch (IOException | LinuxException e) {
            LOG.warn("duplicate addresses: {}", e.getMessage());
        }
    }

    /** Mends links before a commit looks at them. */
    void heal() {
        try {
            ports.heal();
        } catch (LinuxException e) {
            LOG.warn("links: {}", e.getMessage()); // the commit itself will tell
        }
    }

    /**
     * After a commit: says what is still not as committed, with an alarm and as what the committer
     * is told; nothing when all is.
     */
    List<String> verify(Intent intent) {
        List<String> steps;
        try {
            steps = plan(intent, false).stream().map(Step::text).toList();
        } catch (IOException | CommitException | LinuxException e) {
            steps = List.of("look at it: " + e.getMessage());
        }
        Map<String, String> kept = stillLeft(intent);
        stillWanted(intent).forEach(it -> kept.put(it, requireNonNull(left.get(it))));
        left = Map.copyOf(kept);
        followed = intent;
        ports.sendPeers(intent.peers());
        steps.forEach(step -> LOG.error("committed, and yet still to do: {}", step));
        differs(steps);
        tell();
        return steps;
    }

    private void differs(List<String> steps) {
        String more = steps.size() > NAMED ? " and " + (steps.size() - NAMED) + " more" : "";
        alarms.set(
                !steps.isEmpty(),
                DIFFERS,
                Severity.MAJOR,
                "the system is not as committed; still to do: "
                        + steps.stream().limit(NAMED).collect(Collectors.joining("; "))
                        + more,
                "it is retried automatically; see show log floofd",
                List.of());
    }

    /**
     * Makes the system follow an intent as far as it can.
     *
     * @param withRouting also BIRD's configuration
     * @return whether nothing was left out
     */
    boolean follow(Intent intent, boolean withRouting) {
        try {
            return followed(intent, withRouting);
        } catch (IOException | LinuxException e) {
            // A fast path that is being restarted, most likely: not a word to operators.
            LOG.warn("what is configured cannot be compared with what is: {}", e.getMessage());
            return false;
        }
    }

    private boolean followed(Intent intent, boolean withRouting) throws IOException {
        Map<String, String> faults = stillLeft(intent);
        if (withRouting) {
            faults.remove(ROUTING); // it is tried again
        }
        if (isRefusedByMachine && isPossible(intent)) {
            faults.remove(FAST_PATH);
        }
        ports.heal().forEach((port, why) -> faults.put(PORT + port, why));
        ports.missing(intent.ports().values())
                .forEach((port, why) -> faults.putIfAbsent(PORT + port, why));
        List<Department> among = withRouting ? departments : exceptRouting;
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
                if (!String.valueOf(e.getMessage()).equals(left.get(statement))) {
                    LOG.error("configuration: {}: {}", e.path(), e.getMessage());
                }
                faults.put(statement, "" + e.getMessage());
                if (statement.equals(FAST_PATH)) {
                    isRefusedByMachine = !isPossible(wanted);
                }
                if (statement.equals(FAST_PATH)
                        && !wanted.fastPath().equals(FastPathSettings.DEFAULT)) {
                    // Settings made for another machine.
                    wanted = wanted.with(FastPathSettings.DEFAULT);
                } else {
                    isTrying = out.add(statement);
                    String port = port(statement);
                    if (!ports.claims().containsKey(port)) {
                        wanted = wanted.without(port); // nothing of it is there to be kept
                    }
                }
            }
        }
        followed = intent;
        ports.sendPeers(intent.peers());
        left = Map.copyOf(faults);
        differs(steps);
        tell();
        return faults.isEmpty() && steps.isEmpty();
    }

    /** Checks without a start, because a failing start loses packets. */
    private boolean isPossible(Intent intent) {
        try {
            fastPath.check(intent.fastPath());
            return true;
        } catch (CommitException e) {
            return false;
        }
    }

    /** What is not about links is as wrong as it was, until it is configured otherwise. */
    private Map<String, String> stillLeft(Intent intent) {
        Map<String, String> still = new TreeMap<>(left);
        still.keySet()
                .removeIf(statement ->
                        !(statement.equals(FAST_PATH)
                                        && intent.fastPath().equals(followed.fastPath())
                                || statement.equals(ROUTING)
                                        && intent.routes().equals(followed.routes())
                                        && Objects.equals(intent.bgp(), followed.bgp())));
        return still;
    }

    /** Whether BIRD does not run the committed configuration yet. */
    boolean isRoutingLeft() {
        return left.containsKey(ROUTING);
    }

    /** Why ports do not work as configured. Thread: any. */
    public Map<String, String> faults() {
        Map<String, String> faults = new TreeMap<>(ports.refused());
        left.forEach((statement, why) -> {
            if (statement.startsWith(PORT)) {
                faults.put(port(statement), why);
            }
        });
        return faults;
    }

    private void tell() {
        Set<String> now = new TreeSet<>();
        Map<String, String> wrong = new TreeMap<>(left);
        ports.refused()
                .forEach((port, why) ->
                        wrong.putIfAbsent(PORT + port, "is not in the fast path: " + why));
        wrong.forEach((statement, why) -> {
            String id = "configuration/" + statement.replace(' ', '/');
            now.add(id);
            alarms.raise(
                    id,
                    Severity.MAJOR,
                    statement + ": " + why,
                    (statement.equals(FAST_PATH) && !isRefusedByMachine
                                    ? "'commit' tries it again"
                                    : "it is retried automatically")
                            + "; or delete "
                            + statement,
                    List.of(statement.split(" ")));
        });
        ports.unsure()
                .forEach(duplicate -> {
                    String id = "address/" + duplicate.link() + "/" + duplicate.address();
                    if (duplicate.isFailed() || raised.contains(id)) {
                        now.add(id);
                        alarms.raise(
                                id,
                                Severity.MAJOR,
                                "interfaces "
                                        + duplicate.link()
                                        + " address "
                                        + duplicate.address()
                                        + ": another host on the link has it; Linux does not use"
                                        + " ours",
                                "give the other host another address; a configured one is tried"
                                        + " again every minute",
                                List.of("interfaces", duplicate.link()));
                    }
                });
        raised.stream().filter(id -> !now.contains(id)).forEach(alarms::clear);
        raised = now;
    }
}
