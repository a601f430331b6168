package floof.control.commit;

import floof.base.Prefix;
import floof.config.tree.Branch;
import floof.config.value.ConfigError;
import floof.control.instance.Processes;
import floof.control.plan.Intent;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;

/** What can be committed and is hardly meant: told as warnings. */
final class Cautions {

    private static final long LOOK_UP_MS = 2_000;

    /** A subnet of an interface. */
    private record Subnet(String port, floof.base.InterfaceAddress address) {
        Prefix prefix() {
            return address.subnet();
        }
    }

    private Cautions() {}

    /**
     * What a configuration has that the running one has not.
     *
     * @param before what is running
     */
    static List<ConfigError> of(Branch tree, Intent intent, Branch before, Intent old) {
        List<ConfigError> cautions = new ArrayList<>();
        if (!intent.ports().equals(old.ports())) {
            cautions.addAll(overlaps(intent));
            cautions.removeAll(overlaps(old));
        }
        List<String> known = users(before);
        for (String user : users(tree)) {
            if (!known.contains(user) && !hasAccount(user)) {
                cautions.add(
                        new ConfigError(
                                List.of("system", "login", "user", user),
                                null,
                                "this machine has no account of that name; the user needs"
                                        + " one ('useradd -m "
                                        + user
                                        + "' makes it)"));
            }
        }
        return cautions;
    }

    /** Linux sends to an address that is in two subnets by one of the interfaces only. */
    private static List<ConfigError> overlaps(Intent intent) {
        List<Subnet> subnets = new ArrayList<>();
        for (Intent.Port port : intent.ports().values()) {
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

    private static List<String> users(Branch tree) {
        Branch system = tree.effective().branch("system");
        Branch login = system == null ? null : system.branch("login");
        return login == null
                ? List.of()
                : login.entries("user").stream().map(Branch::name).toList();
    }

    /** Also true when that cannot be found out. */
    private static boolean hasAccount(String user) {
        try {
            return Processes.run(LOOK_UP_MS, List.of("getent", "passwd", "--", user)).status() != 2;
        } catch (IOException e) {
            return true;
        }
    }
}
