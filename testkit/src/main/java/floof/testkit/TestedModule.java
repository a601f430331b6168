package floof.testkit;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.module.Configuration;
import java.lang.module.ModuleFinder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A module with compiled tests, and what its pom.xml says about them.
 *
 * @param folder the module's, below the checkout's
 * @param tag pure, kernel or lab
 * @param options of a JVM that runs its tests
 */
record TestedModule(Path folder, String tag, List<String> options) {

    static final List<String> TAGS = List.of("pure", "kernel", "lab");

    private static final String CHECKED = "-Dfloof.memory.checked=true";

    /** The modules of a checkout in the order of its pom.xml. */
    static List<TestedModule> of(Path root) throws IOException {
        String parent = Files.readString(root.resolve("pom.xml"));
        List<TestedModule> modules = new ArrayList<>();
        Matcher names = Pattern.compile("<module>([^<]+)</module>").matcher(parent);
        while (names.find()) {
            Path folder = root.resolve(names.group(1));
            if (Files.isDirectory(folder.resolve("target/test-classes"))) {
                String pom = Files.readString(folder.resolve("pom.xml"));
                String tag = element(pom, "test.tag", element(parent, "test.tag", ""));
                if (!TAGS.contains(tag)) {
                    throw new IOException(folder + ": test.tag '" + tag + "'; expected " + TAGS);
                }
                String own = element(pom, "test.jvm", "");
                String line = element(parent, "argLine", "").replace("${test.jvm}", own);
                modules.add(new TestedModule(folder, tag, List.of(line.strip().split("\\s+"))));
            }
        }
        return modules;
    }

    private static String element(String pom, String name, String otherwise) {
        Matcher matcher = Pattern.compile("<" + name + ">([^<]*)</" + name + ">").matcher(pom);
        return matcher.find() ? matcher.group(1) : otherwise;
    }

    String name() {
        return String.valueOf(folder.getFileName());
    }

    Path tests() {
        return folder.resolve("target/test-classes");
    }

    /**
     * A JVM in which the module, if it is one for Java, has its tests as a patch, and reaches JUnit
     * by the class path.
     *
     * @param raw without checked memory
     * @param more options
     */
    List<String> command(boolean raw, List<String> more, List<String> arguments) {
        Path root = folder.resolveSibling("");
        List<String> words = new ArrayList<>();
        words.add(Path.of(System.getProperty("java.home"), "bin/java").toString());
        options.stream().filter(option -> !(raw && option.equals(CHECKED))).forEach(words::add);
        words.addAll(more);
        Path kit = root.resolve("testkit/target");
        // Programs that tests start have no modules: they find the tests by the class path.
        String classPath = kit.resolve("lib") + "/*:" + kit.resolve("classes") + ":" + tests();
        words.addAll(List.of("-cp", classPath));
        if (Files.exists(folder.resolve("target/classes/module-info.class"))) {
            words.addAll(patched(root));
        }
        words.add(Fork.class.getName());
        words.addAll(arguments);
        return words;
    }

    private List<String> patched(Path root) {
        String module = "floof." + name();
        List<String> words = new ArrayList<>();
        words.addAll(List.of("--module-path", modulePath(root), "--add-modules", module));
        words.addAll(List.of("--patch-module", module + "=" + tests()));
        words.addAll(List.of("--add-reads", module + "=ALL-UNNAMED"));
        for (String name : packages()) {
            words.addAll(List.of("--add-opens", module + "/" + name + "=ALL-UNNAMED"));
        }
        return words;
    }

    /** What the module stands on and nothing else, as at its compilation. */
    private String modulePath(Path root) {
        ModuleFinder all =
                ModuleFinder.of(folder.resolve("target/classes"), root.resolve("app/target/image"));
        Configuration resolved =
                ModuleLayer.boot()
                        .configuration()
                        .resolve(all, ModuleFinder.of(), Set.of("floof." + name()));
        return String.join(
                File.pathSeparator,
                resolved.modules().stream()
                        .map(it -> it.reference().location().orElseThrow())
                        .map(location -> Path.of(location).toString())
                        .sorted()
                        .toList());
    }

    private Set<String> packages() {
        try (Stream<Path> files = Files.walk(tests())) {
            Set<String> packages = new TreeSet<>();
            files.filter(file -> file.toString().endsWith(".class"))
                    .map(file -> tests().relativize(file).getParent())
                    .forEach(below -> packages.add(String.valueOf(below).replace('/', '.')));
            packages.remove("null"); // a module descriptor
            return packages;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
