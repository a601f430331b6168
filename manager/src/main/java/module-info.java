/** Fast path manager: FPC server that writes the tables. */
@org.jspecify.annotations.NullMarked
module floof.manager {
    requires static org.jspecify;
    requires transitive floof.fpc;
    requires transitive floof.tables;
    requires transitive floof.base;
    requires org.slf4j;

    exports floof.manager;
}
