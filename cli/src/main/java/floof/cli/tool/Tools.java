package floof.cli.tool;

import floof.api.Machine;
import floof.api.Program;
import floof.api.Program.Place;
import floof.cli.answer.Answer;
import floof.cli.answer.CommandException;
import floof.cli.limit.Room;
import floof.cli.screen.InputPipe;
import floof.cli.screen.Screen;
import floof.cli.wire.Client;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Runs programs with the operator's rights. Thread: the session's. */
public final class Tools {

    private final Machine machine;
    private final Client client;
    private final Screen screen;
    private final Room room;

    public Tools(Machine machine, Client client, Screen screen, Room room) {
        this.room = room;
        this.machine = machine;
        this.client = client;
        this.screen = screen;
    }

    /** What a program printed, both streams together, and its status. */
    public record Captured(int status, byte[] output) {

        public String text() {
            return new String(output, StandardCharsets.UTF_8);
        }
    }

    /**
     * One that runs on the screen until it ends, the operator interrupts it, or the client goes.
     *
     * @param capabilities that it has besides the operator's
     */
    public Answer.Live onScreen(Place place, Set<String> capabilities, List<String> words) {
        Program program =
                new Program(
                        words,
                        client.user(),
                        client.directory(),
                        place,
                        capabilities,
                        screen.size());
        return pipes -> run(program, pipes);
    }

    private void run(Program program, Answer.@Nullable Through pipes) throws CommandException {
        try (Program.Running running = machine.start(program)) {
            Piped piped = pipes == null ? null : new Piped(running, pipes, screen.isTerminal());
            screen.run(piped == null ? running : piped);
            int status = running.await();
            if (piped != null) {
                piped.check();
            }
            if (status != 0 && !screen.isTerminal()) {
                throw new CommandException(
                        "error: " + program.words().getFirst() + " ended with status " + status);
            }
        } catch (IOException e) {
            throw new CommandException("error: " + e.getMessage());
        }
    }

    /** Runs one as the operator and takes what it prints. */
    public Captured capture(List<String> words, byte[] input, int bytesMax)
            throws CommandException {
        return captureAs(client.user(), words, input, bytesMax);
    }

    /**
     * Runs one and takes what it prints.
     *
     * @param bytesMax most that it may print
     */
    public Captured captureAs(String user, List<String> words, byte[] input, int bytesMax)
            throws CommandException {
        Program program =
                new Program(words, user, client.directory(), Place.MANAGEMENT, Set.of(), null);
        try (Room.Share share = room.share();
                Program.Running running = machine.start(program)) {
            ByteArrayOutputStream output = new ByteArrayOutputStream();
            try (InputPipe.Watch _ = screen.atGone(running::close)) {
                feed(running, input);
                byte[] bytes = new byte[8192];
                for (int n = running.read(bytes); n >= 0; n = running.read(bytes)) {
                    share.take(n);
                    output.write(bytes, 0, n);
                    if (output.size() > bytesMax) {
                        throw new IOException("more than " + bytesMax + " bytes; expected fewer");
                    }
                }
            }
            return new Captured(running.await(), output.toByteArray());
        } catch (IOException e) {
            throw new CommandException("error: " + e.getMessage());
        }
    }

    private static void feed(Program.Running running, byte[] input) {
        try {
            running.write(input, input.length);
            running.endInput();
        } catch (IOException e) {
            // It ended before it read all: its status tells.
        }
    }

    /**
     * The same, and expects that it succeeds.
     *
     * @param doing what it was to do, for the message
     */
    public String must(String doing, List<String> words) throws CommandException {
        return must(doing, capture(words, new byte[0], UserFiles.SHOWN_MAX)).text();
    }

    public static Captured must(String doing, Captured captured) throws CommandException {
        if (captured.status() != 0) {
            throw new CommandException("error: cannot " + doing + ": " + reason(captured.text()));
        }
        return captured;
    }

    /** Of {@code cat: NAME: No such file}: the last part, as part of our own sentence. */
    private static String reason(String text) {
        String line = text.strip().lines().findFirst().orElse("it failed");
        String reason = line.substring(line.lastIndexOf(": ") + 1).strip();
        return reason.isEmpty()
                ? "it failed"
                : Character.toLowerCase(reason.charAt(0)) + reason.substring(1);
    }
}
