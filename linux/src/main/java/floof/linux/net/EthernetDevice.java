package floof.linux.net;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import floof.linux.call.Syscall;
import floof.linux.error.LinuxException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * A device of the network namespace in which it was opened (netdevice(7)): its number, its state,
 * its queues. As long as it is open, the device takes every frame, whoever it is for.
 *
 * <p>Thread: any.
 */
public final class EthernetDevice implements AutoCloseable {

    private static final long SIOCGIFFLAGS = 0x8913;
    private static final long SIOCGIFINDEX = 0x8933;
    private static final long SIOCETHTOOL = 0x8946;
    private static final int ETHTOOL_GDRVINFO = 0x3;
    private static final int ETHTOOL_GCHANNELS = 0x3c;
    private static final int IFF_UP_RUNNING = 0x1 | 0x40;
    private static final int PACKET_ADD_MEMBERSHIP = 1;
    private static final int PACKET_MR_PROMISC = 1;

    private final Socket socket;
    private final MemorySegment flags;
    private final int index;
    private boolean isClosed;

    private EthernetDevice(Socket socket, MemorySegment flags, int index) {
        this.socket = socket;
        this.flags = flags;
        this.index = index;
    }

    /**
     * @param name 1 to 15 bytes
     * @throws LinuxException with ENODEV if there is no such device
     */
    public static EthernetDevice open(String name) {
        // Protocol 0: a packet socket that receives nothing.
        Socket socket = Socket.open(Socket.AF_PACKET, Socket.SOCK_RAW, 0, "device " + name);
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment ifreq = Ifreq.of(arena, name);
            socket.fd().ioctl(SIOCGIFINDEX, "SIOCGIFINDEX " + name, ifreq);
            int index = ifreq.get(JAVA_INT, Ifreq.VALUE);
            socket.option(
                    Socket.SOL_PACKET,
                    PACKET_ADD_MEMBERSHIP,
                    promiscuous(arena, index),
                    "PACKET_MR_PROMISC");
            return new EthernetDevice(socket, Ifreq.of(Arena.ofAuto(), name), index);
        } catch (RuntimeException e) {
            socket.close();
            throw e;
        }
    }

    /** {@code struct packet_mreq}: 0 int ifindex, 4 u16 type, 6 u16 length, 8 address. */
    private static MemorySegment promiscuous(Arena arena, int ifindex) {
        MemorySegment request = arena.allocate(16, 4);
        request.set(JAVA_INT, 0, ifindex);
        request.set(JAVA_SHORT, 4, (short) PACKET_MR_PROMISC);
        return request;
    }

    /** Its number in its namespace. */
    public int index() {
        return index;
    }

    /** Whether it is up and has carrier; not when it is gone. Allocates nothing. */
    public synchronized boolean isRunning() {
        return !isClosed
                && Syscall.call(Syscall.IOCTL, socket.fd().number(), SIOCGIFFLAGS, flags.address())
                        == 0
                && (flags.get(JAVA_SHORT, Ifreq.VALUE) & IFF_UP_RUNNING) == IFF_UP_RUNNING;
    }

    /** Receive queues in use (ethtool -l); 1 where the device does not say. */
    public int receiveQueues() {
        try (Arena arena = Arena.ofConfined()) {
            // struct ethtool_channels, u32 each: 0 command, 20 receive, 32 combined.
            MemorySegment channels = arena.allocate(36, 8);
            channels.set(JAVA_INT, 0, ETHTOOL_GCHANNELS);
            long result = ethtool(arena, channels);
            int queues = channels.get(JAVA_INT, 20) + channels.get(JAVA_INT, 32);
            return result < 0 ? 1 : Math.max(1, queues);
        }
    }

    /** Name of its driver (ethtool -i): veth, tun, virtio_net ...; empty where it does not say. */
    public String driver() {
        try (Arena arena = Arena.ofConfined()) {
            // struct ethtool_drvinfo: 0 u32 command, 4 char driver[32]
            MemorySegment information = arena.allocate(196, 8);
            information.set(JAVA_INT, 0, ETHTOOL_GDRVINFO);
            return ethtool(arena, information) < 0 ? "" : information.getString(4);
        }
    }

    private long ethtool(Arena arena, MemorySegment request) {
        MemorySegment ifreq = arena.allocate(Ifreq.SIZE, 8).copyFrom(flags);
        ifreq.set(ADDRESS, Ifreq.VALUE, request);
        return Syscall.call(Syscall.IOCTL, socket.fd().number(), SIOCETHTOOL, ifreq.address());
    }

    @Override
    public synchronized void close() {
        if (!isClosed) {
            isClosed = true;
            socket.close();
        }
    }
}
