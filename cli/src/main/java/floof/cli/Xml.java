package floof.cli;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The form of {@code | display xml}: the names of {@code | display json} with hyphens for capitals,
 * a list as its element again and again, what is unknown left out.
 */
final class Xml {

    private final StringBuilder out = new StringBuilder();

    private Xml() {}

    /**
     * @param element name of the value, or of each element when it is a list
     * @param value as {@link Json#plain} gives it
     * @param attributes of each element
     * @param banner what stands above the prompt
     */
    static String reply(
            String element, Object value, Map<String, String> attributes, String banner) {
        Xml xml = new Xml();
        xml.line(0, "<rpc-reply xmlns:junos=\"http://xml.juniper.net/junos/24.4R1/junos\">");
        xml.element(1, element, value, attributes);
        xml.line(1, "<cli>");
        xml.element(2, "banner", banner, Map.of());
        xml.line(1, "</cli>");
        xml.line(0, "</rpc-reply>");
        return xml.out.toString();
    }

    private void element(
            int depth, String name, @Nullable Object value, Map<String, String> attributes) {
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
                map.forEach((key, below) -> element(depth + 1, (String) key, below, Map.of()));
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

    private void line(int depth, String text) {
        out.repeat(' ', 4 * depth).append(text).append('\n');
    }

    /** {@code interfaceName} as {@code interface-name}. */
    static String hyphenated(String name) {
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
