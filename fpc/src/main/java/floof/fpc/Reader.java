package floof.fpc;

import floof.base.InterfaceAddress;
import floof.base.IpAddress;
import floof.base.MacAddress;
import floof.base.Prefix;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Reads the fields of one message strictly; every error names its field. */
record Reader(String message, ByteBuffer body) {

    private MalformedMessage fault(String field, Object value, String expectation) {
        return new MalformedMessage(message + "." + field, value, expectation);
    }

    private void need(String field, int sizeBytes) {
        if (body.remaining() < sizeBytes) {
            throw fault(field, body.remaining() + " bytes left", sizeBytes + " bytes");
        }
    }

    /** Checks that nothing is left. */
    void end() {
        if (body.hasRemaining()) {
            throw new MalformedMessage(
                    message, body.remaining() + " bytes after the last field", "none");
        }
    }

    int u8(String field) {
        need(field, 1);
        return body.get() & 0xff;
    }

    int u16(String field) {
        need(field, 2);
        return body.getShort() & 0xffff;
    }

    int i32(String field) {
        need(field, 4);
        return body.getInt();
    }

    long u32(String field) {
        return i32(field) & Check.U32_MAX;
    }

    long u64(String field) {
        need(field, 8);
        return body.getLong();
    }

    boolean truth(String field) {
        int value = u8(field);
        if (value > 1) {
            throw fault(field, value, "0 or 1");
        }
        return value == 1;
    }

    Enum<?> one(String field, Enum<?>[] values) {
        int value = u8(field);
        if (value >= values.length) {
            throw fault(field, value, "0.." + (values.length - 1));
        }
        return values[value];
    }

    private byte[] bytes(String field, int sizeBytes) {
        need(field, sizeBytes);
        byte[] bytes = new byte[sizeBytes];
        body.get(bytes);
        return bytes;
    }

    String text(String field) {
        int sizeBytes = u16(field);
        need(field, sizeBytes);
        ByteBuffer bytes = body.slice(body.position(), sizeBytes);
        body.position(body.position() + sizeBytes);
        try {
            return StandardCharsets.UTF_8.newDecoder().decode(bytes).toString();
        } catch (CharacterCodingException e) {
            throw fault(field, "text of " + sizeBytes + " bytes", "UTF-8");
        }
    }

    @Nullable IpAddress addressOrNone(String field) {
        int version = u8(field);
        return switch (version) {
            case 0 -> null;
            case 4 -> IpAddress.of(bytes(field, 4));
            case 6 -> IpAddress.of(bytes(field, 16));
            default -> throw fault(field, "address of version " + version, "0, 4 or 6");
        };
    }

    IpAddress address(String field) {
        IpAddress address = addressOrNone(field);
        if (address == null) {
            throw fault(field, "no address", "an address");
        }
        return address;
    }

    InterfaceAddress interfaceAddress(String field) {
        IpAddress address = address(field);
        int length = u8(field);
        return based(field, () -> new InterfaceAddress(address, length));
    }

    Prefix prefix(String field) {
        IpAddress address = address(field);
        int length = u8(field);
        return based(field, () -> new Prefix(address, length));
    }

    /** The classes of floof.base check their values; this adds the field's name. */
    private <T> T based(String field, Supplier<T> value) {
        try {
            return value.get();
        } catch (IllegalArgumentException e) {
            throw fault(field, String.valueOf(e.getMessage()), "a valid one");
        }
    }

    MacAddress mac(String field) {
        return MacAddress.of(bytes(field, 6));
    }

    <T> List<T> list(String field, Supplier<T> element) {
        int count = u16(field);
        // Each element takes at least a byte, so a false count cannot make a list longer than the
        // body.
        need(field, count);
        List<T> list = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            list.add(element.get());
        }
        return list;
    }
}
