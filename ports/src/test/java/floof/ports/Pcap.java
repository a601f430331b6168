package floof.ports;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;

/** Just enough of libpcap's format: 24 bytes of header, then 16 before each frame. */
final class Pcap {

    static byte[] file(List<byte[]> frames) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        ByteBuffer header = buffer(24);
        header.putInt(0xa1b2c3d4).putShort((short) 2).putShort((short) 4);
        header.putInt(0).putInt(0).putInt(65535).putInt(1);
        bytes.write(header.array());
        for (byte[] frame : frames) {
            ByteBuffer record = buffer(16);
            record.putInt(1).putInt(2).putInt(frame.length).putInt(frame.length);
            bytes.write(record.array());
            bytes.write(frame);
        }
        return bytes.toByteArray();
    }

    static List<byte[]> frames(byte[] file) {
        ByteBuffer all = ByteBuffer.wrap(file);
        all.order(ByteOrder.LITTLE_ENDIAN).position(24);
        List<byte[]> frames = new ArrayList<>();
        while (all.hasRemaining()) {
            byte[] frame = new byte[all.getInt(all.position() + 8)];
            all.position(all.position() + 16);
            all.get(frame);
            frames.add(frame);
        }
        return frames;
    }

    private static ByteBuffer buffer(int size) {
        return ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN);
    }
}
