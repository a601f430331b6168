package floof.control.port;

import floof.base.Family;
import floof.base.InterfaceAddress;
import floof.control.plan.Step;
import java.util.ArrayList;
import java.util.List;

/**
 * From the addresses that a link has to those that it shall have. Of several IPv4 addresses in one
 * subnet Linux sends from the first, and the rest are its secondaries; so the first one configured
 * is kept first, whatever came and went before.
 */
final class AddressPlan {

    private final String port;
    private final List<InterfaceAddress> there;
    private final PortSteps steps;
    private final List<Step> plan;

    /**
     * @param there in Linux's order
     * @param plan what is to be done goes to its end
     */
    AddressPlan(String port, List<InterfaceAddress> there, PortSteps steps, List<Step> plan) {
        this.port = port;
        this.there = new ArrayList<>(there);
        this.steps = steps;
        this.plan = plan;
    }

    void removeAllBut(List<InterfaceAddress> wanted) {
        for (InterfaceAddress address : List.copyOf(there)) {
            if (!wanted.contains(address)) {
                remove(address, Step.Phase.REMOVE);
            }
        }
    }

    private void remove(InterfaceAddress address, Step.Phase phase) {
        int place = there.indexOf(address);
        there.remove(place);
        List<InterfaceAddress> behind = inSubnetOf(address, there.subList(place, there.size()));
        plan.add(steps.address(port, address, behind).inverse().during(phase));
    }

    /** What is there already is among them. */
    void add(List<InterfaceAddress> wanted) {
        for (InterfaceAddress address : wanted) {
            List<InterfaceAddress> others = inSubnetOf(address, there);
            List<InterfaceAddress> subnet = inSubnetOf(address, wanted);
            boolean isFirst = subnet.isEmpty() || address.equals(subnet.getFirst());
            if (there.contains(address)) {
                if (!isFirst || others.isEmpty() || address.equals(others.getFirst())) {
                    continue;
                }
                remove(address, Step.Phase.BUILD);
                others = inSubnetOf(address, there);
            }
            List<InterfaceAddress> behind = isFirst ? others : List.of();
            there.removeAll(behind);
            there.add(address);
            there.addAll(behind);
            plan.add(steps.address(port, address, behind));
        }
    }

    /** Those between which Linux makes one the first: none for IPv6, which chooses by itself. */
    private static List<InterfaceAddress> inSubnetOf(
            InterfaceAddress address, List<InterfaceAddress> among) {
        if (address.address().family() == Family.IP6) {
            return List.of();
        }
        return among.stream().filter(other -> other.subnet().equals(address.subnet())).toList();
    }
}
