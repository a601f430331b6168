/** Sockets, Ethernet devices and TAP devices. */
@org.jspecify.annotations.NullMarked
package floof.linux.net;
