package floof.config.schema;

import static floof.config.tree.SchemaNode.container;
import static floof.config.tree.SchemaNode.leaf;
import static floof.config.tree.SchemaNode.leafList;

import floof.config.tree.Disturbance;
import floof.config.tree.SchemaNode;
import floof.config.value.ValueType;

/** The statements below {@code fast-path}. */
final class FastPathChapter {

    /** 10 million of each take 4.3 GB of tables. */
    private static final ValueType<Long> ROUTES = ValueType.number("<number>", 1_000, 10_000_000);

    private static final ValueType<Long> CPU = ValueType.number("<cpu>", 0, 8191);

    private static final ValueType<Long> BUFFERS = ValueType.number("<buffers>", 2048, 16_777_216);

    private static final ValueType<String> WORKERS =
            ValueType.word("<workers>", "auto|[1-9]|1[0-6]", "auto or 1..16").example("2");

    private static final ValueType<String> POLLING_MODE =
            ValueType.oneOf(
                    "<mode>",
                    new ValueType.Choice("adaptive", "poll while there is work, sleep when idle"),
                    new ValueType.Choice("busy", "poll always: the core is never idle"));

    static final SchemaNode CHAPTER =
            container(
                            "fast-path",
                            "Workers and memory of the packet engine",
                            leaf("workers", WORKERS, "Number of forwarding threads").orElse("auto"),
                            leafList("cores", CPU, "CPU dedicated to a worker").userOrdered(),
                            leaf("polling-mode", POLLING_MODE, "Behaviour of an idle worker")
                                    .orElse("adaptive"),
                            leaf(
                                    "ring-frames",
                                    ValueType.number("<frames>", 30, 16384),
                                    "Frames in the receive ring of each port and worker"),
                            leaf("buffers", BUFFERS, "Packet buffers of all workers together"),
                            container(
                                    "limits",
                                    "Size of the tables (default: by the machine's memory)",
                                    leaf("ip4-routes", ROUTES, "Capacity for IPv4 routes"),
                                    leaf("ip6-routes", ROUTES, "Capacity for IPv6 routes")))
                    .disturbs(Disturbance.FAST_PATH);

    private FastPathChapter() {}
}
