package floof.control.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import floof.base.InterfaceAddress;
import java.util.Arrays;
import java.util.List;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** Plans as text: before, after, expected operations. */
class PlannerTest {

    @Test
    void makesPortsFromNothing() throws CommitException {
        Intent intent = intent(device("ge0", "eth0", 9000, "192.0.2.1/24"), tap("lan"));
        assertThat(plan(intent, Applied.NOTHING, "new"))
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
                        "set lan up",
                        "reconfigure BIRD");
    }

    @Test
    void plansNothingWhenAllIsAsItShallBe() throws CommitException {
        Intent intent = intent(device("ge0", "eth0", 1500, "192.0.2.1/24"));
        assertThat(plan(intent, applied(0, "192.0.2.1/24"), "")).isEmpty();
    }

    @Test
    void changesOnlyWhatDiffers() throws CommitException {
        Intent intent = intent(device("ge0", "eth0", 1400, "192.0.2.2/24", "2001:db8::1/64"));
        assertThat(plan(intent, applied(3, "192.0.2.1/24", "192.0.2.2/24"), ""))
                .containsExactly(
                        "remove address 192.0.2.1/24 from ge0",
                        "set mtu of ge0 to 1400",
                        "add address 2001:db8::1/64 to ge0");
    }

    /** Linux sends from the first address of a subnet: which that is, the configuration says. */
    @Test
    void keepsTheFirstAddressOfASubnetFirst() throws CommitException {
        Intent both = intent(device("ge0", "eth0", 1500, "192.0.2.1/24", "192.0.2.2/24"));
        assertThat(plan(both, applied(0, "192.0.2.1/24"), ""))
                .containsExactly("add address 192.0.2.2/24 to ge0");
        assertThat(plan(both, applied(0, "192.0.2.2/24"), ""))
                .containsExactly("add address 192.0.2.1/24 to ge0, first");
        assertThat(plan(both, applied(0, "192.0.2.2/24", "192.0.2.1/24"), ""))
                .containsExactly(
                        "remove address 192.0.2.1/24 from ge0",
                        "add address 192.0.2.1/24 to ge0, first");
        Intent other = intent(device("ge0", "eth0", 1500, "192.0.2.1/25", "2001:db8::1/64"));
        assertThat(plan(other, applied(0, "192.0.2.1/24", "2001:db8::1/48"), ""))
                .containsExactly(
                        "remove address 192.0.2.1/24 from ge0",
                        "remove address 2001:db8::1/48 from ge0",
                        "add address 192.0.2.1/25 to ge0",
                        "add address 2001:db8::1/64 to ge0");
    }

    @Test
    void replacesAPortWhoseDeviceChanged() throws CommitException {
        Intent intent = intent(device("ge0", "eth1", 1500));
        assertThat(plan(intent, applied(3, "192.0.2.1/24"), ""))
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
        assertThat(plan(intent, applied(1), ""))
                .contains("attach port 0 a to the fast path", "attach port 2 z to the fast path");
    }

    @Test
    void refusesMorePortsThanThereIsRoom() {
        Intent intent = intent(tap("a"), tap("b"));
        assertThatThrownBy(() -> Planner.plan(intent, Applied.NOTHING, "", 1))
                .isInstanceOf(CommitException.class)
                .extracting(e -> ((CommitException) e).path())
                .isEqualTo("interfaces b");
    }

    @Test
    void walkingBackIsThePlanOfInverses() throws CommitException {
        List<Operation> plan =
                Planner.plan(intent(device("ge0", "eth0", 1500)), Applied.NOTHING, "new", 8);
        assertThat(plan.reversed().stream().map(o -> o.inverse().toString()))
                .containsExactly(
                        "reconfigure BIRD",
                        "set ge0 down",
                        "set mtu of ge0 back",
                        "detach port 0 ge0 from the fast path",
                        "delete link ge0",
                        "release device eth0 of ge0");
        assertThat(plan).allSatisfy(o -> assertThat(o.inverse().inverse()).isEqualTo(o));
    }

    private static List<String> plan(Intent intent, Applied applied, String bird)
            throws CommitException {
        return Planner.plan(intent, applied, bird, 8).stream().map(Object::toString).toList();
    }

    private static Intent intent(Intent.Port... ports) {
        TreeMap<String, Intent.Port> byName = new TreeMap<>();
        Arrays.stream(ports).forEach(port -> byName.put(port.name(), port));
        return new Intent(byName, List.of(), null, FastPathSettings.DEFAULT);
    }

    private static Intent.Port device(String name, String device, int mtu, String... addresses) {
        return new Intent.Port(
                name,
                Intent.Attachment.of(Intent.Driver.AF_PACKET, device),
                false,
                mtu,
                Arrays.stream(addresses).map(InterfaceAddress::parse).toList());
    }

    private static Intent.Port tap(String name) {
        return new Intent.Port(
                name, Intent.Attachment.of(Intent.Driver.TAP, null), false, 1500, List.of());
    }

    private static Applied applied(int index, String... addresses) {
        TreeMap<String, Applied.Port> ports = new TreeMap<>();
        ports.put(
                "ge0",
                new Applied.Port(
                        index,
                        Intent.Attachment.of(Intent.Driver.AF_PACKET, "eth0"),
                        1500,
                        true,
                        true,
                        Arrays.stream(addresses).map(InterfaceAddress::parse).toList()));
        return new Applied(ports, "", FastPathSettings.DEFAULT);
    }
}
