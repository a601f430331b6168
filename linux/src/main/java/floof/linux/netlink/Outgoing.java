package floof.linux.netlink;

import floof.base.IpAddress;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** A message being written. */
final class Outgoing {
    private ByteBuffer bytes = ByteBuffer.allocate(256).order(ByteOrder.nativeOrder());
    private final int type;
    private final int flags;
    private final String subject;

    /**
     * @param subject what it is about, for errors
     */
    Outgoing(int type, int flags, String subject) {
        this.type = type;
        this.flags = flags | Netlink.NLM_F_REQUEST;
        this.subject = subject;
        bytes.position(Netlink.HEADER_BYTES);
    }

    private ByteBuffer room(int sizeBytes) {
        if (bytes.remaining() < sizeBytes) {
            ByteBuffer larger =
                    ByteBuffer.allocate(2 * bytes.capacity() + sizeBytes)
                            .order(ByteOrder.nativeOrder());
            bytes = larger.put(bytes.flip());
        }
        return bytes;
    }

    Outgoing u8(int value) {
        room(1).put((byte) value);
        return this;
    }

    Outgoing u16(int value) {
        room(2).putShort((short) value);
        return this;
    }

    Outgoing i32(int value) {
        room(4).putInt(value);
        return this;
    }

    Outgoing attribute(int number, byte[] payload) {
        int length = 4 + payload.length;
        if (length > 0xffff) {
            throw new IllegalArgumentException(
                    this + ": attribute " + number + " of " + length + " bytes; at most 65535");
        }
        room(Netlink.aligned(length)).putShort((short) length).putShort((short) number);
        bytes.put(payload).put(new byte[Netlink.aligned(length) - length]);
        return this;
    }

    Outgoing attribute(int number, IpAddress address) {
        return attribute(number, address.bytes());
    }

    Outgoing attribute(int number, int value) {
        return attribute(
                number,
                ByteBuffer.allocate(4).order(ByteOrder.nativeOrder()).putInt(value).array());
    }

    /** Text with its NUL. */
    Outgoing attribute(int number, String text) {
        byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
        return attribute(number, Arrays.copyOf(utf8, utf8.length + 1));
    }

    /** What was written after {@code from}, taken back to be the payload of an attribute. */
    byte[] takeFrom(int from) {
        byte[] taken = Arrays.copyOfRange(bytes.array(), from, bytes.position());
        bytes.position(from);
        return taken;
    }

    int position() {
        return bytes.position();
    }

    byte[] finished(int sequence) {
        bytes.putInt(0, bytes.position()).putShort(4, (short) type).putShort(6, (short) flags);
        bytes.putInt(8, sequence);
        return Arrays.copyOf(bytes.array(), bytes.position());
    }

    @Override
    public String toString() {
        return Netlink.name(type) + (subject.isEmpty() ? "" : " " + subject);
    }
}
