package floof.config.text;

import floof.config.edit.Edit;
import floof.config.text.Loaded.Mistake;
import floof.config.tree.Branch;
import floof.config.tree.Marks;
import floof.config.tree.Node;
import floof.config.tree.SchemaNode;
import floof.config.tree.SchemaNode.Kind;
import floof.config.value.StatementException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.TokenStreamLocation;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Reads what {@link JsonPrinter} writes onto a tree: statements by name, marks under {@code @} or
 * {@code @name}. A key {@code configuration} around it all is taken off. Unlike text, JSON tells
 * the place of a mistake by the path in its message.
 */
public final class JsonReader {

    private static final JsonMapper MAPPER = JsonMapper.builder().build();

    private final List<Mistake> errors = new ArrayList<>();
    private final List<String> path = new ArrayList<>();

    private JsonReader() {}

    /** Reads {@code text} onto {@code base}, which stays as it is. */
    public static Loaded load(Branch base, String text) {
        if (text.length() > TextParser.TEXT_MAX) {
            return TextParser.load(base, text); // has the message
        }
        JsonReader reader = new JsonReader();
        try {
            JsonNode json = MAPPER.readTree(text);
            JsonNode below = json.has("configuration") ? json.get("configuration") : json;
            return new Loaded(reader.object(base, below), List.copyOf(reader.errors));
        } catch (JacksonException e) {
            TokenStreamLocation at = e.getLocation();
            int line = at == null ? 1 : Math.max(1, at.getLineNr());
            int column = at == null ? 1 : Math.max(1, at.getColumnNr());
            String message = Edit.clipped(String.valueOf(e.getOriginalMessage()));
            return new Loaded(base, List.of(new Mistake(line, column, "", message)));
        }
    }

    private void mistake(String token, String message) {
        if (errors.size() < TextParser.ERRORS_MAX) {
            String where = path.isEmpty() ? "configuration" : String.join(" ", path);
            errors.add(
                    new Mistake(1, 1, Edit.clipped(token), Edit.clipped(where) + ": " + message));
        }
    }

    private Branch object(Branch base, JsonNode json) {
        if (!json.isObject()) {
            mistake(json.toString(), "expected an object");
            return base;
        }
        Branch branch = base;
        for (Map.Entry<String, JsonNode> member : json.properties()) {
            String name = member.getKey();
            boolean isKey = name.equals("name") && base.schema().kind() == Kind.ENTRY;
            if (!isKey && !name.startsWith("@")) {
                branch = member(branch, name, member.getValue());
            }
        }
        for (Map.Entry<String, JsonNode> member : json.properties()) {
            String name = member.getKey();
            if (name.startsWith("@") && name.length() > 1) {
                Node child = branch.child(name.substring(1));
                branch = child == null ? branch : branch.with(marked(child, member.getValue()));
            }
        }
        return branch;
    }

    private Branch member(Branch branch, String name, JsonNode json) {
        SchemaNode schema = branch.schema().child(name);
        if (schema == null || schema.kind() == Kind.ENTRY) {
            // Of a list at the top of a text, the list's own name stands before the entries.
            if (schema != null && name.equals(branch.name()) && json.isArray()) {
                return entries(branch, json);
            }
            mistake(name, "unknown statement '" + Edit.clipped(name) + "'");
            return branch;
        }
        path.add(name);
        Branch changed =
                schema.isBranch()
                        ? below(branch, schema, json)
                        : set(branch, words(schema, json), name);
        path.removeLast();
        return changed;
    }

    private Branch below(Branch branch, SchemaNode schema, JsonNode json) {
        Branch old = branch.branch(schema.name());
        Branch start = old == null ? Branch.empty(schema) : old;
        Branch child = schema.kind() == Kind.LIST ? entries(start, json) : object(start, json);
        Node marked = json.isObject() && json.has("@") ? marked(child, json.get("@")) : child;
        if (child.isEmpty() || isRefused(old, marked)) {
            return branch;
        }
        return branch.with(marked);
    }

    private Branch entries(Branch list, JsonNode json) {
        if (!json.isArray()) {
            mistake(json.toString(), "expected an array of entries");
            return list;
        }
        Branch result = list;
        for (JsonNode item : json) {
            String name = item.path("name").asString("");
            path.add(name);
            try {
                Comparable<?> key = list.schema().entry().valueType().parse(name);
                Branch old = result.branch(key.toString());
                Branch start = old == null ? Branch.entry(list.schema().entry(), key) : old;
                Node entry = object(start, item);
                entry = item.has("@") ? marked(entry, item.get("@")) : entry;
                result = isRefused(old, entry) ? result : result.with(entry);
            } catch (IllegalArgumentException e) {
                mistake(name, Edit.clipped(String.valueOf(e.getMessage())));
            }
            path.removeLast();
        }
        return result;
    }

    private boolean isRefused(@Nullable Branch old, Node young) {
        boolean isRefused = old != null && old.marks().isProtected() && !old.equals(young);
        if (isRefused) {
            mistake("", "is protected; 'unprotect' it first");
        }
        return isRefused;
    }

    /** The words behind a leaf's name; null when the value is of another kind. */
    private @Nullable List<String> words(SchemaNode schema, JsonNode json) {
        List<JsonNode> values = new ArrayList<>();
        if (schema.kind() == Kind.LEAF_LIST && json.isArray()) {
            json.forEach(values::add);
        } else if (schema.kind() != Kind.FLAG) {
            values.add(json);
        } else if (!json.isBoolean() || !json.asBoolean()) {
            values.add(MAPPER.createArrayNode());
        }
        List<String> words = new ArrayList<>();
        for (JsonNode value : values) {
            if (!value.isString() && !value.isIntegralNumber()) {
                mistake(
                        value.toString(),
                        schema.kind() == Kind.FLAG ? "expected true" : "expected text or a number");
                return null;
            }
            words.add(value.asString());
        }
        if (schema.kind() == Kind.LEAF_LIST) {
            words.addFirst("[");
            words.addLast("]");
        }
        return words;
    }

    private Branch set(Branch branch, @Nullable List<String> values, String name) {
        if (values == null) {
            return branch;
        }
        List<String> words = new ArrayList<>(List.of(name));
        words.addAll(values);
        try {
            return Edit.set(branch, path.subList(0, path.size() - 1), words);
        } catch (StatementException e) {
            errors.add(new Mistake(1, 1, name, e.getMessage()));
            return branch;
        }
    }

    private Node marked(Node node, JsonNode json) {
        String comment = json.path("comment").asString("");
        String text =
                Marks.text(comment.replaceFirst("^\\s*/\\*", "").replaceFirst("\\*/\\s*$", ""));
        String wrong = Marks.wrong(text);
        if (wrong != null) {
            mistake(comment, wrong);
            return node;
        }
        Marks marks =
                new Marks(
                        json.path("inactive").asBoolean(false),
                        json.path("protect").asBoolean(false),
                        text);
        return node.with(node.marks().and(marks));
    }
}
