/**
 * The kernel, as the router needs it, and the only native calls of the project.
 *
 * <p>Only {@code Syscall} calls native code: it binds syscall(2) of the C library. Numbers, flags
 * and structure offsets are constants of x86-64, each checked by a test that sees their effect.
 * Pointers travel as {@code long}, the errno is captured in memory that each thread keeps, so a
 * call allocates nothing once it is compiled.
 *
 * <p>Calls come in two kinds. Those that set something up throw {@link
 * floof.linux.error.LinuxException}, whose message is the call, its arguments and the error. Those
 * on a packet's way ({@link floof.linux.Fd#read}, {@link floof.linux.net.TransmitBatch#send},
 * {@link floof.linux.PollSet#await}, ...) return a count or the negative error number and neither
 * throw nor allocate.
 *
 * <p>Three traps shaped this package:
 *
 * <ul>
 *   <li>setns(2) changes one thread, and threads hand their namespace to those they start. So
 *       {@link floof.linux.system.NetworkNamespace#call} uses a thread once; sockets made on it
 *       stay where they were made.
 *   <li>A TAP loses carrier with its last open file. So two processes hold it, and the second one
 *       fetches the open file ({@link floof.linux.system.PidFd#fetch}) instead of opening it again.
 *   <li>A packet socket's transmit ring frees slots too early on a veth. So frames are sent by
 *       sendmmsg(2) (docs/decisions/003-packet-socket-transmit.md).
 * </ul>
 *
 * <p>Memory mapped here is read and written by {@code floof.memory}; this package only says where
 * it lies ({@link floof.linux.Mapping}).
 */
@org.jspecify.annotations.NullMarked
package floof.linux;
