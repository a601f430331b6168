package floof.control.fpc;

import floof.fpc.CounterKind;
import floof.fpc.FactKind;
import floof.fpc.FpcClient;
import floof.fpc.Message;
import floof.fpc.NodeState;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Answers of FPC that come in pages, as whole lists. */
public final class FpcPages {

    private FpcPages() {}

    public static List<Message.PortState> ports(FpcClient fastPath) throws IOException {
        List<Message.PortState> all = new ArrayList<>();
        int from = 0;
        do {
            Message.Ports page = fastPath.ask(new Message.PortsRequest(from), Message.Ports.class);
            all.addAll(page.ports());
            from = page.next();
        } while (from != Message.END);
        return all;
    }

    public static List<NodeState> nodes(FpcClient fastPath) throws IOException {
        List<NodeState> all = new ArrayList<>();
        int from = 0;
        do {
            Message.Nodes page = fastPath.ask(new Message.NodesRequest(from), Message.Nodes.class);
            all.addAll(page.nodes());
            from = page.next();
        } while (from != Message.END);
        return all;
    }

    public static List<String> trace(FpcClient fastPath) throws IOException {
        List<String> all = new ArrayList<>();
        int from = 0;
        do {
            Message.Trace page = fastPath.ask(new Message.TraceShow(from), Message.Trace.class);
            all.addAll(page.lines());
            from = page.next();
        } while (from != Message.END);
        return all;
    }

    /** Facts, each row with its cells by column. */
    public static List<Map<String, String>> facts(FpcClient fastPath, FactKind kind)
            throws IOException {
        List<Map<String, String>> all = new ArrayList<>();
        int from = 0;
        do {
            Message.Facts page =
                    fastPath.ask(new Message.FactsRequest(kind, from), Message.Facts.class);
            for (List<String> cells : page.rows()) {
                Map<String, String> row = new LinkedHashMap<>();
                for (int i = 0; i < cells.size(); i++) {
                    row.put(page.columns().get(i), cells.get(i));
                }
                all.add(row);
            }
            from = page.next();
        } while (from != Message.END);
        return all;
    }

    /** Rows of one kind of counters, each with its values by column. */
    public static List<Row> counters(FpcClient server, CounterKind kind) throws IOException {
        List<Row> all = new ArrayList<>();
        int from = 0;
        do {
            Message.Counters page =
                    server.ask(new Message.CountersRequest(kind, from), Message.Counters.class);
            for (Message.CounterRow row : page.rows()) {
                all.add(new Row(row.name(), page.columns(), row.values()));
            }
            from = page.next();
        } while (from != Message.END);
        return all;
    }

    /** One line of counters. */
    public record Row(String name, List<String> columns, List<Long> values) {

        /** Value of a column; 0 when the server has no such column. */
        public long value(String column) {
            int index = columns.indexOf(column);
            return index < 0 ? 0 : values.get(index);
        }
    }
}
