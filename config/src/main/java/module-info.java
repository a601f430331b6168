/** Schema, trees, candidate, diff, validation, history; pure, no effects. */
@org.jspecify.annotations.NullMarked
module floof.config {
    requires static org.jspecify;
    requires transitive floof.base;
    requires tools.jackson.databind;

    exports floof.config;
}
