package floof.control.commit;

import floof.base.alarm.Alarms;
import floof.base.alarm.Severity;
import floof.config.check.Validation;
import floof.config.check.Validator;
import floof.config.store.History;
import floof.config.tree.Branch;
import floof.config.value.ConfigError;
import java.util.ArrayList;
import java.util.List;

/**
 * The configuration at the start, which an earlier version may have accepted by other rules. What
 * cannot be used is left out, so that the rest works; what can be used stays in force although a
 * rule is against it. Alarms name both until the next commit, which has to mend them. Thread: one.
 */
public final class StoredConfiguration {

    private static final String DAMAGED = "configuration/stored";
    private static final String REFUSED = "configuration/refused/";

    private final Branch stored;

    /** Why the last revision does not run; empty if it does. */
    private final String damage;

    private final Validator validator;
    private final List<ConfigError> faults;
    private Branch usable;

    public StoredConfiguration(History history) {
        this.stored = history.running();
        this.damage = history.fault();
        this.validator = new Validator(stored.schema());
        this.faults = new ArrayList<>(validator.of(stored));
        this.usable = faults.isEmpty() ? stored : Validation.complete(stored);
    }

    /** All of it. */
    public Branch stored() {
        return stored;
    }

    /** The part of it that can be used. */
    public Branch usable() {
        return usable;
    }

    /** Has seen all of it, if it is good; what follows costs the difference. */
    Validator validator() {
        return validator;
    }

    /** Leaves out what a daemon refuses; false when it is not there. */
    public boolean leaveOut(ConfigError refused) {
        if (usable.effective().find(refused.path()) == null) {
            return false;
        }
        faults.add(refused);
        usable = usable.effective().without(refused.path());
        return true;
    }

    /** Raises an alarm for each mistake, and if the last commit is lost. */
    void report(Alarms alarms) {
        if (!damage.isEmpty()) {
            alarms.raise(
                    DAMAGED,
                    Severity.MAJOR,
                    "the last committed configuration is damaged; an earlier one runs: " + damage,
                    "'show system commit' shows which one runs; load what is missing; 'commit'"
                            + " ends this alarm");
        }
        for (ConfigError fault : faults) {
            String statement = String.join(" ", fault.path());
            String out = String.join(" ", leftOut(fault.path()));
            boolean isMissing = stored.effective().find(fault.path()) == null;
            alarms.raise(
                    id(fault),
                    out.isEmpty() ? Severity.MINOR : Severity.MAJOR,
                    "stored configuration: "
                            + named(fault)
                            + (out.isEmpty()
                                    ? "; it stays in force until it is changed"
                                    : "; '" + out + "' is left out"),
                    (isMissing
                                    ? "'set " + statement + " ...'"
                                    : "correct or 'delete " + statement + "'")
                            + ", then 'commit'; 'commit check' names what is wrong",
                    fault.path());
        }
    }

    /** An alarm is shown to all who may see its own path: it must not name the others. */
    private static String named(ConfigError fault) {
        return fault.others().isEmpty()
                ? fault.toString()
                : String.join(" ", fault.path()) + ": breaks a rule with another statement";
    }

    private static String id(ConfigError fault) {
        String value = fault.value() == null ? "" : "/" + fault.value();
        return REFUSED + String.join("/", fault.path()) + value;
    }

    /** What is stored and not usable, of that path or above it; empty for nothing. */
    private List<String> leftOut(List<String> path) {
        for (int length = 1; length <= path.size(); length++) {
            List<String> statement = path.subList(0, length);
            if (usable.effective().find(statement) == null) {
                return stored.effective().find(statement) == null ? List.of() : statement;
            }
        }
        return List.of();
    }

    /** Another configuration runs: clears the alarms. */
    void replaced(Alarms alarms) {
        alarms.clear(DAMAGED);
        faults.forEach(fault -> alarms.clear(id(fault)));
        faults.clear();
    }
}
