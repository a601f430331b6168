package floof.fpc;

import static floof.fpc.Form.Field.ADDRESS_OR_NONE;
import static floof.fpc.Form.Field.U32;
import static floof.fpc.Form.Field.U8;

import floof.base.InterfaceAddress;
import floof.base.IpAddress;
import floof.base.MacAddress;
import floof.base.Prefix;
import floof.fpc.Form.As;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A message of FPC. Linux's objects have Linux's names: VRF id and ifindex. {@code present} says
 * whether an object is to exist; sending one twice changes nothing. Records check their fields, so
 * that every record can be sent.
 */
public sealed interface Message {

    /** A message from a client. */
    sealed interface Request extends Message {
        default MessageType messageType() {
            return MessageType.of(this);
        }
    }

    /** A server's answer to a request, if the type has one. */
    sealed interface Answer extends Message {}

    /** One of several answers that together are a list. */
    sealed interface Page extends Answer {
        /** {@code from} of the next page, or {@link #END}. */
        int next();
    }

    /** {@code next} of the last page. */
    int END = 0;

    /** Most next hops of one route; a message always holds this many (26 bytes each). */
    int MAX_NEXT_HOPS = 1024;

    /** Most MACs of one link besides its own; a link with more of them receives any MAC. */
    int MAX_OTHER_MACS = 8;

    /** Rows of one page; a message always holds this many (a row of counters takes 390 bytes). */
    int MAX_PAGE = 128;

    // ---- both ends ----------------------------------------------------------------------------

    /**
     * First message in both directions.
     *
     * @param version of the protocol
     * @param features bitmap of {@link Feature}
     * @param resync the last one marked at this end; 0 if none yet
     * @param pid of the process
     */
    record Hello(@As(U8) int version, long features, int resync, int pid)
            implements Request, Answer {
        public Hello {
            Check.range("HELLO.version", version, 0, 255);
            Check.index("HELLO.pid", pid);
        }
    }

    /** Requests a page of counters, from row {@code from}. */
    record CountersRequest(CounterKind kind, int from) implements Request {
        public CountersRequest {
            Check.index("COUNTERS.from", from);
        }
    }

    /** A page of counters: {@code columns} names the values of each row. */
    record Counters(CounterKind kind, List<String> columns, List<CounterRow> rows, int next)
            implements Page {
        public Counters {
            columns = Check.list("COUNTERS.columns", columns, CounterRow.MAX_VALUES);
            columns.forEach(column -> Check.text("COUNTERS.columns[]", column, 64));
            rows = Check.list("COUNTERS.rows", rows, MAX_PAGE);
            Check.index("COUNTERS.next", next);
            Check.widths(rows, columns.size());
        }
    }

    /** One line of counters; the values are unsigned. */
    record CounterRow(String name, List<Long> values) {
        public static final int MAX_VALUES = 40;

        public CounterRow {
            Check.text("COUNTERS.rows[].name", name, 64);
            values = Check.list("COUNTERS.rows[].values", values, MAX_VALUES);
        }
    }

    // ---- to the manager -----------------------------------------------------------------------

    record Vrf(int id, String name, boolean present) implements Request {
        public Vrf {
            Check.index("VRF.id", id);
            Check.text("VRF.name", name, 64);
        }
    }

    /** The link of this name (in any VRF) is the twin of this port of the fast path. */
    record Port(int index, String name, boolean present) implements Request {
        public Port {
            Check.index("PORT.index", index);
            Check.name("PORT.name", name);
        }
    }

    /**
     * @param mtu bytes of a layer-3 packet
     * @param up administratively (IFF_UP)
     * @param running carrier and operationally up (IFF_RUNNING)
     */
    record Link(
            int vrf,
            int ifindex,
            String name,
            MacAddress mac,
            int mtu,
            boolean up,
            boolean running,
            LinkKind kind,
            List<MacAddress> otherMacs,
            boolean anyMac,
            boolean present)
            implements Request {
        public Link {
            otherMacs = Check.list("LINK.otherMacs", otherMacs, MAX_OTHER_MACS);
            Check.index("LINK.vrf", vrf);
            Check.range("LINK.ifindex", ifindex, 1, Integer.MAX_VALUE);
            Check.name("LINK.name", name);
            Check.index("LINK.mtu", mtu);
        }
    }

    /** An address of the router itself on a link. */
    record Address(
            int vrf,
            int ifindex,
            InterfaceAddress address,
            @As(ADDRESS_OR_NONE) @Nullable IpAddress broadcast,
            boolean present)
            implements Request {
        public Address {
            Check.index("ADDRESS.vrf", vrf);
            Check.range("ADDRESS.ifindex", ifindex, 1, Integer.MAX_VALUE);
        }
    }

    record Neighbour(
            int vrf,
            int ifindex,
            IpAddress address,
            MacAddress mac,
            NeighbourState state,
            boolean present)
            implements Request {
        public Neighbour {
            Check.index("NEIGHBOUR.vrf", vrf);
            Check.range("NEIGHBOUR.ifindex", ifindex, 1, Integer.MAX_VALUE);
        }
    }

    /**
     * The best route of a prefix; replaces a former one. Only {@link RouteType#UNICAST} has next
     * hops.
     *
     * @param metric Linux's, 0..2^32-1
     * @param protocol RTPROT_ number (rtnetlink(7)): who installed it
     */
    record Route(
            int vrf,
            Prefix prefix,
            RouteType type,
            @As(U32) long metric,
            @As(U8) int protocol,
            List<NextHop> nextHops,
            boolean present)
            implements Request {
        public Route {
            Check.index("ROUTE.vrf", vrf);
            Check.range("ROUTE.metric", metric, 0, Check.U32_MAX);
            Check.range("ROUTE.protocol", protocol, 0, 255);
            nextHops = Check.list("ROUTE.nextHops", nextHops, MAX_NEXT_HOPS);
        }
    }

    /**
     * @param gateway none if the destination is on the link; may be of the other family (RFC 8950)
     * @param weight share of the flows, 1..65536 (RTA_MULTIPATH keeps 16 bits)
     * @param onlink reachable on the link although no address says so
     * @param dead not to be used now (RTNH_F_DEAD)
     */
    record NextHop(
            @As(ADDRESS_OR_NONE) @Nullable IpAddress gateway,
            int ifindex,
            int weight,
            boolean onlink,
            boolean dead) {
        public NextHop {
            Check.range("ROUTE.nextHops[].ifindex", ifindex, 1, Integer.MAX_VALUE);
            Check.range("ROUTE.nextHops[].weight", weight, 1, 65536);
        }
    }

    /** Number of Linux's routing rules in this VRF that the fast path cannot follow. */
    record Policy(int vrf, int unsupportedRules) implements Request {
        public Policy {
            Check.index("POLICY.vrf", vrf);
            Check.index("POLICY.unsupportedRules", unsupportedRules);
        }
    }

    /** Begins a resync: subsequent objects belong to it. Any value but the current one. */
    record Mark(int resync) implements Request {}

    /** Deletes objects not sent again since this resync was marked; STALE if it is not current. */
    record Sweep(int resync) implements Request {}

    /** The number of objects of each kind that a sweep deleted. */
    record Swept(int links, int addresses, int neighbours, int routes) implements Answer {
        public Swept {
            Check.index("SWEEP.links", links);
            Check.index("SWEEP.addresses", addresses);
            Check.index("SWEEP.neighbours", neighbours);
            Check.index("SWEEP.routes", routes);
        }
    }

    /** Requests a page of the neighbours that carried packets, from row {@code from}. */
    record HitsRequest(int from) implements Request {
        public HitsRequest {
            Check.index("HITS.from", from);
        }
    }

    /** A page of the neighbours that carried packets since the page was last requested. */
    record Hits(List<Hit> hits, int next) implements Page {
        /** Neighbours of one page; a message always holds this many (25 bytes each). */
        public static final int MAX_HITS = 2048;

        public Hits {
            hits = Check.list("HITS.hits", hits, MAX_HITS);
            Check.index("HITS.next", next);
        }
    }

    record Hit(int vrf, int ifindex, IpAddress address) {
        public Hit {
            Check.index("HITS.hits[].vrf", vrf);
            Check.range("HITS.hits[].ifindex", ifindex, 1, Integer.MAX_VALUE);
        }
    }

    record FillingRequest() implements Request {}

    /** How full the tables are. */
    record Filling(List<FillingRow> rows) implements Answer {
        public Filling {
            rows = Check.list("FILLING.rows", rows, MAX_PAGE);
        }
    }

    /**
     * One table: entries used of those there are.
     *
     * @param fits how many more entries fit at least
     * @param sizeBytes memory reserved for it
     * @param refused prefixes that did not fit and are left to Linux
     */
    record FillingRow(
            String table, long used, long limit, long fits, long sizeBytes, long refused) {
        public FillingRow {
            Check.text("FILLING.rows[].table", table, 64);
            Check.range("FILLING.rows[].used", used, 0, Long.MAX_VALUE);
            Check.range("FILLING.rows[].limit", limit, 0, Long.MAX_VALUE);
            Check.range("FILLING.rows[].fits", fits, 0, Long.MAX_VALUE);
            Check.range("FILLING.rows[].sizeBytes", sizeBytes, 0, Long.MAX_VALUE);
            Check.range("FILLING.rows[].refused", refused, 0, Long.MAX_VALUE);
        }
    }

    // ---- to the fast path ---------------------------------------------------------------------

    /**
     * Attaches a port to the fast path.
     *
     * @param namespacePath namespace of the device; empty for that of the fast path
     * @param device name of the device in that namespace
     * @param twinPid process that holds the twin's open file, fetched by pidfd_getfd(2)
     * @param twinFd the file's number in that process
     * @param mtu layer 3, in bytes; for drivers that set it themselves
     * @param settings other parameters of the driver, by name
     */
    record PortAttach(
            int index,
            String name,
            Driver driver,
            String namespacePath,
            String device,
            int twinPid,
            int twinFd,
            int mtu,
            SortedMap<String, String> settings)
            implements Request {

        private static final int MAX_SETTINGS = 32;

        public PortAttach {
            Check.index("PORT_ATTACH.index", index);
            Check.name("PORT_ATTACH.name", name);
            Check.text("PORT_ATTACH.namespacePath", namespacePath, Check.PATH_BYTES);
            Check.name("PORT_ATTACH.device", device);
            Check.range("PORT_ATTACH.twinPid", twinPid, 1, Integer.MAX_VALUE);
            Check.index("PORT_ATTACH.twinFd", twinFd);
            Check.index("PORT_ATTACH.mtu", mtu);
            settings = Collections.unmodifiableSortedMap(new TreeMap<>(settings));
            Check.range("PORT_ATTACH.settings", settings.size(), 0, MAX_SETTINGS);
            settings.forEach((key, value) -> {
                Check.text("PORT_ATTACH.settings[].name", key, Check.WORD_BYTES);
                Check.text("PORT_ATTACH.settings[].value", value, Check.TEXT_BYTES);
            });
        }
    }

    record PortDetach(int index) implements Request {
        public PortDetach {
            Check.index("PORT_DETACH.index", index);
        }
    }

    /** The far ends of all routing sessions; replaces the former list. */
    record Peers(List<IpAddress> addresses) implements Request {
        public static final int MAX = 2048;

        public Peers {
            addresses = Check.list("PEERS.addresses", addresses, MAX);
        }
    }

    /** Requests a page of ports, from row {@code from}. */
    record PortsRequest(int from) implements Request {
        public PortsRequest {
            Check.index("PORTS.from", from);
        }
    }

    /** A page of ports. */
    record Ports(List<PortState> ports, int next) implements Page {
        public Ports {
            ports = Check.list("PORTS.ports", ports, MAX_PAGE);
            Check.index("PORTS.next", next);
        }
    }

    /**
     * @param twinFd number of the twin's open file in the process that answers
     * @param up the device has carrier and works
     */
    record PortState(
            int index,
            String name,
            Driver driver,
            String namespacePath,
            String device,
            int twinFd,
            boolean up) {
        public PortState {
            Check.index("PORTS.ports[].index", index);
            Check.name("PORTS.ports[].name", name);
            Check.text("PORTS.ports[].namespacePath", namespacePath, Check.PATH_BYTES);
            Check.name("PORTS.ports[].device", device);
            Check.index("PORTS.ports[].twinFd", twinFd);
        }
    }

    /** Traces this many more packets; 0 ends tracing and clears the trace. */
    record TraceAdd(int count) implements Request {
        public TraceAdd {
            Check.index("TRACE_ADD.count", count);
        }
    }

    /** Requests traced packets as text, from line {@code from}. */
    record TraceShow(int from) implements Request {
        public TraceShow {
            Check.index("TRACE_SHOW.from", from);
        }
    }

    /** A page of a trace. */
    record Trace(List<String> lines, int next) implements Page {
        /** Lines of one page; a message holds this many of the longest ones. */
        public static final int MAX_LINES = 60;

        public Trace {
            lines = Check.list("TRACE_SHOW.lines", lines, MAX_LINES);
            lines.forEach(line -> Check.text("TRACE_SHOW.lines[]", line, Check.TEXT_BYTES));
            Check.index("TRACE_SHOW.next", next);
        }
    }

    /** Requests a page of graph nodes, from row {@code from}. */
    record NodesRequest(int from) implements Request {
        public NodesRequest {
            Check.index("NODES.from", from);
        }
    }

    /** A page of graph nodes. */
    record Nodes(List<NodeState> nodes, int next) implements Page {
        public Nodes {
            nodes = Check.list("NODES.nodes", nodes, MAX_PAGE);
            Check.index("NODES.next", next);
        }
    }

    /** A node's work in one worker since the start; clocks are those of the time stamp counter. */
    record NodeState(int worker, String name, long calls, long packets, long clocks) {
        public NodeState {
            Check.index("NODES.nodes[].worker", worker);
            Check.text("NODES.nodes[].name", name, 64);
        }
    }

    /** Resets the workers' pauses. */
    record PausesClear() implements Request {}

    /** Requests a page of facts, from row {@code from}. */
    record FactsRequest(FactKind kind, int from) implements Request {
        public FactsRequest {
            Check.index("FACTS.from", from);
        }
    }

    /** A page of facts: rows of text, each with a cell per column. */
    record Facts(List<String> columns, List<List<String>> rows, int next) implements Page {
        /** Rows of one page; a message holds this many with cells of 255 bytes. */
        public static final int MAX_ROWS = 20;

        private static final int MAX_COLUMNS = 12;

        public Facts {
            columns = Check.list("FACTS.columns", columns, MAX_COLUMNS);
            rows = Check.list("FACTS.rows", rows, MAX_ROWS);
            columns.forEach(name -> Check.name("FACTS.columns[]", name));
            for (List<String> row : rows) {
                Check.range("FACTS.rows[] cells", row.size(), columns.size(), columns.size());
                row.forEach(cell -> Check.text("FACTS.rows[][]", cell, Check.PATH_BYTES));
            }
            Check.index("FACTS.next", next);
        }
    }

    /** Ends the process after the reply. */
    record Shutdown() implements Request {}
}
