package floof.tables;

import floof.base.Prefix;

/** Visits each route of a walk; may change or remove the visited one. */
@FunctionalInterface
public interface RouteVisitor {

    /**
     * @param source the source passed to {@link TableWriter#putRoute}
     * @param leaf adjacency or group
     * @param resync in which it was last put
     */
    void visit(int vrf, Prefix prefix, int source, int leaf, int resync);
}
