package floof.cli;

import floof.cli.Position.Keyword;
import floof.config.Branch;
import floof.config.JsonPrinter;
import floof.config.Node;
import floof.config.Revision;
import floof.config.SetPrinter;
import floof.config.Statement;
import floof.config.TextPrinter;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The forms of {@code | display}; all but JSON and XML are of configurations only. */
final class TreeForm {

    private static final Position.Action DONE = words -> Answer.NONE;

    private TreeForm() {}

    /** Behind {@code | display}. */
    static Position grammar() {
        return Position.of(
                new Keyword("detail", "The steps of a commit as well", () -> Position.end(DONE)),
                new Keyword("json", "JSON", () -> Position.end(DONE)),
                new Keyword(
                        "rfc7951",
                        "JSON as the YANG module has it (show system schema)",
                        () -> Position.end(DONE)),
                new Keyword(
                        "set", "Commands that make this configuration", () -> Position.end(DONE)),
                new Keyword("xml", "XML", () -> Position.end(DONE)));
    }

    /**
     * @param displays the words behind {@code | display}, of each such pipe
     * @param commit the one that made the configuration, or null
     * @param banner what stands above the prompt
     */
    static String text(
            Answer.Tree answer,
            List<List<String>> displays,
            @Nullable Revision commit,
            String banner) {
        if (displays.contains(List.of("json"))) {
            return Json.print(answer.root().only(answer.path()), commit);
        }
        if (displays.contains(List.of("rfc7951"))) {
            return Json.print(JsonPrinter.rfc7951(answer.root().effective().only(answer.path())));
        }
        if (displays.contains(List.of("xml"))) {
            Map<String, Object> tree =
                    new LinkedHashMap<>(JsonPrinter.map(answer.root().only(answer.path())));
            return Xml.reply(
                    "configuration",
                    flags(tree),
                    commit == null ? Map.of() : Json.attributes(commit),
                    banner);
        }
        boolean set = displays.contains(List.of("set"));
        Node node = answer.root().find(answer.path());
        return switch (node) {
            case null -> "";
            case Branch branch ->
                    set ? SetPrinter.print(branch, answer.path()) : TextPrinter.print(branch);
            case Statement statement ->
                    set
                            ? SetPrinter.print(
                                    statement, answer.path().subList(0, answer.path().size() - 1))
                            : statement + "\n";
        };
    }

    /** A flag is an empty element. */
    private static Object flags(Object value) {
        return switch (value) {
            case Boolean _ -> "";
            case List<?> list -> list.stream().map(TreeForm::flags).toList();
            case Map<?, ?> map -> {
                Map<Object, Object> copy = new LinkedHashMap<>();
                map.forEach((key, below) -> copy.put(key, flags(below)));
                yield copy;
            }
            default -> value;
        };
    }
}
