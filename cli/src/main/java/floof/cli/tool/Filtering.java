package floof.cli.tool;

import floof.base.Plural;
import floof.cli.answer.CommandException;
import floof.cli.answer.Lines;
import floof.cli.grammar.Filter;
import floof.cli.grammar.Pipe;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a pipe lets through of the lines before it, one after the other. Only {@code last} and
 * {@code request} hold more than some. Thread: one.
 */
public final class Filtering implements Lines {

    /** Lines whose names are asked for at once. */
    private static final int BATCH = 500;

    private final Pipe pipe;
    private final Lines before;
    private final int screenLength;
    private final UserFiles files;
    private UserFiles.@Nullable Writing file;
    private boolean isFound;
    private boolean isOver;
    private Iterator<String> ready = List.<String>of().iterator();

    /**
     * @param screenLength lines of a page, at least 1
     */
    public Filtering(Pipe pipe, Lines before, int screenLength, UserFiles files) {
        this.pipe = pipe;
        this.before = before;
        this.screenLength = screenLength;
        this.files = files;
    }

    @Override
    public @Nullable String next() throws CommandException {
        while (!ready.hasNext() && !isOver) {
            ready = more().iterator();
        }
        return ready.hasNext() ? ready.next() : null;
    }

    /** Some more lines, or none; when all are through {@link #isOver} is set. */
    private List<String> more() throws CommandException {
        return switch (pipe.verb()) {
            case "find" -> found();
            case "count" -> {
                long count = 0;
                while (take() != null) {
                    count++;
                }
                yield List.of("Count: " + count + " lines");
            }
            case "last" -> last(pipe.number(screenLength));
            case "resolve" -> Filter.lines(pipe, batch());
            case "save", "append" -> written(pipe.is("append"));
            case "tee" -> copied();
            case "except", "match", "suppress-zeros", "trim" -> {
                String line = take();
                yield line == null ? List.of() : Filter.lines(pipe, List.of(line));
            }
            default -> {
                String line = take();
                yield line == null ? List.of() : List.of(line);
            }
        };
    }

    private @Nullable String take() throws CommandException {
        String line = before.next();
        isOver = line == null;
        return line;
    }

    private List<String> found() throws CommandException {
        String line = take();
        while (line != null && !isFound) {
            isFound = !Filter.lines(pipe, List.of(line)).equals(Filter.NOT_FOUND);
            line = isFound ? line : take();
        }
        return line != null ? List.of(line) : isFound ? List.of() : Filter.NOT_FOUND;
    }

    private List<String> last(int count) throws CommandException {
        Deque<String> last = new ArrayDeque<>();
        for (String line = take(); line != null; line = take()) {
            last.addLast(line);
            if (last.size() > count) {
                last.removeFirst();
            }
        }
        return List.copyOf(last);
    }

    private List<String> batch() throws CommandException {
        List<String> batch = new ArrayList<>();
        for (String line = take(); line != null; line = take()) {
            batch.add(line);
            if (batch.size() == BATCH) {
                break;
            }
        }
        return batch;
    }

    private List<String> written(boolean isAppending) throws CommandException {
        UserFiles.Writing to = files.writing(pipe.operand(), isAppending);
        for (String line = take(); line != null; line = take()) {
            to.line(line);
        }
        long count = to.end();
        return List.of(
                isAppending
                        ? "Appended "
                                + Plural.of(count, "line")
                                + " of output to '"
                                + pipe.operand()
                                + "'"
                        : UserFiles.wrote(pipe.operand(), count, "output"));
    }

    /** The reader wants no more: what {@code tee} let through is written. */
    public void finish() throws CommandException {
        UserFiles.Writing begun = file;
        if (begun != null && !isOver) {
            isOver = true;
            begun.end();
        }
        if (before instanceof Filtering earlier) {
            earlier.finish();
        }
    }

    private List<String> copied() throws CommandException {
        UserFiles.Writing to = file;
        if (to == null) {
            to = files.writing(pipe.operand(), false);
            file = to;
        }
        String line = take();
        if (line == null) {
            return List.of(UserFiles.wrote(pipe.operand(), to.end(), "output"));
        }
        to.line(line);
        return List.of(line);
    }
}
