/** Commit planner and executors; BIRD, ports, interfaces. */
@org.jspecify.annotations.NullMarked
module floof.control {
    requires static org.jspecify;
    requires transitive floof.config;
    requires transitive floof.fpc;
    requires transitive floof.linux;
    requires transitive floof.api;
    requires transitive floof.base;
    requires org.slf4j;
    requires tools.jackson.databind;

    exports floof.control;
    exports floof.control.daemon;
    exports floof.control.fastpath;
    exports floof.control.instance;
    exports floof.control.service;
    exports floof.control.plan;
}
