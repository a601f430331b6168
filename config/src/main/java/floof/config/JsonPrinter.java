package floof.config;

import floof.config.SchemaNode.Kind;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.json.JsonMapper;

/**
 * Configurations as JSON: containers are objects, lists are arrays of objects with the key under
 * {@code name}, leaf-lists arrays, flags {@code true}; numbers are numbers.
 */
public final class JsonPrinter {

    private static final JsonMapper MAPPER = JsonMapper.builder().build();

    private JsonPrinter() {}

    /** What is below {@code branch}, on one line. */
    public static String print(Branch branch) {
        return MAPPER.writeValueAsString(map(branch));
    }

    /** What is below {@code branch}, for a JSON writer: maps, lists, text, numbers and true. */
    public static Map<String, Object> map(Branch branch) {
        Map<String, Object> map = new LinkedHashMap<>();
        if (branch.key() != null) {
            map.put("name", branch.name());
        }
        if (branch.schema().kind() == Kind.LIST) {
            map.put(branch.name(), entries(branch));
            return map;
        }
        for (Node child : branch.children()) {
            map.put(child.name(), value(child));
        }
        return map;
    }

    private static Object value(Node node) {
        return switch (node) {
            case Branch list when list.schema().kind() == Kind.LIST -> entries(list);
            case Branch branch -> map(branch);
            case Statement flag when flag.schema().kind() == Kind.FLAG -> true;
            case Statement leaf when leaf.schema().kind() == Kind.LEAF ->
                    scalar(leaf.values().getFirst());
            case Statement many -> many.values().stream().map(JsonPrinter::scalar).toList();
        };
    }

    private static List<Object> entries(Branch list) {
        List<Object> entries = new ArrayList<>();
        list.children().forEach(entry -> entries.add(map((Branch) entry)));
        return entries;
    }

    private static Object scalar(Comparable<?> value) {
        return value instanceof Long number ? number : value.toString();
    }
}
