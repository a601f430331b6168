/** The only native calls: system calls, Netlink, namespaces, TAP, packet sockets, mmap. */
@org.jspecify.annotations.NullMarked
package floof.linux;
