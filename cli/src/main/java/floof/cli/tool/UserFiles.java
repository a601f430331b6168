package floof.cli.tool;

import floof.api.view.Kind;
import floof.base.Plural;
import floof.base.Utf8;
import floof.cli.answer.CommandException;
import floof.cli.answer.Suggestion;
import floof.config.text.TextParser;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * Files as the operator names them, from the folder the client was started in, read and written
 * with the operator's own rights.
 */
public final class UserFiles {

    /** A file of the operator's. */
    public static final Kind FILE = Kind.any("file", "<file>");

    /** Longest file that is read, in bytes: as much as a configuration may have. */
    public static final int SHOWN_MAX = TextParser.TEXT_MAX;

    /** Most names that completion lists: some screens full. */
    private static final int NAMES_MAX = 200;

    private final Tools tools;

    public UserFiles(Tools tools) {
        this.tools = tools;
    }

    /** The text of a file. */
    public String read(String name) throws CommandException {
        Tools.Captured file = tools.capture(List.of("cat", "--", name), new byte[0], SHOWN_MAX);
        try {
            return Utf8.decode(Tools.must("read '" + name + "'", file).output());
        } catch (CharacterCodingException e) {
            throw new CommandException("error: " + name + ": " + e.getMessage());
        }
    }

    /** A file that is written line by line. Thread: one. */
    final class Writing {

        /** Characters that are written at once: each time a program runs. */
        private static final int CHUNK = 4 << 20;

        private final String name;
        private boolean isAppending;
        private final StringBuilder text = new StringBuilder();
        private long count;

        private Writing(String name, boolean isAppending) {
            this.name = name;
            this.isAppending = isAppending;
        }

        void line(String line) throws CommandException {
            text.append(line).append('\n');
            count++;
            if (text.length() >= CHUNK) {
                flush();
            }
        }

        private void flush() throws CommandException {
            List<String> words = new ArrayList<>(List.of("dd", "status=none", "of=" + name));
            if (isAppending) {
                words.addAll(List.of("oflag=append", "conv=notrunc"));
            }
            byte[] bytes = text.toString().getBytes(StandardCharsets.UTF_8);
            text.setLength(0);
            Tools.must("write '" + name + "'", tools.capture(words, bytes, SHOWN_MAX));
            isAppending = true;
        }

        /** Writes what is left; how many lines there were. */
        long end() throws CommandException {
            if (count == 0 || !text.isEmpty()) {
                flush();
            }
            return count;
        }
    }

    /** Begins to write a file, in place of what is there or behind it. */
    Writing writing(String name, boolean isAppending) {
        return new Writing(name, isAppending);
    }

    /** {@code Wrote N lines of WHAT to 'NAME'}. */
    public String write(String name, List<String> lines, String what) throws CommandException {
        Writing file = writing(name, false);
        for (String line : lines) {
            file.line(line);
        }
        return wrote(name, file.end(), what);
    }

    static String wrote(String name, long count, String what) {
        return "Wrote " + Plural.of(count, "line") + " of " + what + " to '" + name + "'";
    }

    /** Names of files, for completion; folders have a slash at the end. */
    public List<Suggestion> beginningWith(String prefix) {
        String parent = prefix.substring(0, prefix.lastIndexOf('/') + 1);
        String folder = parent.isEmpty() ? "." : parent;
        try {
            return tools.must("list", List.of("ls", "-1Ap", "--", folder))
                    .lines()
                    .map(name -> parent + name)
                    .filter(name -> name.startsWith(prefix) && isPlain(name))
                    .limit(NAMES_MAX)
                    .map(name -> new Suggestion(name, ""))
                    .toList();
        } catch (CommandException e) {
            return List.of(); // no such folder: nothing to offer
        }
    }

    /** Can be typed without quotes. */
    private static boolean isPlain(String name) {
        return name.chars().allMatch(c -> c > ' ' && c != '"' && c != '|' && c != 127);
    }
}
