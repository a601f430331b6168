package floof.api.show;

import floof.api.LogFiles;
import floof.api.LogFiles.Log;
import floof.api.view.Arguments;
import floof.api.view.Kind;
import floof.api.view.Layout;
import floof.api.view.Layout.Column;
import floof.api.view.Layout.Table;
import floof.api.view.Parameter;
import floof.api.view.Reader;
import floof.api.view.Times;
import floof.api.view.UnavailableException;
import floof.api.view.UnknownException;
import floof.api.view.View;
import java.io.IOException;
import java.util.List;

/** {@code show log [NAME]}: the logs, or the lines of one. */
record ShowLog(LogFiles logs, String line, String help, List<Parameter> parameters)
        implements View<Object> {

    private static final Table<Object> LOGS =
            Table.of(
                    Column.of("Log", it -> ((Log) it).name()),
                    Column.of(">Bytes", it -> ((Log) it).bytes()),
                    Column.of("Changed", it -> Times.local(((Log) it).changed())));

    private static final Layout.Printer<Object> LINES =
            (line, out) -> out.append(line).append('\n');

    ShowLog(LogFiles logs) {
        this(logs, "show log", "Logs", List.of(Parameter.free("name", "Name of a log", Kind.LOG)));
    }

    @Override
    public Class<?> type(Arguments arguments) {
        return arguments.has("name") ? String.class : Log.class;
    }

    @Override
    public Answer<Object> open(Arguments arguments, Reader reader)
            throws UnavailableException, UnknownException {
        String name = arguments.get("name");
        if (name != null && !logs.names().contains(name)) {
            throw new UnknownException("there is no log '" + name + "'", logs.names());
        }
        try {
            return name == null
                    ? Answer.of(List.copyOf(logs.all()), LOGS)
                    : new Answer<>(List.of(), logs.lines(name), LINES);
        } catch (IOException e) {
            throw new UnavailableException("" + e.getMessage(), e);
        }
    }
}
