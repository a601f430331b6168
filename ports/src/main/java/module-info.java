/** Drivers: AF_PACKET, AF_XDP, TAP. */
@org.jspecify.annotations.NullMarked
module floof.ports {
    requires static org.jspecify;
    requires transitive floof.engine;
    requires transitive floof.linux;
    requires transitive floof.memory;
    requires transitive floof.base;

    exports floof.ports;
}
