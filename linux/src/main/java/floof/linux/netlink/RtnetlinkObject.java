package floof.linux.netlink;

/** What dumps and events of routing Netlink are about. */
public sealed interface RtnetlinkObject
        permits FilterEntry, Link, LinkAddress, Neighbour, NextHopObject, Route, Rule {}
