package floof.control.show;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import floof.api.Program;
import floof.api.Program.Place;
import floof.control.Sandbox;
import floof.linux.system.NetworkNamespace;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Real programs as another user, in another network, on a real terminal. */
@Timeout(300)
class ProgramsTest {

    private final Sandbox sandbox = new Sandbox();
    private final Programs programs = new Programs(sandbox.instance);

    @AfterEach
    void stop() {
        sandbox.close();
    }

    private Program.Running start(
            String user, Place place, Program.@Nullable Size terminal, String command)
            throws IOException {
        return programs.start(
                new Program(
                        List.of("sh", "-c", command),
                        user,
                        Path.of("/tmp"),
                        place,
                        Set.of("net_raw"),
                        terminal));
    }

    private static String read(Program.Running program, String until) throws IOException {
        StringBuilder text = new StringBuilder();
        byte[] bytes = new byte[1000];
        while (!text.toString().contains(until)) {
            int count = program.read(bytes);
            if (count < 0) {
                break;
            }
            text.append(new String(bytes, 0, count, UTF_8));
        }
        return text.toString();
    }

    @Test
    void anotherUserWithOneCapabilityInTheDataPlane() throws IOException {
        Files.createDirectories(sandbox.instance.dataplane().getParent());
        NetworkNamespace.create(sandbox.instance.dataplane());
        sandbox.atEnd(() -> NetworkNamespace.delete(sandbox.instance.dataplane()));
        try (Program.Running program =
                start(
                        "nobody",
                        Place.DATAPLANE,
                        null,
                        "id -un; pwd; grep CapAmb /proc/self/status; wc -l < /proc/net/dev;"
                                + " cat; cat /etc/shadow; env")) {
            program.write("typed\n".getBytes(UTF_8), 6);
            program.endInput();
            assertThat(read(program, "\0"))
                    .startsWith("nobody\n/tmp\nCapAmb:\t0000000000002000\n3\ntyped\n")
                    .contains("/etc/shadow: Permission denied", "USER=nobody", "TERM=dumb")
                    .doesNotContain("JAVA_HOME");
            assertThat(program.await()).isZero();
        }
    }

    @Test
    void aTerminalOfTheUsersOwn() throws IOException {
        Program.Size size = new Program.Size("xterm", 77, 11);
        try (Program.Running program =
                start(
                        "nobody",
                        Place.MANAGEMENT,
                        size,
                        "stty size; echo $TERM; stat -c %U $(tty); read x; stty size; exec"
                                + " sleep 60")) {
            assertThat(read(program, "nobody\r\n")).isEqualTo("11 77\r\nxterm\r\nnobody\r\n");
            program.resize(132, 50);
            program.write("\r".getBytes(UTF_8), 1);
            assertThat(read(program, "50 132\r\n")).contains("50 132\r\n");
            program.write(new byte[] {3}, 1);
            assertThat(program.await()).as("interrupted").isEqualTo(130);
        }
    }

    @Test
    void nothingIsLeftOfWhatWasEnded() throws IOException {
        for (Program.Size size : new Program.Size[] {new Program.Size("xterm", 80, 24), null}) {
            Program.Running program =
                    start(
                            "root",
                            Place.MANAGEMENT,
                            size,
                            "trap '' HUP TERM; sleep 4711 & sleep 4711 & echo on; wait");
            read(program, "on");
            long startNs = System.nanoTime();
            program.close();
            assertThat(Duration.ofNanos(System.nanoTime() - startNs))
                    .isLessThan(Duration.ofSeconds(60));
            assertThat(
                            ProcessHandle.allProcesses()
                                    .filter(p ->
                                            p.info().arguments().orElse(new String[0]).length == 1
                                                    && "4711"
                                                            .equals(
                                                                    p.info()
                                                                            .arguments()
                                                                            .orElseThrow()[0])))
                    .isEmpty();
        }
    }

    @Test
    void whatIsNotThereIsSaid() {
        assertThatThrownBy(() -> start("no-such-user", Place.MANAGEMENT, null, "true"))
                .hasMessage("there is no user no-such-user");
        assertThatThrownBy(() ->
                        programs.start(
                                new Program(
                                        List.of("no-such-program"),
                                        "root",
                                        Path.of("/"),
                                        Place.MANAGEMENT,
                                        Set.of(),
                                        null)))
                .hasMessage("there is no program no-such-program");
    }
}
