package floof.cli.grammar;

import floof.cli.answer.Answer;
import floof.cli.grammar.Position.Argument;
import floof.cli.grammar.Position.Keyword;
import floof.config.text.ManualPrinter;
import floof.config.tree.Node;
import floof.config.tree.SchemaNode;
import floof.config.tree.SchemaNode.Kind;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.regex.Pattern;

/** The command {@code help}. */
public final class Help {

    /** Most that {@code help apropos} finds: more is no help. */
    private static final int FOUND_MAX = 200;

    private static final List<String> TIPS =
            List.of(
                    "'?' lists the possible completions anywhere on a line.",
                    "Any keyword may be abbreviated as long as it stays unique: 'sh int te'.",
                    "'show | compare' shows what a commit would change, 'show | plan' its steps.",
                    "'commit confirmed 5' rolls back after 5 minutes unless confirmed.",
                    "'commit check' reports errors and changes nothing.",
                    "'run' before an operational command runs it in configuration mode.",
                    "'| match', '| except', '| find', '| last' and '| count' may follow each"
                            + " other.",
                    "'| display set' prints a configuration as 'set' commands.",
                    "'| display json' and '| display xml' print output for programs.",
                    "Ctrl-R searches the history; Esc-. inserts the last word of an earlier line.",
                    "'load patch terminal' accepts the output of 'show | compare'.",
                    "'monitor interface' shows rates; n selects the next interface, q quits.");

    private final SchemaNode schema;
    private final Supplier<Position> operational;
    private final Supplier<List<String>> level;
    private final Predicate<List<String>> visible;
    private int tip;

    /**
     * @param schema of the whole configuration
     * @param operational the grammar that is searched where there is no level
     * @param level the current one; empty outside configuration mode
     * @param visible paths of statements that the operator may see, with placeholders for keys
     */
    public Help(
            SchemaNode schema,
            Supplier<Position> operational,
            Supplier<List<String>> level,
            Predicate<List<String>> visible) {
        this.schema = schema;
        this.operational = operational;
        this.level = level;
        this.visible = visible;
    }

    /**
     * @param configuration true in configuration mode, where statements are searched
     */
    public Keyword keyword(boolean configuration) {
        return new Keyword("help", "Help for commands and statements", () -> topics(configuration));
    }

    private Position topics(boolean configuration) {
        Argument regex =
                Argument.any(
                        "<pattern>",
                        "Regular expression",
                        Position.end(
                                words -> apropos(Filter.pattern(words.getLast()), configuration)));
        Supplier<Position> statements = () -> statements(schema, List.of(), List.of());
        return Position.of(
                new Keyword("apropos", "Find commands by keyword", () -> Position.then(regex)),
                new Keyword("reference", "Describe a statement", statements),
                new Keyword(
                        "tip",
                        "Show a tip",
                        () -> Position.of(new Keyword("cli", "A tip", this::tips))),
                new Keyword("topic", "Describe a statement", statements));
    }

    private Position tips() {
        return Position.end(words -> new Answer.Text(TIPS.get(tip++ % TIPS.size()) + "\n"));
    }

    /**
     * @param path keywords down to {@code node}
     * @param place the same with placeholders for keys
     */
    private Position statements(SchemaNode node, List<String> path, List<String> place) {
        SchemaNode below = below(node);
        List<Keyword> keywords = new ArrayList<>();
        for (SchemaNode child : below.children()) {
            List<String> there = Node.below(place(node, place), child.name());
            if (visible.test(there)) {
                keywords.add(
                        new Keyword(
                                child.name(),
                                child.help(),
                                () -> statements(child, Node.below(path, child.name()), there)));
            }
        }
        return new Position(
                keywords,
                null,
                path.isEmpty()
                        ? null
                        : words ->
                                new Answer.Text(
                                        Objects.requireNonNull(ManualPrinter.print(schema, path))));
    }

    private static SchemaNode below(SchemaNode node) {
        return node.kind() == Kind.LIST ? node.entry() : node;
    }

    /** Where the statements of a node are, whose own place that is. */
    private static List<String> place(SchemaNode node, List<String> path) {
        return node.kind() == Kind.LIST
                ? Node.below(path, Objects.requireNonNull(node.entry().type()).placeholder())
                : path;
    }

    private Answer apropos(Pattern pattern, boolean configuration) {
        List<String> found = new ArrayList<>();
        if (configuration) {
            SchemaNode here = Objects.requireNonNull(schema.at(level.get()), "level");
            search(pattern, here, level.get(), List.of("set"), found);
        } else {
            search(pattern, operational.get(), "", Set.of(), found);
        }
        return new Answer.Text(found.isEmpty() ? "Pattern not found\n" : String.join("", found));
    }

    /**
     * @param place of the node
     * @param way to it from here, as it is typed
     */
    private void search(
            Pattern pattern,
            SchemaNode node,
            List<String> place,
            List<String> way,
            List<String> found) {
        for (SchemaNode child : below(node).children()) {
            List<String> there = Node.below(place(node, place), child.name());
            if (!child.isInheritance() && visible.test(there)) {
                List<String> longer = Node.below(place(node, way), child.name());
                add(pattern, String.join(" ", longer), child.name(), child.help(), found);
                search(pattern, child, there, longer, found);
            }
        }
    }

    /**
     * Fixed words only: what follows a free one depends on it.
     *
     * @param before words that could have come earlier too: in any order is found once
     */
    private static void search(
            Pattern pattern,
            Position position,
            String path,
            Set<String> before,
            List<String> found) {
        Set<String> here = new HashSet<>(before);
        position.keywords().forEach(keyword -> here.add(keyword.word() + keyword.help()));
        for (Keyword keyword : position.keywords()) {
            String way = (path + " " + keyword.word()).strip();
            if (before.contains(keyword.word() + keyword.help())) {
                continue;
            }
            add(pattern, way, keyword.word(), keyword.help(), found);
            if (!way.equals("show configuration") && !way.equals("help")) {
                search(pattern, keyword.next().get(), way, here, found);
            }
        }
    }

    private static void add(
            Pattern pattern, String way, String word, String help, List<String> found) {
        boolean isFound = pattern.matcher(word).find() || pattern.matcher(help).find();
        if (isFound && found.size() < FOUND_MAX) {
            found.add(way + "\n    " + help + "\n");
        }
    }
}
