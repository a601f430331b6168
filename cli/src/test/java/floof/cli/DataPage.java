package floof.cli;

import static java.util.Objects.requireNonNull;

import floof.base.InterfaceAddress;
import floof.base.IpAddress;
import floof.base.MacAddress;
import floof.base.Prefix;
import floof.cli.answer.Answer;
import floof.cli.answer.CommandException;
import floof.cli.answer.Suggestion;
import floof.cli.answer.Xml;
import floof.cli.grammar.Position;
import java.io.IOException;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * {@code docs/operational-data.md}: what each {@code show} gives a program. The keys are the
 * components of the records, their meanings what the records' comments say of them.
 */
final class DataPage {

    private static final String INTRODUCTION =
            """
            # Operational data

            The output of `show ... | display json`. This page is generated from the records of the commands; a
            test checks that it is current. New keys may be added; existing keys keep their names and meanings.

            `a.b` is the key `b` of the object `a`; `a[].b` is the key `b` of each object in the list `a`. Every key is always
            present; unknown values are `null`. Numbers are whole unless marked as decimal. Times are RFC 3339 in
            UTC. Counters start at 0 when their part of the router starts.

            `| display xml` has the same names with hyphens (`remoteAs` becomes `<remote-as>`). It repeats the element for each
            item of a list, and leaves out unknown values. The element of each answer is named below.

            Configurations (`show configuration`, `show system rollback N`) have the keys of [configuration.md](configuration.md).
            """;

    private static final Map<Class<?>, String> TYPES =
            Map.ofEntries(
                    Map.entry(String.class, "text"),
                    Map.entry(boolean.class, "truth value"),
                    Map.entry(int.class, "number"),
                    Map.entry(Integer.class, "number"),
                    Map.entry(long.class, "number"),
                    Map.entry(Long.class, "number"),
                    Map.entry(double.class, "decimal number"),
                    Map.entry(Instant.class, "time"),
                    Map.entry(IpAddress.class, "address"),
                    Map.entry(InterfaceAddress.class, "address/length"),
                    Map.entry(MacAddress.class, "MAC address"),
                    Map.entry(Prefix.class, "prefix"));

    private final Shell shell;

    /** What gives each kind of answer: commands by what they answer with, in order. */
    private final Map<String, List<String>> commands = new LinkedHashMap<>();

    private final Map<String, Class<?>> records = new TreeMap<>();
    private final StringBuilder out = new StringBuilder(INTRODUCTION);

    DataPage(Shell shell) {
        this.shell = shell;
    }

    /** The page's text; the same in each run. */
    String print() throws CommandException, IOException {
        Position show =
                shell.grammar().keywords().stream()
                        .filter(keyword -> keyword.word().equals("show"))
                        .findFirst()
                        .orElseThrow()
                        .next()
                        .get();
        walk(show, List.of("show"), "");
        List<String> texts = commands.remove("text");
        for (Map.Entry<String, List<String>> answer : commands.entrySet()) {
            section(answer.getKey(), answer.getValue());
        }
        out.append("\n## Text only\n\n");
        requireNonNull(texts).forEach(command -> out.append("- `").append(command).append("`\n"));
        return out.toString();
    }

    /**
     * @param above what the command answers with that {@code words} are without the last
     */
    private void walk(Position position, List<String> words, String above) throws CommandException {
        String kind = above;
        if (position.action() != null) {
            kind = kind(position.action().run(words));
            if (!kind.equals(above) && !kind.isEmpty()) {
                commands.computeIfAbsent(kind, it -> new ArrayList<>()).add(named(words));
            }
        }
        if (kind.isEmpty() && position.action() != null) {
            return; // a configuration
        }
        for (Position.Keyword keyword : position.keywords()) {
            walk(keyword.next().get(), longer(words, keyword.word()), kind);
        }
        Position.Argument argument = position.argument();
        if (argument != null && (position.action() == null || position.keywords().isEmpty())) {
            List<Suggestion> known = argument.known().get();
            if (known.isEmpty() && !kind.isEmpty()) {
                return; // the command without it is there
            }
            if (known.isEmpty()) {
                throw new AssertionError("no example for " + words);
            }
            String value = known.getFirst().word();
            walk(argument.next().apply(value), longer(words, value), kind);
        }
    }

    private static List<String> longer(List<String> words, String word) {
        return Stream.concat(words.stream(), Stream.of(word)).toList();
    }

    /** Revisions and logs are examples. */
    private static String named(List<String> words) {
        return String.join(" ", words)
                .replaceAll(" 0\\b", " N")
                .replace("show log bird", "show log NAME");
    }

    /** Key of an answer: nothing for a configuration, else its form and the name of the record. */
    private String kind(Answer answer) {
        return switch (answer) {
            case Answer.Tree _ -> "";
            case Answer.Text _, Answer.Live _ -> "text";
            case Answer.Viewing<?> viewing -> {
                viewing.answer().close();
                records.put(viewing.type().getName(), viewing.type());
                yield (viewing.isOne() ? "An object " : "A list of objects ")
                        + viewing.type().getName();
            }
        };
    }

    private void section(String kind, List<String> names) throws IOException {
        String form = kind.substring(0, kind.lastIndexOf(' '));
        Class<?> type = requireNonNull(records.get(kind.substring(form.length() + 1)));
        out.append("\n## ")
                .append(
                        names.stream()
                                .map(name -> "`" + name + "`")
                                .collect(Collectors.joining(", ")))
                .append("\n\n");
        if (type == String.class) {
            out.append("A list of texts, in XML `<string>`.\n");
            return;
        }
        out.append(form)
                .append(", in XML `<")
                .append(Xml.hyphenated(type.getSimpleName()))
                .append((">`. " + Comment.of(type).sentence()).strip())
                .append("\n\n| Key | Type | Meaning |\n|---|---|---|\n");
        keys(type, "");
    }

    private void keys(Class<?> type, String before) throws IOException {
        Comment comment = Comment.of(type);
        for (RecordComponent component : type.getRecordComponents()) {
            Type generic = component.getGenericType();
            boolean isList = generic instanceof ParameterizedType;
            Class<?> one =
                    isList
                            ? (Class<?>) ((ParameterizedType) generic).getActualTypeArguments()[0]
                            : component.getType();
            String key = before + component.getName() + (isList ? "[]" : "");
            boolean isNullable = component.getAnnotatedType().isAnnotationPresent(Nullable.class);
            out.append("| `")
                    .append(key)
                    .append("` | ")
                    .append(type(one))
                    .append(isNullable ? " or null" : "")
                    .append(" | ")
                    .append(comment.meanings().getOrDefault(component.getName(), ""))
                    .append(" |\n");
            if (one.isRecord() && !TYPES.containsKey(one)) {
                keys(one, key + ".");
            }
        }
    }

    private static String type(Class<?> type) {
        if (type.isEnum()) {
            return Stream.of(type.getEnumConstants())
                    .map(it -> ((Enum<?>) it).name().toLowerCase(Locale.ROOT).replace('_', '-'))
                    .map(word -> "`" + word + "`")
                    .collect(Collectors.joining(", "));
        }
        String name = TYPES.get(type);
        return name == null && type.isRecord() ? "object" : requireNonNull(name, type.getName());
    }

    /**
     * What the comment of a record says.
     *
     * @param meanings of its components
     */
    private record Comment(String sentence, Map<String, String> meanings) {

        static Comment of(Class<?> type) throws IOException {
            Class<?> outer = type;
            while (outer.getEnclosingClass() != null) {
                outer = outer.getEnclosingClass();
            }
            String path = "src/main/java/" + outer.getName().replace('.', '/') + ".java";
            String module = outer.getName().split("\\.")[1];
            String source = Files.readString(Path.of("..", module, path));
            Matcher comment =
                    Pattern.compile(
                                    "/\\*\\*((?:(?!\\*/).)*)\\*/\\s*(?:public )?record "
                                            + type.getSimpleName()
                                            + "\\(",
                                    Pattern.DOTALL)
                            .matcher(source);
            if (!comment.find()) {
                return new Comment("", Map.of());
            }
            String[] parts =
                    comment.group(1)
                            .replaceAll("\\s*\\n\\s*\\* ?", " ")
                            .replaceAll("\\{@code +([^}]*)}", "`$1`")
                            .replaceAll("\\{@link (?:[A-Za-z]*#)?([^}]*)}", "$1")
                            .replaceAll("\\s+", " ")
                            .split("@param ");
            Map<String, String> meanings = new LinkedHashMap<>();
            for (String part : List.of(parts).subList(1, parts.length)) {
                String[] words = part.strip().split(" ", 2);
                meanings.put(words[0], words[1].strip());
            }
            return new Comment(parts[0].strip(), meanings);
        }
    }
}
