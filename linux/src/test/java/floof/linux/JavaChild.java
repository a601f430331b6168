package floof.linux;

import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Another JVM with the classes of this module and of its tests. */
public final class JavaChild {

    private JavaChild() {}

    /** Runs the main method of a class; what it says of errors goes to ours. */
    public static ProcessBuilder of(Class<?> main, String... arguments) throws URISyntaxException {
        Path classes =
                Path.of(Fd.class.getProtectionDomain().getCodeSource().getLocation().toURI());
        List<String> words = new ArrayList<>();
        words.add(ProcessHandle.current().info().command().orElseThrow());
        words.add("--enable-native-access=ALL-UNNAMED");
        words.add("-XX:TieredStopAtLevel=1");
        words.add("-cp");
        words.add(classes + ":" + classes.resolveSibling("test-classes"));
        words.add(main.getName());
        words.addAll(List.of(arguments));
        return new ProcessBuilder(words).redirectError(ProcessBuilder.Redirect.INHERIT);
    }
}
