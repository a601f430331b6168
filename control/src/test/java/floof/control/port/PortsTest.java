package floof.control.port;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import floof.base.InterfaceAddress;
import floof.control.Intents;
import floof.control.Leftovers;
import floof.control.Namespaces;
import floof.control.Sandbox;
import floof.control.StandInFastPath;
import floof.control.commit.Executor;
import floof.control.fpc.ManagerConnection;
import floof.control.instance.Instance;
import floof.control.plan.CommitException;
import floof.control.plan.FastPathSettings;
import floof.control.plan.Intent;
import floof.control.plan.Step;
import floof.fpc.Driver;
import floof.testkit.Eventually;
import floof.testkit.Netns;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Claimed devices and twins in real namespaces; the device is a veth of the test's own host. */
class PortsTest {

    private final Sandbox sandbox = new Sandbox();
    private final Instance instance = sandbox.instance;
    private final String device = instance.name() + "a";
    private final Path own = Path.of("/proc/self/ns/net");
    private final List<Runnable> live = new ArrayList<>();
    private Path peer = own;
    private Ports ports;
    private StandInFastPath fastPath;

    @BeforeEach
    void wire() throws IOException {
        Namespaces.prepare(instance, 4 << 20);
        peer = sandbox.namespace("peer");
        sandbox.atEnd(this::deleteDevice);
        sandbox.atEnd(() -> Leftovers.giveBack(instance));
        fastPath = new StandInFastPath(instance);
        make("02:00:00:00:00:77");
        Netns.run(own, "ip address add 198.51.100.9/24 dev " + device);
        Netns.run(own, "ip address add 2001:db8:9::9/64 dev " + device + " nodad");
        // Another of these tests may run in this namespace, too: the metric is ours alone.
        String ours = " dev " + device + " metric " + ProcessHandle.current().pid();
        Netns.run(own, "ip route add 198.19.7.0/24" + ours);
        Netns.run(own, "ip route add 198.19.0.0/16 via 198.51.100.7 src 198.51.100.9" + ours);
        Netns.run(own, "ip route add 198.19.8.0/24 via 10.1.2.3 onlink" + ours);
        Netns.run(own, "ip -6 route add 2001:db8:19::/48 via 2001:db8:9::7 proto static" + ours);
        ports = started();
    }

    private Ports started() throws IOException {
        ManagerConnection manager = new ManagerConnection(instance.fastPathSocket());
        Ports fresh = new Ports(instance, manager, 8);
        fresh.adopt(fastPath);
        PortWatch watch = new PortWatch(instance, fresh, sandbox.tasks);
        live.add(() -> {
            watch.close();
            fresh.close();
            manager.close();
        });
        return fresh;
    }

    private void stop() {
        live.forEach(Runnable::run);
        live.clear();
    }

    @AfterEach
    void clean() throws IOException {
        try (sandbox;
                StandInFastPath _ = fastPath) {
            stop();
        }
    }

    private void deleteDevice() {
        if (Files.exists(Path.of("/sys/class/net", device))) {
            Netns.run(own, "ip link delete " + device);
        }
    }

    private Intent intent(String... addresses) {
        TreeMap<String, Intent.Port> wanted = new TreeMap<>();
        wanted.put(
                "ge-0",
                new Intent.Port(
                        "ge-0",
                        Intents.attachment(Driver.AF_PACKET, device),
                        false,
                        1300,
                        Stream.of(addresses).map(InterfaceAddress::parse).toList()));
        return new Intent(wanted, List.of(), null, FastPathSettings.DEFAULT, Set.of());
    }

    private List<Step> plan(Intent intent) throws Exception {
        return ports.plan(intent, false).stream()
                .sorted(Comparator.comparing(Step::phase))
                .toList();
    }

    private Executor executor() {
        return new Executor(List.of(ports), step -> {});
    }

    private void commit(Intent intent) throws Exception {
        executor().execute(plan(intent), () -> {});
    }

    private String home() {
        return Netns.run(own, "ip -o link show " + device)
                        .replaceAll(
                                // ip complains of namespaces that others are just deleting
                                "(?m)^Error: Peer netns.*\n|^\\d+: |@if\\d+|qdisc.*", "")
                + Netns.run(own, "ip -o address show " + device)
                        .replaceAll("(?m)^\\d+: |valid_lft.*$|inet6 fe80.*$|\\\\ *$", "")
                        .strip()
                + Netns.run(own, "ip -4 route show dev " + device)
                + Netns.run(own, "ip -6 route show dev " + device).replaceAll("fe80.*\n", "")
                + Netns.run(own, "ethtool -k " + device);
    }

    @Test
    void aDeviceGoesAndComesBackAsItWas() throws Exception {
        String before = home();
        commit(intent("192.0.2.1/24", "2001:db8::1/64"));
        assertThat(Files.exists(Path.of("/sys/class/net", device))).isFalse();
        String twin = Netns.run(instance.dataplane(), "ip address show ge-0");
        assertThat(twin).contains("02:00:00:00:00:77", "mtu 1300", "192.0.2.1/24", "LOWER_UP");
        assertThat(twin).contains("2001:db8::1/64");
        commit(Intent.EMPTY);
        assertThat(home()).isEqualTo(before);
        assertThat(Netns.run(instance.dataplane(), "ip -o link")).doesNotContain("ge-0");
        assertThat(Claims.of(instance).all()).isEmpty();
    }

    @Test
    void theDiskAloneSufficesToGiveBack() throws Exception {
        String before = home();
        commit(intent("192.0.2.1/24"));
        stop();
        fastPath.close();
        assertThat(Leftovers.giveBack(instance)).isEmpty();
        assertThat(home()).isEqualTo(before);
        assertThat(Files.exists(instance.run())).isFalse();
        assertThat(Files.exists(instance.dataplane())).isFalse();
        assertThat(Leftovers.giveBack(instance)).isEmpty();
    }

    @Test
    void damagedClaimsAreFoundAtTheDevices() throws Exception {
        String before = home();
        commit(changed(intent("192.0.2.1/24"), "192.0.2.1/24"));
        SortedMap<String, AppliedPort> applied = ports.applied();
        for (String damage : List.of("", "\u0000\ufffd\n\n{\"port\":", "ge-0\n")) {
            stop();
            Files.writeString(instance.claims(), damage);
            ports = started();
            AppliedPort found = ports.applied().get("ge-0");
            assertThat(found).isEqualTo(applied.get("ge-0"));
            // What has no device carries no record: it goes, and a commit recreates it.
            assertThat(Netns.run(instance.dataplane(), "ip -o link")).doesNotContain("lab0");
            commit(changed(intent("192.0.2.1/24"), "192.0.2.1/24"));
            assertThat(Netns.run(instance.dataplane(), "ip -o link")).contains("lab0");
        }
        stop();
        fastPath.close();
        Files.delete(instance.claims());
        assertThat(Leftovers.giveBack(instance)).isEmpty();
        assertThat(home()).isEqualTo(before);
    }

    @Test
    void aDeviceThatNothingTellsOfIsNotTakenAlong() throws Exception {
        commit(intent("192.0.2.1/24"));
        stop();
        fastPath.close();
        Files.delete(instance.claims());
        Netns.run(own, "umount " + instance.origin("ge-0"));
        Files.writeString(instance.origin("ge-0"), "nonsense");
        String told = String.join("\n", Leftovers.giveBack(instance));
        assertThat(told).contains(instance.name() + ".0 (02:00:00:00:00:77)");
        String command = told.substring(told.indexOf("nsenter"));
        assertThat(command).endsWith(" ip link set " + instance.name() + ".0 netns 1 name NAME");
        String byHand =
                command.replace(" netns 1 ", " netns " + ProcessHandle.current().pid() + " ");
        Netns.run(own, byHand.replace("NAME", device));
        assertThat(Leftovers.giveBack(instance)).isEmpty();
        assertThat(isHome()).isTrue();
    }

    @Test
    void theNextFloofdTakesTheTwinsOver() throws Exception {
        commit(intent("192.0.2.1/24"));
        String before = Netns.run(instance.dataplane(), "ip -o link show ge-0");
        stop();
        assertThat(Netns.run(instance.dataplane(), "ip -o link show ge-0")).isEqualTo(before);
        ports = started();
        assertThat(plan(intent("192.0.2.1/24"))).isEmpty();
        assertThat(plan(intent("192.0.2.2/24")))
                .extracting(Object::toString)
                .containsExactly(
                        "remove address 192.0.2.1/24 from ge-0",
                        "add address 192.0.2.2/24 to ge-0");
    }

    @Test
    void theTwinFollowsTheCarrierOfTheDevice() throws Exception {
        commit(intent("192.0.2.1/24"));
        Netns.run(peer, "ip link set v0 down");
        assertThat(Eventually.holds(() -> !hasCarrier())).isTrue();
        Netns.run(peer, "ip link set v0 up");
        assertThat(Eventually.holds(this::hasCarrier)).isTrue();
    }

    private boolean hasCarrier() {
        return Netns.run(instance.dataplane(), "ip -o link show ge-0").contains("LOWER_UP");
    }

    @Test
    void aClaimedDeviceIsSilent() throws Exception {
        commit(intent("192.0.2.1/24", "2001:db8::1/64"));
        File capture = instance.run().resolve("capture").toFile();
        Process tcpdump =
                new ProcessBuilder("nsenter", "--net=" + peer, "tcpdump", "-Q", "in", "-lnei", "v0")
                        .redirectErrorStream(true)
                        .redirectOutput(capture)
                        .start();
        assertThat(Eventually.holds(() -> text(capture).contains("listening"))).isTrue();
        for (int i = 0; i < 2; i++) {
            Netns.run(peer, "ip link set v0 down");
            Netns.run(peer, "ip link set v0 up");
            Netns.run(instance.ports(), "ip link set " + instance.name() + ".0 down");
            Netns.run(instance.ports(), "ip link set " + instance.name() + ".0 up");
        }
        // It must not answer either: for its old address, for the twin's, by ARP or ND.
        Netns.run(peer, "ip address add 198.51.100.1/24 dev v0");
        Netns.run(peer, "ip address add 192.0.2.2/24 dev v0");
        for (String target : List.of("198.51.100.9", "192.0.2.1")) {
            assertThatThrownBy(() -> Netns.run(peer, "ping -c 1 -W 1 " + target))
                    .isInstanceOf(IllegalStateException.class);
        }
        tcpdump.destroy();
        tcpdump.waitFor();
        assertThat(text(capture)).contains("0 packets captured");
    }

    private static String text(File file) {
        try {
            return Files.readString(file.toPath());
        } catch (IOException e) {
            return "";
        }
    }

    @Test
    void foreignAddressesStay() throws Exception {
        commit(intent("192.0.2.1/24"));
        Netns.run(instance.dataplane(), "ip address add 203.0.113.9/24 dev ge-0");
        commit(intent("192.0.2.2/24"));
        String twin = Netns.run(instance.dataplane(), "ip address show ge-0");
        assertThat(twin).contains("203.0.113.9/24", "192.0.2.2/24").doesNotContain("192.0.2.1/");
        assertThatThrownBy(() -> commit(intent("192.0.2.2/24", "203.0.113.9/24")))
                .isInstanceOf(CommitException.class)
                .hasMessageContaining("not from a commit");
    }

    @Test
    @Tag("slow")
    void aFailureAnywhereLeavesEverythingAsItWas() throws Exception {
        Intent first = intent("192.0.2.1/24", "2001:db8::1/64");
        Intent second = changed(first, "192.0.2.2/24");
        for (List<Intent> way :
                List.of(
                        List.of(Intent.EMPTY, first),
                        List.of(first, second),
                        List.of(second, Intent.EMPTY),
                        List.of(Intent.EMPTY, second))) {
            commit(way.getFirst());
            failEverywhere(plan(way.getLast()));
            commit(way.getLast());
            assertThat(plan(way.getLast())).isEmpty();
        }
    }

    /** Every way from some addresses of one subnet to others, done, and failed anywhere. */
    @Test
    void addressesOfOneSubnetComeAndGoInAnyOrder() throws Exception {
        String a = "192.0.2.1/24";
        String b = "192.0.2.2/24";
        String c = "192.0.2.3/24";
        List<String[]> sets =
                List.of(
                        new String[] {},
                        new String[] {b, c},
                        new String[] {a, b, c},
                        new String[] {a, "192.0.2.2/25", "198.51.100.1/24"},
                        new String[] {b, "198.51.100.1/24", "198.51.100.2/24"});
        for (String[] from : sets) {
            for (String[] to : sets) {
                commit(intent(from));
                hasInOrder(from);
                SortedMap<String, AppliedPort> before = ports.applied();
                for (Step victim : plan(intent(to))) {
                    assertThatThrownBy(() ->
                                    executor().execute(failing(victim, plan(intent(to))), () -> {}))
                            .hasMessage("injected");
                    assertThat(ports.applied()).as("%s", victim).isEqualTo(before);
                }
                commit(intent(to));
                hasInOrder(to);
                assertThat(plan(intent(to))).isEmpty();
            }
        }
        commit(intent(a, b, c));
        commit(Intent.EMPTY);
        assertThat(Netns.run(instance.dataplane(), "ip -o link")).doesNotContain("ge-0");
    }

    /** All of them, and the first of each subnet as the one that Linux sends from. */
    private void hasInOrder(String... addresses) {
        List<String> shown =
                Netns.run(instance.dataplane(), "ip -4 -o address show dev ge-0").lines().toList();
        assertThat(shown).hasSize(addresses.length);
        List<InterfaceAddress> firsts = new ArrayList<>();
        for (String text : addresses) {
            InterfaceAddress address = InterfaceAddress.parse(text);
            boolean isFirst = firsts.stream().noneMatch(it -> it.subnet().equals(address.subnet()));
            if (isFirst) {
                firsts.add(address);
            }
            assertThat(shown)
                    .anyMatch(line ->
                            line.contains("inet " + address + " ")
                                    && line.contains(" secondary ") != isFirst);
        }
    }

    /** Another address, MTU and state of ge-0, and one port more. */
    private static Intent changed(Intent intent, String address) {
        TreeMap<String, Intent.Port> ports = new TreeMap<>(intent.ports());
        List<InterfaceAddress> addresses = List.of(InterfaceAddress.parse(address));
        Intent.Attachment attachment = Objects.requireNonNull(ports.get("ge-0")).attachment();
        ports.put("ge-0", new Intent.Port("ge-0", attachment, true, 1200, addresses));
        Intent.Attachment tap = Intents.attachment(Driver.TAP, null);
        ports.put("lab0", new Intent.Port("lab0", tap, false, 1500, List.of()));
        return new Intent(ports, List.of(), null, FastPathSettings.DEFAULT, Set.of());
    }

    /** Carries a plan out as often as it has steps; each time another one fails. */
    private void failEverywhere(List<Step> plan) throws Exception {
        String home = isHome() ? home() : "";
        SortedMap<String, AppliedPort> before = ports.applied();
        assertThat(plan).hasSizeGreaterThan(3);
        for (Step victim : plan) {
            assertThatThrownBy(() -> executor().execute(failing(victim, plan), () -> {}))
                    .as(victim.toString())
                    .isInstanceOf(CommitException.class)
                    .hasMessage("injected");
            assertThat(isHome() ? home() : "").as(victim.toString()).isEqualTo(home);
            assertThat(ports.applied()).as(victim.toString()).isEqualTo(before);
            assertThat(Claims.of(instance).all().keySet()).isEqualTo(before.keySet());
        }
    }

    /** The same plan, in which one step fails. */
    private static List<Step> failing(Step victim, List<Step> plan) {
        Step.Action fault =
                () -> {
                    throw new IOException("injected");
                };
        return plan.stream()
                .map(step ->
                        step.text().equals(victim.text())
                                ? new Step(
                                        step.phase(),
                                        step.path(),
                                        step.text(),
                                        fault,
                                        step.undoText(),
                                        step.undo())
                                : step)
                .toList();
    }

    private boolean isHome() {
        return Files.exists(Path.of("/sys/class/net", device));
    }

    /** A device that came in the place of ours is not ours. */
    @Test
    void aForeignDeviceOfTheNameIsNotTouched() throws Exception {
        commit(intent("192.0.2.1/24"));
        Netns.run(instance.ports(), "ip link delete " + instance.name() + ".0");
        Netns.run(own, "ip tuntap add dev " + device + " mode tap");
        Netns.run(own, "ip link set " + device + " address 02:aa:00:00:00:01");
        String foreign = home();
        commit(Intent.EMPTY);
        assertThat(home()).isEqualTo(foreign).doesNotContain("198.51.100.9");
        assertThat(Claims.of(instance).all()).isEmpty();
    }

    @Test
    void whatCannotBeRecordedIsUndone() throws Exception {
        String before = home();
        Executor.Record full =
                () -> {
                    throw new IOException("disk full");
                };
        List<Step> plan = plan(intent("192.0.2.1/24"));
        assertThatThrownBy(() -> executor().execute(plan, full))
                .isInstanceOf(CommitException.class)
                .hasMessageContaining("disk full");
        assertThat(home()).isEqualTo(before);
    }

    @Test
    void aTwinDeletedByHandIsMadeAnew() throws Exception {
        commit(intent("192.0.2.1/24"));
        Netns.run(instance.dataplane(), "ip link delete ge-0");
        assertThat(ports.heal()).isEmpty();
        assertThat(isHome()).as("the device stays hidden").isFalse();
        commit(intent("192.0.2.1/24"));
        assertThat(Netns.run(instance.dataplane(), "ip address show ge-0"))
                .contains("192.0.2.1/24", "mtu 1300", "02:00:00:00:00:77");
        assertThat(Eventually.holds(this::hasCarrier)).isTrue();
    }

    @Test
    void renamedLinksGetTheirNamesBack() throws Exception {
        commit(intent("192.0.2.1/24"));
        String hidden = instance.name() + ".0";
        Netns.run(instance.dataplane(), "ip link set ge-0 down");
        Netns.run(instance.dataplane(), "ip link set ge-0 name other");
        Netns.run(instance.ports(), "ip link set " + hidden + " down");
        Netns.run(instance.ports(), "ip link set " + hidden + " name strange");
        assertThat(ports.heal()).isEmpty();
        commit(intent("192.0.2.1/24"));
        assertThat(Eventually.holds(this::hasCarrier)).isTrue();
        assertThat(Netns.run(instance.dataplane(), "ip address show ge-0"))
                .contains("192.0.2.1/24");
        assertThat(Netns.run(instance.ports(), "ip -o link show " + hidden)).contains(",UP");
        Netns.run(instance.dataplane(), "ip link set ge-0 down");
        Netns.run(instance.dataplane(), "ip link set ge-0 name other");
        Netns.run(instance.dataplane(), "ip tuntap add dev ge-0 mode tap");
        assertThat(ports.heal().get("ge-0")).contains("not from a commit");
        Netns.run(instance.dataplane(), "ip link delete ge-0");
        assertThat(ports.heal()).isEmpty();
    }

    /** A card that is pulled out and put back, or another one in its place. */
    @Test
    void aDeviceThatComesBackIsTakenAgain() throws Exception {
        String before = home();
        commit(intent("192.0.2.1/24"));
        Netns.run(instance.ports(), "ip link delete " + instance.name() + ".0");
        assertThat(Eventually.holds(() -> !hasCarrier())).isTrue();
        assertThat(ports.heal()).containsOnlyKeys("ge-0");
        assertThat(ports.heal().get("ge-0")).isEqualTo("its device " + device + " is gone");
        String twin = Netns.run(instance.dataplane(), "ip -o link show ge-0");
        make("02:00:00:00:00:77");
        assertThat(ports.heal()).isEmpty();
        assertThat(isHome()).isFalse();
        commit(intent("192.0.2.1/24"));
        assertThat(Eventually.holds(this::hasCarrier)).isTrue();
        assertThat(Netns.run(instance.dataplane(), "ip address show ge-0"))
                .startsWith(twin.substring(0, twin.indexOf(':')))
                .contains("192.0.2.1/24", "mtu 1300");
        assertThat(Netns.run(instance.ports(), "ip -o link show")).contains("mtu 1300");
        commit(Intent.EMPTY);
        assertThat(home()).isEqualTo(before);
    }

    @Test
    void anotherDeviceOfThatNameIsGivenBackAsItCame() throws Exception {
        commit(intent("192.0.2.1/24"));
        Netns.run(instance.ports(), "ip link delete " + instance.name() + ".0");
        make("02:00:00:00:00:99");
        String other = home();
        assertThat(ports.heal()).isEmpty();
        commit(intent("192.0.2.1/24"));
        assertThat(Netns.run(instance.dataplane(), "ip link show ge-0"))
                .contains("02:00:00:00:00:99");
        Claim claim = Objects.requireNonNull(Claims.of(instance).all().get("ge-0"));
        assertThat(Objects.requireNonNull(claim.device()).mac()).hasToString("02:00:00:00:00:99");
        commit(Intent.EMPTY);
        assertThat(home()).isEqualTo(other);
    }

    @Test
    void aDeviceMovedOutByHandIsTakenAgain() throws Exception {
        commit(intent("192.0.2.1/24"));
        Netns.run(
                instance.ports(),
                "ip link set " + instance.name() + ".0 netns " + ProcessHandle.current().pid());
        assertThat(ports.heal()).isEmpty();
        commit(intent("192.0.2.1/24"));
        assertThat(Eventually.holds(this::hasCarrier)).isTrue();
        assertThat(Netns.run(own, "ip -o link")).doesNotContain(instance.name() + ".0");
    }

    private void make(String mac) {
        Netns.run(
                own,
                "ip link add " + device + " type veth peer name v0 netns " + peer.getFileName());
        Netns.run(own, "ip link set " + device + " mtu 1400 address " + mac);
        Netns.run(own, "ethtool -K " + device + " tso off gro on");
        Netns.run(own, "ip link set " + device + " up");
        Netns.run(peer, "ip link set v0 up");
    }

    @Test
    void aForeignLinkOfThatNameStays() throws Exception {
        Netns.run(instance.dataplane(), "ip tuntap add dev ge-0 mode tap");
        String before = home();
        assertThatThrownBy(() -> commit(intent("192.0.2.1/24")))
                .isInstanceOf(CommitException.class)
                .hasMessageContaining("not from a commit");
        assertThat(home()).isEqualTo(before);
        assertThat(Netns.run(instance.dataplane(), "ip link")).contains("ge-0");
    }

    @Test
    void aMissingDeviceIsNamed() {
        assertThatThrownBy(() ->
                        ports.claim("ge-9", 3, Intents.attachment(Driver.AF_PACKET, "nosuch0")))
                .isInstanceOf(CommitException.class)
                .hasMessageContaining("nosuch0");
    }
}
