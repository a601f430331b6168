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
import java.util.function.Function;
import java.util.function.IntFunction;

/** Answers of FPC that come in pages, as whole lists. */
public final class FpcPages {

    private FpcPages() {}

    public static List<Message.PortState> ports(FpcClient fastPath) throws IOException {
        return all(fastPath, Message.PortsRequest::new, Message.Ports.class, Message.Ports::ports);
    }

    public static List<Message.NodeState> nodes(FpcClient fastPath) throws IOException {
        return all(fastPath, Message.NodesRequest::new, Message.Nodes.class, Message.Nodes::nodes);
    }

    public static List<String> trace(FpcClient fastPath) throws IOException {
        return all(fastPath, Message.TraceShow::new, Message.Trace.class, Message.Trace::lines);
    }

    /** Facts, each row with its cells by column. */
    public static List<Map<String, String>> facts(FpcClient fastPath, FactKind kind)
            throws IOException {
        return all(
                fastPath,
                from -> new Message.FactsRequest(kind, from),
                Message.Facts.class,
                page -> page.rows().stream().map(it -> row(page.columns(), it)).toList());
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
        return all(
                server,
                from -> new Message.CountersRequest(kind, from),
                Message.Counters.class,
                page ->
                        page.rows().stream()
                                .map(it -> new Row(it.name(), page.columns(), it.values()))
                                .toList());
    }

    private static <P extends Message.Page, R> List<R> all(
            FpcClient server,
            IntFunction<Message.Request> request,
            Class<P> kind,
            Function<P, List<R>> rows)
            throws IOException {
        List<R> all = new ArrayList<>();
        server.pages(request, kind, page -> all.addAll(rows.apply(page)));
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
