package floof.lab.bench;

import floof.base.Family;
import floof.dataplane.Rehearsal;
import floof.engine.Frame;
import floof.engine.Generator;
import floof.engine.Packet;
import floof.memory.Memory;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The loop whose time is a row: the generator writes a frame, the graph forwards it, over and over.
 * After each slice the packets of the last frame are looked at: they must be what a router makes of
 * what was written.
 *
 * <p>Hot: frame by frame in the same few buffers. Cold: first all frames of the slice are written,
 * each into buffers of its own, then all are forwarded.
 *
 * <p>Thread: one.
 */
final class Loop {

    /** Packets of a slice: about a millisecond. */
    static final int PACKETS = 64 * Frame.SIZE;

    /** For the largest slice, and for the generator alone. */
    static final int BUFFERS = PACKETS + Frame.SIZE;

    private static final int IP = 14;

    private final Rehearsal rehearsal;
    private final @Nullable Workload workload;
    private final int size;
    private final Frame[] written;
    private final Frame own = new Frame();
    private final long[] last = new long[Frame.SIZE];

    /** Of the packets that were looked at, one more than the member of their way that each took. */
    private final byte[] members;

    /** How many of them took each member. */
    private final long[] taken;

    private double generatorNs;

    /**
     * @param workload null: packets of all kinds, whose fate is not looked at
     * @param size packets per frame
     */
    Loop(Rehearsal rehearsal, @Nullable Workload workload, int size, boolean isCold) {
        this.rehearsal = rehearsal;
        this.workload = workload;
        this.size = size;
        members = new byte[workload == null ? 0 : workload.destinations()];
        taken = new long[workload == null ? 0 : workload.ways().members()];
        written = new Frame[isCold ? PACKETS / size : 0];
        for (int i = 0; i < written.length; i++) {
            written[i] = new Frame();
        }
    }

    /** Nanoseconds per packet of the slice, the generator's left out. */
    double slice() {
        return written.length == 0 ? hot() : cold();
    }

    /** What the generator alone took per packet of the last slice. */
    double generatorNs() {
        return generatorNs;
    }

    private double hot() {
        long before = rehearsal.sent();
        long start = System.nanoTime();
        for (int i = size; i < PACKETS; i += size) {
            rehearsal.receive(size);
            rehearsal.forward();
        }
        int position = rehearsal.generator().next();
        rehearsal.receive(size);
        keep(rehearsal.received());
        rehearsal.forward();
        double wholeNs = (double) (System.nanoTime() - start) / PACKETS;
        check(position, rehearsal.sent() - before);
        alone();
        return wholeNs - generatorNs;
    }

    private void alone() {
        Generator generator = rehearsal.generator();
        generator.receive(own, size);
        long start = System.nanoTime();
        for (int i = 0; i < PACKETS; i += size) {
            rehearsal.readClock(); // the loop's own, and no node's
            generator.rewrite(own);
        }
        generatorNs = (double) (System.nanoTime() - start) / PACKETS;
        rehearsal.giveBack(own);
    }

    private double cold() {
        Generator generator = rehearsal.generator();
        long before = rehearsal.sent();
        long start = System.nanoTime();
        int position = 0;
        for (Frame frame : written) {
            position = generator.next();
            generator.receive(frame, size);
        }
        long middle = System.nanoTime();
        keep(written[written.length - 1]);
        for (Frame frame : written) {
            rehearsal.forward(frame);
            frame.clear();
        }
        double forwardNs = (double) (System.nanoTime() - middle) / PACKETS;
        generatorNs = (double) (middle - start) / PACKETS;
        check(position, rehearsal.sent() - before);
        return forwardNs;
    }

    private void keep(Frame frame) {
        System.arraycopy(frame.packets, 0, last, 0, frame.count);
    }

    /** All packets were sent, and the last ones left as they had to. */
    private void check(int position, long sent) {
        Workload expected = workload;
        if (expected == null) {
            return;
        }
        if (sent != PACKETS) {
            throw new IllegalStateException(sent + " packets of " + PACKETS + " were sent");
        }
        for (int i = 0; i < size; i++) {
            long data = Packet.data(last[i]);
            int packet = (position + i) % expected.traffic().count();
            checkNextHop(expected, data, packet);
            if (expected.family() == Family.IP4) {
                checkIp4(data + IP);
            } else {
                expect("hop limit", Memory.getByte(data + IP + 7), 63);
            }
            checkWords(expected, data, packet);
        }
    }

    /** A neighbour of the packet's way; of several, always the same one for one packet. */
    private void checkNextHop(Workload expected, long data, int packet) {
        Ways ways = expected.ways();
        int way = expected.way(packet);
        int neighbour = (int) ((Memory.getLongBe(data) >>> 16) - Rehearsal.mac(0).value());
        int member = ways.member(way, neighbour);
        if (member >= ways.members()) {
            throw new IllegalStateException("a packet of way " + way + " left by " + neighbour);
        }
        expect("destination MAC", Memory.getLongBe(data) >>> 16, Rehearsal.mac(neighbour).value());
        long source = Memory.getLongBe(data + 4) & 0xffff_ffff_ffffL;
        expect("source MAC", source, Rehearsal.router(ways.port(neighbour)).value());
        byte before = members[packet % members.length];
        expect("another member", member + 1, before == 0 ? member + 1 : before);
        taken[member] += before == 0 ? 1 : 0;
        members[packet % members.length] = (byte) (member + 1);
    }

    /** Equal next hops got about equal parts of the flows that were looked at. */
    void checkSpread() {
        long all = Arrays.stream(taken).sum();
        for (long part : taken) {
            if (part * taken.length < all / 2 || part * taken.length > 2 * all) {
                throw new IllegalStateException("flows by member: " + Arrays.toString(taken));
            }
        }
    }

    private static void checkIp4(long ip) {
        expect("TTL", Memory.getByte(ip + 8), 63);
        int sum = 0;
        for (int i = 0; i < 20; i += 2) {
            sum += Memory.getShortBe(ip + i) & 0xffff;
        }
        expect("sum of the header", (sum & 0xffff) + (sum >>> 16), 0xffff);
    }

    /** The addresses are those of this packet of the traffic. */
    private static void checkWords(Workload workload, long data, int packet) {
        if (workload.destinations() == 1) {
            return;
        }
        if (workload.family() == Family.IP4) {
            long addresses = Memory.getLong(data + Workload.IP4_ADDRESSES);
            expect("addresses", addresses, workload.traffic().word(packet, 0));
        } else {
            for (int word = 0; word < 2; word++) {
                long half = Memory.getLong(data + Workload.IP6_DESTINATION + 8L * word);
                expect("destination", half, workload.traffic().word(packet, word));
            }
        }
    }

    private static void expect(String what, long value, long expected) {
        if (value != expected) {
            throw new IllegalStateException(
                    "a packet left with "
                            + what
                            + " "
                            + Long.toHexString(value)
                            + "; expected "
                            + Long.toHexString(expected));
        }
    }
}
