/** Drivers: AF_PACKET, TAP, packet generator. */
@org.jspecify.annotations.NullMarked
module floof.ports {
    requires static org.jspecify;
    requires transitive floof.engine;
    requires transitive floof.linux;

    exports floof.ports;
}
