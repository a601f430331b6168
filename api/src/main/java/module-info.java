/** The service and the records through which front ends use floofd. */
@org.jspecify.annotations.NullMarked
module floof.api {
    requires static org.jspecify;
    requires transitive floof.config;
    requires transitive floof.base;
    requires tools.jackson.databind;

    exports floof.api;
    exports floof.api.commit;
    exports floof.api.fastpath;
    exports floof.api.network;
    exports floof.api.operation;
    exports floof.api.route;
    exports floof.api.show;
    exports floof.api.view;
}
