package floof.config.store;

import floof.config.text.Diff;
import floof.config.text.Loaded;
import floof.config.text.TextParser;
import floof.config.tree.Branch;
import floof.config.tree.Change;
import floof.config.tree.SchemaNode;
import floof.config.tree.TextPrinter;
import floof.config.word.Lexer;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * What turns one configuration into another and back, as it is stored.
 *
 * @param paths where they differ
 * @param before what was at these paths, and nothing else
 * @param after what is there now
 */
record Delta(List<List<String>> paths, Branch before, Branch after) {

    static Delta between(Branch before, Branch after) {
        List<List<String>> paths =
                Diff.between(before, after).stream()
                        .map(change -> place(before.schema(), change))
                        .distinct()
                        .toList();
        Branch old = Branch.empty(before.schema());
        Branch young = old;
        for (List<String> path : paths) {
            old = old.put(path, before.find(path));
            young = young.put(path, after.find(path));
        }
        return new Delta(paths, old, young);
    }

    /** Of what comes or goes in an operator's order the whole list: its place matters both ways. */
    private static List<String> place(SchemaNode root, Change change) {
        List<String> path = change.path();
        List<String> parent = path.subList(0, path.size() - 1);
        SchemaNode list = root.at(parent);
        boolean isPlaced = change instanceof Change.Added || change instanceof Change.Removed;
        return isPlaced && list != null && list.isUserOrdered() ? parent : path;
    }

    Branch apply(Branch tree) {
        Branch changed = tree;
        for (List<String> path : paths) {
            changed = changed.put(path, after.find(path));
        }
        return changed;
    }

    Delta reversed() {
        return new Delta(paths, after, before);
    }

    /** Lines: how many paths, each of them, how many lines of text were there, these, the new. */
    String text() {
        StringBuilder out = new StringBuilder();
        out.append(paths.size()).append('\n');
        for (List<String> path : paths) {
            String words = String.join(" ", path.stream().map(TextPrinter::quoted).toList());
            out.append(words).append('\n');
        }
        String old = TextPrinter.print(before);
        out.append(old.lines().count()).append('\n').append(old);
        return out.append(TextPrinter.print(after)).toString();
    }

    /**
     * @throws IOException when it is no such text
     */
    static Delta parse(Branch empty, String text) throws IOException {
        List<String> lines = text.lines().toList();
        try {
            int count = Integer.parseInt(lines.getFirst());
            List<List<String>> paths = new ArrayList<>();
            for (String line : lines.subList(1, 1 + count)) {
                paths.add(new Lexer(line, false).tokens().map(Lexer.Token::text).toList());
            }
            int from = 2 + count;
            int to = from + Integer.parseInt(lines.get(1 + count));
            return new Delta(
                    List.copyOf(paths),
                    tree(empty, lines.subList(from, to)),
                    tree(empty, lines.subList(to, lines.size())));
        } catch (RuntimeException e) {
            throw new IOException("no difference between configurations: " + e.getMessage(), e);
        }
    }

    private static Branch tree(Branch empty, List<String> lines) throws IOException {
        Loaded loaded = TextParser.loadStored(empty, String.join("\n", lines));
        if (!loaded.errors().isEmpty()) {
            throw new IOException(loaded.errors().getFirst().toString());
        }
        return loaded.tree();
    }
}
