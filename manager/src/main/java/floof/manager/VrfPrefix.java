package floof.manager;

import floof.base.Prefix;

/** A prefix of one VRF. */
record VrfPrefix(int vrf, Prefix prefix) {}
