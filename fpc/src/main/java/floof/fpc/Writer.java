package floof.fpc;

import floof.base.Family;
import floof.base.InterfaceAddress;
import floof.base.IpAddress;
import floof.base.MacAddress;
import floof.base.Prefix;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Appends fields to a message; the twin of {@link Reader}. */
record Writer(ByteBuffer out) {

    void u8(int value) {
        out.put((byte) value);
    }

    void u16(int value) {
        out.putShort((short) value);
    }

    void i32(int value) {
        out.putInt(value);
    }

    void u32(long value) {
        out.putInt((int) value);
    }

    void u64(long value) {
        out.putLong(value);
    }

    void truth(boolean value) {
        u8(value ? 1 : 0);
    }

    void one(Enum<?> value) {
        u8(value.ordinal());
    }

    void text(String value) {
        byte[] bytes = value.getBytes(StandardCharsets.UTF_8);
        u16(bytes.length);
        out.put(bytes);
    }

    void address(@Nullable IpAddress value) {
        if (value == null) {
            u8(0);
        } else if (value.family() == Family.IP4) {
            u8(4);
            u32(value.low());
        } else {
            u8(6);
            u64(value.high());
            u64(value.low());
        }
    }

    void interfaceAddress(InterfaceAddress value) {
        address(value.address());
        u8(value.length());
    }

    void prefix(Prefix value) {
        address(value.address());
        u8(value.length());
    }

    void mac(MacAddress value) {
        u16((int) (value.value() >>> 32));
        u32(value.value());
    }

    <T> void list(Collection<T> values, Consumer<T> element) {
        u16(values.size());
        values.forEach(element);
    }
}
