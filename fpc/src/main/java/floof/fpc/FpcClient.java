package floof.fpc;

import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Semaphore;
import java.util.function.Consumer;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/**
 * The client end of FPC: requests from any thread, pipelined up to a window, in the order of {@link
 * #send}. A lost connection stays lost: the owner creates a new client. The client has its own
 * thread, on which replies arrive.
 */
public final class FpcClient implements AutoCloseable {
    /** A server that is silent for this long counts as dead; a sweep takes far less. */
    public static final int ANSWER_TIMEOUT_MS = 10_000;

    private record Pending(
            Message.Request request, CompletableFuture<Reply> reply, long sequence, long sentNs) {}

    private final Path socket;
    private final int answerTimeoutMs;
    private final SocketChannel channel;
    private final Selector selector;
    private final MessageStream wire;
    private final Thread thread;
    private final Semaphore window;
    private final CompletableFuture<IOException> lost = new CompletableFuture<>();

    /** Not yet written; guarded by itself, as is {@link #cause}. */
    private final ArrayDeque<Pending> queue = new ArrayDeque<>();

    private @Nullable IOException cause;

    /** Written and not answered; used only by the thread. */
    private final ArrayDeque<Pending> sent = new ArrayDeque<>();

    private long lastSequence;
    private long lastReplyNs = System.nanoTime();
    private int resync;

    /**
     * Connects and starts the thread. The first request should be {@link Message.Hello}.
     *
     * @param name of the thread
     * @param window most requests in flight, 1 or more; beyond that {@link #send} waits
     */
    public static FpcClient connect(Path socket, String name, int window) throws IOException {
        return connect(socket, name, window, ANSWER_TIMEOUT_MS);
    }

    /**
     * The same with another timeout.
     *
     * @param answerTimeoutMs silence after which the connection is given up
     */
    public static FpcClient connect(Path socket, String name, int window, int answerTimeoutMs)
            throws IOException {
        SocketChannel channel;
        try {
            channel = SocketChannel.open(UnixDomainSocketAddress.of(socket));
        } catch (IOException e) {
            throw new IOException("cannot connect to " + socket + ": " + e.getMessage(), e);
        }
        try {
            FpcClient client = new FpcClient(socket, name, window, answerTimeoutMs, channel);
            client.thread.start();
            return client;
        } catch (IOException e) {
            channel.close();
            throw e;
        }
    }

    private FpcClient(
            Path socket, String name, int window, int answerTimeoutMs, SocketChannel channel)
            throws IOException {
        this.socket = socket;
        this.window = new Semaphore(window);
        this.answerTimeoutMs = answerTimeoutMs;
        this.channel = channel;
        channel.configureBlocking(false);
        wire = new MessageStream(channel);
        selector = Selector.open();
        thread = Thread.ofPlatform().name(name).daemon().unstarted(this::run);
    }

    /**
     * Sends a request; waits while the window is full. The future completes on the client's thread,
     * exceptionally with an {@link IOException} when the connection is lost. Its dependent stages
     * must not call {@link #send}, {@link #ask} or {@link #tell}.
     */
    public CompletableFuture<Reply> send(Message.Request request) {
        if (Thread.currentThread() == thread) {
            throw new IllegalStateException("send on the thread that takes the replies");
        }
        window.acquireUninterruptibly();
        CompletableFuture<Reply> reply = new CompletableFuture<>();
        IOException fault;
        boolean isFirst;
        synchronized (queue) {
            fault = cause;
            isFirst = queue.isEmpty();
            if (fault == null) {
                queue.add(new Pending(request, reply, ++lastSequence, System.nanoTime()));
            }
        }
        if (fault != null) {
            window.release();
            reply.completeExceptionally(fault);
        } else if (isFirst) {
            selector.wakeup();
        }
        return reply;
    }

    /**
     * Sends a request and waits for its answer.
     *
     * @throws Refused when the report is not OK
     * @throws IOException when the connection is lost or the answer is of another kind
     */
    public <A extends Message.Answer> A ask(Message.Request request, Class<A> kind)
            throws IOException {
        Message.Answer answer = await(request).answer();
        if (!kind.isInstance(answer)) {
            throw new IOException(
                    request.messageType().label() + ": no " + kind.getSimpleName() + " came back");
        }
        return kind.cast(answer);
    }

    /**
     * Asks for all pages of a list, one after the other.
     *
     * @param request for the page from a row on
     * @param to takes each page
     * @throws Refused when the report is not OK
     * @throws IOException as {@link #ask}
     */
    public <P extends Message.Page> void pages(
            IntFunction<Message.Request> request, Class<P> kind, Consumer<P> to)
            throws IOException {
        int from = 0;
        do {
            P page = ask(request.apply(from), kind);
            to.accept(page);
            from = page.next();
        } while (from != Message.END);
    }

    /**
     * Sends a request and waits until it is done.
     *
     * @throws Refused when the report is not OK
     * @throws IOException when the connection is lost
     */
    public void tell(Message.Request request) throws IOException {
        await(request);
    }

    private Reply await(Message.Request request) throws IOException {
        return done(request, send(request));
    }

    /**
     * Waits for the answer to a request that was sent before.
     *
     * @throws Refused when the report is not OK
     * @throws IOException when the connection is lost
     */
    public static Reply done(Message.Request request, CompletableFuture<Reply> sent)
            throws IOException {
        Reply reply;
        try {
            reply = sent.join();
        } catch (CompletionException | CancellationException e) {
            throw new IOException(
                    e.getCause() == null ? e.getMessage() : e.getCause().getMessage(), e);
        }
        if (!reply.isOk()) {
            throw new Refused(request, reply);
        }
        return reply;
    }

    /**
     * Completes with the reason when the connection is lost or closed; callers must not complete
     * it.
     */
    public CompletableFuture<IOException> lost() {
        return lost;
    }

    /** Ends the connection; requests under way fail. */
    @Override
    public void close() {
        lose(new IOException("connection to " + socket + " closed by this end"));
        selector.wakeup();
    }

    private boolean isLost() {
        synchronized (queue) {
            return cause != null;
        }
    }

    private void lose(IOException why) {
        synchronized (queue) {
            if (cause == null) {
                cause = why;
            }
        }
    }

    private void run() {
        try {
            SelectionKey key = channel.register(selector, SelectionKey.OP_READ);
            while (!isLost()) {
                boolean hasMore = writeQueued();
                key.interestOps(
                        SelectionKey.OP_READ
                                | (wire.hasOutput() || hasMore ? SelectionKey.OP_WRITE : 0));
                selector.select(untilTimeoutMs());
                readReplies();
            }
        } catch (MalformedMessage | IOException e) {
            lose(new IOException("lost connection to " + socket + ": " + e.getMessage(), e));
        } catch (RuntimeException e) {
            lose(new IOException("lost connection to " + socket + ": " + e, e));
        } finally {
            finish();
        }
    }

    /** Writes as much as the socket accepts; true if something is left. */
    private boolean writeQueued() throws IOException {
        boolean hasMore = true;
        while (hasMore && wire.hasRoom()) {
            Pending next;
            synchronized (queue) {
                next = queue.poll();
            }
            hasMore = next != null;
            if (next != null) {
                if (next.request() instanceof Message.Mark(int marked)) {
                    resync = marked;
                }
                Codec.putRequest(wire.out(), next.request(), next.sequence(), resync);
                sent.add(next);
            }
        }
        wire.flush();
        return hasMore;
    }

    private long untilTimeoutMs() throws IOException {
        Pending oldest = sent.peek();
        if (oldest == null) {
            return 0;
        }
        long nowNs = System.nanoTime();
        long waitedMs = Math.min(nowNs - oldest.sentNs(), nowNs - lastReplyNs) / 1_000_000;
        if (waitedMs >= answerTimeoutMs) {
            throw new IOException(
                    "no reply to " + oldest.request().messageType() + " in " + waitedMs + " ms");
        }
        return answerTimeoutMs - waitedMs;
    }

    private void readReplies() throws IOException {
        boolean isOpen = wire.fill();
        while (wire.hasMessage()) {
            ByteBuffer message = wire.take();
            Codec.Header header = Codec.header(message);
            Pending pending = awaited(header);
            Reply reply = Codec.reply(pending.request().messageType(), header.report(), message);
            sent.remove();
            lastReplyNs = System.nanoTime();
            window.release();
            pending.reply().complete(reply);
        }
        if (!isOpen) {
            throw new IOException("the server ended it");
        }
    }

    /** The request whose reply must come next. After a malformed reply it fails like the others. */
    private Pending awaited(Codec.Header header) {
        Pending pending = sent.peek();
        boolean isFitting =
                pending != null
                        && header.isReply()
                        && header.type() == pending.request().messageType().code()
                        && header.sequence() == pending.sequence();
        if (!isFitting) {
            throw new MalformedMessage(
                    "header",
                    "type " + header.type() + ", sequence " + header.sequence(),
                    pending == null
                            ? "nothing"
                            : "the reply to " + pending.request().messageType());
        }
        return pending;
    }

    private void finish() {
        IOException why;
        List<Pending> left = new ArrayList<>(sent);
        synchronized (queue) {
            why = cause == null ? new IOException("connection to " + socket + " ended") : cause;
            cause = why;
            left.addAll(queue);
            queue.clear();
        }
        try {
            wire.close();
            selector.close();
        } catch (IOException e) {
            why.addSuppressed(e);
        }
        for (Pending pending : left) {
            window.release();
            pending.reply().completeExceptionally(why);
        }
        lost.complete(why);
    }
}
