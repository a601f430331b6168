/** The protocol between control and fast path: messages, codec, client and server ends. */
@org.jspecify.annotations.NullMarked
module floof.fpc {
    requires static org.jspecify;
    requires transitive floof.base;

    exports floof.fpc;
}
