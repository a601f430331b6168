package floof.linux.netlink;

/**
 * Events came faster than they were read and the kernel threw some away (ENOBUFS, netlink(7)): what
 * is known must be compared with a dump.
 */
public final class NetlinkOverrun extends Exception {
    NetlinkOverrun(String socket) {
        super(socket + ": events came faster than they were read");
    }
}
