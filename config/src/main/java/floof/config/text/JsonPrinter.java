package floof.config.text;

import floof.config.tree.Branch;
import floof.config.tree.Marks;
import floof.config.tree.Node;
import floof.config.tree.SchemaNode;
import floof.config.tree.SchemaNode.Kind;
import floof.config.tree.Statement;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.json.JsonMapper;

/**
 * Configurations as JSON: containers are objects, lists are arrays of objects with the key under
 * {@code name}, leaf-lists arrays, flags {@code true}; numbers are numbers. Marks of a block stand
 * under {@code @} in it, those of a statement under {@code @name} beside it.
 */
public final class JsonPrinter {

    private static final JsonMapper MAPPER = JsonMapper.builder().build();

    /** Numbers of 64 bits are text, flags {@code [null]}. */
    private final boolean isRfc7951;

    private JsonPrinter(boolean isRfc7951) {
        this.isRfc7951 = isRfc7951;
    }

    /** What is below {@code branch}, on one line. */
    public static String print(Branch branch) {
        return MAPPER.writeValueAsString(map(branch));
    }

    /** What is below {@code branch}, for a JSON writer: maps, lists, text, numbers and true. */
    public static Map<String, Object> map(Branch branch) {
        return new JsonPrinter(false).below(branch);
    }

    /**
     * A whole configuration as it works, as YANG instance data (RFC 7951) of {@link YangPrinter}'s
     * module, for a JSON writer.
     */
    public static Map<String, Object> rfc7951(Branch root) {
        Map<String, Object> map = new LinkedHashMap<>();
        new JsonPrinter(true)
                .below(root.effective())
                .forEach((name, value) -> map.put(YangPrinter.MODULE + ":" + name, value));
        return map;
    }

    private Map<String, Object> below(Branch branch) {
        Map<String, Object> map = new LinkedHashMap<>();
        if (!isRfc7951) {
            marks(map, "@", branch.marks());
        }
        if (branch.key() != null) {
            map.put("name", branch.name());
        }
        if (branch.schema().kind() == Kind.LIST) {
            map.put(branch.name(), entries(branch));
            return map;
        }
        for (Node child : branch.children()) {
            map.put(child.name(), value(child));
            if (child instanceof Statement && !isRfc7951) {
                marks(map, "@" + child.name(), child.marks());
            }
        }
        return map;
    }

    private static void marks(Map<String, Object> map, String name, Marks marks) {
        Map<String, Object> marked = new LinkedHashMap<>();
        if (marks.inactive()) {
            marked.put("inactive", true);
        }
        if (marks.isProtected()) {
            marked.put("protect", true);
        }
        if (!marks.annotation().isEmpty()) {
            marked.put("comment", marks.comment(""));
        }
        if (!marked.isEmpty()) {
            map.put(name, marked);
        }
    }

    private Object value(Node node) {
        return switch (node) {
            case Branch list when list.schema().kind() == Kind.LIST -> entries(list);
            case Branch branch -> below(branch);
            case Statement flag when flag.schema().kind() == Kind.FLAG ->
                    isRfc7951 ? Collections.singletonList(null) : true;
            case Statement leaf when leaf.schema().kind() == Kind.LEAF ->
                    scalar(leaf.schema(), leaf.values().getFirst());
            case Statement many ->
                    many.values().stream().map(value -> scalar(many.schema(), value)).toList();
        };
    }

    private List<Object> entries(Branch list) {
        return list.entries().stream().<Object>map(this::below).toList();
    }

    private Object scalar(SchemaNode schema, Comparable<?> value) {
        boolean isText = isRfc7951 && YangPrinter.isText(schema.valueType());
        return value instanceof Long number && !isText ? number : value.toString();
    }
}
