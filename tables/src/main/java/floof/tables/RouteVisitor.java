package floof.tables;

import floof.base.Prefix;

/** Sees each route of a walk; may change or remove the one it sees. */
@FunctionalInterface
public interface RouteVisitor {

    /**
     * @param claim what {@link TableWriter#putRoute} was given
     * @param leaf adjacency or group
     * @param epoch mark epoch in which it was last put
     */
    void visit(int vrf, Prefix prefix, int claim, int leaf, int epoch);
}
