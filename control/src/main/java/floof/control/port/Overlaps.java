package floof.control.port;

import floof.base.InterfaceAddress;
import floof.base.Prefix;
import floof.config.value.ConfigError;
import floof.control.plan.Intent;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;

/** Subnets of two interfaces that overlap. */
final class Overlaps {

    /** A subnet of an interface. */
    private record Subnet(String port, InterfaceAddress address) {
        Prefix prefix() {
            return address.subnet();
        }
    }

    private Overlaps() {}

    /** Linux sends to an address that is in two subnets by one of the interfaces only. */
    static List<ConfigError> of(Collection<Intent.Port> ports) {
        List<Subnet> subnets = new ArrayList<>();
        for (Intent.Port port : ports) {
            port.addresses().stream()
                    .filter(it -> it.length() < it.address().family().bits())
                    .filter(it -> !it.address().isLinkLocal())
                    .forEach(it -> subnets.add(new Subnet(port.name(), it)));
        }
        subnets.sort(Comparator.comparing(Subnet::prefix));
        List<ConfigError> overlaps = new ArrayList<>();
        Deque<Subnet> around = new ArrayDeque<>();
        for (Subnet subnet : subnets) {
            while (!around.isEmpty() && !around.peek().prefix().contains(subnet.prefix())) {
                around.pop();
            }
            Subnet outer = around.peek();
            if (outer != null && !outer.port().equals(subnet.port())) {
                overlaps.add(
                        new ConfigError(
                                List.of("interfaces", subnet.port(), "address"),
                                subnet.address().toString(),
                                subnet.address()
                                        + " overlaps "
                                        + outer.address()
                                        + " of interface "
                                        + outer.port()
                                        + ": Linux reaches a host in both by one of them only",
                                List.of(List.of("interfaces", outer.port(), "address"))));
            }
            around.push(subnet);
        }
        return overlaps;
    }
}
