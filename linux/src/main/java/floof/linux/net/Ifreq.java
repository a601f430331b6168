package floof.linux.net;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;

/** {@code struct ifreq} (netdevice(7)): 0 char name[16], 16 a value by request; 40 bytes. */
final class Ifreq {

    static final int SIZE = 40;
    static final int VALUE = 16;

    private Ifreq() {}

    static MemorySegment of(Arena arena, String device) {
        int length = device.getBytes(StandardCharsets.UTF_8).length;
        if (length == 0 || length >= VALUE) {
            throw new IllegalArgumentException(
                    "device name '" + device + "' has " + length + " bytes, expected 1 to 15");
        }
        MemorySegment ifreq = arena.allocate(SIZE, 8);
        ifreq.setString(0, device);
        return ifreq;
    }
}
