package floof.control.port;

import static java.util.Objects.requireNonNull;

import floof.control.plan.CommitException;
import floof.control.plan.Intent;
import floof.control.plan.Step;
import floof.control.plan.Step.Phase;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/** From the ports that there are to those that there shall be. */
final class PortPlan {

    private final SortedMap<String, AppliedPort> applied;
    private final SortedMap<String, Intent.Port> shall;
    private final int limit;
    private final PortSteps steps;
    private final List<Step> plan = new ArrayList<>();

    /** Of the ports that stay or come. */
    private final Map<String, AddressPlan> addressPlans = new HashMap<>();

    /**
     * @param applied the ports that there are
     * @param limit number of ports that the fast path has room for
     */
    PortPlan(SortedMap<String, AppliedPort> applied, Intent shall, int limit, PortSteps steps) {
        this.applied = applied;
        this.shall = shall.ports();
        this.limit = limit;
        this.steps = steps;
    }

    /**
     * @throws CommitException when there are more ports than the limit
     */
    List<Step> steps() throws CommitException {
        SortedMap<String, AppliedPort> kept = new TreeMap<>(applied);
        applied.forEach((name, port) -> {
            Intent.Port wanted = shall.get(name);
            if (wanted == null || !wanted.attachment().equals(port.attachment())) {
                remove(name, port);
                kept.remove(name);
            } else {
                AddressPlan addresses = new AddressPlan(name, port.addresses(), steps, plan);
                addresses.removeAllBut(wanted.addresses());
                addressPlans.put(name, addresses);
            }
        });
        BitSet taken = new BitSet();
        kept.values().forEach(port -> taken.set(port.index()));
        for (Intent.Port wanted : shall.values()) {
            AppliedPort port = kept.get(wanted.name());
            if (port == null) {
                int index = taken.nextClearBit(0);
                if (index >= limit) {
                    throw new CommitException(
                            "interfaces " + wanted.name(),
                            "one interface more than the fast path's " + limit);
                }
                taken.set(index);
                create(wanted, index);
            } else {
                adjust(wanted, port);
            }
        }
        return List.copyOf(plan);
    }

    private void remove(String name, AppliedPort port) {
        Intent.Attachment attachment = port.attachment();
        new AddressPlan(name, port.addresses(), steps, plan).removeAllBut(List.of());
        if (port.up()) {
            remove(steps.admin(name, false));
        }
        remove(steps.mtu(name, port.mtu(), 0));
        if (port.attached()) {
            remove(steps.attach(name, port.index()).inverse());
        }
        remove(steps.twin(name, port.index(), attachment).inverse());
        if (attachment.device() != null) {
            remove(steps.device(name, port.index(), attachment, attachment.device()).inverse());
        }
    }

    private void remove(Step step) {
        plan.add(step.during(Phase.REMOVE));
    }

    private void create(Intent.Port port, int index) {
        Intent.Attachment attachment = port.attachment();
        if (attachment.device() != null) {
            plan.add(steps.device(port.name(), index, attachment, attachment.device()));
        }
        plan.add(steps.twin(port.name(), index, attachment));
        addressPlans.put(port.name(), new AddressPlan(port.name(), List.of(), steps, plan));
        adjust(port, new AppliedPort(index, attachment, 0, false, false, List.of()));
    }

    private void adjust(Intent.Port wanted, AppliedPort port) {
        String name = wanted.name();
        if (!port.attached()) {
            plan.add(steps.attach(name, port.index()));
        }
        if (wanted.mtu() != port.mtu()) {
            plan.add(steps.mtu(name, port.mtu(), wanted.mtu()));
        }
        requireNonNull(addressPlans.get(name)).add(wanted.addresses());
        if (port.up() == wanted.disabled()) {
            plan.add(steps.admin(name, !wanted.disabled()));
        }
    }
}
