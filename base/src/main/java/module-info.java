/** Addresses, prefixes, MACs, names, reason codes. */
@org.jspecify.annotations.NullMarked
module floof.base {
    requires static org.jspecify;

    exports floof.base;
}
