package floof.testkit;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;

/** Files of libpcap: 24 bytes of header, then 16 before each frame. Thread: any. */
public final class Pcap {

    private static final int HEADER_BYTES = 24;
    private static final int RECORD_BYTES = 16;

    private Pcap() {}

    /** As tcpdump writes it here. */
    public static byte[] file(List<byte[]> frames) {
        return file(0xa1b2c3d4, ByteOrder.LITTLE_ENDIAN, frames);
    }

    public static byte[] file(int magic, ByteOrder order, List<byte[]> frames) {
        int framesBytes = frames.stream().mapToInt(frame -> RECORD_BYTES + frame.length).sum();
        ByteBuffer file = ByteBuffer.allocate(HEADER_BYTES + framesBytes).order(order);
        file.putInt(magic).putShort((short) 2).putShort((short) 4).putLong(0);
        file.putInt(65_535).putInt(1);
        for (byte[] frame : frames) {
            file.putInt(1).putInt(2).putInt(frame.length).putInt(frame.length).put(frame);
        }
        return file.array();
    }

    /** The frames of a little-endian file, which may end in the header of one. */
    public static List<byte[]> frames(byte[] file) {
        ByteBuffer all = ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN);
        all.position(HEADER_BYTES);
        List<byte[]> frames = new ArrayList<>();
        while (all.remaining() >= RECORD_BYTES) {
            byte[] frame = new byte[all.getInt(all.position() + 8)];
            all.position(all.position() + RECORD_BYTES).get(frame);
            frames.add(frame);
        }
        return frames;
    }
}
