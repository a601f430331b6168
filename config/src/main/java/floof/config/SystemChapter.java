package floof.config;

import static floof.config.SchemaNode.container;
import static floof.config.SchemaNode.leaf;

/** The statements below {@code system}. */
final class SystemChapter {

    private static final ValueType<String> HOST_NAME =
            ValueType.word(
                            "<host-name>",
                            "[A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?"
                                    + "(\\.[A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?)*",
                            "a host name (RFC 1123) of 1..63 letters, digits, '-', '.'")
                    .where(name ->
                            name.length() > 63
                                    ? "has " + name.length() + " characters; expected 1..63"
                                    : null)
                    .example("r1");

    static final SchemaNode CHAPTER =
            container(
                    "system",
                    "Identity of the router, and its users",
                    leaf("host-name", HOST_NAME, "Name of the router"),
                    LoginChapter.CHAPTER);

    private SystemChapter() {}
}
