package floof.cli.grammar;

import floof.api.view.Json;
import floof.cli.answer.Answer;
import floof.cli.answer.Xml;
import floof.cli.grammar.Position.Keyword;
import floof.config.access.Permissions;
import floof.config.store.Revision;
import floof.config.text.JsonPrinter;
import floof.config.text.SetPrinter;
import floof.config.tree.Branch;
import floof.config.tree.Node;
import floof.config.tree.Statement;
import floof.config.tree.TextPrinter;
import floof.config.tree.TextPrinter.Origin;
import floof.config.tree.TextPrinter.Style;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The forms of {@code | display}; all but JSON and XML are of configurations only. */
public final class TreeForm {

    private TreeForm() {}

    /** Behind {@code | display}. */
    static Position grammar() {
        Position inheritance =
                Position.optional(
                        Pipe.DONE,
                        Pipe.end("brief", "Origin on one line"),
                        Pipe.end("defaults", "With default values as well"),
                        Pipe.end("no-comments", "Omit origins"),
                        Pipe.end("terse", "Origin after each statement"));
        Position set =
                Position.optional(
                        Pipe.DONE,
                        Pipe.end("explicit", "With a line for each entry"),
                        Pipe.end("relative", "Without the path of this level"));
        return Position.of(
                Pipe.end("detail", "With schema details; for a commit: its steps"),
                new Keyword("inheritance", "With inherited statements", () -> inheritance),
                Pipe.end("json", "JSON"),
                new Keyword(
                        "max-depth",
                        "Outer levels only",
                        () -> Position.then(Pipe.number("<depth>", 1, 32))),
                Pipe.end("omit", "With statements that are otherwise omitted"),
                Pipe.end("rfc7951", "JSON as the YANG module has it (show system schema)"),
                new Keyword("set", "As 'set' commands", () -> set),
                Pipe.end("xml", "XML"));
    }

    /**
     * @param displays the words behind {@code | display}, of each such pipe
     * @param commit the one that made the configuration, or null
     * @param banner what stands above the prompt
     * @param permissions of who reads it
     */
    public static String text(
            Answer.Tree answer,
            List<List<String>> displays,
            @Nullable Revision commit,
            String banner,
            Permissions permissions) {
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
        List<String> inheritance = behind(displays, "inheritance");
        List<String> set = behind(displays, "set");
        if (set != null) {
            Branch root = inheritance == null ? answer.root() : answer.root().effective();
            return commands(root.find(answer.path()), answer.path(), set);
        }
        List<String> depth = behind(displays, "max-depth");
        Style style =
                new Style(
                        depth == null ? Integer.MAX_VALUE : Integer.parseInt(depth.getFirst()),
                        behind(displays, "detail") != null);
        if (inheritance == null) {
            Node node = answer.root().find(answer.path());
            return node == null ? "" : TextPrinter.print(node, style);
        }
        boolean hasDefaults = inheritance.equals(List.of("defaults"));
        return TextPrinter.inherited(
                answer.root(),
                answer.path(),
                hasDefaults,
                origin(inheritance),
                style,
                permissions::visible);
    }

    private static Origin origin(List<String> inheritance) {
        return switch (inheritance.isEmpty() ? "" : inheritance.getFirst()) {
            case "brief" -> Origin.BRIEF;
            case "terse" -> Origin.TERSE;
            case "no-comments" -> Origin.NONE;
            default -> Origin.BLOCK;
        };
    }

    /** The words behind the display of that name; null when it is not among them. */
    private static @Nullable List<String> behind(List<List<String>> displays, String name) {
        return displays.stream()
                .filter(display -> display.getFirst().equals(name))
                .findFirst()
                .map(display -> display.subList(1, display.size()))
                .orElse(null);
    }

    private static String commands(@Nullable Node node, List<String> path, List<String> options) {
        boolean isRelative = options.equals(List.of("relative"));
        boolean isExplicit = options.equals(List.of("explicit"));
        return switch (node) {
            case null -> "";
            case Branch branch ->
                    SetPrinter.print(branch, isRelative ? List.of() : path, isExplicit);
            case Statement statement ->
                    SetPrinter.print(
                            statement, isRelative ? List.of() : path.subList(0, path.size() - 1));
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
