package floof.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import floof.base.IpAddress;
import floof.control.instance.Instance;
import floof.control.instance.Processes;
import floof.engine.Trace;
import floof.fpc.FpcClient;
import floof.fpc.Message;
import floof.tables.Limits;
import floof.testkit.Eventually;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The process without ports; with them it is tried end to end in {@code lab}. */
@Timeout(300)
class FastPathTest {

    private final Instance instance = new Instance("fpt" + ProcessHandle.current().pid());
    private final List<Process> processes = new ArrayList<>();
    private TableMemory memory;

    @BeforeEach
    void makeTables() throws Exception {
        assumeTrue("root".equals(System.getProperty("user.name")), "needs root");
        Files.createDirectories(instance.shm());
        memory = new TableMemory(instance, Limits.SMALL);
        memory.open();
    }

    @AfterEach
    void cleanUp() throws IOException {
        processes.forEach(Process::destroyForcibly);
        if (memory != null) {
            memory.close();
        }
        if (Files.exists(instance.run())) {
            try (Stream<Path> files = Files.walk(instance.run())) {
                files.sorted((a, b) -> b.compareTo(a)).map(Path::toFile).forEach(File::delete);
            }
        }
    }

    private Process start() throws IOException {
        List<String> command = new ArrayList<>(FastPath.JVM_FLAGS);
        command.addFirst(System.getProperty("java.home") + "/bin/java");
        command.addAll(
                List.of(
                        "--enable-native-access=floof.linux",
                        "--add-exports",
                        "java.base/jdk.internal.misc=floof.memory",
                        "--module-path",
                        System.getProperty("jdk.module.path"),
                        "-m",
                        "floof.app/" + FastPath.class.getName(),
                        "--instance",
                        instance.name()));
        File log = instance.run().resolve("log").toFile();
        Process process =
                new ProcessBuilder(command)
                        .redirectErrorStream(true)
                        .redirectOutput(ProcessBuilder.Redirect.appendTo(log))
                        .start();
        processes.add(process);
        return process;
    }

    private FpcClient connect(Process process) throws Exception {
        while (true) {
            try {
                return FpcClient.connect(instance.fastPathSocket(), "test", 4);
            } catch (IOException e) {
                assertThat(process.isAlive()).as(log()).isTrue();
                Thread.sleep(20);
            }
        }
    }

    private String log() throws IOException {
        return Files.readString(instance.run().resolve("log"));
    }

    @Test
    void answersAndEndsWhenTold() throws Exception {
        Process process = start();
        try (FpcClient client = connect(process)) {
            Message.Hello hello = new Message.Hello(1, 0, 0, 1);
            assertThat(client.ask(hello, Message.Hello.class).pid()).isEqualTo((int) process.pid());
            assertThat(client.ask(new Message.PortsRequest(0), Message.Ports.class).ports())
                    .isEmpty();
            assertThat(client.ask(new Message.NodesRequest(0), Message.Nodes.class).nodes())
                    .extracting(Message.NodeState::name)
                    .startsWith("receive-spread", "ethernet-input")
                    .endsWith("drop");
            client.tell(new Message.TraceAdd(3));
            assertThat(client.ask(new Message.TraceShow(0), Message.Trace.class).lines()).isEmpty();
            assertThatThrownBy(() -> client.tell(new Message.TraceAdd(Trace.RECORDS_MAX + 1)))
                    .hasMessageContaining("at most " + Trace.RECORDS_MAX);
            client.tell(new Message.Peers(List.of(IpAddress.parse("192.0.2.9"))));
            assertThatThrownBy(() -> client.tell(new Message.PortDetach(7)))
                    .hasMessageContaining("there is no port 7");
            assertThatThrownBy(() -> client.tell(new Message.Vrf(1, "red", true)))
                    .hasMessageContaining("UNSUPPORTED");
            client.tell(new Message.Shutdown());
        }
        assertThat(process.waitFor(Eventually.LIMIT.toSeconds(), TimeUnit.SECONDS))
                .as(log())
                .isTrue();
        assertThat(process.exitValue()).as(log()).isZero();
        assertThat(instance.fastPathSocket()).doesNotExist();
    }

    /** Runs for each batch of blocks to reclaim, so it must cost next to nothing. */
    @Test
    void theTablesHaveReadersAsLongAsTheProcessLives() throws Exception {
        assertThat(memory.hasReaders()).isFalse();
        Process process = start();
        connect(process).close();
        assertThat(memory.hasReaders()).isTrue();
        long scanNs = elapsedNs(20, () -> Processes.find(_ -> false)) / 20;
        long lockNs = elapsedNs(1_000, memory::hasReaders) / 1_000;
        assertThat(lockNs).isLessThan(scanNs / 5);
        process.destroyForcibly().waitFor();
        assertThat(memory.hasReaders()).isFalse();
    }

    private static long elapsedNs(int times, Runnable what) {
        long startNs = System.nanoTime();
        for (int i = 0; i < times; i++) {
            what.run();
        }
        return System.nanoTime() - startNs;
    }

    /** The lock is the living process's; a killed one leaves it to the next. */
    @Test
    @Tag("slow")
    void isAloneAndComesBackAfterItsDeath() throws Exception {
        Process first = start();
        connect(first).close();
        Process second = start();
        assertThat(second.waitFor(Eventually.LIMIT.toSeconds(), TimeUnit.SECONDS)).isTrue();
        assertThat(second.exitValue()).isEqualTo(1);
        assertThat(log()).contains("in use by another fast path");
        first.destroyForcibly().waitFor();
        connect(start()).close();
    }
}
