package floof.api.view;

import floof.base.IpAddress;
import floof.base.Prefix;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * What a value is: front ends check it, and complete it with what exists.
 *
 * @param name of the kind
 * @param placeholder how help names it
 * @param range what help says of its values, or nothing
 * @param wrong what is wrong with a text, or null
 * @param canonical the one spelling of a value that is not wrong
 */
public record Kind(
        String name,
        String placeholder,
        String range,
        Function<String, @Nullable String> wrong,
        UnaryOperator<String> canonical) {

    /** Of values with one spelling. */
    public Kind(
            String name,
            String placeholder,
            String range,
            Function<String, @Nullable String> wrong) {
        this(name, placeholder, range, wrong, UnaryOperator.identity());
    }

    public static final Kind INTERFACE = device("interface");

    /** A port with driver dpdk. */
    public static final Kind DPDK_PORT = device("dpdk-port");

    /** An interface whose name is passed to a program, so it must not look like an option. */
    public static final Kind LINK =
            matching(
                    "link",
                    "<interface>",
                    "[A-Za-z0-9_][A-Za-z0-9_.-]{0,14}",
                    "the name of an interface");

    public static final Kind NEIGHBOR = parsed("neighbor", IpAddress::parse);

    /** A neighbor or the name of a peer. */
    public static final Kind PEER = any("peer", "<neighbor>");

    public static final Kind PREFIX =
            parsed("prefix", it -> it.indexOf('/') < 0 ? IpAddress.parse(it) : Prefix.parse(it));

    /** A log of the router. */
    public static final Kind LOG =
            matching("log", "<log>", "[A-Za-z0-9][A-Za-z0-9_.-]{0,63}", "the name of a log");

    private static Kind device(String name) {
        return new Kind(
                name,
                "<interface>",
                "",
                text -> text.length() <= 15 ? null : "expected at most 15 characters");
    }

    private static Kind parsed(String name, Function<String, ?> parser) {
        return new Kind(
                name,
                "<" + name + ">",
                "",
                text -> {
                    try {
                        var unused = parser.apply(text);
                        return null;
                    } catch (IllegalArgumentException e) {
                        return e.getMessage();
                    }
                },
                text -> parser.apply(text).toString());
    }

    /** Any text. */
    public static Kind any(String name, String placeholder) {
        return new Kind(name, placeholder, "", text -> null);
    }

    /** A text of a form. */
    public static Kind matching(String name, String placeholder, String pattern, String expected) {
        return new Kind(
                name,
                placeholder,
                "",
                text -> text.matches(pattern) ? null : "expected " + expected);
    }

    /** A number of at most nine digits. */
    public static Kind number(int minimum, int maximum) {
        return number("<number>", minimum, maximum);
    }

    /** The same, which help names otherwise. */
    public static Kind number(String placeholder, int minimum, int maximum) {
        String range = minimum + ".." + maximum;
        return new Kind(
                "number",
                placeholder,
                range,
                text ->
                        text.matches("[0-9]{1,9}")
                                        && Integer.parseInt(text) >= minimum
                                        && Integer.parseInt(text) <= maximum
                                ? null
                                : "expected a number " + range,
                text -> Integer.toString(Integer.parseInt(text)));
    }
}
