package floof.linux.net;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import floof.linux.Fd;
import floof.linux.Mapping;
import floof.linux.call.Syscall;
import floof.linux.error.LinuxException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;

/**
 * All frames of one device, both ways (packet(7)): received in a ring of frames mapped from the
 * kernel (TPACKET_V2, Documentation/networking/packet_mmap.rst), sent by a {@link TransmitBatch}.
 *
 * <p>Version 2 shows each frame at once; version 3 holds frames back until a block is full or its
 * timer ends. Frames come as the device gives them to Linux: up to 64 KiB with segmentation left to
 * do and checksums partial, described by a {@code virtio_net_hdr} of 10 bytes in native order right
 * before the frame. Received VLAN tags lie in the ring's header. Why frames are not sent by a ring:
 * docs/decisions/003-packet-socket-transmit.md.
 *
 * <p>A frame of the ring, starting at {@link #frameAddress} (include/uapi/linux/if_packet.h):
 *
 * <pre>
 *  0 u32 status   4 u32 length   8 u32 length in the ring   12 u16 offset of the frame
 * 14 u16 offset of layer 3      24 u16 VLAN TCI             26 u16 VLAN TPID
 * </pre>
 *
 * <p>Thread: the one that owns the port; {@link #drops}, {@link #isRunning} any.
 */
public final class PacketSocket implements AutoCloseable {

    /** Length of the header before each frame. */
    public static final int VNET_HEADER_SIZE = 10;

    /** 64 KiB of segmented frame, its link-layer header and the ring's own: 17 pages. */
    public static final int FRAME_SIZE = 17 * 4096;

    /** A block of physically contiguous memory; 30 frames leave 8 KiB of it unused. */
    public static final int BLOCK_SIZE = 2 << 20;

    public static final int FRAMES_PER_BLOCK = BLOCK_SIZE / FRAME_SIZE;

    /** Frames in the ring unless told otherwise. */
    public static final int DEFAULT_FRAMES = 512;

    public static final int STATUS = 0;
    public static final int LENGTH = 4;
    public static final int LENGTH_IN_RING = 8;
    public static final int FRAME_OFFSET = 12;
    public static final int VLAN_TCI = 24;
    public static final int VLAN_TPID = 26;

    /** Value of {@link #STATUS}: the kernel owns the frame. */
    public static final int STATUS_KERNEL = 0;

    /** Bit of {@link #STATUS}: the frame is ours. */
    public static final int STATUS_USER = 1;

    /** Bits of {@link #STATUS}: the frame had a VLAN tag; its TPID is given too. */
    public static final int STATUS_VLAN_VALID = 1 << 4;

    public static final int STATUS_VLAN_TPID_VALID = 1 << 6;

    private static final int SO_ERROR = 4;
    private static final int SO_ATTACH_FILTER = 26;
    private static final int SO_DETACH_FILTER = 27;
    private static final int ETH_P_ALL = 3;
    private static final int PACKET_RX_RING = 5;
    private static final int PACKET_STATISTICS = 6;
    private static final int PACKET_VERSION = 10;
    private static final int PACKET_VNET_HDR = 15;
    private static final int PACKET_FANOUT = 18;
    private static final int PACKET_QDISC_BYPASS = 20;
    private static final int PACKET_IGNORE_OUTGOING = 23;
    private static final int TPACKET_V2 = 1;
    private static final int FANOUT_HASH = 0;
    private static final int FANOUT_UNIQUE_ID = 0x2000;
    private static final int FANOUT_IGNORE_OUTGOING = 0x4000;
    private static final int NEW_GROUP = -1;
    private static final int SEND_BUFFER = 16 << 20;

    private final EthernetDevice device;
    private final Socket socket;
    private final Mapping ring;
    private final int frames;
    private final MemorySegment statistics = Arena.ofAuto().allocate(8, 4);
    private final MemorySegment error = Arena.ofAuto().allocate(JAVA_INT);
    private final MemorySegment errorSize = Arena.ofAuto().allocate(JAVA_INT);
    private long drops;
    private boolean closed;

    private PacketSocket(EthernetDevice device, Socket socket, Mapping ring, int frames) {
        this.device = device;
        this.socket = socket;
        this.ring = ring;
        this.frames = frames;
    }

    /**
     * Takes all frames of a device of the calling thread's network namespace, in promiscuous mode.
     * What we send ourselves is not received.
     *
     * @param device its name
     * @param frames least number in the ring; rounded up to whole blocks
     * @throws LinuxException with ENODEV if there is no such device
     */
    public static PacketSocket open(String device, int frames) {
        return open(device, frames, false);
    }

    /**
     * Takes all frames of a device with several sockets that share them by flow (PACKET_FANOUT):
     * the same flow, both directions of it, always comes by the same socket. Fragments go by their
     * addresses alone, the first one too, and are not put together: that would change what is
     * forwarded (net/packet/af_packet.c, fanout_demux_hash). Frames without an IP header all come
     * by one.
     *
     * @param device its name
     * @param frames least number in the ring of each
     * @param count 1 to 256
     */
    public static List<PacketSocket> openGroup(String device, int frames, int count) {
        return openGroup(device, frames, count, NEW_GROUP);
    }

    /**
     * As above.
     *
     * @param id of the group, which the kernel chooses if it is {@link #NEW_GROUP}. 0 is an id: it
     *     is the first one that a kernel chooses after it booted
     */
    static List<PacketSocket> openGroup(String device, int frames, int count, int id) {
        List<PacketSocket> group = new ArrayList<>();
        try {
            int joined = id;
            for (int i = 0; i < count; i++) {
                // Silent until all have joined: before, each one would get everything.
                PacketSocket member = open(device, frames, count > 1);
                group.add(member);
                if (count > 1) {
                    joined = member.join(joined);
                }
            }
            if (count > 1) {
                awaitFramesOnTheirWay(device);
                group.forEach(PacketSocket::hear);
            }
            return List.copyOf(group);
        } catch (RuntimeException e) {
            group.forEach(PacketSocket::close);
            throw e;
        }
    }

    /**
     * Returns once no frame is on its way to a member as it was before it joined; the group gets
     * that frame, too. Closing a packet socket waits for them (packet_release, synchronize_net).
     */
    private static void awaitFramesOnTheirWay(String device) {
        Socket.open(Socket.AF_PACKET, Socket.SOCK_RAW, 0, "packet socket of " + device).close();
    }

    /** Joins a group, or {@link #NEW_GROUP}; the group's id. */
    private int join(int id) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment value = arena.allocate(JAVA_INT);
            // The group does not take over the members' own PACKET_IGNORE_OUTGOING.
            int mode = FANOUT_HASH | FANOUT_IGNORE_OUTGOING;
            int request = id == NEW_GROUP ? (mode | FANOUT_UNIQUE_ID) << 16 : mode << 16 | id;
            value.set(JAVA_INT, 0, request);
            socket.option(Socket.SOL_PACKET, PACKET_FANOUT, value, "PACKET_FANOUT");
            return group();
        }
    }

    /** The id of the group that it has joined. */
    int group() {
        return socket.option(Socket.SOL_PACKET, PACKET_FANOUT) & 0xffff;
    }

    private void hear() {
        socket.option(Socket.SOL_SOCKET, SO_DETACH_FILTER, 0);
    }

    private static PacketSocket open(String device, int frames, boolean isSilent) {
        EthernetDevice ethernet = EthernetDevice.open(device);
        // Protocol 0: nothing is received before the socket is bound to the device.
        Socket socket =
                Socket.open(
                        Socket.AF_PACKET,
                        Socket.SOCK_RAW | Socket.SOCK_NONBLOCK,
                        0,
                        "packet socket of " + device);
        try (Arena arena = Arena.ofConfined()) {
            socket.option(Socket.SOL_PACKET, PACKET_VERSION, TPACKET_V2);
            socket.option(Socket.SOL_PACKET, PACKET_VNET_HDR, 1);
            socket.option(Socket.SOL_PACKET, PACKET_IGNORE_OUTGOING, 1);
            socket.option(Socket.SOL_PACKET, PACKET_QDISC_BYPASS, 1);
            socket.option(Socket.SOL_SOCKET, Socket.SO_SNDBUFFORCE, SEND_BUFFER);
            if (isSilent) {
                socket.option(Socket.SOL_SOCKET, SO_ATTACH_FILTER, refuseAll(arena), "refuse all");
            }
            int blocks = Math.ceilDiv(frames, FRAMES_PER_BLOCK);
            socket.option(Socket.SOL_PACKET, PACKET_RX_RING, ringRequest(arena, blocks), "RX_RING");
            socket.bind(linkLayerAddress(ethernet.index()));
            Mapping ring = Mapping.shared(socket.fd(), (long) blocks * BLOCK_SIZE, true);
            return new PacketSocket(ethernet, socket, ring, blocks * FRAMES_PER_BLOCK);
        } catch (RuntimeException e) {
            socket.close();
            ethernet.close();
            throw e;
        }
    }

    /** For poll: readable when a frame of the ring is ours. */
    public Fd fd() {
        return socket.fd();
    }

    /** The whole ring, to be made known to {@code floof.memory}. */
    public Mapping ring() {
        return ring;
    }

    public int frames() {
        return frames;
    }

    /** Where a frame of the ring starts; the kernel fills them in order, from 0. */
    public long frameAddress(int index) {
        return ring.address()
                + (long) (index / FRAMES_PER_BLOCK) * BLOCK_SIZE
                + (long) (index % FRAMES_PER_BLOCK) * FRAME_SIZE;
    }

    /** Frames lost since the start because the ring was full; as it was when it was closed. */
    public synchronized long drops() {
        // struct tpacket_stats: 0 u32 packets, 4 u32 drops; reading sets them to 0.
        if (!closed) {
            socket.option(Socket.SOL_PACKET, PACKET_STATISTICS, statistics);
            drops += Integer.toUnsignedLong(statistics.get(JAVA_INT, 4));
        }
        return drops;
    }

    /**
     * Takes the error that a device leaves when it goes down, and which keeps {@link #fd} ready.
     * Allocates nothing.
     *
     * @return its errno, 0 if there was none
     */
    public int clearError() {
        errorSize.set(JAVA_INT, 0, Integer.BYTES);
        Syscall.repeatable(
                Syscall.GETSOCKOPT,
                socket.fd().number(),
                Socket.SOL_SOCKET,
                SO_ERROR,
                error.address(),
                errorSize.address(),
                0);
        return error.get(JAVA_INT, 0);
    }

    /** {@link EthernetDevice#isRunning}. */
    public boolean isRunning() {
        return device.isRunning();
    }

    /** A batch of frames to be sent from this socket. */
    public TransmitBatch batch() {
        return new TransmitBatch(socket.fd());
    }

    @Override
    public synchronized void close() {
        if (!closed) {
            drops();
            closed = true;
            ring.unmap();
            socket.close();
            device.close();
        }
    }

    /** {@code struct sock_fprog}: one instruction, {@code BPF_RET | BPF_K} of 0 bytes. */
    private static MemorySegment refuseAll(Arena arena) {
        MemorySegment instruction = arena.allocate(8, 8);
        instruction.set(JAVA_SHORT, 0, (short) 0x06);
        MemorySegment program = arena.allocate(16, 8);
        program.set(JAVA_SHORT, 0, (short) 1);
        program.set(JAVA_LONG, 8, instruction.address());
        return program;
    }

    /** {@code struct tpacket_req}: 0 u32 block size, 4 blocks, 8 frame size, 12 frames. */
    private static MemorySegment ringRequest(Arena arena, int blocks) {
        return arena.allocateFrom(
                JAVA_INT, BLOCK_SIZE, blocks, FRAME_SIZE, blocks * FRAMES_PER_BLOCK);
    }

    /** {@code struct sockaddr_ll}: 0 u16 family, 2 u16 protocol (network order), 4 int ifindex. */
    private static byte[] linkLayerAddress(int ifindex) {
        return ByteBuffer.allocate(20)
                .order(ByteOrder.nativeOrder())
                .putShort((short) Socket.AF_PACKET)
                .putShort(Short.reverseBytes((short) ETH_P_ALL))
                .putInt(ifindex)
                .array();
    }
}
