package floof.control.port;

import floof.base.InterfaceAddress;
import floof.control.plan.Intent;
import java.util.List;

/**
 * A port that earlier commits left in the system, read back from it. Foreign addresses and links
 * are not in here, so that no plan touches them.
 *
 * @param index the port's number in the fast path
 * @param attached whether the fast path has the port
 * @param addresses those that commits put on the twin, subnet by subnet; in a subnet of IPv4 in
 *     Linux's order
 */
public record AppliedPort(
        int index,
        Intent.Attachment attachment,
        int mtu,
        boolean up,
        boolean attached,
        List<InterfaceAddress> addresses) {}
