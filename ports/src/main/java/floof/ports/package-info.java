/**
 * Drivers: what stands between a device and the packet engine.
 *
 * <p>{@link floof.ports.AfPacketPort} drives any device of Linux through a packet socket, {@link
 * floof.ports.AfXdpPort} through AF_XDP sockets; {@link floof.ports.PcapPort} stands on capture
 * files, {@link floof.ports.GeneratorPort} on nothing; {@link floof.ports.TapPort} a TAP, which is
 * how a port's twin hands packets to Linux and takes them from it. Both are a {@link
 * floof.engine.Port}: {@code receive} fills a frame with packets in the worker's own buffers,
 * {@code transmit} sends a burst and gives the buffers back, sent or not.
 *
 * <p>Linux hands over frames of up to 64 KiB whose segmentation and checksums are still to be done.
 * They become chains of buffers; the {@code virtio_net_hdr} that describes them travels in the
 * packet's metadata and goes out with it, byte for byte (docs/decisions/002). Headers lie in the
 * first buffer, since a buffer is filled before the next one is begun.
 *
 * <p>A driver without that header, as a wire has none, passes what it sends through {@code
 * WireFrames}, which finishes checksums and cuts such frames, and what it receives through {@code
 * ChecksumRepair}.
 *
 * <p>A frame that cannot be received or sent is counted under one {@link floof.engine.PortCounter}
 * and forgotten: a driver never throws, waits or allocates while packets flow. A device that
 * vanishes receives nothing and refuses everything, until its port is closed.
 *
 * <p>Each port belongs to one worker; opening and closing happen while the worker does not use it.
 */
@org.jspecify.annotations.NullMarked
package floof.ports;
