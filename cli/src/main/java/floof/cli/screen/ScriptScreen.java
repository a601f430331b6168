package floof.cli.screen;

import floof.api.Program;
import floof.base.Utf8;
import floof.cli.answer.CommandException;
import floof.cli.answer.Lines;
import floof.cli.answer.Word;
import floof.cli.wire.Wire;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The screen of a script: commands in, two streams out, no questions and no pages. */
public final class ScriptScreen implements Screen {

    /** Characters that are written at once. */
    private static final int CHUNK = 64 << 10;

    /** Less is written after so long. */
    private static final long SOON_NS = 200_000_000;

    private final BufferedInputStream in;
    private final InputPipe pipe;
    private final Sink out;
    private int lines;

    public ScriptScreen(InputPipe in, Sink out) {
        this.pipe = in;
        this.in = new BufferedInputStream(in);
        this.out = out;
    }

    @Override
    public void print(String text) {
        write(Wire.Type.OUTPUT, text);
    }

    @Override
    public void error(String text) {
        write(Wire.Type.ERROR, text);
    }

    @Override
    public void tell(String text) {
        // Nobody sits there, and it is no answer to the script.
    }

    private void write(Wire.Type type, String text) {
        if (!text.isEmpty()) {
            byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
            try {
                out.write(type, bytes, 0, bytes.length);
            } catch (IOException e) {
                throw new UncheckedIOException(e); // the client is gone: the session ends
            }
        }
    }

    @Override
    public @Nullable String ask(String prompt) {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        try {
            int c = in.read();
            if (c < 0) {
                return null;
            }
            for (; c >= 0 && c != '\n'; c = in.read()) {
                line.write(c);
                if (line.size() > Word.LINE_MAX) {
                    throw new IOException(
                            "line of more than " + Word.LINE_MAX + " bytes in the script");
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e.getMessage(), e);
        }
        String text;
        lines++;
        try {
            text = Utf8.decode(line.toByteArray(), lines);
        } catch (CharacterCodingException e) {
            throw new UncheckedIOException(e.getMessage(), e); // half of a script is never meant
        }
        return text.endsWith("\r") ? text.substring(0, text.length() - 1) : text;
    }

    @Override
    public boolean isTerminal() {
        return false;
    }

    @Override
    public void page(Lines lines, int length, boolean hold) throws CommandException {
        StringBuilder chunk = new StringBuilder();
        long begun = System.nanoTime();
        for (String line = lines.next(); line != null; line = lines.next()) {
            chunk.append(line).append('\n');
            // The whole at once would be too much of a long one, and the first lines are awaited.
            if (chunk.length() >= CHUNK || System.nanoTime() - begun > SOON_NS) {
                print(chunk.toString());
                chunk.setLength(0);
                begun = System.nanoTime();
            }
        }
        print(chunk.toString());
    }

    @Override
    public void interruptibly(Runnable giveUp, Work work) throws CommandException {
        try (InputPipe.Watch _ = atGone(giveUp)) {
            work.run();
        }
    }

    @Override
    public void replace(String title, List<String> lines) {
        print(String.join("\n", lines) + "\n");
    }

    @Override
    public Program.@Nullable Size size() {
        return null;
    }

    @Override
    public void run(Program.Running program) throws IOException {
        try (InputPipe.Watch _ = atGone(program::close)) {
            program.endInput();
            byte[] bytes = new byte[8192];
            for (int n = program.read(bytes); n >= 0; n = program.read(bytes)) {
                out.write(Wire.Type.OUTPUT, bytes, 0, n);
            }
        }
    }

    @Override
    public InputPipe.Watch atGone(Runnable action) {
        return pipe.atGone(action);
    }

    @Override
    public int key(long ms) {
        return -1; // nobody sits there
    }

    @Override
    public int columns() {
        return 0;
    }

    @Override
    public boolean hasColours() {
        return false;
    }

    @Override
    public int rows() {
        return 0;
    }

    @Override
    public void width(int columns) {
        // Nothing is wrapped.
    }
}
