package floof.config;

import static floof.config.SchemaNode.container;
import static floof.config.SchemaNode.flag;
import static floof.config.SchemaNode.leafList;
import static floof.config.SchemaNode.list;

/** The statements below {@code routing}. */
final class RoutingChapter {

    static final SchemaNode CHAPTER =
            container(
                    "routing",
                    "Routes",
                    container(
                            "static",
                            "Static routes",
                            list(
                                    "route",
                                    Types.PREFIX,
                                    "Static route",
                                    leafList("next-hop", Types.HOST, "Address of a next hop"),
                                    flag("blackhole", "Discard packets silently"))));

    private RoutingChapter() {}
}
