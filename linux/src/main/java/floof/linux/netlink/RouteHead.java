package floof.linux.netlink;

import floof.base.Prefix;

/**
 * The part of a {@link Route} by which to count it or pass over it, which is quick to read.
 *
 * @param type RTN_ number
 * @param protocol RTPROT_ number: who set it
 * @param metric RTA_PRIORITY, 0..2^32-1; less is better
 */
public record RouteHead(Prefix prefix, int type, int protocol, long metric) {}
