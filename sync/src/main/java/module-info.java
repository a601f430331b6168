/** Cache manager: mirrors Linux into the fast path, hit flags back to Linux, audit. */
@org.jspecify.annotations.NullMarked
module floof.sync {
    requires static org.jspecify;
    requires transitive floof.fpc;
    requires transitive floof.linux;
    requires transitive floof.base;
    requires org.slf4j;

    exports floof.sync;
}
