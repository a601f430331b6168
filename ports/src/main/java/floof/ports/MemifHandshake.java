package floof.ports;

import floof.linux.EventFd;
import floof.linux.Fd;
import floof.linux.Poll;
import floof.linux.SharedMemory;
import floof.linux.net.MessageSocket;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The dialogue on the control socket until two memifs are connected. The client sends each request
 * after the server has acknowledged the previous one.
 *
 * <p>Thread: the port's.
 */
final class MemifHandshake implements AutoCloseable {

    private static final String NAME = "FloofOS";

    /** The other side answers within this time. */
    private static final long ANSWER_MS = 2_000;

    private static final int SLICE_MS = 50;

    private final String port;
    private final int id;
    private final MessageSocket socket;
    private final BooleanSupplier isClosing;
    private final MemifMemory memory = new MemifMemory();
    private @Nullable MemifRing toServer;
    private @Nullable MemifRing toClient;
    private boolean isDone;

    /**
     * @param isClosing whether the port was closed meanwhile
     */
    MemifHandshake(String port, int id, MessageSocket socket, BooleanSupplier isClosing) {
        this.port = port;
        this.id = id;
        this.socket = socket;
        this.isClosing = isClosing;
    }

    // ---- client -------------------------------------------------------------------------------

    /**
     * Requests a connection from a server.
     *
     * @param wantedSize descriptors of each ring; fewer where the server allows no more
     * @throws MemifException if it refuses; also {@link floof.linux.error.LinuxException} and
     *     {@link IllegalArgumentException}
     */
    MemifConnection asClient(int wantedSize) {
        MemifMessage hello = expect(MemifMessage.HELLO);
        int least = hello.u16(34);
        int greatest = hello.u16(36);
        if (least > MemifMessage.VERSION || greatest < MemifMessage.VERSION) {
            throw new MemifException("the server knows no version 2.0");
        }
        int size = Math.min(wantedSize, 1 << Math.min(MemifRing.LOG2_SIZE_MAX, hello.u8(44)));
        ask(MemifMessage.init(id, NAME));
        SharedMemory file =
                SharedMemory.create("memif of port " + port, MemifBuffers.sizeBytes(size));
        memory.add("memif of port " + port, file);
        long address = file.mapping().address();
        MemifRing out = ring(address + MemifBuffers.ringOffset(0, size), size);
        toServer = out;
        MemifRing in = ring(address + MemifBuffers.ringOffset(1, size), size);
        toClient = in;
        MemifBuffers.initialise(out, in);
        ask(MemifMessage.region(0, file.mapping().sizeBytes(), file.fd()));
        ask(
                MemifMessage.ring(
                        MemifMessage.TO_SERVER,
                        MemifBuffers.ringOffset(0, size),
                        size,
                        out.interrupt().fd()));
        ask(MemifMessage.ring(0, MemifBuffers.ringOffset(1, size), size, in.interrupt().fd()));
        send(MemifMessage.of(MemifMessage.CONNECT).text(port, MemifMessage.NAME_BYTES));
        String peer = expect(MemifMessage.CONNECTED).text(2, MemifMessage.NAME_BYTES);
        isDone = true;
        return new MemifConnection(socket, memory, in, out, true, peer);
    }

    private MemifRing ring(long address, int size) {
        return new MemifRing(address, size, new EventFd("memif of port " + port));
    }

    private void ask(MemifMessage message) {
        send(message);
        expect(MemifMessage.ACK);
    }

    // ---- server -------------------------------------------------------------------------------

    /**
     * Answers a client.
     *
     * @throws MemifException if its request is impossible; also {@link
     *     floof.linux.error.LinuxException} and {@link IllegalArgumentException}
     */
    MemifConnection asServer() {
        send(MemifMessage.hello(NAME));
        init(expect(MemifMessage.INIT));
        acknowledge();
        while (true) {
            MemifMessage message = next();
            switch (message.type()) {
                case MemifMessage.ADD_REGION -> addRegion(message);
                case MemifMessage.ADD_RING -> addRing(message);
                case MemifMessage.CONNECT -> {
                    return connect(message);
                }
                default -> throw unexpected(message);
            }
            acknowledge();
        }
    }

    private void init(MemifMessage init) {
        if (init.u16(2) != MemifMessage.VERSION) {
            throw new MemifException("expected version 2.0");
        }
        if (init.bytes().getInt(4) != id) {
            throw new MemifException("ID not found");
        }
        if (init.u8(8) != 0) {
            throw new MemifException("expected mode ethernet");
        }
    }

    private void acknowledge() {
        send(MemifMessage.of(MemifMessage.ACK));
    }

    private void addRegion(MemifMessage message) {
        Fd fd = descriptor(message);
        if (message.u16(2) != memory.regions() || memory.regions() == MemifMemory.REGIONS_MAX) {
            fd.close();
            throw new MemifException("region " + message.u16(2) + " is out of turn");
        }
        memory.add("memif of port " + port, SharedMemory.adopt(fd, message.bytes().getLong(4)));
    }

    private void addRing(MemifMessage message) {
        EventFd interrupt = EventFd.adopt(descriptor(message));
        int region = message.u16(6);
        long offset = message.bytes().getInt(8) & 0xffff_ffffL;
        int log2 = message.u8(12);
        int size = 1 << Math.min(log2, MemifRing.LOG2_SIZE_MAX);
        long address = memory.address(region, offset, MemifRing.sizeBytes(size));
        boolean isToServer = (message.u16(2) & MemifMessage.TO_SERVER) != 0;
        if (message.u16(4) != 0
                || log2 > MemifRing.LOG2_SIZE_MAX
                || address == 0
                || address % MemifRing.DESCRIPTOR_BYTES != 0
                || message.u16(13) != 0
                || (isToServer ? toServer : toClient) != null) {
            interrupt.close();
            throw new MemifException("expected one ring each way, inside a region");
        }
        MemifRing ring = new MemifRing(address, size, interrupt);
        if (isToServer) {
            toServer = ring;
        } else {
            toClient = ring;
        }
    }

    private MemifConnection connect(MemifMessage message) {
        MemifRing in = toServer;
        MemifRing out = toClient;
        if (in == null || out == null || !in.isInitialised() || !out.isInitialised()) {
            throw new MemifException("expected a ring each way");
        }
        in.restart();
        out.restart();
        send(MemifMessage.of(MemifMessage.CONNECTED).text(port, MemifMessage.NAME_BYTES));
        isDone = true;
        String peer = message.text(2, MemifMessage.NAME_BYTES);
        return new MemifConnection(socket, memory, in, out, false, peer);
    }

    private static Fd descriptor(MemifMessage message) {
        if (message.fd() == null) {
            throw new MemifException("expected a descriptor along with message " + message.type());
        }
        return message.fd();
    }

    // ---- messages -----------------------------------------------------------------------------

    private void send(MemifMessage message) {
        socket.send(message.bytes().array(), message.fd());
    }

    private MemifMessage expect(int type) {
        MemifMessage message = next();
        if (message.type() != type) {
            throw unexpected(message);
        }
        return message;
    }

    private static MemifException unexpected(MemifMessage message) {
        if (message.fd() != null) {
            message.fd().close();
        }
        return new MemifException(
                message.type() == MemifMessage.DISCONNECT
                        ? "refused: " + message.text(6, MemifMessage.REASON_BYTES)
                        : "unexpected message " + message.type());
    }

    private MemifMessage next() {
        long deadlineNs = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(ANSWER_MS);
        while (!isClosing.getAsBoolean() && deadlineNs - System.nanoTime() > 0) {
            if (socket.fd().poll(Poll.IN, SLICE_MS) == 0) {
                continue;
            }
            MessageSocket.Message message = socket.receive(MemifMessage.SIZE_BYTES);
            if (message == null) {
                continue;
            }
            if (message.bytes().length != MemifMessage.SIZE_BYTES) {
                if (message.fd() != null) {
                    message.fd().close();
                }
                throw new MemifException("the other side went away");
            }
            return new MemifMessage(
                    ByteBuffer.wrap(message.bytes()).order(ByteOrder.LITTLE_ENDIAN), message.fd());
        }
        throw new MemifException("no answer");
    }

    /** Tells the other side why there is no connection. */
    void fail(String why) {
        try {
            send(MemifMessage.disconnect(why));
        } catch (RuntimeException e) {
            // The other side is already gone.
        }
    }

    /** Releases everything that no connection took over. */
    @Override
    public void close() {
        if (isDone) {
            return;
        }
        socket.close();
        if (toServer != null) {
            toServer.interrupt().close();
        }
        if (toClient != null) {
            toClient.interrupt().close();
        }
        memory.close();
    }
}
