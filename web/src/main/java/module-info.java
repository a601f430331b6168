/** REST: views and configuration as JSON over a unix socket. */
@org.jspecify.annotations.NullMarked
module floof.web {
    requires static org.jspecify;
    requires transitive floof.api;
    requires jdk.net;
    requires org.eclipse.jetty.server;
    requires org.eclipse.jetty.unixdomain.server;
    requires org.slf4j;

    exports floof.web;
}
