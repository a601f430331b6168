package floof.control.plan;

import static java.util.Objects.requireNonNull;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The difference between what shall be and what is, as operations in the order in which they can be
 * done: take away, make, adjust, and the routing daemon last, when its interfaces exist. The same
 * input gives the same plan.
 */
public final class Planner {

    private final Intent intent;
    private final Applied applied;
    private final int portLimit;
    private final List<Operation> plan = new ArrayList<>();

    /** Of the ports that stay. */
    private final Map<String, AddressPlan> addressPlans = new HashMap<>();

    private Planner(Intent intent, Applied applied, int portLimit) {
        this.intent = intent;
        this.applied = applied;
        this.portLimit = portLimit;
    }

    /**
     * @param birdText BIRD's configuration for the intent
     * @param portLimit number of ports that the fast path has room for
     * @throws CommitException when there are more ports than that
     */
    public static List<Operation> plan(
            Intent intent, Applied applied, String birdText, int portLimit) throws CommitException {
        Planner planner = new Planner(intent, applied, portLimit);
        planner.run(birdText);
        return List.copyOf(planner.plan);
    }

    private void run(String birdText) throws CommitException {
        SortedMap<String, Applied.Port> kept = new TreeMap<>(applied.ports());
        applied.ports()
                .forEach((name, port) -> {
                    Intent.Port wanted = intent.ports().get(name);
                    if (wanted == null || !isSamePort(wanted, port)) {
                        remove(name, port);
                        kept.remove(name);
                    } else {
                        AddressPlan addresses = new AddressPlan(name, port.addresses(), plan);
                        addresses.removeAllBut(wanted.addresses());
                        addressPlans.put(name, addresses);
                    }
                });
        if (!intent.fastPath().equals(applied.fastPath())) {
            plan.add(new Operation.RestartFastPath(applied.fastPath(), intent.fastPath()));
        }
        BitSet taken = new BitSet();
        kept.values().forEach(port -> taken.set(port.index()));
        for (Map.Entry<String, Intent.Port> entry : intent.ports().entrySet()) {
            Applied.Port port = kept.get(entry.getKey());
            if (port == null) {
                int index = taken.nextClearBit(0);
                if (index >= portLimit) {
                    throw new CommitException(
                            "interfaces " + entry.getKey(),
                            "one interface more than the fast path's " + portLimit);
                }
                taken.set(index);
                create(entry.getValue(), index);
            } else {
                adjust(entry.getValue(), port);
            }
        }
        if (!birdText.equals(applied.birdText())) {
            plan.add(new Operation.ConfigureBird(applied.birdText(), birdText));
        }
    }

    private static boolean isSamePort(Intent.Port wanted, Applied.Port port) {
        return wanted.attachment().equals(port.attachment());
    }

    private void remove(String name, Applied.Port port) {
        new AddressPlan(name, port.addresses(), plan).removeAllBut(List.of());
        if (port.up()) {
            plan.add(new Operation.SetAdmin(name, false));
        }
        plan.add(new Operation.SetMtu(name, port.mtu(), 0));
        if (port.attached()) {
            plan.add(new Operation.DetachPort(name, port.index()));
        }
        plan.add(new Operation.DeleteTwin(name, port.index(), port.attachment()));
        if (port.attachment().device() != null) {
            plan.add(new Operation.ReleaseDevice(name, port.index(), port.attachment()));
        }
    }

    private void create(Intent.Port port, int index) {
        if (port.attachment().device() != null) {
            plan.add(new Operation.ClaimDevice(port.name(), index, port.attachment()));
        }
        plan.add(new Operation.CreateTwin(port.name(), index, port.attachment()));
        plan.add(new Operation.AttachPort(port.name(), index));
        plan.add(new Operation.SetMtu(port.name(), 0, port.mtu()));
        new AddressPlan(port.name(), List.of(), plan).add(port.addresses());
        if (!port.disabled()) {
            plan.add(new Operation.SetAdmin(port.name(), true));
        }
    }

    private void adjust(Intent.Port wanted, Applied.Port port) {
        String name = wanted.name();
        if (!port.attached()) {
            plan.add(new Operation.AttachPort(name, port.index()));
        }
        if (wanted.mtu() != port.mtu()) {
            plan.add(new Operation.SetMtu(name, port.mtu(), wanted.mtu()));
        }
        requireNonNull(addressPlans.get(name)).add(wanted.addresses());
        if (port.up() == wanted.disabled()) {
            plan.add(new Operation.SetAdmin(name, !wanted.disabled()));
        }
    }
}
