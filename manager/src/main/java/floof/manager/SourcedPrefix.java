package floof.manager;

import floof.base.Prefix;

/**
 * A prefix of one VRF as one source has it.
 *
 * @param source number of {@link RouteSources}
 */
record SourcedPrefix(int source, int vrf, Prefix prefix) {}
