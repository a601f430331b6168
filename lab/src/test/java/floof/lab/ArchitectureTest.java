package floof.lab;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static java.util.stream.Collectors.toCollection;
import static java.util.stream.Collectors.toUnmodifiableSet;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaField;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.library.dependencies.SlicesRuleDefinition;
import floof.control.plan.Department;
import java.io.IOException;
import java.lang.classfile.Attributes;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassModel;
import java.lang.classfile.CodeElement;
import java.lang.classfile.CodeModel;
import java.lang.classfile.MethodModel;
import java.lang.classfile.Opcode;
import java.lang.classfile.attribute.LineNumberInfo;
import java.lang.classfile.instruction.FieldInstruction;
import java.lang.classfile.instruction.LineNumber;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.IntSummaryStatistics;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The rules of docs/architecture.md that a compiler does not know. */
class ArchitectureTest {

    private static final Path ROOT = Router.repository();

    static final List<String> MODULES =
            List.of(
                    "base",
                    "memory",
                    "linux",
                    "engine",
                    "tables",
                    "dataplane",
                    "ports",
                    "fpc",
                    "manager",
                    "sync",
                    "config",
                    "api",
                    "control",
                    "cli",
                    "web",
                    "app");

    private static final Set<String> PACKET_PATH = Set.of("engine", "tables", "dataplane", "ports");

    private static final JavaClasses CLASSES =
            new ClassFileImporter()
                    .importPaths(
                            MODULES.stream()
                                    .map(module -> ROOT.resolve(module + "/target/classes"))
                                    .toList());

    /** "Stands on" in docs/architecture.md, the module descriptors and what is used are equal. */
    @Test
    void theModuleTableIsTrue() throws IOException {
        Map<String, Set<String>> table = new java.util.TreeMap<>();
        Pattern row = Pattern.compile("^\\| `([a-z]+)` \\| [^|]* \\| ([^|]*) \\|$");
        for (String line : Files.readAllLines(ROOT.resolve("docs/architecture.md"))) {
            var match = row.matcher(line);
            if (match.matches() && MODULES.contains(match.group(1))) {
                Set<String> standsOn = new TreeSet<>();
                Pattern.compile("`([a-z]+)`")
                        .matcher(match.group(2))
                        .results()
                        .forEach(result -> standsOn.add(result.group(1)));
                table.put(match.group(1), standsOn);
            }
        }
        assertThat(table.keySet()).containsExactlyInAnyOrderElementsOf(MODULES);
        for (String module : MODULES) {
            Set<String> required = new TreeSet<>();
            Pattern.compile("requires (?:transitive )?floof\\.([a-z]+);")
                    .matcher(
                            Files.readString(
                                    ROOT.resolve(module + "/src/main/java/module-info.java")))
                    .results()
                    .forEach(result -> required.add(result.group(1)));
            assertThat(uses(module)).as("modules that %s uses", module).isEqualTo(required);
            if (!module.equals("app")) { // stands on everything
                assertThat(table.get(module)).as("module %s stands on", module).isEqualTo(required);
            }
        }
    }

    private static Set<String> uses(String module) {
        return ARROWS.stream()
                .filter(it -> module(it.user()).equals(module) && !module(it.used()).equals(module))
                .map(it -> module(it.used()))
                .collect(toCollection(TreeSet::new));
    }

    private static String module(String name) {
        return name.split("\\.")[1];
    }

    /** Two packages of ours, of which the first uses the second. */
    private record Arrow(String user, String used) {}

    private static final Set<Arrow> ARROWS =
            CLASSES.stream()
                    .flatMap(type -> type.getDirectDependenciesFromSelf().stream())
                    .map(it -> arrow(it.getOriginClass(), it.getTargetClass()))
                    .filter(it -> it.user().startsWith("floof."))
                    .filter(it -> it.used().startsWith("floof."))
                    .filter(it -> !it.user().equals(it.used()))
                    .collect(toUnmodifiableSet());

    private static Arrow arrow(JavaClass user, JavaClass used) {
        return new Arrow(user.getPackageName(), used.getBaseComponentType().getPackageName());
    }

    /** A module's packages by the list in docs/architecture.md: each uses later ones only. */
    @Test
    void packagesStandInLayers() throws IOException {
        String text = Files.readString(ROOT.resolve("docs/architecture.md"));
        List<String> layers =
                Pattern.compile("(?m)^- \\*\\*`([a-z.]+)`\\*\\*")
                        .matcher(text)
                        .results()
                        .map(it -> "floof." + it.group(1))
                        .toList();
        assertThat(layers).doesNotHaveDuplicates();
        List<Arrow> wrong = new ArrayList<>();
        for (Arrow arrow : ARROWS) {
            boolean isWithin = module(arrow.user()).equals(module(arrow.used()));
            int user = layers.indexOf(arrow.user());
            if (isWithin && (user < 0 || user > layers.indexOf(arrow.used()))) {
                wrong.add(arrow);
            }
        }
        assertThat(wrong).as("arrows between packages that do not point down").isEmpty();
    }

    /** Departments plug into the commit engine, which knows none of them. */
    @Test
    void theCommitEngineKnowsNoDepartment() {
        Set<String> departments =
                CLASSES.stream()
                        .filter(type -> type.isAssignableTo(Department.class))
                        .map(JavaClass::getPackageName)
                        .filter(name -> !name.equals(Department.class.getPackageName()))
                        .collect(toCollection(TreeSet::new));
        assertThat(departments).hasSizeGreaterThan(3);
        assertThat(ARROWS)
                .filteredOn(it -> it.user().equals("floof.control.commit"))
                .noneMatch(it -> departments.contains(it.used()));
    }

    @Test
    void packagesHaveNoCycles() {
        SlicesRuleDefinition.slices()
                .matching("floof.(**)")
                .should()
                .beFreeOfCycles()
                .check(CLASSES);
    }

    @Test
    void onlyLinuxCallsNativeCode() {
        noClasses()
                .that()
                .resideOutsideOfPackages("floof.linux..")
                .should()
                .dependOnClassesThat()
                .haveFullyQualifiedName("java.lang.foreign.Linker")
                .orShould()
                .dependOnClassesThat()
                .haveFullyQualifiedName("java.lang.foreign.SymbolLookup")
                .check(CLASSES);
        noClasses()
                .that()
                .resideOutsideOfPackage("floof.memory")
                .should()
                .dependOnClassesThat()
                .haveSimpleName("Unsafe")
                .check(CLASSES);
    }

    @Test
    void thePacketPathKnowsNeitherLoggingNorStreamsNorLocks() {
        String[] packages =
                PACKET_PATH.stream().map(module -> "floof." + module + "..").toArray(String[]::new);
        noClasses()
                .that()
                .resideInAnyPackage(packages)
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("org.slf4j..", "java.util.logging..")
                .orShould()
                .dependOnClassesThat()
                .areAssignableTo(java.util.concurrent.locks.Lock.class)
                .check(CLASSES);
        // A worker's commands and the clock's calibration may; they are not on a packet's way.
        noClasses()
                .that()
                .resideInAnyPackage(packages)
                .and()
                .doNotHaveSimpleName("Worker")
                .and()
                .doNotHaveSimpleName("TimeStampCounter")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("java.util.stream..")
                .check(CLASSES);
    }

    @Test
    void nothingStaticChanges() {
        List<String> mutable = new ArrayList<>();
        for (var type : CLASSES) {
            for (JavaField field : type.getFields()) {
                Set<JavaModifier> modifiers = field.getModifiers();
                if (modifiers.contains(JavaModifier.STATIC)
                        && !modifiers.contains(JavaModifier.FINAL)
                        && !modifiers.contains(JavaModifier.SYNTHETIC)) {
                    mutable.add(field.getFullName());
                }
            }
        }
        // The known regions are the checked twin's own books: one list for the process, as its
        // memory is one.
        assertThat(mutable).containsExactly("floof.memory.Memory.regions");
    }

    /** A constant that is a map of its own can be filled by anybody at any time. */
    @Test
    void constantsAreNotFilledLater() {
        List<String> mutable = new ArrayList<>();
        for (var type : CLASSES) {
            type.getStaticInitializer().stream()
                    .flatMap(it -> it.getConstructorCallsFromSelf().stream())
                    .map(call -> call.getTargetOwner())
                    .filter(made -> MUTABLE.stream().anyMatch(made::isAssignableTo))
                    .filter(made -> type.getFields().stream().anyMatch(it -> holds(it, made)))
                    .forEach(made -> mutable.add(type.getName() + ": " + made.getSimpleName()));
        }
        assertThat(mutable).isEmpty();
    }

    private static final List<Class<?>> MUTABLE =
            List.of(
                    java.util.Collection.class,
                    Map.class,
                    java.util.concurrent.atomic.AtomicLong.class,
                    java.util.concurrent.atomic.AtomicInteger.class,
                    java.util.concurrent.atomic.AtomicBoolean.class,
                    java.util.concurrent.atomic.AtomicReference.class);

    private static boolean holds(JavaField field, JavaClass made) {
        return field.getModifiers().contains(JavaModifier.STATIC)
                && made.isAssignableTo(field.getRawType().getName());
    }

    @Test
    void everyPackageOpensWithAnEssay() throws IOException {
        List<String> missing = new ArrayList<>();
        for (Path folder : packages(MODULES)) {
            if (!Files.exists(folder.resolve("package-info.java"))) {
                missing.add(ROOT.relativize(folder).toString());
            }
        }
        assertThat(missing).isEmpty();
    }

    /** Every package is named in docs/architecture.md, and every name there exists. */
    @Test
    void theArchitectureNamesWhatExists() throws IOException {
        List<String> modules = new ArrayList<>(MODULES);
        modules.addAll(List.of("testkit", "lab"));
        Set<String> packages = new TreeSet<>();
        Set<String> existing = new TreeSet<>();
        for (Path folder : packages(modules)) {
            String path = folder.toString();
            String name = path.substring(path.lastIndexOf("/floof/") + 7).replace('/', '.');
            packages.add(name);
            existing.add(name);
            try (Stream<Path> files = Files.list(folder)) {
                files.map(file -> name + "." + file.getFileName())
                        .filter(file -> file.endsWith(".java"))
                        .forEach(file -> existing.add(file.substring(0, file.length() - 5)));
            }
        }
        Set<String> named = new TreeSet<>();
        Pattern.compile("`(?:floof\\.)?((?:" + String.join("|", modules) + ")(?:\\.\\w+)*)`")
                .matcher(Files.readString(ROOT.resolve("docs/architecture.md")))
                .results()
                .forEach(result -> named.add(result.group(1)));
        assertThat(existing).as("packages and classes").containsAll(named);
        assertThat(named).as("names in docs/architecture.md").containsAll(packages);
    }

    /** The folders with sources. */
    private static List<Path> packages(List<String> modules) throws IOException {
        List<Path> packages = new ArrayList<>();
        for (String module : modules) {
            try (Stream<Path> files = Files.walk(ROOT.resolve(module + "/src/main/java/floof"))) {
                files.filter(Files::isDirectory)
                        .filter(ArchitectureTest::holdsJava)
                        .forEach(packages::add);
            }
        }
        return packages;
    }

    private static boolean holdsJava(Path folder) {
        try (Stream<Path> files = Files.list(folder)) {
            return files.anyMatch(file -> file.toString().endsWith(".java"));
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    /** Names that say nothing; a class that needs one is two classes. */
    @Test
    void namesAreTermsOfTheField() {
        noClasses()
                .should()
                .haveNameMatching(".*\\.(Abstract\\w+|\\w+(Manager|Helper|Utils?|Impl|Data|Info))")
                .check(CLASSES);
    }

    /** Most Java files of a package, its description apart. */
    private static final int PACKAGE_MAX = 20;

    /** Packages that are larger still: they must not grow. */
    private static final Map<String, Integer> LARGE =
            Map.of(
                    "floof.app", 21,
                    "floof.dataplane", 29,
                    "floof.engine", 25,
                    "floof.fpc", 24,
                    "floof.ports", 37,
                    "floof.sync", 22,
                    "floof.tables", 31);

    @Test
    void packagesAreSmall() throws IOException {
        Map<String, Integer> large = new TreeMap<>();
        for (String module : MODULES) {
            Path sources = ROOT.resolve(module + "/src/main/java");
            try (Stream<Path> files = Files.walk(sources)) {
                for (Path folder : files.filter(Files::isDirectory).toList()) {
                    int count = javaFiles(folder);
                    String name = sources.relativize(folder).toString().replace('/', '.');
                    if (count > LARGE.getOrDefault(name, PACKAGE_MAX)) {
                        large.put(name, count);
                    }
                }
            }
        }
        assertThat(large).as("packages with too many files").isEmpty();
    }

    private static int javaFiles(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return (int)
                    files.map(file -> file.getFileName().toString())
                            .filter(name -> name.endsWith(".java"))
                            .filter(name -> !name.endsWith("-info.java"))
                            .count();
        }
    }

    @Test
    void filesAreReadInOneSitting() throws IOException {
        List<String> tooLong = new ArrayList<>();
        for (String module : MODULES) {
            try (Stream<Path> files = Files.walk(ROOT.resolve(module + "/src/main/java"))) {
                for (Path file : files.filter(f -> f.toString().endsWith(".java")).toList()) {
                    long lines = Files.readAllLines(file).size();
                    if (lines > 600) {
                        tooLong.add(ROOT.relativize(file) + ": " + lines + " lines");
                    }
                }
            }
        }
        assertThat(tooLong).as("files over 600 lines").isEmpty();
    }

    /** Most lines of a method, from its first to its last statement, and of a constant. */
    private static final int METHOD_MAX = 60;

    @Test
    void methodsAreShort() throws IOException {
        List<String> tooLong = new ArrayList<>();
        for (String module : MODULES) {
            try (Stream<Path> files = Files.walk(ROOT.resolve(module + "/target/classes"))) {
                for (Path file : files.filter(f -> f.toString().endsWith(".class")).toList()) {
                    ClassModel type = ClassFile.of().parse(file);
                    for (MethodModel method : type.methods()) {
                        int lines = lines(method);
                        if (lines > METHOD_MAX) {
                            String name = type.thisClass().asInternalName() + "." + method;
                            tooLong.add(name + ": " + lines + " lines");
                        }
                    }
                }
            }
        }
        assertThat(tooLong).as("methods over " + METHOD_MAX + " lines").isEmpty();
    }

    /** A constructor counts from its own first line; fields are set before it. */
    private static int lines(MethodModel method) {
        if (method.methodName().equalsString("<clinit>")) {
            return method.code().map(ArchitectureTest::longestConstant).orElse(0);
        }
        List<LineNumberInfo> lines =
                method.findAttribute(Attributes.code()).stream()
                        .flatMap(it -> it.findAttributes(Attributes.lineNumberTable()).stream())
                        .flatMap(table -> table.lineNumbers().stream())
                        .toList();
        if (lines.isEmpty()) {
            return 0;
        }
        boolean isConstructor = method.methodName().equalsString("<init>");
        IntSummaryStatistics span =
                lines.stream().mapToInt(LineNumberInfo::lineNumber).summaryStatistics();
        return span.getMax() - (isConstructor ? lines.getFirst().lineNumber() : span.getMin()) + 1;
    }

    /** What is done between two stores to static fields makes one constant. */
    private static int longestConstant(CodeModel code) {
        int longest = 0;
        IntSummaryStatistics span = new IntSummaryStatistics();
        for (CodeElement element : code) {
            if (element instanceof LineNumber line) {
                span.accept(line.line());
            }
            if (element instanceof FieldInstruction it && it.opcode() == Opcode.PUTSTATIC) {
                if (span.getCount() != 0) {
                    longest = Math.max(longest, span.getMax() - span.getMin() + 1);
                }
                span = new IntSummaryStatistics();
            }
        }
        return longest;
    }

    @Test
    void documentsHaveOneTitleAndNoDeadLinks() throws IOException {
        List<String> faults = new ArrayList<>();
        List<Path> documents = new ArrayList<>();
        try (Stream<Path> files = Files.list(ROOT)) {
            files.filter(f -> f.toString().endsWith(".md")).forEach(documents::add);
        }
        try (Stream<Path> files = Files.walk(ROOT.resolve("docs"))) {
            files.filter(f -> f.toString().endsWith(".md")).forEach(documents::add);
        }
        Pattern link = Pattern.compile("\\]\\(([^)#]+)(#[^)]*)?\\)");
        for (Path document : documents) {
            String text = Files.readString(document);
            String prose = text.replaceAll("(?s)```.*?```", "");
            if (Pattern.compile("^# ", Pattern.MULTILINE).matcher(prose).results().count() != 1) {
                faults.add(ROOT.relativize(document) + ": not exactly one title");
            }
            link.matcher(prose)
                    .results()
                    .map(result -> result.group(1))
                    .filter(target -> !target.contains("://"))
                    .filter(target -> !Files.exists(document.resolveSibling(target)))
                    .forEach(t -> faults.add(ROOT.relativize(document) + ": dead link " + t));
        }
        assertThat(faults).isEmpty();
    }
}
