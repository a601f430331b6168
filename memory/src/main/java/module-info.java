/** The one class through which raw memory is read and written, with its checked twin. */
@org.jspecify.annotations.NullMarked
module floof.memory {
    requires static org.jspecify;

    exports floof.memory;
}
