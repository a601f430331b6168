/** floofctl: grammar, completion, pipes, rendering, and the thin client. */
@org.jspecify.annotations.NullMarked
module floof.cli {
    requires static org.jspecify;
    requires transitive floof.config;
    requires transitive floof.api;
    requires transitive floof.base;
    requires jdk.net;
    requires org.jline.reader;
    requires org.jline.terminal;
    requires org.slf4j;
    requires tools.jackson.databind;

    exports floof.cli;
    exports floof.cli.client;

    opens floof.cli to
            tools.jackson.databind; // records that only | display json reads
}
