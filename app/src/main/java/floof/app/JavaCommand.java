package floof.app;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Starts another process of the product with the arguments of this one, up to the main class, so
 * that the flags are in one place, {@code ./floof}.
 */
final class JavaCommand {

    /**
     * With this flag the JVM refuses to link classes ahead of time (it archives no module graph),
     * which doubles a start. The flag catches code that uses native access without a grant; tests
     * and all other processes keep it.
     */
    private static final String UNCACHED = "--illegal-native-access=deny";

    private JavaCommand() {}

    /**
     * @param options for the new process only ({@code -Xmx...}); our own are omitted
     * @param main class in module {@code floof.app}
     */
    static List<String> of(String main, List<String> options, List<String> arguments) {
        List<String> command = new ArrayList<>();
        for (String word : ownWords()) {
            if (word.equals("-m") || word.equals("--module")) {
                break;
            }
            if (!word.startsWith("-X") && !word.equals(UNCACHED)) {
                command.add(word);
            }
        }
        command.addAll(options);
        command.addAll(List.of("-m", "floof.app/" + main));
        command.addAll(arguments);
        return command;
    }

    private static List<String> ownWords() {
        try {
            String line =
                    Files.readString(Path.of("/proc/self/cmdline"), StandardCharsets.ISO_8859_1);
            return List.of(line.split("\0"));
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read /proc/self/cmdline", e);
        }
    }
}
