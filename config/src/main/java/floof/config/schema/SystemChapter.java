package floof.config.schema;

import static floof.config.tree.SchemaNode.container;
import static floof.config.tree.SchemaNode.flag;
import static floof.config.tree.SchemaNode.leaf;

import floof.config.tree.SchemaNode;
import floof.config.value.ValueType;
import org.jspecify.annotations.Nullable;

/** The statements below {@code system}. */
final class SystemChapter {

    private static final ValueType<String> HOST_NAME =
            ValueType.word(
                            "<host-name>",
                            "[A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?"
                                    + "(\\.[A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?)*",
                            "a host name (RFC 1123) of 1..63 letters, digits, '-', '.'")
                    .where(SystemChapter::notAName)
                    .example("r1");

    static final SchemaNode CHAPTER =
            container(
                    "system",
                    "Identity of the router, and its users",
                    leaf("host-name", HOST_NAME, "Name of the router"),
                    LoginChapter.CHAPTER,
                    container(
                            "services",
                            "Management interfaces besides floofctl",
                            flag(
                                    "rest",
                                    "State, operations and configuration as JSON over a unix socket")));

    private SystemChapter() {}

    private static @Nullable String notAName(String text) {
        if (text.length() > 63) {
            return "has " + text.length() + " characters; expected 1..63";
        }
        // RFC 1123 section 2.1: what looks like an address is taken for one.
        return text.matches("[0-9.]+") ? "looks like an address; expected a letter in it" : null;
    }
}
