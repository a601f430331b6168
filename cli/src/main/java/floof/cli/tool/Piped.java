package floof.cli.tool;

import floof.api.Program;
import floof.cli.answer.Answer;
import floof.cli.answer.CommandException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * A running program whose lines go through pipes before they are read. Thread: that of its parts.
 */
final class Piped implements Program.Running {

    /** Longest line, in bytes: a longer one goes through in parts. */
    private static final int LINE_MAX = 1 << 20;

    private final Program.Running program;
    private final Answer.Through pipes;
    private final String newline;
    private final ByteArrayOutputStream line = new ByteArrayOutputStream();
    private final byte[] bytes = new byte[8192];
    private byte[] ready = new byte[0];
    private int at;
    private boolean isAtEnd;
    private volatile @Nullable CommandException failure;

    /**
     * @param onTerminal whether lines are for a terminal in raw mode
     */
    Piped(Program.Running program, Answer.Through pipes, boolean onTerminal) {
        this.program = program;
        this.pipes = pipes;
        this.newline = onTerminal ? "\r\n" : "\n";
    }

    /** Throws what a pipe threw. */
    void check() throws CommandException {
        CommandException thrown = failure;
        if (thrown != null) {
            throw thrown;
        }
    }

    @Override
    public int read(byte[] to) throws IOException {
        while (at == ready.length) {
            if (isAtEnd) {
                return -1;
            }
            fill();
        }
        int count = Math.min(to.length, ready.length - at);
        System.arraycopy(ready, at, to, 0, count);
        at += count;
        return count;
    }

    private void fill() throws IOException {
        StringBuilder out = new StringBuilder();
        int count = program.read(bytes);
        isAtEnd = count < 0;
        for (int i = 0; i < count; i++) {
            if (bytes[i] == '\n' || line.size() == LINE_MAX) {
                pass(out);
            }
            if (bytes[i] != '\n' && bytes[i] != '\r') {
                line.write(bytes[i]);
            }
        }
        if (isAtEnd && line.size() > 0) {
            pass(out);
        }
        ready = out.toString().getBytes(StandardCharsets.UTF_8);
        at = 0;
    }

    private void pass(StringBuilder out) throws IOException {
        try {
            for (String shown : pipes.lines(line.toString(StandardCharsets.UTF_8))) {
                out.append(shown).append(newline);
            }
            line.reset();
        } catch (CommandException e) {
            failure = e;
            throw new IOException(e);
        }
    }

    @Override
    public void write(byte[] keys, int count) throws IOException {
        program.write(keys, count);
    }

    @Override
    public void endInput() throws IOException {
        program.endInput();
    }

    @Override
    public void resize(int columns, int rows) {
        program.resize(columns, rows);
    }

    @Override
    public int await() {
        return program.await();
    }

    @Override
    public void close() {
        program.close();
    }
}
