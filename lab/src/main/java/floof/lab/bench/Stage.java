package floof.lab.bench;

import floof.dataplane.Rehearsal;
import floof.engine.Frame;
import floof.engine.Packet;
import floof.engine.Traffic;
import floof.tables.LayoutException;
import floof.tables.Limits;
import floof.tables.Tables;
import java.io.IOException;

/** A {@link Rehearsal} with tables and buffers of its own, on huge pages where they can be had. */
public final class Stage implements AutoCloseable {

    private static final int WARM_UP_SLICES = 150;

    /** Tables as in production, with roots of 24 and 19 bits. */
    public static final Limits SMALL = limits(1 << 15, 1 << 15, 16 << 20);

    /** For a million IPv4 routes. */
    public static final Limits IP4_MANY = limits(1 << 20, 64, 16 << 20);

    /** For a million IPv6 routes. */
    public static final Limits IP6_MANY = limits(64, 1 << 20, 256 << 20);

    private final Held tables;
    private final Held buffers;
    private final Rehearsal rehearsal;

    /**
     * @param traffic closed with this
     */
    public Stage(Limits limits, Traffic traffic) throws IOException, LayoutException {
        tables = new Held("tables", Tables.fileBytes(limits));
        buffers = new Held("buffers", (long) Loop.BUFFERS * Packet.BUFFER_BYTES);
        rehearsal = new Rehearsal(tables.region, limits, buffers.region, Loop.BUFFERS, traffic);
    }

    private static Limits limits(int ip4Routes, int ip6Routes, long blockBytes) {
        return new Limits(ip4Routes, ip6Routes, blockBytes, 64, 32, 8, 8, 1, 1, 24, 19);
    }

    public Rehearsal rehearsal() {
        return rehearsal;
    }

    /**
     * Sends packets of all kinds through all nodes, as a graph that has seen one kind only is
     * compiled for it alone.
     */
    public static void warmUp() throws IOException, LayoutException {
        try (Stage stage = new Stage(Rehearsal.LIMITS, Traffic.of(Rehearsal.mixture()))) {
            for (int size : new int[] {Frame.SIZE, 8, 1}) {
                for (boolean isCold : new boolean[] {false, true}) {
                    warmUp(new Loop(stage.rehearsal, null, size, isCold));
                }
            }
        }
    }

    static void warmUp(Loop loop) {
        for (int i = 0; i < WARM_UP_SLICES; i++) {
            loop.slice();
        }
    }

    @Override
    public void close() {
        rehearsal.close();
        buffers.close();
        tables.close();
    }
}
