/**
 * AF_XDP sockets and the XDP programs that feed them (Documentation/networking/af_xdp.rst), by
 * system calls alone.
 *
 * <p>A program at a device's driver ({@link floof.linux.xdp.XdpRedirect}) hands every frame to the
 * socket of its receive queue. An {@link floof.linux.xdp.XdpSocket} shares memory of ours with the
 * kernel (the umem) and four rings ({@link floof.linux.xdp.XdpRing}): we give empty chunks by the
 * fill ring and get them back by the receive ring with a frame each; we give frames by the transmit
 * ring and get their chunks back by the completion ring. The umem is in the mode of unaligned
 * chunks: a chunk may begin anywhere, so any layout of buffers will do.
 *
 * <p>Programs, maps and sockets end with their descriptors: a process that is killed leaves a
 * device as it was.
 */
@org.jspecify.annotations.NullMarked
package floof.linux.xdp;
