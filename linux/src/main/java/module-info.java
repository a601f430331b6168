/** The only native calls: system calls, Netlink, namespaces, TAP, packet sockets, AF_XDP, mmap. */
@org.jspecify.annotations.NullMarked
module floof.linux {
    requires static org.jspecify;
    requires transitive floof.base;

    exports floof.linux;
    exports floof.linux.dpdk;
    exports floof.linux.error;
    exports floof.linux.net;
    exports floof.linux.netlink;
    exports floof.linux.system;
    exports floof.linux.xdp;
}
