/** Main methods and wiring by constructors. */
@org.jspecify.annotations.NullMarked
module floof.app {
    requires static org.jspecify;
    requires floof.cli;
    requires floof.web;
    requires floof.control;
    requires floof.api;
    requires floof.config;
    requires floof.sync;
    requires floof.manager;
    requires floof.fpc;
    requires floof.ports;
    requires floof.dataplane;
    requires floof.tables;
    requires floof.engine;
    requires floof.linux;
    requires floof.memory;
    requires floof.base;
    requires ch.qos.logback.classic;
    requires ch.qos.logback.core;
    requires org.slf4j;
    requires org.jline.terminal.ffm;
}
