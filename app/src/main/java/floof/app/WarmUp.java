package floof.app;

import floof.dataplane.Rehearsal;
import floof.engine.Packet;
import floof.linux.Mapping;
import floof.memory.Memory;
import floof.memory.Region;
import floof.tables.LayoutException;
import floof.tables.Tables;
import java.io.IOException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends packets of all kinds through a separate graph, so that the nodes are compiled when real
 * packets arrive. It starts with the process, while tables and buffers are being mapped. Ports wait
 * for it, but not for long: slow forwarding is better than none. It then continues beside them
 * until its end.
 *
 * <p>Thread: {@code warm-up}, which ends after {@link #LENGTH_MS}.
 */
final class WarmUp {

    private static final Logger LOG = LoggerFactory.getLogger(WarmUp.class);

    /** As long as the second compiler needs for the graph on a busy machine. */
    static final int LENGTH_MS = 1_000;

    /**
     * How long ports wait at most, from the start of the warm-up. With the ahead-of-time cache the
     * graph reaches its steady speed before that; without it, or on a busy machine, soon after.
     */
    private static final int PORTS_MS = 100;

    /** After this many consecutive packets at steady speed, ports need not wait. */
    private static final int STEADY_SLICES = 40;

    private static final int SLICE_FRAMES = 16;

    /** Tolerance above the ideal: a slice is short and the machine has other work. */
    private static final double STEADY_SHARE = 0.8;

    /** The speed is logged per interval of this length. */
    private static final int INTERVAL_MS = 100;

    private final int lengthMs;
    private final CountDownLatch ready = new CountDownLatch(1);
    private final Thread thread = Thread.ofPlatform().name("warm-up").unstarted(this::run);
    private final long startNs = System.nanoTime();

    /** When ports were admitted, since the start; 0 = not yet. */
    private volatile long portsNs;

    /**
     * @param lengthMs how long it runs
     */
    WarmUp(int lengthMs) {
        this.lengthMs = lengthMs;
    }

    void start() {
        thread.start();
    }

    /** Waits until ports should be admitted; never long. */
    void awaitReady() throws InterruptedException {
        long leftNs = PORTS_MS * 1_000_000L - (System.nanoTime() - startNs);
        boolean isSteady = ready.await(leftNs, TimeUnit.NANOSECONDS);
        portsNs = System.nanoTime() - startNs;
        LOG.info(
                "warmed up for {} ms: {}",
                portsNs / 1_000_000,
                isSteady ? "steady" : "still getting faster");
    }

    /** Waits until it has ended; while another process forwards, that costs nobody anything. */
    void awaitEnd() throws InterruptedException {
        thread.join();
    }

    private void run() {
        Mapping tables = Mapping.anonymous("rehearsal tables", Tables.fileBytes(Rehearsal.LIMITS));
        Mapping buffers =
                Mapping.anonymous(
                        "rehearsal buffers", (long) Rehearsal.BUFFERS * Packet.BUFFER_BYTES);
        Region tablesRegion = FastPath.known(tables);
        Region buffersRegion = FastPath.known(buffers);
        try (Rehearsal rehearsal =
                new Rehearsal(tablesRegion, Rehearsal.LIMITS, buffersRegion, Rehearsal.mixture())) {
            rehearse(rehearsal);
        } catch (IOException | LayoutException e) {
            throw new IllegalStateException("rehearsal in memory of its own", e);
        } finally {
            ready.countDown();
            Memory.remove(tablesRegion);
            Memory.remove(buffersRegion);
            tables.unmap();
            buffers.unmap();
        }
    }

    private void rehearse(Rehearsal rehearsal) {
        int intervals = lengthMs / INTERVAL_MS;
        long[] fastestNs = new long[intervals];
        long bestNs = Long.MAX_VALUE;
        int steady = 0;
        long nowNs = System.nanoTime();
        int packets = 1;
        while (nowNs - startNs < lengthMs * 1_000_000L) {
            packets = 0;
            for (int i = 0; i < SLICE_FRAMES; i++) {
                packets += rehearsal.receive();
                rehearsal.forward();
            }
            long tookNs = System.nanoTime() - nowNs;
            int interval = (int) ((nowNs - startNs) / (INTERVAL_MS * 1_000_000L));
            nowNs += tookNs;
            long before = fastestNs[interval];
            fastestNs[interval] = before == 0 ? tookNs : Math.min(before, tookNs);
            steady = tookNs * STEADY_SHARE <= bestNs && bestNs != Long.MAX_VALUE ? steady + 1 : 0;
            if (tookNs < bestNs * STEADY_SHARE) {
                steady = 0;
            }
            bestNs = Math.min(bestNs, tookNs);
            if (steady == STEADY_SLICES) {
                ready.countDown();
            }
        }
        LOG.info("warm-up: ports after {} ms; {}", portsNs / 1_000_000, speeds(fastestNs, packets));
    }

    /** {@code ns per packet each 100 ms: 812.0 96.1 31.9 ...}, generator included. */
    private static String speeds(long[] fastestNs, int packets) {
        StringBuilder text = new StringBuilder("ns per packet each " + INTERVAL_MS + " ms:");
        for (long ns : fastestNs) {
            long tenths = 10 * ns / packets;
            text.append(' ').append(tenths / 10).append('.').append(tenths % 10);
        }
        return text.toString();
    }
}
