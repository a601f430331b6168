package floof.lab;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import floof.testkit.Eventually;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Files of a running instance: who may read them, and what becomes of it when they are damaged. */
@Tag("slow")
class StateFilesTest {

    private static final String PASSWORD = "correct-horse-battery";

    /** What others reach: the way to the operator's socket. */
    private static final Set<String> OPEN = Set.of("rwx--x--x run", "rw-rw-rw- floofd.sock");

    @AutoClose private static Transit lab;
    private static Router router;

    @BeforeAll
    static void start() {
        lab = new Transit(Network.unique("sf"));
        router = lab.router(Transit.CONFIGURATION);
    }

    private static Path state() {
        return Path.of("/var/lib/floof", router.instance());
    }

    private static Command.Outcome asNobody(String... words) {
        List<String> all =
                new ArrayList<>(
                        List.of(
                                "setpriv",
                                "--reuid=nobody",
                                "--regid=nogroup",
                                "--clear-groups",
                                "--"));
        all.addAll(List.of(words));
        return Command.of(all.toArray(String[]::new)).run();
    }

    /** What others may do with a file, {@code rw-r--r-- NAME}; nothing when they may not. */
    private static Stream<String> open(Path path) {
        try {
            String name = path.equals(router.runFolder()) ? "run" : "" + path.getFileName();
            String rights =
                    PosixFilePermissions.toString(
                            Files.getPosixFilePermissions(path, LinkOption.NOFOLLOW_LINKS));
            return rights.endsWith("------") ? Stream.of() : Stream.of(rights + " " + name);
        } catch (IOException e) {
            return Stream.of(); // it went meanwhile
        }
    }

    private static List<Path> files() {
        List<Path> all = new ArrayList<>();
        for (Path folder : List.of(router.runFolder(), state())) {
            try (Stream<Path> files = Files.walk(folder)) {
                files.filter(path -> !path.startsWith(router.runFolder().resolve("netns/")))
                        .forEach(all::add);
            } catch (IOException | java.io.UncheckedIOException e) {
                // Something went meanwhile; the next look sees the rest.
            }
        }
        return all;
    }

    @Test
    void whatRootKeepsNobodyElseReads() {
        assertThat(files().stream().flatMap(StateFilesTest::open)).hasSameElementsAs(OPEN);
        for (String file : List.of("log/floofd.log", "claims.jsonl", "shm/tables", "bird.conf")) {
            Path path = router.runFolder().resolve(file);
            assertThat(path).exists();
            assertThat(asNobody("cat", path.toString()).output()).contains("Permission denied");
        }
        assertThat(asNobody("ls", router.runFolder().toString()).isGood()).isFalse();
        assertThat(asNobody("ls", state().toString()).isGood()).isFalse();
        assertThat(asNobody("test", "-w", router.runFolder().resolve("floofd.sock").toString()))
                .as("the way in")
                .matches(Command.Outcome::isGood);
    }

    /** Looks all the time; what others could read, or where the password stands in clear. */
    private static void watch(Set<String> found) {
        while (!Thread.currentThread().isInterrupted()) {
            for (Path file : files()) {
                open(file).filter(it -> !OPEN.contains(it)).forEach(found::add);
                String name = "" + file.getFileName();
                try {
                    if (Files.isRegularFile(file)
                            && Files.size(file) < 1 << 20
                            && Files.readString(file, ISO_8859_1).contains(PASSWORD)) {
                        found.add(name);
                    }
                } catch (IOException e) {
                    // It went meanwhile.
                }
            }
        }
    }

    /** Until this is gone, a commit is carried out, fails at its record and is undone. */
    private static Path blockNextRevision() throws IOException {
        Path history = state().resolve("history");
        try (Stream<Path> files = Files.list(history)) {
            long last =
                    files.map(file -> "" + file.getFileName())
                            .filter(name -> name.matches("[0-9]{8}"))
                            .mapToLong(Long::parseLong)
                            .max()
                            .orElse(0);
            return Files.createDirectories(
                    history.resolve("%08d.new/in-the-way".formatted(last + 1)),
                    PosixFilePermissions.asFileAttribute(
                            PosixFilePermissions.fromString("rwx------")));
        }
    }

    @Test
    void aSecretIsNowhereButWhereItMustBe() throws Exception {
        Set<String> found = new ConcurrentSkipListSet<>();
        Thread watcher = Thread.ofPlatform().start(() -> watch(found));
        Path obstacle = blockNextRevision();
        String peer = " remote-as 65001 neighbor 192.0.2.2 authentication-key " + PASSWORD;
        for (int i = 0; i < 5; i++) {
            Command.Outcome outcome =
                    router.ctl(
                            "configure",
                            "set bgp asn 65000 router-id 192.0.2.1",
                            "set bgp peer refused" + peer,
                            "commit and-quit");
            assertThat(outcome.output()).contains("not recorded");
            router.ctl("configure", "rollback 0", "exit");
        }
        Files.delete(obstacle);
        Files.delete(obstacle.getParent());
        router.commit(List.of("set bgp asn 65000 router-id 192.0.2.1", "set bgp peer good" + peer));
        router.commit(List.of("delete bgp"));
        watcher.interrupt();
        watcher.join();
        assertThat(found).isSubsetOf("bird.conf", "bird.conf.new", "bird.conf.old");
        assertThat(found).contains("bird.conf");
        assertThat(router.runFolder())
                .isDirectoryNotContaining(file -> file.toString().contains("bird.check"))
                .isDirectoryNotContaining(file -> file.toString().endsWith(".old"));
    }

    /** Ends floofd and waits for the next one. */
    private static void killFloofd() {
        ProcessHandle floofd = router.floofd();
        floofd.destroyForcibly();
        assertThat(Eventually.holds(() -> !floofd.isAlive())).isTrue();
        router.awaitReady();
    }

    private static void assertForwards(String name) throws Exception {
        Pinger ping = new Pinger(lab, "client", Transit.SERVER4, name);
        boolean isAnswered = ping.awaitAnswers(3);
        ping.stop();
        assertThat(isAnswered).as(router::log).isTrue();
    }

    @Test
    void damagedTablesAreFilledAnew() throws Exception {
        Path tables = router.runFolder().resolve("shm/tables");
        Object file = Files.readAttributes(tables, "unix:ino").get("ino");
        Command.of("dd", "if=/dev/zero", "of=" + tables, "bs=8", "count=1", "conv=notrunc")
                .mustRun();
        ProcessHandle fastPath = router.fastPath();
        fastPath.destroyForcibly();
        assertThat(Eventually.holds(() -> !fastPath.isAlive())).isTrue();
        assertForwards("tables");
        assertThat(Files.readAttributes(tables, "unix:ino").get("ino")).isNotEqualTo(file);
        assertThat(router.log()).contains("is damaged; floofd starts again");
    }

    @Test
    void aFastPathThatDoesNotStartIsReported() throws Exception {
        Path socket = router.runFolder().resolve("fastpath.sock");
        router.fastPath().destroyForcibly();
        Files.deleteIfExists(socket);
        Files.createDirectories(socket.resolve("in-the-way"));
        Command.Outcome outcome = router.ctl("restart fast-path");
        Files.delete(socket.resolve("in-the-way"));
        Files.delete(socket);
        assertThat(outcome.isGood()).isFalse();
        assertThat(outcome.output()).contains("the fast path did not start again: ");
        assertThat(router.must("restart fast-path")).contains("Restarting fast-path");
        assertForwards("restarted");
    }

    @Test
    void damagedClaimsAreFoundAtTheDevices() throws Exception {
        Files.writeString(router.runFolder().resolve("claims.jsonl"), "{\n\0\n");
        killFloofd();
        assertForwards("claims");
        assertThat(router.must("show interfaces")).contains("ge-0", "ge-1");
    }

    @Test
    void aDamagedKeyIsNamedWithTheWayOut() throws Exception {
        Path key = state().resolve("secret.key");
        String good = Files.readString(key);
        Files.writeString(key, "\0\0");
        router.floofd().destroyForcibly();
        String told = "is no key; expected 64 hexadecimal digits: restore it, or remove it";
        assertThat(Eventually.holds(() -> router.log().contains(told))).isTrue();
        Files.writeString(key, good);
        router.awaitReady();
        assertForwards("key");
    }
}
