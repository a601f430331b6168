/** Addresses, prefixes, MACs, reason codes; alarms and background tasks. */
@org.jspecify.annotations.NullMarked
module floof.base {
    requires static org.jspecify;

    exports floof.base;
    exports floof.base.alarm;
    exports floof.base.task;
}
