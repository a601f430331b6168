package floof.fpc;

import floof.base.Family;
import floof.base.InterfaceAddress;
import floof.base.IpAddress;
import floof.base.MacAddress;
import floof.base.Prefix;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Appends fields to a message; the twin of {@link Reader}. */
record Writer(ByteBuffer out) {

    Writer u8(int value) {
        out.put((byte) value);
        return this;
    }

    Writer u16(int value) {
        out.putShort((short) value);
        return this;
    }

    Writer i32(int value) {
        out.putInt(value);
        return this;
    }

    Writer u32(long value) {
        out.putInt((int) value);
        return this;
    }

    Writer u64(long value) {
        out.putLong(value);
        return this;
    }

    Writer truth(boolean value) {
        return u8(value ? 1 : 0);
    }

    Writer one(Enum<?> value) {
        return u8(value.ordinal());
    }

    Writer text(String value) {
        if (Check.isAscii(value)) {
            u16(value.length());
            for (int i = 0; i < value.length(); i++) {
                out.put((byte) value.charAt(i));
            }
            return this;
        }
        byte[] bytes = value.getBytes(StandardCharsets.UTF_8);
        u16(bytes.length);
        out.put(bytes);
        return this;
    }

    Writer address(@Nullable IpAddress value) {
        if (value == null) {
            return u8(0);
        }
        if (value.family() == Family.IP4) {
            return u8(4).u32(value.low());
        }
        return u8(6).u64(value.high()).u64(value.low());
    }

    Writer interfaceAddress(InterfaceAddress value) {
        return address(value.address()).u8(value.length());
    }

    Writer prefix(Prefix value) {
        return address(value.address()).u8(value.length());
    }

    Writer mac(MacAddress value) {
        return u16((int) (value.value() >>> 32)).u32(value.value());
    }

    <T> Writer list(List<T> values, Consumer<T> element) {
        u16(values.size());
        values.forEach(element);
        return this;
    }
}
