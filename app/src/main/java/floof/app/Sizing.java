package floof.app;

import floof.control.plan.CommitException;
import floof.control.plan.CoreAssignment;
import floof.control.plan.FastPathSettings;
import floof.engine.BufferPool;
import floof.engine.Depot;
import floof.engine.Frame;
import floof.engine.HandOver;
import floof.engine.Packet;
import floof.fpc.Message;
import floof.linux.net.PacketSocket;
import floof.linux.system.Cpus;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;

/**
 * The fast path's choices and their reasons: workers, CPUs, queues, buffers, memory. It takes the
 * operator's explicit settings as they are.
 *
 * @param rows the same as rows for the operator
 */
record Sizing(CoreAssignment cores, int buffers, int ringFrames, List<Row> rows) {

    /** One choice and its reason. */
    record Row(String name, String value, String from) {}

    /** Packets of 64 KiB in a frame, in buffers. */
    private static final int FRAME_BUFFERS = Frame.SIZE * Packet.SEGMENTS_MAX;

    /** The fewest frames of a ring per worker, if there are many workers. */
    private static final int RING_FRAMES_MIN = 128;

    static Sizing of(FastPathSettings settings, BitSet cpus) throws CommitException {
        CoreAssignment cores = CoreAssignment.of(cpus, Cpus::threadsOfCore, settings);
        int workers = cores.cores().size();
        Choice buffers = buffers(settings, workers);
        Choice ring = ringFrames(settings, workers);
        int blocks = ring.value() / PacketSocket.FRAMES_PER_BLOCK;
        List<Row> rows =
                List.of(
                        new Row("CPUs", Cpus.text(cpus), "what the router may use"),
                        new Row("workers", "" + workers, cores.from()),
                        new Row(
                                "cores of the workers",
                                text(cores.cores()),
                                cores.isPinned()
                                        ? "one each, for the workers alone"
                                        : "not pinned"),
                        new Row(
                                "CPUs of everything else",
                                Cpus.text(cores.others()),
                                "floofd, BIRD, compilers, collectors"),
                        new Row(
                                "polling mode",
                                settings.isBusy() ? "busy" : "adaptive",
                                settings.isBusy() ? "configured" : "sleeps when idle"),
                        new Row(
                                "receive queues per port",
                                "" + workers,
                                "af-packet: one per worker; frames are dealt out by flow"),
                        new Row("frames per receive queue", "" + ring.value(), ring.from()),
                        new Row(
                                "memory per receive queue",
                                mebibytes((long) blocks * PacketSocket.BLOCK_SIZE),
                                "af-packet: rings of frames of up to 64 KiB"),
                        new Row("buffers", "" + buffers.value(), buffers.from()),
                        new Row(
                                "memory of the buffers",
                                mebibytes((long) buffers.value() * Packet.BUFFER_BYTES),
                                Packet.BUFFER_BYTES + " bytes each"));
        return new Sizing(cores, buffers.value(), ring.value(), rows);
    }

    /** A number and its reason. */
    private record Choice(int value, String from) {}

    private static Choice buffers(FastPathSettings settings, int workers) {
        // Each worker has at most one frame in flight; the other one is for packets that ports hold
        // back.
        int buffers = (workers + 1) * FRAME_BUFFERS + workers * BufferPool.AT_HAND_MAX;
        String from =
                "a frame of 64 KiB packets per worker and one to spare, and "
                        + BufferPool.AT_HAND_MAX
                        + " cached per worker";
        if (workers > 1) {
            buffers += workers * HandOver.RING_PACKETS;
            from += ", and " + HandOver.RING_PACKETS + " handed over to it";
        }
        if (settings.buffers() != null) {
            buffers = settings.buffers();
            from = "configured";
        }
        return new Choice(Math.ceilDiv(buffers, Depot.BULK) * Depot.BULK, from);
    }

    /** Of a receive queue. */
    private static Choice ringFrames(FastPathSettings settings, int workers) {
        int frames = Math.max(RING_FRAMES_MIN, PacketSocket.DEFAULT_FRAMES / workers);
        String from =
                PacketSocket.DEFAULT_FRAMES
                        + " of a port over its queues, "
                        + RING_FRAMES_MIN
                        + " at least";
        if (settings.ringFrames() != null) {
            frames = settings.ringFrames();
            from = "configured";
        }
        int blocks = Math.ceilDiv(frames, PacketSocket.FRAMES_PER_BLOCK);
        return new Choice(blocks * PacketSocket.FRAMES_PER_BLOCK, from);
    }

    /** For the operator. */
    Message.Facts facts() {
        List<List<String>> cells = new ArrayList<>();
        rows.forEach(row -> cells.add(List.of(row.name(), row.value(), row.from())));
        return new Message.Facts(List.of("name", "value", "from"), cells, Message.END);
    }

    private static String text(List<Integer> cores) {
        return String.join(" ", cores.stream().map(String::valueOf).toList());
    }

    private static String mebibytes(long sizeBytes) {
        return (sizeBytes + (1 << 19) >> 20) + " MiB";
    }
}
