package floof.app;

import floof.base.task.Task;
import floof.base.task.Tasks;
import floof.control.daemon.OomScore;
import floof.control.fastpath.FastPathProcess;
import floof.control.instance.Build;
import floof.control.instance.Instance;
import floof.control.instance.InstanceLock;
import floof.fpc.Message;
import floof.linux.error.LinuxException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The fast path's ahead-of-time cache: loaded and linked classes, and profiles of methods (JEP 483,
 * 514, 515). A {@link Training} writes it once; each start maps it. See docs/decisions/030.
 *
 * <p>A cache fits one build of the JDK, one set of jars and one set of flags. The file's name is
 * their digest, so that another build finds none and creates its own. It is optional: without one,
 * or with one that the JVM refuses, the fast path starts more slowly, and floofd reports that.
 *
 * <p>Thread: any; the thread {@code aot-cache} watches the training, and ends with it or with
 * {@link #close}.
 */
final class AotCache implements FastPathProcess.Launch, AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(AotCache.class);

    /** Environment variable of {@code floof run} that names another folder than {@link #FOLDER}. */
    static final String VARIABLE = "FLOOF_CACHE";

    private static final Path FOLDER = Path.of("/var/cache/floof");

    /**
     * A training takes 4 s and writing as long; longer at the lowest priority on a busy machine.
     */
    private static final int TRAINING_MS = 180_000;

    /**
     * Caches to keep: this build's, its predecessor's, and one more to go back to; 20 to 30 MB
     * each.
     */
    private static final int KEPT = 3;

    private final Path folder;
    private final Path file;
    private final Instance instance;
    private final Tasks tasks;
    private @Nullable Task task;
    private @Nullable Process training;
    private boolean wasGiven;
    private boolean isClosed;
    private boolean wasUsed;

    /** Caches that the JVM refused, or that could not be created. */
    private long refusals;

    private String lastFault = "";

    /** Caches in this machine's folder, which all instances share. */
    static AotCache ofMachine(Instance instance, Tasks tasks) {
        String folder = System.getenv(VARIABLE);
        return new AotCache(instance, folder == null ? FOLDER : Path.of(folder), tasks);
    }

    AotCache(Instance instance, Path folder, Tasks tasks) {
        this.tasks = tasks;
        this.instance = instance;
        this.folder = folder;
        this.file = folder.resolve(key() + ".aot");
    }

    /** Whether this JVM runs with the given cache; otherwise it has the JDK's own. */
    static boolean isUsed() {
        return System.getProperty("java.vm.info", "").contains("sharing");
    }

    Path file() {
        return file;
    }

    @Override
    public synchronized String cache() {
        String state = wasUsed ? "in use" : task != null && task.isAlive() ? "being made" : "none";
        return refusals == 0 ? state : state + ", " + refusals + " failed (" + lastFault + ")";
    }

    @Override
    public synchronized List<String> command() {
        List<String> options = new ArrayList<>(FastPath.JVM_FLAGS);
        wasGiven = Files.exists(file);
        if (wasGiven) {
            options.add("-XX:AOTCache=" + file);
        }
        return JavaCommand.of(
                FastPathProcess.MAIN, options, List.of("--instance", instance.name()));
    }

    @Override
    public synchronized void onAnswer(Message.Hello hello) {
        wasUsed = wasGiven && (hello.features() & FastPathRequests.CACHED) != 0;
        if (wasUsed) {
            return;
        }
        if (wasGiven) {
            refused("the JVM refuses " + file + "; see " + instance.log("fastpath"));
            try {
                Files.deleteIfExists(file);
            } catch (IOException e) {
                LOG.warn("ahead-of-time cache: {}", e.toString());
            }
        }
        if ((task == null || !task.isAlive()) && !isClosed) {
            task = tasks.start("aot-cache", Task.Failure.RESTART, _ -> make());
        }
    }

    private synchronized void refused(String why) {
        refusals++;
        lastFault = why;
        LOG.warn("ahead-of-time cache: {}; the fast path starts slowly", why);
    }

    /** One process per machine creates it; the others run without it until their next start. */
    private void make() {
        Path lock = folder.resolve("lock");
        try {
            Files.createDirectories(folder);
            try (InstanceLock _ = InstanceLock.take(lock, "a training")) {
                if (!Files.exists(file)) {
                    train();
                    removeOld();
                }
            }
        } catch (IOException | UncheckedIOException | LinuxException e) {
            if (!isClosing()) {
                refused(e.toString());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // close() waits for our end
        }
    }

    private synchronized boolean isClosing() {
        return isClosed;
    }

    private void train() throws IOException, InterruptedException {
        long startNs = System.nanoTime();
        String own = Long.toString(ProcessHandle.current().pid(), 36);
        Path fresh = folder.resolve(file.getFileName() + "." + own + ".new");
        Instance apart = new Instance("t" + own);
        List<String> options = new ArrayList<>(FastPath.JVM_FLAGS);
        options.add("-XX:AOTCacheOutput=" + fresh);
        List<String> words = new ArrayList<>(List.of("nice", "-n", "19"));
        words.addAll(OomScore.EXPENDABLE);
        words.addAll(
                JavaCommand.of(
                        Training.class.getName(), options, List.of("--instance", apart.name())));
        Path log = instance.log("aot-cache");
        Process process = start(words, log);
        try {
            if (!process.waitFor(TRAINING_MS, TimeUnit.MILLISECONDS)) {
                throw new IOException("the training takes too long; see " + log);
            }
            if (process.exitValue() != 0 || !Files.exists(fresh)) {
                throw new IOException("the training failed; see " + log);
            }
            Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE);
            LOG.info(
                    "ahead-of-time cache: {} made in {} s",
                    file,
                    TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - startNs));
        } finally {
            end(process);
            Files.deleteIfExists(fresh);
            Files.deleteIfExists(folder.resolve(fresh.getFileName() + ".config"));
            Training.remove(apart);
        }
    }

    private synchronized Process start(List<String> words, Path log)
            throws IOException, InterruptedException {
        if (isClosed) {
            throw new InterruptedException("closed");
        }
        training =
                new ProcessBuilder(words)
                        .redirectErrorStream(true)
                        .redirectOutput(log.toFile())
                        .start();
        return training;
    }

    /** Ends the training and its child, which writes the file. */
    private static void end(Process process) throws InterruptedException {
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly().waitFor();
    }

    /** Removes older caches, and leftovers of trainings whose floofd was killed. */
    private void removeOld() throws IOException {
        List<Path> newestFirst = new ArrayList<>();
        FileTime limit = FileTime.fromMillis(System.currentTimeMillis() - 2L * TRAINING_MS);
        try (Stream<Path> files = Files.list(folder)) {
            for (Path path : files.toList()) {
                String name = path.getFileName().toString();
                if (name.endsWith(".aot")) {
                    newestFirst.add(path);
                } else if (name.contains(".new") && modified(path).compareTo(limit) < 0) {
                    Files.deleteIfExists(path);
                }
            }
        }
        newestFirst.sort(Comparator.comparing(AotCache::modified).reversed());
        for (int i = KEPT; i < newestFirst.size(); i++) {
            Files.deleteIfExists(newestFirst.get(i));
        }
    }

    private static FileTime modified(Path path) {
        try {
            return Files.getLastModifiedTime(path);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Ends a training in progress. */
    @Override
    public void close() {
        Task running;
        synchronized (this) {
            isClosed = true;
            running = task;
            if (training != null) {
                training.descendants().forEach(ProcessHandle::destroyForcibly);
                training.destroyForcibly();
            }
        }
        if (running != null) {
            running.close();
        }
    }

    /** Digest of the JDK's build and of the command, which names the {@link Build}. */
    private static String key() {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            List<String> words = new ArrayList<>(JavaCommand.of("", FastPath.JVM_FLAGS, List.of()));
            words.add(Build.option());
            words.add(System.getProperty("java.vm.version"));
            words.add(System.getProperty("java.vendor.version", ""));
            for (String word : words) {
                digest.update((word + "\0").getBytes(StandardCharsets.UTF_8));
            }
            return HexFormat.of().formatHex(digest.digest(), 0, 12);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
