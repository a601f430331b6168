/** Main methods and wiring by constructors. */
@org.jspecify.annotations.NullMarked
module floof.app {
    requires static org.jspecify;
    requires transitive floof.cli;
    requires transitive floof.web;
    requires transitive floof.control;
    requires transitive floof.manager;
    requires transitive floof.ports;
    requires transitive floof.dataplane;
    requires floof.sync;
    requires floof.tables;
    requires floof.linux;
    requires floof.memory;
    requires ch.qos.logback.classic;
    requires ch.qos.logback.core;
    requires org.slf4j;
    requires org.jline.terminal.ffm;
}
