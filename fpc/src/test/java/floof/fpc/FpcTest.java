package floof.fpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import floof.base.alarm.Alarms;
import floof.base.task.Tasks;
import floof.testkit.Eventually;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(300)
class FpcTest {
    private static final Message.Hello HELLO = new Message.Hello(1, Feature.all(), 0, 1);

    @TempDir Path folder;
    private Path socket = Path.of("");
    private final List<String> log = Collections.synchronizedList(new ArrayList<>());
    private final List<Message.Request> handled = Collections.synchronizedList(new ArrayList<>());
    private final List<Integer> resyncs = Collections.synchronizedList(new ArrayList<>());
    private FpcServer.Handler handler = this::answer;
    private final Tasks tasks = Tasks.printing();
    private FpcServer server;

    @BeforeEach
    void serve() throws IOException {
        socket = folder.resolve("fpc.sock");
        server =
                FpcServer.open(
                        socket, "test-fpc", (m, from) -> handler.handle(m, from), log::add, tasks);
    }

    @AfterEach
    void stop() throws IOException {
        server.close();
    }

    private Reply answer(Message.Request request, Connection from) {
        handled.add(request);
        resyncs.add(from.resync());
        return switch (request) {
            case Message.Hello hello -> Reply.ok(hello);
            case Message.HitsRequest hits -> throw new IllegalStateException("no hits today");
            case Message.Sweep sweep -> Reply.refused(Report.STALE, "resync " + sweep.resync());
            case Message.NodesRequest nodes -> Reply.ok();
            default -> Reply.ok();
        };
    }

    private FpcClient client(int window) throws IOException {
        return FpcClient.connect(socket, "test-client", window);
    }

    @Test
    void repliesCarryAnswersAndRefusals() throws IOException {
        try (FpcClient client = client(4)) {
            assertThat(client.ask(HELLO, Message.Hello.class)).isEqualTo(HELLO);
            assertThatThrownBy(() -> client.tell(new Message.Sweep(3)))
                    .isInstanceOf(Refused.class)
                    .hasMessage("sweep: STALE: resync 3");
            assertThatThrownBy(() -> client.tell(new Message.HitsRequest(0)))
                    .hasMessageContaining("FAILED")
                    .hasMessageContaining("no hits today");
            assertThatThrownBy(() -> client.tell(new Message.NodesRequest(0)))
                    .hasMessageContaining("FAILED: NODES answered with null");
        }
        assertThat(log).hasSize(2);
    }

    @Test
    void requestsArePipelinedInOrderAndEpochsFollowMarks() throws IOException {
        int count = 20_000;
        try (FpcClient client = client(256)) {
            List<CompletableFuture<Reply>> replies = new ArrayList<>();
            for (int i = 0; i < count; i++) {
                replies.add(
                        client.send(
                                i == count / 2 ? new Message.Mark(77) : new Message.Policy(0, i)));
            }
            CompletableFuture.allOf(replies.toArray(CompletableFuture[]::new)).join();
        }
        assertThat(handled).hasSize(count);
        for (int i = 0; i < count; i++) {
            assertThat(resyncs.get(i)).isEqualTo(i < count / 2 ? 0 : 77);
            if (i != count / 2) {
                assertThat(handled.get(i)).isEqualTo(new Message.Policy(0, i));
            }
        }
    }

    @Test
    void messagesAreCountedByTypeAndReadByMessage() throws IOException {
        try (FpcClient client = client(4)) {
            client.tell(new Message.Policy(0, 1));
            client.tell(new Message.Policy(0, 2));
            assertThatThrownBy(() -> client.tell(new Message.Sweep(3)));
            Message.Counters counters =
                    client.ask(
                            new Message.CountersRequest(CounterKind.MESSAGE, 0),
                            Message.Counters.class);
            assertThat(counters.columns()).containsExactly("received", "refused");
            assertThat(counters.rows())
                    .contains(new Message.CounterRow("policy", List.of(2L, 0L)))
                    .contains(new Message.CounterRow("sweep", List.of(1L, 1L)))
                    .contains(new Message.CounterRow("malformed", List.of(0L, 0L)));
        }
    }

    @Test
    void aLostServerFailsWhatIsUnderWay() throws Exception {
        CountDownLatch arrived = new CountDownLatch(1);
        CountDownLatch go = new CountDownLatch(1);
        handler =
                (request, from) -> {
                    arrived.countDown();
                    try {
                        go.await();
                    } catch (InterruptedException e) {
                        throw new IllegalStateException(e);
                    }
                    return Reply.ok();
                };
        FpcClient client = client(2);
        CompletableFuture<Reply> first = client.send(new Message.Policy(0, 1));
        CompletableFuture<Reply> second = client.send(new Message.Policy(0, 2));
        arrived.await();
        client.close();
        assertThat(client.lost().get(Eventually.LIMIT.toSeconds(), TimeUnit.SECONDS))
                .hasMessageContaining("this end");
        go.countDown();
        for (CompletableFuture<Reply> reply : List.of(first, second)) {
            assertThatThrownBy(reply::join)
                    .isInstanceOf(CompletionException.class)
                    .hasCauseInstanceOf(IOException.class);
        }
        assertThatThrownBy(() -> client.tell(HELLO)).hasMessageContaining("closed by this end");
    }

    @Test
    void theEndOfTheServerIsTold() throws Exception {
        try (FpcClient client = client(2)) {
            client.tell(new Message.Policy(0, 1));
            server.close();
            assertThat(client.lost().get(Eventually.LIMIT.toSeconds(), TimeUnit.SECONDS))
                    .hasMessageContaining("lost connection to " + socket);
        }
        assertThat(socket).doesNotExist();
        assertThatThrownBy(() -> client(2)).hasMessageContaining("cannot connect to " + socket);
    }

    @Test
    void aServerThatHangsIsTakenForDead() throws Exception {
        CountDownLatch go = new CountDownLatch(1);
        handler =
                (request, from) -> {
                    try {
                        go.await();
                    } catch (InterruptedException e) {
                        throw new IllegalStateException(e);
                    }
                    return Reply.ok();
                };
        try (FpcClient client = FpcClient.connect(socket, "test-client", 2, 200)) {
            assertThatThrownBy(() -> client.tell(HELLO))
                    .hasMessageMatching(".* no reply to HELLO in ([2-9]..|[0-9]{4,}) ms");
        } finally {
            go.countDown();
        }
    }

    @Test
    void aServerThatDiesEndsTheProcess() throws Exception {
        CountDownLatch ended = new CountDownLatch(1);
        Alarms alarms = new Alarms(InstantSource.system());
        Tasks vital = new Tasks(alarms, (line, fault) -> log.add(line), ended::countDown);
        Path other = folder.resolve("other.sock");
        try (FpcServer _ = FpcServer.open(other, "vital", this::answer, log::add, vital)) {
            vital.fail("vital");
            FpcClient.connect(other, "waker", 1).close();
            assertThat(ended.await(Eventually.LIMIT.toSeconds(), TimeUnit.SECONDS)).isTrue();
            assertThat(log).contains("vital failed; the process ends and starts again");
            assertThat(other).doesNotExist();
        }
    }

    @Test
    void aDeadServersSocketIsReplacedAndALivingOneIsNot() throws IOException {
        assertThatThrownBy(() -> FpcServer.open(socket, "second", this::answer, log::add, tasks))
                .hasMessageContaining("another server does");
        server.close();
        // What a kill -9 leaves behind: the file without a listener.
        try (var dead = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            dead.bind(UnixDomainSocketAddress.of(socket));
        }
        assertThat(socket).exists();
        server = FpcServer.open(socket, "test-fpc", this::answer, log::add, tasks);
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(socket)))
                .isEqualTo("rw-------");
        try (FpcClient client = client(1)) {
            client.tell(new Message.Policy(0, 1));
        }
    }

    @Test
    void aClientThatDoesNotReadDoesNotStopOthers() throws Exception {
        try (SocketChannel deaf = SocketChannel.open(UnixDomainSocketAddress.of(socket));
                FpcClient other = client(4)) {
            deaf.configureBlocking(false);
            ByteBuffer message = ByteBuffer.allocate(Codec.MAX_BYTES);
            Codec.putRequest(message, new Message.CountersRequest(CounterKind.MESSAGE, 0), 1, 0);
            message.flip();
            int stuck = 0;
            while (stuck < 50) {
                if (deaf.write(message.rewind()) < message.limit()) {
                    stuck++;
                    Thread.sleep(2);
                }
            }
            assertThat(other.ask(HELLO, Message.Hello.class)).isEqualTo(HELLO);
        }
    }

    @Test
    void unknownTypesAreUnsupportedAndTheConnectionGoesOn() throws IOException {
        try (SocketChannel raw = SocketChannel.open(UnixDomainSocketAddress.of(socket))) {
            ByteBuffer message = ByteBuffer.allocate(Codec.MAX_BYTES);
            Codec.putRequest(message, HELLO, 5, 0);
            message.putShort(6, (short) 999).flip();
            raw.write(message);
            Codec.Header refusal = Codec.header(read(raw));
            assertThat(refusal).isEqualTo(new Codec.Header(true, 999, 5, Report.UNSUPPORTED, 0));
            message.putShort(6, (short) MessageType.HELLO.code()).rewind();
            raw.write(message);
            assertThat(Codec.header(read(raw)).report()).isEqualTo(Report.OK);
        }
    }

    /** The next message, or what came before the end. */
    private static ByteBuffer read(SocketChannel raw) throws IOException {
        ByteBuffer in = ByteBuffer.allocate(Codec.MAX_BYTES);
        in.limit(4);
        while (in.hasRemaining() && raw.read(in) >= 0) {}
        if (!in.hasRemaining()) {
            in.limit(in.getInt(0));
            while (in.hasRemaining() && raw.read(in) >= 0) {}
        }
        return in.flip();
    }

    @Test
    void malformedBytesEndTheirConnectionWithAReasonAndNoOther() throws IOException {
        try (FpcClient other = client(4)) {
            try (SocketChannel raw = SocketChannel.open(UnixDomainSocketAddress.of(socket))) {
                ByteBuffer message = ByteBuffer.allocate(Codec.MAX_BYTES);
                Codec.putRequest(message, new Message.Port(1, "ge-0", true), 5, 0);
                message.put(message.position() - 1, (byte) 2).flip();
                raw.write(message);
                ByteBuffer reply = read(raw);
                Codec.Header header = Codec.header(reply);
                assertThat(header.report()).isEqualTo(Report.MALFORMED);
                assertThat(Codec.reply(MessageType.PORT, header.report(), reply).text())
                        .isEqualTo("PORT.present: 2; expected 0 or 1");
                assertThat(read(raw).hasRemaining()).isFalse();
            }
            assertThat(log).singleElement().asString().contains("dropped: PORT.present: 2");
            other.tell(new Message.Policy(0, 1));
        }
    }

    @Test
    void noiseNeverStopsTheServerNorGrowsIt() throws Exception {
        Random random = new Random(20260801);
        RandomMessages messages = new RandomMessages(20260801);
        long usedBefore = 0;
        try (FpcClient other = client(4)) {
            for (int round = 0; round < 1500; round++) {
                if (round == 500) {
                    usedBefore = usedBytes();
                }
                noise(random, messages);
                if (round % 50 == 0) {
                    assertThat(other.ask(HELLO, Message.Hello.class)).isEqualTo(HELLO);
                    handled.clear();
                    resyncs.clear();
                }
            }
        }
        assertThat(server.counts().counters().rows().getLast().values().getFirst())
                .isGreaterThan(500);
        log.clear();
        // Connections hold 320 KiB each: 1000 leaked ones would take 320 MB.
        assertThat(usedBytes() - usedBefore).isLessThan(20 << 20);
    }

    private static long usedBytes() {
        System.gc();
        Runtime runtime = Runtime.getRuntime();
        return runtime.totalMemory() - runtime.freeMemory();
    }

    /** One connection: sound messages, then one with random bytes set, or random bytes alone. */
    private void noise(Random random, RandomMessages messages) throws IOException {
        ByteBuffer out = ByteBuffer.allocate(4 * Codec.MAX_BYTES);
        for (int i = random.nextInt(3); i >= 0; i--) {
            int type = random.nextInt(MessageType.values().length);
            Codec.putRequest(out, messages.request(MessageType.values()[type]), i, 0);
        }
        if (random.nextInt(4) == 0) {
            random.nextBytes(out.array());
            out.position(1 + random.nextInt(2000));
        } else {
            for (int i = 1 + random.nextInt(5); i > 0; i--) {
                out.put(random.nextInt(out.position()), (byte) random.nextInt());
            }
        }
        out.flip();
        try (SocketChannel raw = SocketChannel.open(UnixDomainSocketAddress.of(socket))) {
            raw.write(out);
            raw.shutdownOutput();
            while (raw.read(out.clear()) >= 0) {}
        } catch (IOException e) {
            // The server went first, with bytes of ours unread.
            assertThat(e).hasMessageMatching("Broken pipe|Connection reset.*");
        }
    }

    /** A server that answers with mutated replies: the client fails each request and ends. */
    @Test
    @Tag("slow")
    void noiseFromAServerEndsTheConnectionAndNothingElse() throws Exception {
        Random random = new Random(3);
        RandomMessages messages = new RandomMessages(3);
        Path noisy = folder.resolve("noisy.sock");
        int refused = 0;
        try (ServerSocketChannel listener = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            listener.bind(UnixDomainSocketAddress.of(noisy));
            for (int round = 0; round < 300; round++) {
                MessageType type = MessageType.values()[round % MessageType.values().length];
                ByteBuffer out = ByteBuffer.allocate(Codec.MAX_BYTES);
                Codec.putReply(out, type.code(), messages.reply(type), 1, 0);
                out.put(random.nextInt(out.position()), (byte) random.nextInt()).flip();
                try (FpcClient client = FpcClient.connect(noisy, "test-client", 2, 300);
                        SocketChannel server = listener.accept()) {
                    CompletableFuture<Reply> reply = client.send(messages.request(type));
                    server.write(out);
                    server.shutdownOutput();
                    try {
                        reply.get(Eventually.LIMIT.toSeconds(), TimeUnit.SECONDS);
                    } catch (ExecutionException e) {
                        assertThat(e).hasCauseInstanceOf(IOException.class);
                        refused++;
                    }
                    assertThat(client.lost().get(Eventually.LIMIT.toSeconds(), TimeUnit.SECONDS))
                            .hasMessageContaining("lost connection to " + noisy);
                }
            }
        }
        assertThat(refused).isGreaterThan(30);
    }
}
