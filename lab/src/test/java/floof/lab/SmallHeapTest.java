package floof.lab;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import floof.testkit.Eventually;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Operators who ask too much at once: each is told, nobody else notices, and floofd lives. {@code
 * FLOOF_FUZZ_ROUNDS} makes them more.
 */
class SmallHeapTest {

    @AutoClose private final Network network = new Network(Network.unique("sh"));

    private Router router(String environment) {
        network.host("router");
        Router router = new Router(network, "router", network.name(), environment);
        router.awaitReady();
        return router;
    }

    private static String routes(int count) {
        StringBuilder lines = new StringBuilder();
        for (int i = 0; i < count; i++) {
            lines.append(
                    "set routing static route 10.%d.%d.%d/32 blackhole\n"
                            .formatted(i >> 16, i >> 8 & 255, i & 255));
        }
        return lines.toString();
    }

    /** A client whose input stays open, and with it its private candidate. */
    private static final class Client implements AutoCloseable {

        private final Process process;
        private final OutputStream in;
        private final BufferedReader out;

        Client(Router router) throws IOException {
            process =
                    new ProcessBuilder(
                                    Router.repository() + "/floof",
                                    "ctl",
                                    "--instance",
                                    router.instance())
                            .redirectErrorStream(true)
                            .start();
            in = process.getOutputStream();
            out = process.inputReader();
            say("configure private\n");
            assertThat(answer("Entering")).contains("Entering configuration mode");
        }

        void say(String text) throws IOException {
            in.write(text.getBytes(UTF_8));
            in.flush();
        }

        /** What came up to a line with that word, or an error. */
        String answer(String word) throws IOException {
            StringBuilder lines = new StringBuilder();
            for (String line = out.readLine(); line != null; line = out.readLine()) {
                lines.append(line).append('\n');
                if (line.contains(word) || line.startsWith("error: ")) {
                    return lines.toString();
                }
            }
            return lines + "the session ended";
        }

        String load(String text) throws IOException {
            say("load set terminal\n" + text + "\u0004\n");
            return answer("load complete");
        }

        @Override
        public void close() {
            process.destroy();
        }
    }

    @Test
    @Tag("slow")
    void whoLoadsTooMuchIsToldAndNobodyDies() throws Exception {
        Router router = router("_JAVA_OPTIONS=-Xmx96m FLOOF_CACHE=/proc/none");
        ProcessHandle floofd = router.floofd();
        String text = routes(120_000);
        List<Client> clients = new ArrayList<>();
        List<String> answers = java.util.Collections.synchronizedList(new ArrayList<>());
        try {
            List<Thread> threads = new ArrayList<>();
            for (int i = 0; i < 8; i++) {
                clients.add(new Client(router));
            }
            for (Client client : clients) {
                threads.add(
                        Thread.ofPlatform()
                                .start(() -> {
                                    try {
                                        answers.add(client.load(text));
                                    } catch (IOException e) {
                                        answers.add(e.toString());
                                    }
                                }));
            }
            for (int i = 0; threads.stream().anyMatch(Thread::isAlive); i++) {
                router.must("configure", "set system host-name n" + i, "commit and-quit");
            }
            assertThat(answers)
                    .hasSize(8)
                    .allMatch(it -> it.contains("load complete") || isNoRoom(it))
                    .anyMatch(it -> it.contains("load complete"))
                    .anyMatch(SmallHeapTest::isNoRoom);

            // All show what they have and read nothing; many come at once; commits go on.
            for (Client client : clients) {
                client.say("show | display set\n");
            }
            String crowd =
                    "for i in {1..%d}; do %s/floof ctl --instance %s -c 'show version' & done; wait"
                            .formatted(isLong() ? 100 : 30, Router.repository(), router.instance());
            Process many = network.start("crowd", Command.of("bash", "-c", crowd));
            do {
                router.must("configure", "set system host-name crowded", "commit and-quit");
            } while (many.isAlive());
            assertThat(
                            network.log("crowd")
                                    .lines()
                                    .filter(line ->
                                            line.startsWith("Hostname: ")
                                                    || line.contains("are open already")))
                    .hasSize(isLong() ? 100 : 30);
        } finally {
            clients.forEach(Client::close);
        }
        try (Client last = new Client(router)) {
            assertThat(Eventually.holds(() -> loads(last, text))).as(router::log).isTrue();
        }
        assertThat(router.floofd()).as("the same floofd").isEqualTo(floofd);
    }

    private static boolean isLong() {
        return System.getenv("FLOOF_FUZZ_ROUNDS") != null;
    }

    private static boolean isNoRoom(String answer) {
        return answer.contains("of memory left; expected")
                || answer.contains("bytes of memory; expected at most");
    }

    /** As soon as what the others held is given back. */
    private static boolean loads(Client client, String text) {
        try {
            return client.load(text).contains("load complete");
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    @Test
    @Tag("slow")
    void aMillionSetLines() throws Exception {
        Router router = router("FLOOF_CACHE=/var/cache/floof");
        Path file = network.write("lines", routes(1_000_000));
        try (Client client = new Client(router)) {
            long startNs = System.nanoTime();
            client.say("load set " + file + "\n");
            assertThat(client.answer("load complete")).contains("load complete");
            System.out.printf("from a file: %.1f s%n", (System.nanoTime() - startNs) / 1e9);
            client.say("rollback\n");
            assertThat(client.answer("load complete")).contains("load complete");
            startNs = System.nanoTime();
            client.say(routes(100_000));
            client.say("show routing | count\n");
            // On a busy machine floofctl says before it that floofd is slow.
            assertThat(client.answer("Count: ")).endsWith("Count: 300002 lines\n");
            System.out.printf(
                    "100,000 line by line: %.1f s%n", (System.nanoTime() - startNs) / 1e9);
        }
        String memory = Files.readString(Path.of("/proc/" + router.floofd().pid() + "/status"));
        System.out.println(memory.lines().filter(line -> line.startsWith("VmHWM")).toList());
    }
}
