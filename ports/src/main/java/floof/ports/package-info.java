/**
 * Drivers: the code between a device and the packet engine.
 *
 * <p>{@link floof.ports.AfPacketPort} drives any device of Linux through a packet socket, {@link
 * floof.ports.AfXdpPort} through AF_XDP sockets; {@link floof.ports.PcapPort} uses capture files,
 * {@link floof.ports.GeneratorPort} has no device. {@link floof.ports.TapPort} drives a TAP,
 * through which a port's twin exchanges packets with Linux. Each is a {@link floof.engine.Port}:
 * {@code receive} fills a frame with packets in the worker's own buffers, {@code transmit} sends a
 * burst and frees the buffers, sent or not.
 *
 * <p>Linux hands over frames of up to 64 KiB that still need segmentation and checksums. They
 * become chains of buffers; the {@code virtio_net_hdr} that describes them travels in the packet's
 * metadata and goes out with it, byte for byte (docs/decisions/002). Headers are in the first
 * buffer, since each buffer is filled before the next one.
 *
 * <p>A wire has no such header. A driver without it sends through {@code WireFrames}, which
 * completes checksums and segments frames, and receives through {@code ChecksumRepair}.
 *
 * <p>A frame that cannot be received or sent is counted under one {@link floof.engine.PortCounter}
 * and discarded: a driver never throws, waits or allocates while packets flow. A device that
 * vanishes receives nothing and refuses everything, until its port is closed.
 *
 * <p>Each port belongs to one worker; opening and closing happen while the worker does not use it.
 */
@org.jspecify.annotations.NullMarked
package floof.ports;
