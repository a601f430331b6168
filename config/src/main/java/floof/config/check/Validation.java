package floof.config.check;

import floof.base.InterfaceAddress;
import floof.config.tree.Branch;
import floof.config.tree.Condition;
import floof.config.tree.Node;
import floof.config.tree.Rule;
import floof.config.tree.SchemaNode;
import floof.config.tree.SchemaNode.Kind;
import floof.config.tree.Statement;
import floof.config.value.ConfigError;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Applies the schema's {@link Rule}s and its required statements to a whole configuration. Single
 * values are good already: the tree holds parsed ones. Returns every mistake, in display order.
 */
public final class Validation {

    private static final Pattern PLACEHOLDER = Pattern.compile("<([a-z-/]+)>");

    /** Who used a value first: the entry, and the value as it stands there. */
    private record Owner(Branch branch, List<String> path, Comparable<?> value) {}

    /** A value that only one may have. */
    record Used(String what, Comparable<?> key) {}

    private final Map<Used, Owner> owners = new HashMap<>();
    private final List<ConfigError> errors = new ArrayList<>();
    private final List<String> path = new ArrayList<>();

    private final Branch root;

    private Validation(Branch root) {
        this.root = root;
    }

    /** All that is wrong with a whole configuration as it works; empty when it may be committed. */
    public static List<ConfigError> of(Branch configured) {
        Branch root = configured.effective();
        Validation validation = new Validation(root);
        validation.errors.addAll(configured.undefinedGroups());
        validation.register(root);
        validation.check(root);
        return validation.errors;
    }

    /** A configuration as it works, without what lacks a required statement. */
    public static Branch complete(Branch configured) {
        return completed(configured.effective());
    }

    private static Branch completed(Branch branch) {
        Branch whole = branch;
        for (Node child : branch.children()) {
            if (child instanceof Branch below) {
                Branch kept = completed(below);
                boolean isGone = kept.key() == null && kept.isEmpty() && !below.isEmpty();
                whole =
                        isGone || missing(kept).findAny().isPresent()
                                ? whole.without(below)
                                : whole.with(kept);
            }
        }
        return whole;
    }

    /** Required statements that a container or entry lacks. */
    private static Stream<SchemaNode> missing(Branch branch) {
        return branch.schema().kind() == Kind.LIST
                ? Stream.of()
                : branch.schema().children().stream()
                        .filter(it -> it.isRequired() && !branch.has(it.name()));
    }

    private void register(Branch branch) {
        for (Rule rule : branch.schema().rules()) {
            if (rule instanceof Rule.Unique unique && unique.when().holds().test(branch)) {
                for (Comparable<?> value : Condition.valuesAt(branch, unique.at())) {
                    owners.putIfAbsent(
                            used(unique.what(), value), new Owner(branch, at(unique.at()), value));
                }
            }
            if (rule instanceof Rule.Implies implied) {
                for (Used key : implied(branch, implied)) {
                    owners.putIfAbsent(key, new Owner(branch, at(implied.at()), key.key()));
                }
            }
        }
        for (Node child : branch.children()) {
            if (child instanceof Branch below) {
                path.add(below.name());
                register(below);
                path.removeLast();
            }
        }
    }

    /** The two are equal exactly when one excludes the other. */
    static Used used(String what, Comparable<?> value) {
        return new Used(what, value instanceof InterfaceAddress with ? with.address() : value);
    }

    /** What follows from the values of a branch. */
    static List<Used> implied(Branch branch, Rule.Implies rule) {
        List<Used> implied = new ArrayList<>();
        for (Comparable<?> value : Condition.valuesAt(branch, rule.at())) {
            Comparable<?> key = rule.key().apply(value);
            if (key != null) {
                implied.add(new Used(rule.what(), key));
            }
        }
        return implied;
    }

    /** To ask of many branches whether they are good by themselves. */
    static Validation byItself(SchemaNode root) {
        return new Validation(Branch.empty(root));
    }

    /** Whether a container or entry is good by itself, whatever others use or refer to. */
    boolean isGood(Branch branch) {
        checkItself(branch);
        return errors.isEmpty();
    }

    private void checkItself(Branch branch) {
        missing(branch)
                .forEach(it ->
                        error(
                                it.name(),
                                null,
                                "is missing; expected " + it.valueType().expectation()));
        for (Rule rule : branch.schema().rules()) {
            check(branch, rule);
        }
    }

    private void check(Branch branch) {
        checkItself(branch);
        for (Rule rule : branch.schema().rules()) {
            checkAmongOthers(branch, rule);
        }
        for (Node child : branch.children()) {
            switch (child) {
                case Branch below -> {
                    path.add(below.name());
                    check(below);
                    path.removeLast();
                }
                case Statement statement -> references(statement);
            }
        }
    }

    private void references(Statement statement) {
        SchemaNode.Reference reference = statement.schema().reference();
        if (reference == null) {
            return;
        }
        Node list = root.find(Condition.words(reference.list()));
        for (Comparable<?> value : statement.values()) {
            String name = value.toString();
            if (!reference.builtIn().contains(name)
                    && !(list instanceof Branch entries && entries.has(name))) {
                error(statement.name(), name, name + " is not defined; expected " + reference);
            }
        }
    }

    private void check(Branch branch, Rule rule) {
        switch (rule) {
            case Rule.Must must -> {
                if (!must.condition().holds().test(branch)) {
                    var values = Condition.valuesAt(branch, must.at());
                    fault(branch, rule, values.isEmpty() ? null : values.getFirst(), null);
                }
            }
            case Rule.Each each -> {
                for (Comparable<?> value : Condition.valuesAt(branch, each.at())) {
                    if (!each.test().test(branch, value)) {
                        fault(branch, rule, value, null);
                    }
                }
            }
            default -> {}
        }
    }

    private void checkAmongOthers(Branch branch, Rule rule) {
        switch (rule) {
            case Rule.Unique unique -> {
                if (unique.when().holds().test(branch)) {
                    for (Comparable<?> value : Condition.valuesAt(branch, unique.at())) {
                        Owner owner = owner(unique.what(), value);
                        if (owner.branch != branch || !owner.value.equals(value)) {
                            fault(branch, rule, value, owner);
                        }
                    }
                }
            }
            case Rule.Unused unused -> {
                for (Comparable<?> value : Condition.valuesAt(branch, unused.at())) {
                    Owner owner = owners.get(used(unused.what(), value));
                    if (owner != null) {
                        fault(branch, rule, value, owner);
                    }
                }
            }
            default -> {}
        }
    }

    private Owner owner(String what, Comparable<?> value) {
        return Objects.requireNonNull(owners.get(used(what, value)));
    }

    private void fault(
            Branch branch, Rule rule, @Nullable Comparable<?> value, @Nullable Owner owner) {
        Matcher placeholder = PLACEHOLDER.matcher(rule.message());
        List<List<String>> others = new ArrayList<>();
        if (owner != null) {
            others.add(owner.path);
        }
        String message =
                placeholder.replaceAll(found -> {
                    String name = found.group(1);
                    Object said =
                            switch (name) {
                                case "value" -> value;
                                case "owner" -> owner == null ? null : owner.branch.name();
                                default -> {
                                    others.add(at(name));
                                    yield Condition.valuesAt(branch, name).stream()
                                            .findFirst()
                                            .orElse(null);
                                }
                            };
                    return Matcher.quoteReplacement(String.valueOf(said));
                });
        SchemaNode at = branch.schema().at(Condition.words(rule.at()));
        boolean isOfEntry = at != null && at.kind() == Kind.LIST && !(rule instanceof Rule.Must);
        if (isOfEntry && value != null) {
            // The entry is the place: who may not see it must not read its key either.
            List<String> place = at(rule.at());
            place.add(value.toString());
            String rest = message.replaceFirst("^" + Pattern.quote(value + " "), "");
            errors.add(new ConfigError(place, null, rest, others));
            return;
        }
        boolean isValueNamed = rule.message().startsWith("<value>");
        error(rule.at(), isValueNamed ? String.valueOf(value) : null, message, others);
    }

    private void error(String at, @Nullable String value, String message) {
        error(at, value, message, List.of());
    }

    private void error(
            String at, @Nullable String value, String message, List<List<String>> others) {
        errors.add(new ConfigError(at(at), value, message, others));
    }

    /** The place of a statement below the branch at hand. */
    private List<String> at(String below) {
        List<String> place = new ArrayList<>(path);
        place.addAll(Condition.words(below));
        return place;
    }
}
