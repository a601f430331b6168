package floof.ports;

import floof.engine.BufferPool;
import floof.engine.Frame;
import floof.engine.Packet;
import floof.engine.PortCounter;
import floof.engine.PortEnd;
import floof.linux.EventFd;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A port of files instead of a device: it receives the frames of one file and writes sent frames to
 * another. Sent frames are first made fit for a wire ({@link WireFrames}).
 *
 * <p>Thread: one worker, chosen by the port's number; {@link #counter} any. The port is that
 * worker's end itself.
 */
public final class PcapPort extends SharedPort implements PacketSource, PortEnd {

    private final int worker;
    private final BufferPool pool;
    private final @Nullable Replay replay;
    private final @Nullable PcapWriter recorder;
    private final Counters counters = new Counters();
    private final WireFrames frames;

    /** Readable while there is something to replay. */
    private final EventFd ready;

    private boolean isStarted;

    private PcapPort(
            int index,
            String name,
            List<BufferPool> pools,
            @Nullable Replay replay,
            @Nullable PcapWriter recorder) {
        super(index, name, pools.size());
        worker = index % pools.size();
        onlyEnd(worker, this);
        pool = pools.get(worker);
        this.replay = replay;
        this.recorder = recorder;
        ready = new EventFd("replay of " + name);
        frames = new WireFrames(pool, counters, this::send);
    }

    /**
     * Opens files.
     *
     * @param source to replay, null for none
     * @param target to record, replaced if it is there; null for none
     * @param loops how often the source is replayed; 0 = endlessly
     * @param perSecond most frames; 0 = as fast as they are received
     * @param pools of the workers
     * @throws PcapException if the source is not a complete capture, or the target cannot be
     *     created
     */
    public static PcapPort open(
            int index,
            String name,
            @Nullable Path source,
            @Nullable Path target,
            long loops,
            double perSecond,
            List<BufferPool> pools) {
        Replay replay = source == null ? null : PcapReader.read(source);
        if (replay != null) {
            replay.limit(loops * replay.size(), perSecond);
        }
        try {
            PcapWriter recorder = target == null ? null : PcapWriter.open(target);
            return new PcapPort(index, name, pools, replay, recorder);
        } catch (RuntimeException e) {
            if (replay != null) {
                replay.close();
            }
            throw e;
        }
    }

    @Override
    public boolean isWaiting() {
        return replay != null && !isStarted;
    }

    /** Sends as well as receives. */
    @Override
    public int worker() {
        return worker;
    }

    @Override
    public void start() {
        isStarted = true;
        ready.signal();
    }

    @Override
    public boolean isReceiving() {
        return replay != null;
    }

    @Override
    public int descriptor() {
        return ready.fd().number();
    }

    @Override
    public int receive(Frame frame, int max) {
        if (replay == null || !isStarted) {
            return 0;
        }
        int count = replay.receive(frame, max, index(), pool, counters);
        if (count == 0 && replay.isDone()) {
            ready.drain();
        }
        return count;
    }

    @Override
    public int transmit(long[] packets, int count) {
        return frames.transmit(packets, count);
    }

    private int send(long[] packets, int count) {
        long bytesBefore = bytes(packets, 0, count);
        int taken = recorder == null ? count : recorder.write(packets, count);
        counters.sent(taken, bytesBefore - bytes(packets, taken, count));
        counters.add(PortCounter.TX_ERRORS, count - taken);
        pool.give(packets, count);
        return taken;
    }

    private static long bytes(long[] packets, int from, int to) {
        long bytes = 0;
        for (int i = from; i < to; i++) {
            bytes += Packet.length(packets[i]);
        }
        return bytes;
    }

    @Override
    public long counter(PortCounter counter) {
        return counters.get(counter);
    }

    @Override
    public void close() {
        ready.close();
        if (replay != null) {
            replay.close();
        }
        if (recorder != null) {
            recorder.close();
        }
    }
}
