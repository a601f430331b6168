package floof.control.instance;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.module.ModuleFinder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;

/**
 * Which jars a process was started from: floofd and the fast path carry it on their command lines.
 * Thread: any.
 */
public final class Build {

    private static final String OPTION = "-Dfloof.build=";

    private Build() {}

    /** Option of a JVM that starts now: a digest of every jar's path, size and time. */
    public static String option() {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            for (Path jar : jars()) {
                long timeMs = Files.getLastModifiedTime(jar).toMillis();
                String line = jar + "\0" + Files.size(jar) + "\0" + timeMs + "\0";
                digest.update(line.getBytes(StandardCharsets.UTF_8));
            }
            return OPTION + HexFormat.of().formatHex(digest.digest(), 0, 12);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        } catch (IOException e) {
            throw new UncheckedIOException("a jar of our own", e);
        }
    }

    /**
     * Whether a process was started from other jars than those that are there now.
     *
     * @param words its command line
     */
    public static boolean isOther(List<String> words) {
        return !words.contains(option());
    }

    /** Every jar of this process's module path, in order of their names. */
    private static List<Path> jars() {
        return Stream.of(System.getProperty("jdk.module.path", "").split(":"))
                .flatMap(entry -> ModuleFinder.of(Path.of(entry)).findAll().stream())
                .flatMap(module -> module.location().stream())
                .map(Path::of)
                .filter(path -> path.toString().endsWith(".jar"))
                .distinct()
                .sorted(Comparator.comparing(Path::toString))
                .toList();
    }
}
