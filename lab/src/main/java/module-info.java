/** Not shipped: end-to-end tests, benchmarks, architecture tests, the demo. */
@org.jspecify.annotations.NullMarked
module floof.lab {
    requires static org.jspecify;
    requires static jmh.core;
    requires floof.app;
    requires floof.cli;
    requires java.management;
    requires tools.jackson.databind;
}
