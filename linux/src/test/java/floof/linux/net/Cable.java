package floof.linux.net;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.VarHandle;

/** Passes every frame of one packet socket to the other, the plain way; counts what it saw. */
@SuppressWarnings("restricted")
public final class Cable {

    private static final VarHandle STATUS = ValueLayout.JAVA_INT.varHandle();

    private final PacketSocket from;
    private final MemorySegment ring;
    private final TransmitBatch batch;
    private int next;
    int frames;
    int sent;
    int longest;
    int segmentSize;
    int segmentType;

    Cable(PacketSocket from, PacketSocket to) {
        this.from = from;
        this.batch = to.batch();
        this.ring =
                MemorySegment.ofAddress(from.ring().address()).reinterpret(from.ring().sizeBytes());
    }

    /** One burst; whether there was anything. */
    boolean pass() {
        int limit = Math.min(TransmitBatch.FRAMES, from.frames());
        int count = 0;
        while (count < limit && (int) STATUS.getAcquire(ring, at(count)) != 0) {
            add(at(count));
            count++;
        }
        sent += batch.send();
        for (int i = 0; i < count; i++) {
            STATUS.setRelease(ring, at(i), PacketSocket.STATUS_KERNEL);
        }
        next = (next + count) % from.frames();
        return count > 0;
    }

    private long at(int ahead) {
        return from.frameAddress((next + ahead) % from.frames()) - ring.address();
    }

    private void add(long at) {
        int length = ring.get(ValueLayout.JAVA_INT, at + PacketSocket.LENGTH);
        assert length == ring.get(ValueLayout.JAVA_INT, at + PacketSocket.LENGTH_IN_RING);
        int offset =
                Short.toUnsignedInt(
                        ring.get(ValueLayout.JAVA_SHORT, at + PacketSocket.FRAME_OFFSET));
        long header = at + offset - PacketSocket.VNET_HEADER_SIZE;
        frames++;
        if (length > longest) {
            longest = length;
            segmentType = ring.get(ValueLayout.JAVA_BYTE, header + 1);
            segmentSize =
                    Short.toUnsignedInt(ring.get(ValueLayout.JAVA_SHORT_UNALIGNED, header + 4));
        }
        batch.frame(ring.address() + header);
        batch.piece(ring.address() + at + offset, length);
    }
}
