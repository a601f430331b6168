/** The records and the service by which front doors speak to floofd. */
@org.jspecify.annotations.NullMarked
module floof.api {
    requires static org.jspecify;
    requires transitive floof.config;

    exports floof.api;
    exports floof.api.route;
    exports floof.api.view;
}
