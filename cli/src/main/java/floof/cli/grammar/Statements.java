package floof.cli.grammar;

import floof.cli.answer.Answer;
import floof.cli.answer.Suggestion;
import floof.cli.grammar.Position.Action;
import floof.cli.grammar.Position.Argument;
import floof.cli.grammar.Position.Keyword;
import floof.config.tree.Branch;
import floof.config.tree.Node;
import floof.config.tree.SchemaNode;
import floof.config.tree.SchemaNode.Kind;
import floof.config.tree.Statement;
import floof.config.value.ValueType;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The part of the grammar that the schema makes: the words behind set, delete, show and edit. */
public final class Statements {

    /** What is done with the statement that is named. */
    public enum Verb {
        SET,
        DELETE,
        SHOW,
        EDIT,
        /** A statement without its values. */
        MARK,
        /** An entry of a list. */
        ENTRY,
        /** An entry or value whose place is the operator's. */
        PLACE
    }

    /** An entry that may not be seen: the same answer whether it is there or not. */
    private static final String HIDDEN = "permission denied";

    /**
     * Where completion takes names from.
     *
     * @param tree the part of a whole configuration that the operator may see
     * @param visible paths of statements that the operator may see; others are not there
     * @param devices kernel devices of the machine
     */
    public record Sight(
            Branch tree, Predicate<List<String>> visible, Supplier<List<String>> devices) {}

    private final Verb verb;
    private final Sight sight;
    private final Action action;

    /** What comes behind the path to an entry, of {@link Verb#ENTRY} and {@link Verb#PLACE}. */
    private final Function<List<String>, List<Keyword>> behind;

    private Statements(
            Verb verb, Sight sight, Action action, Function<List<String>, List<Keyword>> behind) {
        this.verb = verb;
        this.sight = sight;
        this.action = action;
        this.behind = behind;
    }

    /** A place in the schema, and what the tree has there. */
    private record Place(List<String> path, SchemaNode schema, @Nullable Node node) {

        Place below(String word, SchemaNode child) {
            Node below = node instanceof Branch branch ? branch.child(word) : null;
            return new Place(Node.below(path, word), child, below);
        }

        Place below(String value) {
            return below(value, schema);
        }

        ValueType<?> type() {
            return Objects.requireNonNull(schema.type(), "type");
        }
    }

    /** Words of {@code plain-text-password}: asked for, and kept as a hash. */
    public static final String PASSWORD = "plain-text-password";

    /**
     * @param level the current edit level
     */
    public static Position at(Verb verb, Sight sight, List<String> level, Action action) {
        return new Statements(verb, sight, action, path -> List.of()).from(level);
    }

    /** A path to an entry, and behind it what {@code behind} has for that path. */
    public static Position to(
            Verb verb,
            Sight sight,
            List<String> level,
            Function<List<String>, List<Keyword>> behind) {
        return new Statements(verb, sight, words -> Answer.NONE, behind).from(level);
    }

    private Position from(List<String> level) {
        SchemaNode schema = Objects.requireNonNull(sight.tree().schema().at(level), "level");
        return branch(new Place(level, schema, sight.tree().find(level)), true);
    }

    /**
     * @param first true before any word: only {@code show} and {@code delete} may end there
     */
    private Position branch(Place place, boolean first) {
        if (place.schema().kind() == Kind.LIST) {
            return new Position(List.of(), key(place), mayEnd(place.schema(), first));
        }
        List<Keyword> keywords = new ArrayList<>();
        for (SchemaNode child : place.schema().children()) {
            if (!sight.visible().test(place.below(child.name(), child).path())) {
                continue;
            }
            if (verb == Verb.SET && child.isHash()) {
                keywords.add(
                        new Keyword(
                                PASSWORD, "Prompt for the password", () -> Position.end(action)));
            }
            if (isOffered(child)) {
                keywords.add(
                        new Keyword(
                                mark(child),
                                child.name(),
                                help(child),
                                () -> statement(place, place.below(child.name(), child))));
            }
        }
        if (place.schema().kind() == Kind.ENTRY && !first) {
            keywords.addAll(behind.apply(place.path()));
        }
        return new Position(keywords, null, mayEnd(place.schema(), first));
    }

    private boolean isOffered(SchemaNode child) {
        return switch (verb) {
            case EDIT, ENTRY -> child.isBranch();
            case PLACE ->
                    child.isBranch() || child.kind() == Kind.LEAF_LIST && child.isUserOrdered();
            default -> true;
        };
    }

    private @Nullable Action mayEnd(SchemaNode schema, boolean first) {
        boolean may =
                switch (verb) {
                    case SHOW, DELETE -> true;
                    case SET -> schema.kind() == Kind.ENTRY && !first;
                    case ENTRY, PLACE -> false;
                    case EDIT, MARK -> !first && (schema.kind() != Kind.LIST || schema.isBlock());
                };
        return may ? action : null;
    }

    private static char mark(SchemaNode schema) {
        return schema.isBranch() ? '>' : schema.kind() == Kind.LEAF_LIST ? '+' : ' ';
    }

    private static String help(SchemaNode schema) {
        return schema.fallback() == null
                ? schema.help()
                : schema.help() + " (default " + schema.fallback() + ")";
    }

    private Position statement(Place parent, Place place) {
        if (place.schema().isBranch()) {
            return branch(place, false);
        }
        if (place.schema().kind() == Kind.FLAG || verb == Verb.SHOW || verb == Verb.MARK) {
            return after(parent);
        }
        if (verb == Verb.PLACE) {
            Argument value =
                    argument(place, word -> new Position(behind.apply(place.below(word).path())));
            return Position.then(value);
        }
        Position behind = after(parent);
        Position value = value(place, behind);
        List<Keyword> keywords = new ArrayList<>(value.keywords());
        if (place.schema().kind() == Kind.LEAF_LIST) {
            keywords.add(new Keyword("[", "Several values", () -> values(place, behind, false)));
        }
        return new Position(keywords, value.argument(), verb == Verb.DELETE ? action : null);
    }

    /** Behind a leaf or flag: {@code set} takes further statements of the same level. */
    private Position after(Place parent) {
        return verb == Verb.SET
                ? new Position(branch(parent, false).keywords(), null, action)
                : Position.end(action);
    }

    private Position values(Place place, Position behind, boolean some) {
        List<Keyword> keywords =
                some ? List.of(new Keyword("]", "End of the values", () -> behind)) : List.of();
        return new Position(keywords, argument(place, word -> values(place, behind, true)), null);
    }

    private Position value(Place place, Position behind) {
        List<Keyword> keywords = new ArrayList<>();
        for (ValueType.Choice choice : place.type().choices()) {
            keywords.add(new Keyword(choice.word(), choice.help(), () -> behind));
        }
        return new Position(
                keywords, keywords.isEmpty() ? argument(place, word -> behind) : null, null);
    }

    private Argument argument(Place place, Function<String, Position> next) {
        return new Argument(
                ' ',
                place.type().placeholder(),
                place.schema().help() + " (" + place.type().expectation() + ")",
                text -> wrong(place, text),
                () -> known(place),
                next,
                prefix -> List.of(),
                place.schema().isSecret());
    }

    /** Values that {@code set} may name, {@code delete} take away and {@code insert} move. */
    private List<Suggestion> known(Place place) {
        if (place.schema().isSecret()) {
            return List.of();
        }
        if (verb == Verb.SET) {
            return place.schema().isDevice()
                    ? sight.devices().get().stream().map(name -> new Suggestion(name, "")).toList()
                    : referred(place.schema().reference());
        }
        return (verb == Verb.DELETE || verb == Verb.PLACE)
                        && place.node() instanceof Statement statement
                ? statement.values().stream().map(v -> new Suggestion(v.toString(), "")).toList()
                : List.of();
    }

    private List<Suggestion> referred(SchemaNode.@Nullable Reference reference) {
        List<Suggestion> names = new ArrayList<>();
        if (reference != null) {
            reference.builtIn().forEach(name -> names.add(new Suggestion(name, "Built in")));
            List<String> list = List.of(reference.list().split("/"));
            if (sight.tree().find(list) instanceof Branch entries) {
                entries.entries().forEach(e -> names.add(new Suggestion(e.name(), text(e))));
            }
        }
        return names;
    }

    /** What an entry says of itself to people. */
    private static String text(Branch entry) {
        String description = entry.value("description", String.class);
        String name = entry.value("full-name", String.class);
        return description != null ? description : name != null ? name : "";
    }

    private Argument key(Place list) {
        SchemaNode entry = list.schema().entry();
        Place place = new Place(list.path(), entry, list.node());
        return new Argument(
                '>',
                place.type().placeholder(),
                list.schema().help() + " (" + place.type().expectation() + ")",
                text ->
                        !sight.visible().test(place.below(text, entry).path())
                                ? HIDDEN
                                : beside(list, text) == null ? wrong(place, text) : null,
                () -> keys(list),
                word -> {
                    SchemaNode beside = beside(list, word);
                    return beside == null
                            ? branch(list.below(word, entry), false)
                            : statement(list, list.below(word, beside));
                });
    }

    /** The statement of that name that stands beside a list's entries, or null. */
    private static @Nullable SchemaNode beside(Place list, String word) {
        SchemaNode child = list.schema().child(word);
        return child == null || child.kind() == Kind.ENTRY ? null : child;
    }

    private List<Suggestion> keys(Place list) {
        List<Suggestion> known = new ArrayList<>();
        for (SchemaNode beside : list.schema().children()) {
            boolean isSeen = sight.visible().test(list.below(beside.name(), beside).path());
            if (beside.kind() != Kind.ENTRY && isSeen && isOffered(beside)) {
                known.add(new Suggestion(mark(beside), beside.name(), help(beside)));
            }
        }
        if (list.node() instanceof Branch branch) {
            for (Branch entry : branch.entries()) {
                known.add(new Suggestion('>', entry.name(), text(entry)));
            }
        }
        return known;
    }

    /** Null, or where, what and the expectation: {@code interfaces ge-0 mtu: 90 is below ...}. */
    private static @Nullable String wrong(Place place, String text) {
        try {
            place.type().parse(text);
            return null;
        } catch (IllegalArgumentException e) {
            return String.join(" ", place.path()) + ": " + e.getMessage();
        }
    }
}
