package floof.control.port;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import floof.base.InterfaceAddress;
import floof.control.Intents;
import floof.control.plan.CommitException;
import floof.control.plan.FastPathSettings;
import floof.control.plan.Intent;
import floof.control.plan.Step;
import floof.fpc.Driver;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** Plans as text: before, after, expected steps. */
class PortPlanTest {

    private static final SortedMap<String, AppliedPort> NOTHING =
            Collections.unmodifiableSortedMap(new TreeMap<>());

    @Test
    void makesPortsFromNothing() throws CommitException {
        Intent intent = intent(device("ge0", "eth0", 9000, "192.0.2.1/24"), tap("lan"));
        assertThat(plan(intent, NOTHING))
                .containsExactly(
                        "claim device eth0 for ge0",
                        "create link ge0",
                        "attach port 0 ge0 to the fast path",
                        "set mtu of ge0 to 9000",
                        "add address 192.0.2.1/24 to ge0",
                        "set ge0 up",
                        "create link lan",
                        "attach port 1 lan to the fast path",
                        "set mtu of lan to 1500",
                        "set lan up");
    }

    @Test
    void plansNothingWhenAllIsAsItShallBe() throws CommitException {
        Intent intent = intent(device("ge0", "eth0", 1500, "192.0.2.1/24"));
        assertThat(plan(intent, applied(0, "192.0.2.1/24"))).isEmpty();
    }

    @Test
    void changesOnlyWhatDiffers() throws CommitException {
        Intent intent = intent(device("ge0", "eth0", 1400, "192.0.2.2/24", "2001:db8::1/64"));
        assertThat(plan(intent, applied(3, "192.0.2.1/24", "192.0.2.2/24")))
                .containsExactly(
                        "remove address 192.0.2.1/24 from ge0",
                        "set mtu of ge0 to 1400",
                        "add address 2001:db8::1/64 to ge0");
    }

    /** Linux sends from the first address of a subnet: which that is, the configuration says. */
    @Test
    void keepsTheFirstAddressOfASubnetFirst() throws CommitException {
        Intent both = intent(device("ge0", "eth0", 1500, "192.0.2.1/24", "192.0.2.2/24"));
        assertThat(plan(both, applied(0, "192.0.2.1/24")))
                .containsExactly("add address 192.0.2.2/24 to ge0");
        assertThat(plan(both, applied(0, "192.0.2.2/24")))
                .containsExactly("add address 192.0.2.1/24 to ge0, first");
        assertThat(plan(both, applied(0, "192.0.2.2/24", "192.0.2.1/24")))
                .containsExactly(
                        "remove address 192.0.2.1/24 from ge0",
                        "add address 192.0.2.1/24 to ge0, first");
        Intent other = intent(device("ge0", "eth0", 1500, "192.0.2.1/25", "2001:db8::1/64"));
        assertThat(plan(other, applied(0, "192.0.2.1/24", "2001:db8::1/48")))
                .containsExactly(
                        "remove address 192.0.2.1/24 from ge0",
                        "remove address 2001:db8::1/48 from ge0",
                        "add address 192.0.2.1/25 to ge0",
                        "add address 2001:db8::1/64 to ge0");
    }

    @Test
    void replacesAPortWhoseDeviceChanged() throws CommitException {
        Intent intent = intent(device("ge0", "eth1", 1500));
        assertThat(plan(intent, applied(3, "192.0.2.1/24")))
                .containsExactly(
                        "remove address 192.0.2.1/24 from ge0",
                        "set ge0 down",
                        "set mtu of ge0 back",
                        "detach port 3 ge0 from the fast path",
                        "delete link ge0",
                        "release device eth0 of ge0",
                        "claim device eth1 for ge0",
                        "create link ge0",
                        "attach port 0 ge0 to the fast path",
                        "set mtu of ge0 to 1500",
                        "set ge0 up");
    }

    @Test
    void givesTheLowestFreeIndex() throws CommitException {
        Intent intent = intent(tap("a"), device("ge0", "eth0", 1500), tap("z"));
        assertThat(plan(intent, applied(1)))
                .contains("attach port 0 a to the fast path", "attach port 2 z to the fast path");
    }

    @Test
    void refusesMorePortsThanThereIsRoom() {
        Intent intent = intent(tap("a"), tap("b"));
        assertThatThrownBy(() -> steps(intent, NOTHING, 1))
                .isInstanceOf(CommitException.class)
                .extracting(e -> ((CommitException) e).path())
                .isEqualTo("interfaces b");
    }

    @Test
    void walkingBackIsThePlanOfInverses() throws CommitException {
        List<Step> plan = steps(intent(device("ge0", "eth0", 1500)), NOTHING, 8);
        assertThat(plan.reversed().stream().map(step -> step.inverse().text()))
                .containsExactly(
                        "set ge0 down",
                        "set mtu of ge0 back",
                        "detach port 0 ge0 from the fast path",
                        "delete link ge0",
                        "release device eth0 of ge0");
        assertThat(plan)
                .allSatisfy(step -> assertThat(step.inverse().inverse()).hasToString(step.text()));
    }

    private static List<String> plan(Intent intent, SortedMap<String, AppliedPort> applied)
            throws CommitException {
        return steps(intent, applied, 8).stream()
                .sorted(Comparator.comparing(Step::phase))
                .map(Step::text)
                .toList();
    }

    /** Nobody carries them out: they need no ports. */
    @SuppressWarnings("NullAway")
    static List<Step> steps(Intent intent, SortedMap<String, AppliedPort> applied, int limit)
            throws CommitException {
        return new PortPlan(applied, intent, limit, new PortSteps(null)).steps();
    }

    private static Intent intent(Intent.Port... ports) {
        TreeMap<String, Intent.Port> byName = new TreeMap<>();
        Arrays.stream(ports).forEach(port -> byName.put(port.name(), port));
        return new Intent(byName, List.of(), null, FastPathSettings.DEFAULT, Set.of());
    }

    private static Intent.Port device(String name, String device, int mtu, String... addresses) {
        return new Intent.Port(
                name,
                Intents.attachment(Driver.AF_PACKET, device),
                false,
                mtu,
                Arrays.stream(addresses).map(InterfaceAddress::parse).toList());
    }

    private static Intent.Port tap(String name) {
        return new Intent.Port(name, Intents.attachment(Driver.TAP, null), false, 1500, List.of());
    }

    private static SortedMap<String, AppliedPort> applied(int index, String... addresses) {
        AppliedPort port =
                new AppliedPort(
                        index,
                        Intents.attachment(Driver.AF_PACKET, "eth0"),
                        1500,
                        true,
                        true,
                        Arrays.stream(addresses).map(InterfaceAddress::parse).toList());
        return new TreeMap<>(Map.of("ge0", port));
    }
}
