/** Not shipped: end-to-end tests, benchmarks, architecture tests, the demo. */
@org.jspecify.annotations.NullMarked
module floof.lab {
    requires static org.jspecify;
    requires static jmh.core;
    requires floof.app;
    requires floof.cli;
    requires floof.control;
    requires floof.ports;
    requires floof.dataplane;
    requires floof.tables;
    requires floof.engine;
    requires floof.fpc;
    requires floof.linux;
    requires floof.memory;
    requires floof.base;
    requires java.management;
    requires tools.jackson.databind;
}
