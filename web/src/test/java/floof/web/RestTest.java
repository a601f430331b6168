package floof.web;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import floof.api.AuditLog;
import floof.api.Router;
import floof.api.view.Commands;
import floof.api.view.Cursor;
import floof.api.view.Layout;
import floof.api.view.Operation;
import floof.api.view.Parameter;
import floof.api.view.UnavailableException;
import floof.api.view.View;
import floof.config.candidate.Candidates;
import floof.config.schema.Schema;
import floof.config.text.Loaded;
import floof.config.text.TextParser;
import floof.config.tree.Branch;
import floof.config.value.Vault;
import floof.testkit.Eventually;
import java.io.IOException;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The server, with clients that behave and others that do not. */
@Timeout(120)
class RestTest {

    /** Where nobody shall be ended for being slow. */
    private static final Duration PATIENT = Duration.ofSeconds(100);

    private static final Duration IMPATIENT = Duration.ofSeconds(2);

    /** A record. */
    public record Item(int number, String text) {}

    private static final String LOGIN =
            """
            system {
                host-name r1;
                login {
                    class desk { permissions [ clear view view-configuration ]; %s }
                    user ann { class desk; }
                }
            }
            """;

    @TempDir private Path folder;
    private volatile String user = "root";
    private final AtomicInteger open = new AtomicInteger();
    private final AtomicInteger opened = new AtomicInteger();
    private final List<String> audited = new CopyOnWriteArrayList<>();
    private volatile boolean isAuditFull;
    private Candidates candidates;
    private Rest rest;

    @BeforeEach
    void start() throws IOException {
        candidates = new Candidates(login(""));
        serve(PATIENT);
    }

    private void serve(Duration patience) throws IOException {
        rest = Rest.start(folder.resolve("s"), router(), patience, channel -> user);
    }

    private void serveImpatiently() throws IOException {
        rest.close();
        serve(IMPATIENT);
    }

    @AfterEach
    void stop() throws IOException {
        rest.close();
        assertThat(folder.resolve("s")).doesNotExist();
    }

    private static Branch login(String denied) {
        Branch empty = Branch.empty(Schema.of(Vault.random()));
        Loaded loaded = TextParser.load(empty, LOGIN.formatted(denied));
        assertThat(loaded.errors()).isEmpty();
        return loaded.tree();
    }

    /** Of a router, what is asked for here. */
    private Router router() {
        InvocationHandler answers =
                (proxy, method, arguments) ->
                        switch (method.getName()) {
                            case "candidates" -> candidates;
                            case "commands" -> commands();
                            case "history" -> List.of();
                            case "audit" -> audit();
                            default -> InvocationHandler.invokeDefault(proxy, method, arguments);
                        };
        return (Router)
                Proxy.newProxyInstance(
                        Router.class.getClassLoader(), new Class<?>[] {Router.class}, answers);
    }

    private AuditLog audit() {
        InvocationHandler log =
                (proxy, method, arguments) -> {
                    if (isAuditFull) {
                        throw new IOException("No space left on device");
                    }
                    boolean isRefused = arguments[2] == AuditLog.Kind.REFUSED;
                    audited.add((isRefused ? "refused: " : "") + arguments[0] + " " + arguments[3]);
                    return null;
                };
        return (AuditLog)
                Proxy.newProxyInstance(
                        AuditLog.class.getClassLoader(), new Class<?>[] {AuditLog.class}, log);
    }

    private Commands commands() {
        View<Item> few =
                View.at("few", "Some")
                        .of(
                                Item.class,
                                () -> List.of(new Item(1, "a"), new Item(2, "b")),
                                Layout.Table.of())
                        .with(Parameter.number("count", 1, 9), Parameter.flag("loud", "Louder"));
        Operation clear =
                Operation.of(
                        "clear few",
                        "Fewer",
                        (typed, _) -> {
                            if (typed.required("count").equals("9")) {
                                throw new IOException("nine is too many");
                            }
                            return "cleared " + typed.required("count") + "\n";
                        },
                        Parameter.number("count", 1, 9).required());
        return Commands.of(
                few, clear, new Endless("show all items", false), new Endless("show broken", true));
    }

    /** Ends when nobody reads any more, or breaks off. */
    private final class Endless implements View<Item> {

        private final String line;
        private final boolean isBreaking;

        Endless(String line, boolean isBreaking) {
            this.line = line;
            this.isBreaking = isBreaking;
        }

        @Override
        public String line() {
            return line;
        }

        @Override
        public String help() {
            return "";
        }

        @Override
        public List<Parameter> parameters() {
            return List.of();
        }

        @Override
        public Class<Item> type(floof.api.view.Arguments typed) {
            return Item.class;
        }

        @Override
        public Answer<Item> open(floof.api.view.Arguments typed, floof.api.view.Reader reader) {
            open.incrementAndGet();
            opened.incrementAndGet();
            Cursor<Item> cursor =
                    new Cursor<>() {
                        private int number;

                        @Override
                        public @Nullable Item next() throws UnavailableException {
                            if (isBreaking && number > 1000) {
                                throw new UnavailableException("gone");
                            }
                            return new Item(number++, "x".repeat(100));
                        }

                        @Override
                        public void close() {
                            open.decrementAndGet();
                        }
                    };
            return new Answer<>(List.of(), cursor, Layout.Table.of());
        }
    }

    private SocketChannel connect() throws IOException {
        return SocketChannel.open(UnixDomainSocketAddress.of(folder.resolve("s")));
    }

    private String get(String path) throws IOException {
        return request("GET", path);
    }

    private String post(String path) throws IOException {
        return request("POST", path);
    }

    private String request(String method, String path) throws IOException {
        try (SocketChannel channel = connect()) {
            String line = method + " " + path;
            return send(channel, line + " HTTP/1.1\r\nHost: r\r\nConnection: close\r\n\r\n");
        }
    }

    /** Everything that comes until the server closes. */
    private static String send(SocketChannel channel, String request) throws IOException {
        channel.write(ByteBuffer.wrap(request.getBytes(UTF_8)));
        return rest(channel);
    }

    private static String rest(SocketChannel channel) throws IOException {
        StringBuilder text = new StringBuilder();
        ByteBuffer buffer = ByteBuffer.allocate(1 << 16);
        while (channel.read(buffer.clear()) >= 0) {
            text.append(UTF_8.decode(buffer.flip()));
        }
        return text.toString();
    }

    @Test
    void aViewAndAConfigurationAreJson() throws IOException {
        assertThat(get("/show/few"))
                .startsWith("HTTP/1.1 200 OK\r\n")
                .contains("application/json", "[ {\n  \"number\" : 1,\n  \"text\" : \"a\"\n}, {");
        assertThat(get("/configuration/system/host-name")).contains("\"host-name\" : \"r1\"");
    }

    @Test
    void aWrongRequestIsToldWhatIsExpected() throws IOException {
        assertThat(get("/"))
                .contains("HTTP/1.1 404 ", "expected the words of a command, or /configuration");
        assertThat(get("/show/nothing")).contains("HTTP/1.1 404 ", "no command 'show nothing'");
        assertThat(get("/configuration/bgp")).contains("HTTP/1.1 404 ", "no statement 'bgp'");
        assertThat(get("/show/few?color=1")).contains("HTTP/1.1 400 ", "expected count or loud");
        assertThat(get("/show/few?count=10"))
                .contains("HTTP/1.1 400 ", "count '10': expected a number 1..9");
        assertThat(get("/show/few?count=1&count=2")).contains("400 ", "more than once");
        assertThat(get("/show/few?loud=1")).contains("400 ", "expected no value");
        assertThat(get("/show/few?count=5&loud")).contains("200 OK");
        assertThat(get("/show/%ff")).containsPattern("HTTP/1.1 (400|404) ");
        try (SocketChannel channel = connect()) {
            assertThat(
                            send(
                                    channel,
                                    "DELETE /show/few HTTP/1.1\r\nHost: r\r\nConnection: close\r\n\r\n"))
                    .contains(" 405 ", "expected GET");
        }
        assertThat(get("/clear/few")).contains("HTTP/1.1 405 ", "expected POST");
    }

    @Test
    void anOperationIsDoneByPost() throws IOException {
        user = "ann";
        assertThat(post("/clear/few?count=3")).contains("200 OK", "\"output\" : \"cleared 3\\n\"");
        assertThat(audited).contains("ann POST /clear/few?count=3");
        assertThat(post("/clear/few")).contains("HTTP/1.1 400 ", "count is missing");
        assertThat(post("/clear/few?count=9")).contains("HTTP/1.1 409 ", "nine is too many");
        try (SocketChannel channel = connect()) {
            String request =
                    "POST /clear/few HTTP/1.1\r\nHost: r\r\nConnection: close\r\n"
                            + "Content-Type: application/x-www-form-urlencoded\r\n"
                            + "Content-Length: 7\r\n\r\ncount=3";
            assertThat(send(channel, request)).contains(" 400 ", "arguments in the query");
        }
        assertThat(post("/show/few")).contains("HTTP/1.1 405 ", "expected GET");
        candidates = new Candidates(login("deny-commands \"clear few [0-5]\";"));
        assertThat(post("/clear/few?count=3")).contains("HTTP/1.1 403 ", "permission denied");
        assertThat(post("/clear/few?count=007")).contains("200 OK", "cleared 7");
        assertThat(post("/clear/few?count=003")).contains("HTTP/1.1 403 ");
    }

    @Test
    void whatIsDeniedIsRefusedAndWhatIsHiddenIsAbsent() throws IOException {
        user = "zoe";
        assertThat(get("/show/few")).contains("HTTP/1.1 403 ", "permission denied");
        user = "ann";
        assertThat(get("/show/few")).contains("200 OK");
        candidates = new Candidates(login("deny-commands \"show few [0-9]\";"));
        assertThat(get("/show/few")).contains("200 OK");
        assertThat(get("/show/few?loud&count=5")).contains("HTTP/1.1 403 ");
        candidates = new Candidates(login("deny-configuration \"system host.*\";"));
        assertThat(get("/configuration/system/host-name").replace("host-name", "hose-name"))
                .isEqualToIgnoringCase(get("/configuration/system/hose-name"))
                .contains(" 404 ");
    }

    @Test
    void aClassThatChangesHoldsAtTheNextRequestOfTheConnection() throws IOException {
        user = "ann";
        try (SocketChannel channel = connect()) {
            String request = "GET /show/few HTTP/1.1\r\nHost: r\r\n";
            channel.write(ByteBuffer.wrap((request + "\r\n").getBytes(UTF_8)));
            ByteBuffer some = ByteBuffer.allocate(15);
            while (some.hasRemaining()) {
                channel.read(some);
            }
            assertThat(UTF_8.decode(some.flip()).toString()).isEqualTo("HTTP/1.1 200 OK");
            candidates = new Candidates(login("deny-commands show;"));
            assertThat(send(channel, request + "Connection: close\r\n\r\n"))
                    .contains("HTTP/1.1 403 ");
        }
    }

    /** A pattern that backtracks for ever denies. */
    @Test
    void aPatternThatTakesTooLongDenies() throws IOException {
        user = "ann";
        candidates = new Candidates(login("deny-commands \"" + ".*".repeat(12) + "!\";"));
        assertThat(get("/show/few?count=5")).contains("HTTP/1.1 403 ");
    }

    @Test
    void everyRequestIsWrittenDown() throws IOException {
        user = "ann";
        assertThat(get("/show/few?loud")).contains("200 OK");
        assertThat(audited).containsExactly("ann GET /show/few?loud");
        user = "zoe";
        assertThat(get("/show/few")).contains("HTTP/1.1 403 ");
        assertThat(audited).endsWith("zoe GET /show/few", "refused: zoe GET /show/few");
        user = "ann";
        isAuditFull = true;
        assertThat(get("/show/few")).contains("HTTP/1.1 503 ", "No space left on device");
        user = "root";
        assertThat(get("/show/few")).contains("200 OK");
    }

    /** A source that goes away: what came is no whole answer. */
    @Test
    void anAnswerThatBreaksOffLooksLikeIt() throws IOException {
        String answer = get("/show/broken");
        assertThat(answer).contains("200 OK").doesNotContain("\r\n0\r\n\r\n");
        assertThat(answer.strip()).doesNotEndWith("]");
    }

    @Test
    void whoStopsReadingIsEndedAndDisturbsNobody() throws IOException {
        serveImpatiently();
        try (SocketChannel channel = connect()) {
            channel.write(
                    ByteBuffer.wrap(
                            "GET /show/all/items HTTP/1.1\r\nHost: r\r\n\r\n".getBytes(UTF_8)));
            assertThat(get("/show/few")).contains("200 OK");
            assertThat(Eventually.holds(() -> opened.get() == 1)).isTrue();
            assertThat(Eventually.holds(() -> open.get() == 0)).as("closed").isTrue();
        }
    }

    @Test
    void tooMuchOrHalfARequestEndsTheConnection() throws IOException {
        serveImpatiently();
        try (SocketChannel channel = connect()) {
            String big = "GET /show/few?" + "x".repeat(20_000) + " HTTP/1.1\r\nHost: r\r\n\r\n";
            assertThat(send(channel, big)).contains("HTTP/1.1 4");
        }
        for (String half :
                List.of(
                        "GET /show/fe",
                        "GET /show/few HTTP/1.1\r\nHost: r\r\nContent-Length: 100\r\n\r\nshort",
                        "\u0000\u0001\u0002",
                        "GET /show/few HTTP/1.1\r\nHost: r\r\nContent-Length: -5\r\n\r\n",
                        "GET /show/few HTTP/1.1\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\n")) {
            try (SocketChannel channel = connect()) {
                assertThat(send(channel, half)).as(half).doesNotContain("500");
            }
        }
        assertThat(get("/show/few")).contains("200 OK");
    }

    /** 10 MB that nobody asked for: they are not kept, and the next is served. */
    @Test
    void aLargeBodyIsNotRead() throws IOException {
        try (SocketChannel channel = connect()) {
            String head = "POST /show/few HTTP/1.1\r\nHost: r\r\nContent-Length: 10000000\r\n\r\n";
            channel.write(ByteBuffer.wrap(head.getBytes(UTF_8)));
            ByteBuffer chunk = ByteBuffer.allocate(1 << 16);
            for (int i = 0; i < 160; i++) {
                channel.write(chunk.clear());
            }
        } catch (IOException e) {
            assertThat(e).hasMessageMatching("Broken pipe|Connection reset.*");
        }
        assertThat(get("/show/few")).contains("200 OK");
    }

    @Test
    void nobodyTakesEveryConnection() throws IOException {
        List<SocketChannel> greedy = new ArrayList<>();
        try {
            for (String who : List.of("ann", "bob", "eve")) {
                user = who;
                for (int i = 0; i < ConnectionsByUser.MAX; i++) {
                    greedy.add(connect());
                    assertThat(served(greedy.getLast())).doesNotContain(" 429 ");
                }
                assertThat(refusal())
                        .contains("HTTP/1.1 429 ", "8 connections of " + who + " are open already");
            }
            user = "dan";
            assertThat(refusal()).contains("429 ", "24 connections are open already");
            user = "root";
            assertThat(get("/show/few")).contains("200 OK");
            user = "ann";
            greedy.getFirst().close();
            assertThat(Eventually.holds(this::isServed)).isTrue();
        } finally {
            for (SocketChannel channel : greedy) {
                channel.close();
            }
        }
    }

    private boolean isServed() {
        try {
            return get("/show/few").contains("200 OK");
        } catch (IOException e) {
            return false; // refused before it had asked
        }
    }

    /** What a client hears that asks for nothing. */
    private String refusal() throws IOException {
        try (SocketChannel channel = connect()) {
            return send(channel, "");
        }
    }

    /** One answer on a connection that stays open. */
    private static String served(SocketChannel channel) throws IOException {
        channel.write(ByteBuffer.wrap("GET /show/few HTTP/1.1\r\nHost: r\r\n\r\n".getBytes(UTF_8)));
        ByteBuffer answer = ByteBuffer.allocate(8192);
        channel.read(answer);
        return new String(answer.array(), 0, answer.position(), UTF_8);
    }
}
