package floof.ports;

import floof.engine.BufferPool;
import floof.engine.Frame;
import floof.engine.PortCounter;
import floof.linux.Epoll;
import floof.linux.Poll;
import floof.memory.Memory;
import org.jspecify.annotations.Nullable;

/**
 * A memif as its worker sees it. It has rings while connected; without them it receives nothing and
 * refuses packets.
 *
 * <p>Thread: its worker; {@link #counter} any.
 */
final class MemifEnd extends SharedPort.End {

    private final BufferPool pool;
    private final boolean isRepairing;
    private final WireFrames frames;

    /** Descriptor of the ring's interrupt, which changes with each connection. */
    private final Epoll ready = new Epoll(1);

    private @Nullable MemifConnection connection;
    private @Nullable MemifReceiver receiver;
    private @Nullable MemifSender sender;
    private boolean isArmed;

    MemifEnd(int index, BufferPool pool, boolean isRepairing) {
        super(index);
        this.pool = pool;
        this.isRepairing = isRepairing;
        frames = new WireFrames(pool, counters, this::send);
    }

    /** Forwards through a connection from now on; null for none. */
    void use(@Nullable MemifConnection next) {
        if (connection != null) {
            ready.remove(connection.receiving().interrupt().fd().number());
        }
        connection = next;
        isArmed = false;
        if (next == null) {
            receiver = null;
            sender = null;
            return;
        }
        boolean isClient = next.isClient();
        receiver =
                new MemifReceiver(
                        index,
                        next.receiving(),
                        next.memory(),
                        isClient,
                        pool,
                        counters,
                        isRepairing);
        sender = new MemifSender(next.sending(), next.memory(), isClient, pool, counters);
        next.receiving().mask(true);
        ready.add(next.receiving().interrupt().fd().number(), Poll.IN);
    }

    @Override
    public int descriptor() {
        return ready.fd().number();
    }

    @Override
    public boolean arm() {
        if (connection == null || receiver == null) {
            return true;
        }
        connection.receiving().interrupt().drain();
        connection.receiving().mask(false);
        isArmed = true;
        Memory.fullFence();
        return receiver.waiting() == 0;
    }

    @Override
    public int receive(Frame frame, int max) {
        if (receiver == null) {
            return 0;
        }
        if (isArmed && connection != null) {
            isArmed = false;
            connection.receiving().mask(true);
        }
        return receiver.receive(frame, max);
    }

    @Override
    public int transmit(long[] packets, int count) {
        return frames.transmit(packets, count);
    }

    private int send(long[] packets, int count) {
        if (sender == null) {
            counters.add(PortCounter.TX_ERRORS, count);
            pool.give(packets, count);
            return 0;
        }
        return sender.send(packets, count);
    }

    /** Thread: any, after the worker has released it. */
    void close() {
        ready.close();
    }
}
