package floof.config.schema;

import static floof.config.tree.SchemaNode.container;
import static floof.config.tree.SchemaNode.leaf;
import static floof.config.tree.SchemaNode.leafList;
import static floof.config.tree.SchemaNode.list;

import floof.config.access.Permissions;
import floof.config.tree.SchemaNode;
import floof.config.value.ValueType;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The statements below {@code system login}: who may do what. */
final class LoginChapter {

    /** Names of accounts as useradd(8) takes them: at most 32 characters, lower case. */
    private static final ValueType<String> USER =
            ValueType.word(
                            "<user>",
                            "[a-z_][a-z0-9_-]{0,31}",
                            "an account name: 1..32 of a-z, 0-9, '_', '-'")
                    .where(name ->
                            name.equals("root") ? "is always super-user; expected another" : null)
                    .example("alice");

    private static final ValueType<String> CLASS =
            ValueType.name("<class>", 32).example("operator");

    private static final ValueType<String> OWN_CLASS =
            CLASS.where(name ->
                            Permissions.BUILT_IN.containsKey(name)
                                    ? "is built in; expected another name"
                                    : null)
                    .example("noc");

    private static final ValueType<String> PERMISSION =
            ValueType.oneOf(
                    "<permission>",
                    Stream.of(Permissions.Flag.values())
                            .map(flag -> new ValueType.Choice(flag.word(), flag.help()))
                            .toArray(ValueType.Choice[]::new));

    private static final ValueType<String> PATTERN =
            ValueType.line("<pattern>", 1024)
                    .where(LoginChapter::wrongPattern)
                    .example("show (bgp|route).*");

    private static final ValueType<String> STATEMENTS = PATTERN.example("bgp .*|routing static");

    static final SchemaNode CHAPTER =
            container(
                    "login",
                    "Users and their permissions",
                    list(
                            "class",
                            OWN_CLASS,
                            "Class of users",
                            leafList("permissions", PERMISSION, "Permissions of the class"),
                            leaf(
                                    "allow-commands",
                                    PATTERN,
                                    "Additional commands that the class may run"),
                            leaf("deny-commands", PATTERN, "Commands that the class may not run"),
                            leaf(
                                    "allow-configuration",
                                    STATEMENTS,
                                    "Additional statements that the class may see and change"),
                            leaf(
                                    "deny-configuration",
                                    STATEMENTS,
                                    "Statements that the class may neither see nor change")),
                    list(
                            "user",
                            USER,
                            "User, by the name of the account",
                            leaf("full-name", Types.DESCRIPTION, "Full name of the user"),
                            leaf("class", CLASS, "Class of the user")
                                    .must()
                                    .refersTo("system/login/class", Permissions.BUILT_IN.keySet()),
                            container(
                                    "authentication",
                                    "How the user logs in",
                                    leaf("encrypted-password", Types.HASH, "Hash of the password")
                                            .hash())));

    private LoginChapter() {}

    private static @Nullable String wrongPattern(String text) {
        try {
            Pattern.compile(text); // by itself: a)|(b would fit between brackets
            Permissions.Flag.whole(text); // and between them: \Q would hide the last one
            return null;
        } catch (PatternSyntaxException e) {
            return "is not a regular expression: " + e.getDescription();
        }
    }
}
