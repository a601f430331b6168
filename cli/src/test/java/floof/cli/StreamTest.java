package floof.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import floof.api.view.Arguments;
import floof.api.view.Reader;
import floof.api.view.View;
import floof.cli.answer.CommandException;
import floof.cli.answer.Viewed;
import floof.cli.screen.InputPipe;
import floof.cli.screen.ScriptScreen;
import floof.cli.wire.Client;
import floof.cli.wire.Wire;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A view of many records: they are made as they are read. */
class StreamTest {

    /** More than any buffer on the way holds. */
    private static final int MANY = 200_000;

    private final FakeRouter router = new FakeRouter();

    @TempDir private Path folder;

    @BeforeEach
    void many() {
        router.routes.more = MANY;
    }

    @AfterEach
    void allAreClosed() {
        assertThat(router.routes.open).as("sources left open").isZero();
    }

    /** Where output goes. */
    private interface Sink {
        void write(Wire.Type type, String text) throws IOException;
    }

    private boolean run(String command, Sink to) {
        Shell shell =
                new Shell(
                        router,
                        new ScriptScreen(
                                new InputPipe(),
                                (type, bytes, offset, length) ->
                                        to.write(type, new String(bytes, offset, length))),
                        new Client("root", "-", "1", folder),
                        new Sessions(router));
        try {
            return shell.execute(command);
        } finally {
            shell.close();
        }
    }

    private String out(String command) {
        StringBuilder out = new StringBuilder();
        assertThat(run(command, (type, text) -> out.append(text))).as(command).isTrue();
        return out.toString();
    }

    @Test
    @DisplayName("the first lines are out when few records were made; all come")
    void firstLinesComeFirst() {
        AtomicLong takenAtFirst = new AtomicLong(-1);
        AtomicLong bytes = new AtomicLong();
        run(
                "show route",
                (type, text) -> {
                    takenAtFirst.compareAndSet(-1, router.routes.taken);
                    bytes.addAndGet(text.length());
                });
        assertThat(takenAtFirst.get()).isBetween(1L, MANY / 20L);
        assertThat(router.routes.taken).isEqualTo(MANY + 4);
        assertThat(bytes.get()).isGreaterThan(40L * MANY);
    }

    @Test
    @DisplayName("pipes take line by line; what they hold does not grow")
    @Tag("slow")
    void pipes() throws IOException {
        assertThat(out("show route | match 10.0.9.9/32 | count")).isEqualTo("Count: 1 lines\n");
        assertThat(out("show route terse | count")).isEqualTo("Count: " + (MANY + 5) + " lines\n");
        assertThat(out("show route | last 1")).contains("ge-0");
        assertThat(out("show route | find 2001:db8 | match 2001"))
                .startsWith("2001:db8:1234:5678::/64");
        Path file = folder.resolve("routes");
        assertThat(out("show route | save " + file)).startsWith("Wrote ").contains(" of output to");
        try (var lines = Files.lines(file)) {
            assertThat(lines.filter(line -> line.contains("[Kernel/40]")).count()).isEqualTo(MANY);
        }
    }

    @Test
    @DisplayName("JSON and XML come record by record, and are whole")
    void forms() throws IOException {
        JsonNode json = JsonMapper.shared().readTree(out("show route | display json"));
        assertThat(json.size()).isEqualTo(MANY + 4);
        assertThat(json.get(7).get("prefix").asString()).isEqualTo("10.0.0.7/32");
        router.routes.more = 0;
        assertThat(out("show route 172.16.0.0/12 | display json")).isEqualTo("[ ]\n");
        assertThat(out("show route | display xml"))
                .startsWith("<rpc-reply")
                .contains("<prefix>192.0.2.0/24</prefix>")
                .endsWith("</rpc-reply>\n");
    }

    @Test
    @DisplayName("warnings come first, on the stream of the text; a program gets them apart")
    void warnings() {
        router.routes.more = 0;
        router.routes.warnings.add("BIRD does not answer");
        assertThat(out("show route")).startsWith("warning: BIRD does not answer\ninet.0:");
        StringBuilder json = new StringBuilder();
        StringBuilder apart = new StringBuilder();
        run(
                "show route | display json",
                (type, text) -> (type == Wire.Type.OUTPUT ? json : apart).append(text));
        assertThat(json.toString()).startsWith("[ {");
        assertThat(apart).hasToString("warning: BIRD does not answer\n");
    }

    @Test
    @DisplayName("what may be missing is said after the last record, in every form")
    void gaps() {
        router.routes.more = 0;
        router.routes.gaps.add("some routes may be missing");
        String warning = "warning: some routes may be missing\n";
        assertThat(out("show route")).endsWith(warning);
        assertThat(out("show route terse")).endsWith(warning);
        for (String form : List.of("json", "xml")) {
            StringBuilder formed = new StringBuilder();
            StringBuilder apart = new StringBuilder();
            run(
                    "show route | display " + form,
                    (type, text) -> (type == Wire.Type.OUTPUT ? formed : apart).append(text));
            assertThat(formed.toString()).contains("192.0.2.0/24").doesNotContain("warning");
            assertThat(apart).hasToString(warning);
        }
    }

    @Test
    @DisplayName("a source that goes away is told, and is no success")
    void brokenSource() {
        router.routes.breaksAt = 1000;
        StringBuilder out = new StringBuilder();
        StringBuilder error = new StringBuilder();
        boolean isDone =
                run(
                        "show route",
                        (type, text) -> (type == Wire.Type.ERROR ? error : out).append(text));
        assertThat(isDone).isFalse();
        assertThat(error).hasToString("error: BIRD is gone; the output is incomplete\n");
    }

    @Test
    @DisplayName("a client that goes ends the source")
    void clientGoes() {
        AtomicLong writes = new AtomicLong();
        assertThatThrownBy(() ->
                        run(
                                "show route",
                                (type, text) -> {
                                    if (writes.incrementAndGet() == 3) {
                                        throw new IOException("gone");
                                    }
                                }))
                .hasRootCauseMessage("gone");
        assertThat(router.routes.taken).isLessThan(MANY / 4);
    }

    @Test
    @DisplayName("who gives up a pipe that shows nothing ends the source too")
    void givesUp() throws Exception {
        View.Answer<?> answer = answer();
        try (Viewed<?> lines = Viewed.text(answer, 0, false)) {
            assertThat(lines.next()).startsWith("inet.0:");
            lines.giveUp();
            assertThatThrownBy(
                            () -> {
                                while (lines.next() != null) {
                                    assertThat(router.routes.taken).isLessThan(MANY / 4);
                                }
                            })
                    .isInstanceOf(CommandException.class);
        }
    }

    private View.Answer<?> answer() throws Exception {
        return ((View<?>) router.commands().all().getFirst()).open(Arguments.NONE, Reader.ROOT);
    }

    @Test
    @DisplayName("memory does not grow with the number of records")
    @Tag("slow")
    void memory() {
        router.routes.more = 1_000_000;
        long before = used();
        AtomicLong most = new AtomicLong();
        AtomicLong writes = new AtomicLong();
        run(
                "show route | display json",
                (type, text) -> {
                    if (writes.incrementAndGet() % 1000 == 0) {
                        most.accumulateAndGet(used(), Math::max);
                    }
                });
        assertThat(writes.get()).isGreaterThan(3000);
        assertThat(most.get() - before).isLessThan(20L << 20);
    }

    /** Bytes of the heap that are in use, garbage not counted. */
    private static long used() {
        System.gc();
        Runtime heap = Runtime.getRuntime();
        return heap.totalMemory() - heap.freeMemory();
    }
}
