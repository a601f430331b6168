package floof.ports;

import floof.linux.Fd;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * A message of memif 2.0 on the control socket: 128 bytes, little endian, packed.
 *
 * <pre>
 * 0 u16 type, then
 * HELLO       2 u8[32] name   34 u16 least version   36 u16 greatest version   38 u16 last region
 *            40 u16 last ring to the client   42 u16 last ring to the server   44 u8 log2 of the ring size
 * INIT        2 u16 version   4 u32 id   8 u8 mode (0 = Ethernet)   9 u8[24] secret   33 u8[32] name
 * ADD_REGION  2 u16 index   4 u64 size                                    and its memfd
 * ADD_RING    2 u16 flags (1 = to the server)   4 u16 index   6 u16 region   8 u32 offset
 *            12 u8 log2 of its size   13 u16 private bytes                and its eventfd
 * CONNECT     2 u8[32] interface      CONNECTED   the same
 * DISCONNECT  2 u32 code   6 u8[96] why
 * </pre>
 *
 * @param fd passed with the message
 */
record MemifMessage(ByteBuffer bytes, @Nullable Fd fd) {

    static final int SIZE_BYTES = 128;
    static final short VERSION = 0x0200;
    static final int NAME_BYTES = 32;
    static final int REASON_BYTES = 96;
    static final int TO_SERVER = 1;

    static final int ACK = 1;
    static final int HELLO = 2;
    static final int INIT = 3;
    static final int ADD_REGION = 4;
    static final int ADD_RING = 5;
    static final int CONNECT = 6;
    static final int CONNECTED = 7;
    static final int DISCONNECT = 8;

    /** Starts a message; the caller appends to {@link #bytes}. */
    static MemifMessage of(int type, @Nullable Fd fd) {
        ByteBuffer bytes = ByteBuffer.allocate(SIZE_BYTES).order(ByteOrder.LITTLE_ENDIAN);
        return new MemifMessage(bytes.putShort((short) type), fd);
    }

    static MemifMessage of(int type) {
        return of(type, null);
    }

    static MemifMessage hello(String name) {
        MemifMessage hello = of(HELLO).text(name, NAME_BYTES);
        hello.bytes.putShort(VERSION).putShort(VERSION);
        hello.bytes.putShort((short) (MemifMemory.REGIONS_MAX - 1));
        hello.bytes.putShort((short) 0).putShort((short) 0);
        hello.bytes.put((byte) MemifRing.LOG2_SIZE_MAX);
        return hello;
    }

    static MemifMessage init(int id, String name) {
        MemifMessage init = of(INIT);
        init.bytes.putShort(VERSION).putInt(id).put((byte) 0).position(33);
        return init.text(name, NAME_BYTES);
    }

    static MemifMessage region(int index, long sizeBytes, Fd fd) {
        MemifMessage region = of(ADD_REGION, fd);
        region.bytes.putShort((short) index).putLong(sizeBytes);
        return region;
    }

    /** A ring in region 0. */
    static MemifMessage ring(int flags, long offset, int size, Fd fd) {
        MemifMessage ring = of(ADD_RING, fd);
        ring.bytes.putShort((short) flags).putShort((short) 0).putShort((short) 0);
        ring.bytes.putInt((int) offset).put((byte) Integer.numberOfTrailingZeros(size));
        return ring;
    }

    static MemifMessage disconnect(String why) {
        MemifMessage disconnect = of(DISCONNECT);
        disconnect.bytes.putInt(0);
        return disconnect.text(why, REASON_BYTES);
    }

    /** Appends a text, truncated if too long, with a final zero. */
    MemifMessage text(String text, int sizeBytes) {
        byte[] raw = text.getBytes(StandardCharsets.UTF_8);
        int end = bytes.position() + sizeBytes;
        bytes.put(raw, 0, Math.min(raw.length, sizeBytes - 1)).position(end);
        return this;
    }

    int type() {
        return bytes.getShort(0);
    }

    int u8(int offset) {
        return bytes.get(offset) & 0xff;
    }

    int u16(int offset) {
        return bytes.getShort(offset) & 0xffff;
    }

    /** Reads a text up to its first zero; replaces unprintable characters. */
    String text(int offset, int sizeBytes) {
        String text = new String(bytes.array(), offset, sizeBytes, StandardCharsets.UTF_8);
        int end = text.indexOf(0);
        return (end < 0 ? text : text.substring(0, end)).replaceAll("[^\\x20-\\x7e]", "?");
    }
}
