package floof.ports;

import floof.engine.BufferPool;
import floof.engine.Packet;
import floof.engine.VirtioNet;
import floof.memory.Memory;

/**
 * Segments a large frame (segmentation offload of TCP over both families, and of UDP datagrams of
 * one size) into the packets that a wire carries, each with its own headers and checksums, as Linux
 * does for devices that cannot (net/ipv4/tcp_offload.c, udp_offload.c).
 *
 * <p>Thread: the port's worker. One frame at a time: {@link #begin}, then {@link #next} until it
 * returns {@link #DONE}.
 */
final class Segmenter {

    /** No more packets. */
    static final long DONE = 0;

    /** No buffer is free for the next packet; the next call retries. */
    static final long NO_BUFFER = -1;

    private static final int ETHERNET_BYTES = 14;
    private static final int TAG_BYTES = 4;
    private static final int IP6_BYTES = 40;
    private static final int UDP_BYTES = 8;
    private static final int TCP_BYTES_MIN = 20;
    private static final int TCP = 6;
    private static final int UDP = 17;
    private static final int TYPE_IP4 = 0x0800;
    private static final int TYPE_IP6 = 0x86dd;
    private static final int TYPE_TAG = 0x8100;
    private static final int TYPE_SERVICE_TAG = 0x88a8;
    private static final int FIN_PSH = 0x01 | 0x08;
    private static final int CWR = 0x80;

    private final BufferPool pool;

    // The frame being segmented.
    private long frame;
    private int l3;
    private int l4;
    private int headerBytes;
    private int size;
    private boolean isIp4;
    private boolean isTcp;
    private int number;
    private int left;

    // The position of its next byte.
    private long source;
    private int sourceOffset;

    Segmenter(BufferPool pool) {
        this.pool = pool;
    }

    /** Starts with a frame; false if its headers contradict its {@code virtio_net_hdr}. */
    boolean begin(long packet) {
        long header = packet + Packet.VIRTIO;
        int type = VirtioNet.gsoType(header) & ~VirtioNet.GSO_ECN;
        isTcp = type == VirtioNet.GSO_TCP4 || type == VirtioNet.GSO_TCP6;
        l4 = VirtioNet.checksumStart(header);
        size = VirtioNet.gsoSize(header);
        frame = packet;
        boolean isKnown = isTcp || type == VirtioNet.GSO_UDP;
        boolean isPartial = (VirtioNet.flags(header) & VirtioNet.NEEDS_CSUM) != 0;
        if (!isKnown || !isPartial || size == 0 || !readHeaders(type)) {
            return false;
        }
        left = Packet.length(packet) - headerBytes;
        number = 0;
        source = packet;
        sourceOffset = headerBytes;
        return left > 0;
    }

    private boolean readHeaders(int type) {
        int inFirst = Packet.segmentLength(frame);
        long data = Packet.data(frame);
        l3 = ETHERNET_BYTES;
        if (l4 + TCP_BYTES_MIN > inFirst || l4 < l3) {
            return false;
        }
        int ethertype = Memory.getShortBe(data + l3 - 2) & 0xffff;
        while ((ethertype == TYPE_TAG || ethertype == TYPE_SERVICE_TAG) && l3 + TAG_BYTES < l4) {
            l3 += TAG_BYTES;
            ethertype = Memory.getShortBe(data + l3 - 2) & 0xffff;
        }
        isIp4 = ethertype == TYPE_IP4;
        int ipBytes = isIp4 ? (Memory.getByte(data + l3) & 0xf) * 4 : IP6_BYTES;
        boolean fits = isIp4 ? l4 == l3 + ipBytes && ipBytes >= 20 : l4 >= l3 + ipBytes;
        boolean isFamily =
                isIp4
                        ? type != VirtioNet.GSO_TCP6
                        : ethertype == TYPE_IP6 && type != VirtioNet.GSO_TCP4;
        int l4Bytes = isTcp ? (Memory.getByte(data + l4 + 12) >> 4 & 0xf) * 4 : UDP_BYTES;
        headerBytes = l4 + l4Bytes;
        return fits && isFamily && (!isTcp || l4Bytes >= TCP_BYTES_MIN) && headerBytes <= inFirst;
    }

    /** The next packet in its own buffers; or {@link #DONE}, or {@link #NO_BUFFER}. */
    long next() {
        if (left == 0) {
            return DONE;
        }
        int payload = Math.min(size, left);
        int length = headerBytes + payload;
        if (!pool.has(Chain.buffers(length))) {
            return NO_BUFFER;
        }
        long packet = pool.take();
        Packet.received(packet, Packet.port(frame));
        VirtioNet.clear(packet + Packet.VIRTIO);
        Memory.copy(Packet.data(frame), Packet.data(packet), headerBytes);
        fill(packet, length);
        left -= payload;
        writeIp(Packet.data(packet), payload);
        writeL4(packet, payload);
        number++;
        return packet;
    }

    /** Copies payload behind the headers until the packet has that length. */
    private void fill(long packet, int lengthBytes) {
        long last = packet;
        int inLast = headerBytes;
        int buffers = 1;
        for (int done = headerBytes; done < lengthBytes; ) {
            int there = Packet.segmentLength(source) - sourceOffset;
            if (there == 0) {
                source = Packet.next(source);
                sourceOffset = 0;
                continue;
            }
            if (inLast == Packet.DATA_BYTES) {
                long segment = pool.take();
                Packet.setSegment(last, inLast, segment);
                last = segment;
                inLast = 0;
                buffers++;
            }
            int count = Math.min(Math.min(there, lengthBytes - done), Packet.DATA_BYTES - inLast);
            Memory.copy(Packet.data(source) + sourceOffset, Packet.data(last) + inLast, count);
            sourceOffset += count;
            inLast += count;
            done += count;
        }
        if (buffers == 1) {
            Packet.setLength(packet, lengthBytes);
        } else {
            Packet.setSegment(last, inLast, 0);
            Packet.setChain(packet, lengthBytes, buffers);
        }
    }

    private void writeIp(long data, int payload) {
        long ip = data + l3;
        int behind = headerBytes - l3 + payload;
        if (isIp4) {
            Memory.putShortBe(ip + 2, (short) behind);
            Memory.putShortBe(ip + 4, (short) (Memory.getShortBe(ip + 4) + number));
            Memory.putShort(ip + 10, (short) 0);
            Memory.putShort(ip + 10, (short) ~Checksum.fold(Checksum.sum(ip, l4 - l3)));
        } else {
            Memory.putShortBe(ip + 4, (short) (behind - IP6_BYTES));
        }
    }

    private void writeL4(long packet, int payload) {
        long data = Packet.data(packet);
        long header = data + l4;
        int l4Bytes = headerBytes - l4 + payload;
        if (isTcp) {
            Memory.putIntBe(header + 4, Memory.getIntBe(header + 4) + number * size);
            int flags = Memory.getByte(header + 13);
            flags &= left == 0 ? -1 : ~FIN_PSH;
            flags &= number == 0 ? -1 : ~CWR;
            Memory.putByte(header + 13, (byte) flags);
        } else {
            Memory.putShortBe(header + 4, (short) l4Bytes);
        }
        long field = header + (isTcp ? 16 : 6);
        Memory.putShort(field, (short) 0);
        long sum = Checksum.sum(packet, l4, l4Bytes);
        sum += isIp4 ? Checksum.sum(data + l3 + 12, 8) : Checksum.sum(data + l3 + 8, 32);
        sum += Short.reverseBytes((short) l4Bytes) & 0xffff;
        sum += (isTcp ? TCP : UDP) << 8;
        Memory.putShort(field, Checksum.finish(sum));
    }
}
