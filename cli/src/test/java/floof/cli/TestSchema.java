package floof.cli;

import floof.config.schema.Schema;
import floof.config.tree.Branch;
import floof.config.tree.SchemaNode;
import floof.config.value.Vault;

/** The configuration's schema, with a key of its own. */
public final class TestSchema {

    static final Vault VAULT = Vault.random();
    public static final SchemaNode ROOT = Schema.of(VAULT);
    public static final Branch EMPTY = Branch.empty(ROOT);

    private TestSchema() {}
}
