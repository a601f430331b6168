package floof.config.check;

import static java.util.Objects.requireNonNull;

import floof.config.check.Validation.Used;
import floof.config.tree.Branch;
import floof.config.tree.Condition;
import floof.config.tree.Rule;
import floof.config.tree.SchemaNode;
import floof.config.value.ConfigError;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Validates one configuration after the other, at the cost of what differs from the last good one:
 * what the two share is as good as it was. What has a mistake is looked at as a whole, by {@link
 * Validation}, and so is what may break a reference. Thread: any, one at a time.
 */
public final class Validator {

    /** How often a value is used, how often implied, and how often it must not be either. */
    private record Count(int uses, int implied, int refusals) {

        private static final Count NONE = new Count(0, 0, 0);

        Count plus(Count other) {
            return new Count(uses + other.uses, implied + other.implied, refusals + other.refusals);
        }

        boolean isGood() {
            return uses <= 1 && (uses + implied == 0 || refusals == 0);
        }
    }

    private final SchemaNode schema;

    /** Lists whose entries others refer to. */
    private final Set<SchemaNode> referred = new HashSet<>();

    private Branch good;
    private final Map<Used, Count> counts = new HashMap<>();

    /** What the tree at hand changes of the counts. */
    private final Map<Used, Count> changes = new HashMap<>();

    private Validation itself;
    private boolean isSound;

    /**
     * @param schema of the whole configuration
     */
    public Validator(SchemaNode schema) {
        this.schema = schema;
        good = Branch.empty(schema);
        itself = Validation.byItself(schema);
        addReferred(schema);
    }

    private void addReferred(SchemaNode node) {
        SchemaNode.Reference reference = node.reference();
        if (reference != null) {
            referred.add(requireNonNull(schema.at(Condition.words(reference.list()))));
        }
        node.children().forEach(this::addReferred);
    }

    /** {@link Validation#of}. */
    @SuppressWarnings("ReferenceEquality") // without groups and marks it is the same
    public synchronized List<ConfigError> of(Branch configured) {
        Branch tree = configured.effective();
        isSound = tree == configured || configured.undefinedGroups().isEmpty();
        changes.clear();
        itself = Validation.byItself(schema);
        walk(good, tree);
        changes.forEach((key, change) -> isSound &= count(key).plus(change).isGood());
        List<ConfigError> errors = isSound ? List.of() : Validation.of(configured);
        if (errors.isEmpty()) {
            changes.forEach((key, change) -> {
                Count now = count(key).plus(change);
                if (now.equals(Count.NONE)) {
                    counts.remove(key);
                } else {
                    counts.put(key, now);
                }
            });
            good = tree;
        }
        return errors;
    }

    private Count count(Used key) {
        return counts.getOrDefault(key, Count.NONE);
    }

    private void walk(@Nullable Branch before, @Nullable Branch after) {
        if (before != null) {
            count(before, -1);
        }
        if (after != null) {
            count(after, 1);
            isSound &= itself.isGood(after);
        }
        Branch none = Branch.empty(schema);
        Branch.differences(
                before == null ? none : before,
                after == null ? none : after,
                (old, young) -> {
                    boolean isReference = young != null && young.schema().reference() != null;
                    boolean isReferred =
                            young == null && before != null && referred.contains(before.schema());
                    isSound &= !isReference && !isReferred;
                    Branch a = old instanceof Branch branch ? branch : null;
                    Branch b = young instanceof Branch branch ? branch : null;
                    if (a != null || b != null) {
                        walk(a, b);
                    }
                    return true;
                });
    }

    private void count(Branch branch, int sign) {
        for (Rule rule : branch.schema().rules()) {
            switch (rule) {
                case Rule.Unique unique -> {
                    if (unique.when().holds().test(branch)) {
                        count(branch, unique.at(), unique.what(), new Count(sign, 0, 0));
                    }
                }
                case Rule.Implies implied ->
                        Validation.implied(branch, implied)
                                .forEach(key ->
                                        changes.merge(key, new Count(0, sign, 0), Count::plus));
                case Rule.Unused refused ->
                        count(branch, refused.at(), refused.what(), new Count(0, 0, sign));
                default -> {}
            }
        }
    }

    private void count(Branch branch, String at, String what, Count count) {
        for (Comparable<?> value : Condition.valuesAt(branch, at)) {
            changes.merge(Validation.used(what, value), count, Count::plus);
        }
    }
}
