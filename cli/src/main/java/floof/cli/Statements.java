package floof.cli;

import floof.cli.Position.Action;
import floof.cli.Position.Argument;
import floof.cli.Position.Keyword;
import floof.config.Branch;
import floof.config.Node;
import floof.config.Schema;
import floof.config.SchemaNode;
import floof.config.SchemaNode.Kind;
import floof.config.Statement;
import floof.config.ValueType;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The part of the grammar that the schema makes: the words behind set, delete, show and edit. */
final class Statements {

    /** What is done with the statement that is named. */
    enum Verb {
        SET,
        DELETE,
        SHOW,
        EDIT
    }

    private final Verb verb;
    private final Action action;

    private Statements(Verb verb, Action action) {
        this.verb = verb;
        this.action = action;
    }

    /**
     * @param tree where existing entries and values are offered from
     * @param level the current edit level
     */
    static Position at(Verb verb, Branch tree, List<String> level, Action action) {
        SchemaNode schema = Objects.requireNonNull(Schema.at(level), "level");
        Node node = tree.find(level);
        return new Statements(verb, action)
                .branch(schema, node instanceof Branch branch ? branch : null, true);
    }

    /**
     * @param first true before any word: only {@code show} and {@code delete} may end there
     */
    private Position branch(SchemaNode schema, @Nullable Branch branch, boolean first) {
        if (schema.kind() == Kind.LIST) {
            return new Position(List.of(), key(schema, branch), mayEnd(schema, first));
        }
        List<Keyword> keywords = new ArrayList<>();
        for (SchemaNode child : schema.children()) {
            if (verb == Verb.EDIT && !child.isBranch()) {
                continue;
            }
            Node node = branch == null ? null : branch.child(child.name());
            keywords.add(
                    new Keyword(
                            mark(child),
                            child.name(),
                            help(child),
                            () -> statement(schema, branch, child, node)));
        }
        return new Position(keywords, null, mayEnd(schema, first));
    }

    private @Nullable Action mayEnd(SchemaNode schema, boolean first) {
        boolean may =
                switch (verb) {
                    case SHOW -> true;
                    case DELETE -> true;
                    case SET -> schema.kind() == Kind.ENTRY && !first;
                    case EDIT -> !first && (schema.kind() != Kind.LIST || schema.isBlock());
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

    private Position statement(
            SchemaNode parent, @Nullable Branch branch, SchemaNode schema, @Nullable Node node) {
        if (schema.isBranch()) {
            return branch(schema, node instanceof Branch below ? below : null, false);
        }
        if (schema.kind() == Kind.FLAG || verb == Verb.SHOW) {
            return after(parent, branch);
        }
        Position behind = after(parent, branch);
        Position value = value(schema, node, word -> behind);
        if (schema.kind() == Kind.LEAF_LIST) {
            List<Keyword> keywords = new ArrayList<>(value.keywords());
            keywords.add(
                    new Keyword("[", "Several values", () -> values(schema, node, behind, false)));
            value = new Position(keywords, value.argument(), null);
        }
        return new Position(
                value.keywords(), value.argument(), verb == Verb.DELETE ? action : null);
    }

    /** Behind a leaf or flag: {@code set} takes further statements of the same level. */
    private Position after(SchemaNode parent, @Nullable Branch branch) {
        return verb == Verb.SET
                ? new Position(branch(parent, branch, false).keywords(), null, action)
                : Position.end(action);
    }

    private Position values(SchemaNode schema, @Nullable Node node, Position behind, boolean some) {
        Position value = value(schema, node, word -> values(schema, node, behind, true));
        List<Keyword> keywords =
                some ? List.of(new Keyword("]", "End of the values", () -> behind)) : List.of();
        return new Position(keywords, value.argument(), null);
    }

    private Position value(
            SchemaNode schema, @Nullable Node node, Function<String, Position> next) {
        ValueType<?> type = Objects.requireNonNull(schema.type(), "type");
        List<Keyword> keywords = new ArrayList<>();
        for (ValueType.Choice choice : type.choices()) {
            keywords.add(
                    new Keyword(choice.word(), choice.help(), () -> next.apply(choice.word())));
        }
        if (!keywords.isEmpty()) {
            return new Position(keywords, null, null);
        }
        Supplier<List<Suggestion>> known = () -> existing(node);
        return new Position(List.of(), argument(' ', type, schema.help(), known, next), null);
    }

    /** Values that {@code delete} may take away. */
    private List<Suggestion> existing(@Nullable Node node) {
        return verb == Verb.DELETE && node instanceof Statement statement
                ? statement.values().stream().map(v -> new Suggestion(v.toString(), "")).toList()
                : List.of();
    }

    private Argument key(SchemaNode list, @Nullable Branch entries) {
        SchemaNode entry = list.entry();
        ValueType<?> type = Objects.requireNonNull(entry.type(), "type");
        return argument(
                '>',
                type,
                list.help(),
                () -> keys(entries),
                word -> branch(entry, entries == null ? null : entries.branch(word), false));
    }

    private List<Suggestion> keys(@Nullable Branch entries) {
        List<Suggestion> known = new ArrayList<>();
        if (entries != null) {
            for (Node node : entries.children()) {
                String description =
                        node instanceof Branch branch
                                        && branch.schema().child("description") != null
                                ? branch.value("description", String.class)
                                : null;
                known.add(new Suggestion('>', node.name(), description == null ? "" : description));
            }
        }
        return known;
    }

    private static Argument argument(
            char mark,
            ValueType<?> type,
            String help,
            Supplier<List<Suggestion>> known,
            Function<String, Position> next) {
        return new Argument(
                mark,
                type.placeholder(),
                help + " (" + type.expectation() + ")",
                text -> wrong(type, text),
                known,
                next);
    }

    private static @Nullable String wrong(ValueType<?> type, String text) {
        try {
            type.parse(text);
            return null;
        } catch (IllegalArgumentException e) {
            return e.getMessage();
        }
    }
}
