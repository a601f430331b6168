package floof.control.plan;

import floof.base.InterfaceAddress;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What earlier commits left in the system, read back from it. Foreign addresses and links are not
 * in here, so that no plan touches them.
 */
public record Applied(SortedMap<String, Port> ports, String birdText, FastPathSettings fastPath) {

    /** A system in which no commit was made. */
    public static final Applied NOTHING =
            new Applied(new TreeMap<>(), "", FastPathSettings.DEFAULT);

    /**
     * A port that exists.
     *
     * @param index the port's number in the fast path
     * @param attached whether the fast path has the port
     * @param addresses those that commits put on the twin, subnet by subnet; in a subnet of IPv4 in
     *     Linux's order
     */
    public record Port(
            int index,
            Intent.Attachment attachment,
            int mtu,
            boolean up,
            boolean attached,
            List<InterfaceAddress> addresses) {}
}
