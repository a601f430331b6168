package floof.cli.answer;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The form of {@code | display xml}: the names of {@code | display json} with hyphens for capitals,
 * a list as its element again and again, what is unknown left out.
 */
public final class Xml {

    private final StringBuilder out = new StringBuilder();

    private Xml() {}

    /**
     * @param element name of the value, or of each element when it is a list
     * @param value as {@link Json#plain} gives it
     * @param attributes of each element
     * @param banner what stands above the prompt
     */
    public static String reply(
            String element, Object value, Map<String, String> attributes, String banner) {
        Xml xml = new Xml();
        xml.element(1, element, value, attributes);
        return begin() + xml.out + end(banner);
    }

    /** What stands before the first element. */
    static String begin() {
        return "<rpc-reply xmlns:junos=\"http://xml.juniper.net/junos/24.4R1/junos\">\n";
    }

    /** One of the elements of a list. */
    static String element(String name, Object value) {
        Xml xml = new Xml();
        xml.element(1, name, value, Map.of());
        return xml.out.toString();
    }

    /** What stands behind the last element. */
    static String end(String banner) {
        Xml xml = new Xml();
        xml.line(1, "<cli>");
        xml.element(2, "banner", banner, Map.of());
        xml.line(1, "</cli>");
        xml.line(0, "</rpc-reply>");
        return xml.out.toString();
    }

    private void element(
            int depth, String name, @Nullable Object value, Map<String, String> attributes) {
        if (value instanceof Map<?, ?> map && map.get("@") instanceof Map<?, ?> marks) {
            Map<Object, Object> others = new LinkedHashMap<>(map);
            others.remove("@");
            element(depth, name, others, marked(depth, marks, attributes));
            return;
        }
        StringBuilder tag = new StringBuilder(hyphenated(name));
        attributes.forEach((key, text) ->
                tag.append(' ').append(key).append("=\"").append(escaped(text)).append('"'));
        switch (value) {
            case null -> {
                // Unknown.
            }
            case List<?> elements -> elements.forEach(e -> element(depth, name, e, attributes));
            case Map<?, ?> map -> {
                line(depth, "<" + tag + ">");
                map.forEach((key, below) -> {
                    if (!key.toString().startsWith("@")) {
                        Map<String, String> marks =
                                map.get("@" + key) instanceof Map<?, ?> own
                                        ? marked(depth + 1, own, Map.of())
                                        : Map.of();
                        element(depth + 1, key.toString(), below, marks);
                    }
                });
                line(depth, "</" + hyphenated(name) + ">");
            }
            default -> {
                String text = escaped(value.toString());
                line(
                        depth,
                        text.isEmpty()
                                ? "<" + tag + "/>"
                                : "<" + tag + ">" + text + "</" + hyphenated(name) + ">");
            }
        }
    }

    /**
     * The attributes with those of the marks of a statement; its annotation stands before it, as in
     * Junos.
     */
    private Map<String, String> marked(int depth, Map<?, ?> marks, Map<String, String> attributes) {
        Map<String, String> all = new LinkedHashMap<>(attributes);
        marks.forEach((mark, text) -> {
            if (mark.equals("comment")) {
                element(depth, "junos:comment", text, Map.of());
            } else {
                all.put(mark.toString(), mark.toString());
            }
        });
        return all;
    }

    private void line(int depth, String text) {
        out.repeat(' ', 4 * depth).append(text).append('\n');
    }

    /** {@code interfaceName} as {@code interface-name}. */
    public static String hyphenated(String name) {
        return name.replaceAll("(?<=[a-z0-9])(?=[A-Z])", "-").toLowerCase(java.util.Locale.ROOT);
    }

    /** What XML 1.0 cannot carry becomes a question mark. */
    private static String escaped(String text) {
        return text.replaceAll("[\\x00-\\x08\\x0b\\x0c\\x0e-\\x1f\\ufffe\\uffff]", "?")
                .replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;");
    }
}
