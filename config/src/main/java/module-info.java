/** Schema, trees, candidate, diff, validation, history; pure, no effects. */
@org.jspecify.annotations.NullMarked
module floof.config {
    requires static org.jspecify;
    requires transitive floof.base;
    requires tools.jackson.databind;

    exports floof.config.access;
    exports floof.config.candidate;
    exports floof.config.check;
    exports floof.config.edit;
    exports floof.config.schema;
    exports floof.config.store;
    exports floof.config.text;
    exports floof.config.tree;
    exports floof.config.value;
}
