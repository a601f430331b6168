package floof.cli.limit;

import floof.cli.answer.CommandException;
import floof.config.text.Loaded;
import floof.config.value.StatementException;
import java.util.List;
import java.util.function.Supplier;

/**
 * What sessions may take of floofd's heap for configurations that they read and print. Who finds no
 * room is told, so that nobody takes the memory that the others and the mirror of Linux live on.
 * Thread: any.
 */
public final class Room {

    /** What a statement becomes, at most; measured: 290 bytes for an interface, 210 for a route. */
    private static final long STATEMENT_BYTES = 300;

    /** How often a text that grows is weighed. */
    private static final int STEP_BYTES = 1 << 20;

    /** Texts that are shorter do not count: who asks little gets it. */
    private static final int COUNTED_MIN = 64 << 10;

    /** For texts on their way, which with their copies take three times as much, and to be kept. */
    private static final long EIGHTH = Runtime.getRuntime().maxMemory() / 8;

    /** One configuration is read, and one printed, at a time. */
    private final Object reading = new Object();

    private final Object printing = new Object();

    private long texts;

    /** What one text takes, until it is closed. Thread: one. */
    public final class Share implements AutoCloseable {

        private long taken;

        private Share() {}

        /** Takes a text, unless it is short. */
        public void take(String text) throws CommandException {
            take(text.length() < COUNTED_MIN ? 0 : text.length());
        }

        /**
         * Takes more.
         *
         * @throws CommandException when there is none left
         */
        public void take(long bytes) throws CommandException {
            add(bytes);
            long before = taken;
            taken += bytes;
            if (before / STEP_BYTES != taken / STEP_BYTES) {
                need(EIGHTH);
            }
        }

        /** The text is forgotten. */
        public void giveBack() {
            synchronized (Room.this) {
                texts -= taken;
            }
            taken = 0;
        }

        @Override
        public void close() {
            giveBack();
        }
    }

    public Share share() {
        return new Share();
    }

    private synchronized void add(long bytes) throws CommandException {
        if (texts + bytes > EIGHTH) {
            throw new CommandException(
                    "error: texts of all sessions take "
                            + (texts + bytes)
                            + " bytes of memory; expected at most "
                            + EIGHTH
                            + "; try again later");
        }
        texts += bytes;
    }

    /** Reads a text onto a candidate. */
    public interface Reading {
        List<Loaded.Mistake> run() throws StatementException;
    }

    /**
     * Has a text read when there is memory for what becomes of it, and the turn has come.
     *
     * @throws CommandException when there is none
     */
    public List<Loaded.Mistake> read(String text, Reading into)
            throws CommandException, StatementException {
        synchronized (reading) {
            need(EIGHTH + heapFor(text));
            return into.run();
        }
    }

    /** Has a configuration printed when there is memory, and the turn has come. */
    public String print(Supplier<String> printer) throws CommandException {
        synchronized (printing) {
            need(EIGHTH);
            return printer.get();
        }
    }

    /** Set commands end with their line, nested statements at a brace or semicolon. */
    private static long heapFor(String text) {
        long lines = 0;
        long ends = 0;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            lines += c == '\n' ? 1 : 0;
            ends += c == ';' || c == '{' ? 1 : 0;
        }
        return text.length() + STATEMENT_BYTES * Math.max(lines, ends);
    }

    private static void need(long bytes) throws CommandException {
        if (freeBytes() < bytes) {
            System.gc(); // what is garbage counts as free
        }
        long free = freeBytes();
        if (free < bytes) {
            throw new CommandException(
                    "error: floofd has "
                            + (free >> 20)
                            + " MB of memory left; expected "
                            + (bytes >> 20)
                            + " MB; end private candidates, or request less");
        }
    }

    private static long freeBytes() {
        Runtime heap = Runtime.getRuntime();
        return heap.maxMemory() - heap.totalMemory() + heap.freeMemory();
    }
}
