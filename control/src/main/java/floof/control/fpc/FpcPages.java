package floof.control.fpc;

import floof.fpc.CounterKind;
import floof.fpc.FactKind;
import floof.fpc.FpcClient;
import floof.fpc.Message;
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
        fastPath.pages(
                Message.PortsRequest::new, Message.Ports.class, page -> all.addAll(page.ports()));
        return all;
    }

    public static List<Message.NodeState> nodes(FpcClient fastPath) throws IOException {
        List<Message.NodeState> all = new ArrayList<>();
        fastPath.pages(
                Message.NodesRequest::new, Message.Nodes.class, page -> all.addAll(page.nodes()));
        return all;
    }

    public static List<String> trace(FpcClient fastPath) throws IOException {
        List<String> all = new ArrayList<>();
        fastPath.pages(
                Message.TraceShow::new, Message.Trace.class, page -> all.addAll(page.lines()));
        return all;
    }

    /** Facts, each row with its cells by column. */
    public static List<Map<String, String>> facts(FpcClient fastPath, FactKind kind)
            throws IOException {
        List<Map<String, String>> all = new ArrayList<>();
        fastPath.pages(
                from -> new Message.FactsRequest(kind, from),
                Message.Facts.class,
                page -> page.rows().forEach(cells -> all.add(row(page.columns(), cells))));
        return all;
    }

    private static Map<String, String> row(List<String> columns, List<String> cells) {
        Map<String, String> row = new LinkedHashMap<>();
        for (int i = 0; i < cells.size(); i++) {
            row.put(columns.get(i), cells.get(i));
        }
        return row;
    }

    /** Rows of one kind of counters, each with its values by column. */
    public static List<Row> counters(FpcClient server, CounterKind kind) throws IOException {
        List<Row> all = new ArrayList<>();
        server.pages(
                from -> new Message.CountersRequest(kind, from),
                Message.Counters.class,
                page -> {
                    for (Message.CounterRow row : page.rows()) {
                        all.add(new Row(row.name(), page.columns(), row.values()));
                    }
                });
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
