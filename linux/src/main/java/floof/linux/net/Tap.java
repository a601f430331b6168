package floof.linux.net;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import floof.base.MacAddress;
import floof.linux.Fd;
import floof.linux.call.Syscall;
import floof.linux.error.LinuxException;
import floof.linux.system.PidFd;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * A persistent TAP device (Documentation/networking/tuntap.rst). Each frame that is read or written
 * begins with a {@code virtio_net_hdr} of 12 bytes in native order: frames may be up to 64 KiB with
 * segmentation left to do and checksums partial. Reads and writes through {@link #fd} never block.
 *
 * <p>The device keeps its carrier only while some process has its file open; a second opening would
 * be refused (EBUSY), hence descriptors are handed on ({@link PidFd#fetch}).
 */
public final class Tap implements AutoCloseable {

    /** Length of the header before each frame. */
    public static final int VNET_HEADER_SIZE = 12;

    // On the file of a TAP these two are the device's own (tun.c), in whatever namespace.
    private static final long SIOCSIFHWADDR = 0x8924;
    private static final long SIOCGIFHWADDR = 0x8927;
    private static final short ARPHRD_ETHER = 1;
    private static final long TUNSETIFF = 0x400454ca;
    private static final long TUNSETPERSIST = 0x400454cb;
    private static final long TUNSETOFFLOAD = 0x400454d0;
    private static final long TUNGETIFF = 0x800454d2;
    private static final long TUNGETVNETHDRSZ = 0x800454d7L;
    private static final long TUNSETVNETHDRSZ = 0x400454d8;
    private static final long TUNSETCARRIER = 0x400454e2;
    private static final int IFF_TAP_NO_PI_VNET_HDR = 0x0002 | 0x1000 | 0x4000;
    private static final int TUN_F_CSUM_TSO4_TSO6_ECN = 0x1 | 0x2 | 0x4 | 0x8;
    private static final int TUN_F_USO4_USO6 = 0x20 | 0x40; // since Linux 6.2

    private final String name;
    private final Fd fd;

    private Tap(String name, Fd fd) {
        this.name = name;
        this.fd = fd;
    }

    /**
     * Makes the device in the calling thread's network namespace, or attaches to the one left there
     * without an open file.
     *
     * @param name 1 to 15 bytes
     * @throws LinuxException with EBUSY if another file is attached
     */
    public static Tap open(String name) {
        Fd fd = Fd.open("/dev/net/tun", Fd.O_RDWR | Fd.O_NONBLOCK, 0);
        Tap tap = new Tap(name, fd);
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment ifreq = Ifreq.of(arena, name);
            ifreq.set(JAVA_SHORT, Ifreq.VALUE, (short) IFF_TAP_NO_PI_VNET_HDR);
            fd.ioctl(TUNSETIFF, "TUNSETIFF " + name, ifreq);
            MemorySegment size = arena.allocateFrom(JAVA_INT, VNET_HEADER_SIZE);
            fd.ioctl(TUNSETVNETHDRSZ, "TUNSETVNETHDRSZ 12", size);
            tap.valueIoctl(TUNSETPERSIST, "TUNSETPERSIST", 1);
            tap.offload();
            return tap;
        } catch (RuntimeException e) {
            fd.close();
            throw e;
        }
    }

    /**
     * One whose open file was handed to us: the device with that name.
     *
     * @throws IllegalArgumentException if the file is of another device, or its frames have another
     *     header; the descriptor is closed
     */
    public static Tap adopt(Fd fd, String name) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment ifreq = arena.allocate(Ifreq.SIZE, 8);
            fd.ioctl(TUNGETIFF, "TUNGETIFF", ifreq);
            MemorySegment size = arena.allocate(JAVA_INT);
            fd.ioctl(TUNGETVNETHDRSZ, "TUNGETVNETHDRSZ", size);
            int flags = ifreq.get(JAVA_SHORT, Ifreq.VALUE) & IFF_TAP_NO_PI_VNET_HDR;
            if (!ifreq.getString(0).equals(name)
                    || flags != IFF_TAP_NO_PI_VNET_HDR
                    || size.get(JAVA_INT, 0) != VNET_HEADER_SIZE) {
                throw new IllegalArgumentException(
                        "%s is device %s with flags 0x%x and a header of %d bytes, expected %s, 0x%x, %d"
                                .formatted(
                                        fd,
                                        ifreq.getString(0),
                                        flags,
                                        size.get(JAVA_INT, 0),
                                        name,
                                        IFF_TAP_NO_PI_VNET_HDR,
                                        VNET_HEADER_SIZE));
            }
            return new Tap(name, fd);
        } catch (RuntimeException e) {
            fd.close();
            throw e;
        }
    }

    /** The name when it was opened. */
    public String name() {
        return name;
    }

    public Fd fd() {
        return fd;
    }

    /** Tells Linux whether the link has carrier. */
    public void carrier(boolean up) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment value = arena.allocateFrom(JAVA_INT, up ? 1 : 0);
            fd.ioctl(TUNSETCARRIER, "TUNSETCARRIER " + up, value);
        }
    }

    /** The device's MAC address. */
    public MacAddress mac() {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment ifreq = Ifreq.of(arena, name);
            fd.ioctl(SIOCGIFHWADDR, "SIOCGIFHWADDR " + name, ifreq);
            return MacAddress.of(ifreq.asSlice(Ifreq.VALUE + 2, 6).toArray(JAVA_BYTE));
        }
    }

    /** Gives the device a MAC address; it may be up. */
    public void setMac(MacAddress mac) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment ifreq = Ifreq.of(arena, name);
            ifreq.set(JAVA_SHORT, Ifreq.VALUE, ARPHRD_ETHER);
            MemorySegment.copy(mac.bytes(), 0, ifreq, JAVA_BYTE, Ifreq.VALUE + 2, 6);
            fd.ioctl(SIOCSIFHWADDR, "SIOCSIFHWADDR " + mac, ifreq);
        }
    }

    @Override
    public void close() {
        fd.close();
    }

    /** UDP segmentation goes without saying on new kernels; older ones refuse the unknown bits. */
    private void offload() {
        long result =
                Syscall.call(
                        Syscall.IOCTL,
                        fd.number(),
                        TUNSETOFFLOAD,
                        TUN_F_CSUM_TSO4_TSO6_ECN | TUN_F_USO4_USO6);
        if (result < 0) {
            valueIoctl(TUNSETOFFLOAD, "TUNSETOFFLOAD", TUN_F_CSUM_TSO4_TSO6_ECN);
        }
    }

    private void valueIoctl(long request, String call, int value) {
        Syscall.check(
                Syscall.call(Syscall.IOCTL, fd.number(), request, value), "ioctl", fd, call, value);
    }
}
