package floof.config.schema;

import static floof.config.tree.SchemaNode.root;

import floof.config.tree.SchemaNode;
import floof.config.value.Vault;

/**
 * The configuration's schema: the single source of parsing, completion, help, defaults, display
 * order, the checks of single values and the rules between statements. A chapter is a class.
 */
public final class Schema {

    private Schema() {}

    /**
     * The whole configuration.
     *
     * @param vault seals the secrets of its values
     */
    public static SchemaNode of(Vault vault) {
        return root(
                "configuration",
                "The router's configuration",
                SystemChapter.CHAPTER,
                InterfacesChapter.CHAPTER,
                FastPathChapter.CHAPTER,
                RoutingChapter.CHAPTER,
                BgpChapter.chapter(vault));
    }
}
