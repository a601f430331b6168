package floof.config;

import static floof.config.SchemaNode.root;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The configuration's schema: the single source of parsing, completion, help, defaults, display
 * order, the checks of single values and the rules between statements. A chapter is a class.
 */
public final class Schema {

    /** The whole configuration. */
    public static final SchemaNode ROOT =
            root(
                    "configuration",
                    "The router's configuration",
                    SystemChapter.CHAPTER,
                    InterfacesChapter.CHAPTER,
                    FastPathChapter.CHAPTER,
                    RoutingChapter.CHAPTER,
                    BgpChapter.CHAPTER);

    /** The configuration in which nothing is set. */
    public static final Branch EMPTY = Branch.empty(ROOT);

    private Schema() {}

    /** The schema of the statement at {@code path}, or null when there is none. */
    public static @Nullable SchemaNode at(List<String> path) {
        return ROOT.at(path);
    }
}
