/** The nodes: Ethernet, IPv4, IPv6, exceptions. */
@org.jspecify.annotations.NullMarked
module floof.dataplane {
    requires static org.jspecify;
    requires transitive floof.engine;
    requires transitive floof.tables;
    requires transitive floof.memory;
    requires transitive floof.base;

    exports floof.dataplane;
}
