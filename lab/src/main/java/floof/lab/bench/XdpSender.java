package floof.lab.bench;

import floof.base.Uninterruptibly;
import floof.linux.Mapping;
import floof.linux.xdp.XdpRing;
import floof.linux.xdp.XdpSocket;
import floof.memory.Memory;
import floof.memory.Region;
import java.nio.file.Path;
import java.util.List;

/**
 * The kernel's sending over AF_XDP and nothing else: the same frames again and again, written once,
 * with nothing received, looked at or copied by us, and no other core at work. What a router does
 * on the way comes on top, so that none is faster.
 */
final class XdpSender implements AutoCloseable {

    private static final int BURST = 256;
    private static final int CHUNK_BYTES = 2048;
    private static final int RING_SIZE = 1024;

    private final Thread thread;
    private volatile boolean isClosing;

    /**
     * Sends until it is closed.
     *
     * @param namespace that the device is in
     * @param ifindex the device, a veth: the kernel copies
     */
    XdpSender(Path namespace, int ifindex, byte[] frame, int core) {
        thread = Sending.start("xdp-sender", namespace, core, () -> send(ifindex, frame));
    }

    private void send(int ifindex, byte[] frame) {
        Mapping umem = Mapping.anonymous("frames to send", (long) BURST * CHUNK_BYTES);
        try (XdpSocket socket =
                XdpSocket.open(
                        ifindex, 0, umem.address(), umem.sizeBytes(), CHUNK_BYTES, RING_SIZE)) {
            XdpRing tx = socket.transmit();
            XdpRing completion = socket.completion();
            List<Region> regions =
                    List.of(
                            new Region("umem", umem.address(), umem.sizeBytes()),
                            region("transmit ring", tx),
                            region("completion ring", completion));
            regions.forEach(Memory::add);
            try {
                write(umem.address(), frame);
                for (int sent = 0; !isClosing; sent += BURST) {
                    burst(socket, sent, frame.length);
                }
            } finally {
                regions.forEach(Memory::remove);
            }
        } finally {
            umem.unmap();
        }
    }

    private static Region region(String name, XdpRing ring) {
        return new Region(name, ring.mapping().address(), ring.mapping().sizeBytes());
    }

    private static void write(long umem, byte[] frame) {
        for (long chunk = 0; chunk < BURST; chunk++) {
            for (int i = 0; i < frame.length; i++) {
                Memory.putByte(umem + chunk * CHUNK_BYTES + XdpSocket.FRAME_OFFSET + i, frame[i]);
            }
        }
    }

    /** The chunks' frames once, until the kernel has given all of them back. */
    private static void burst(XdpSocket socket, int sent, int length) {
        XdpRing tx = socket.transmit();
        for (int i = 0; i < BURST; i++) {
            long entry =
                    tx.entries() + (long) (sent + i & RING_SIZE - 1) * XdpRing.FRAME_ENTRY_BYTES;
            long distance = (long) XdpSocket.FRAME_OFFSET << XdpRing.CHUNK_BITS;
            Memory.putLong(entry, (long) i * CHUNK_BYTES | distance);
            Memory.putLong(entry + 8, length);
        }
        Memory.putIntRelease(tx.producer(), sent + BURST);
        XdpRing completion = socket.completion();
        while (Memory.getIntAcquire(completion.producer()) != sent + BURST) {
            socket.kick();
        }
        Memory.putIntRelease(completion.consumer(), sent + BURST);
    }

    @Override
    public void close() {
        isClosing = true;
        Uninterruptibly.join(thread);
    }
}
