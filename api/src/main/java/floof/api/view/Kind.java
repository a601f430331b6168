package floof.api.view;

import floof.base.IpAddress;
import floof.base.Prefix;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What a value is: front ends check it, and complete it with what exists.
 *
 * @param name of the kind
 * @param placeholder how help names it
 * @param wrong what is wrong with a text, or null
 */
public record Kind(String name, String placeholder, Function<String, @Nullable String> wrong) {

    public static final Kind INTERFACE = device("interface");

    /** A port with driver dpdk. */
    public static final Kind DPDK_PORT = device("dpdk-port");

    public static final Kind NEIGHBOR = parsed("neighbor", IpAddress::parse);

    /** A neighbor or the name of a peer. */
    public static final Kind PEER = new Kind("peer", "<neighbor>", text -> null);

    public static final Kind PREFIX =
            parsed("prefix", it -> it.indexOf('/') < 0 ? IpAddress.parse(it) : Prefix.parse(it));

    private static Kind device(String name) {
        return new Kind(
                name,
                "<interface>",
                text -> text.length() <= 15 ? null : "expected at most 15 characters");
    }

    private static Kind parsed(String name, Function<String, ?> parser) {
        return new Kind(
                name,
                "<" + name + ">",
                text -> {
                    try {
                        var unused = parser.apply(text);
                        return null;
                    } catch (IllegalArgumentException e) {
                        return e.getMessage();
                    }
                });
    }

    /** A number of at most nine digits. */
    public static Kind number(int minimum, int maximum) {
        return new Kind(
                "number",
                "<number>",
                text ->
                        text.matches("[0-9]{1,9}")
                                        && Integer.parseInt(text) >= minimum
                                        && Integer.parseInt(text) <= maximum
                                ? null
                                : "expected a number " + minimum + ".." + maximum);
    }
}
