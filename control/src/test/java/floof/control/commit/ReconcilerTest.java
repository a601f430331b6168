package floof.control.commit;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import floof.base.InterfaceAddress;
import floof.base.IpAddress;
import floof.base.alarm.Alarm;
import floof.base.alarm.Alarms;
import floof.base.task.Tasks;
import floof.control.Intents;
import floof.control.Leftovers;
import floof.control.Namespaces;
import floof.control.Sandbox;
import floof.control.StandInFastPath;
import floof.control.bird.Bird;
import floof.control.bird.BirdConfig;
import floof.control.bird.Routing;
import floof.control.fastpath.FastPathDepartment;
import floof.control.fpc.ManagerConnection;
import floof.control.instance.Instance;
import floof.control.plan.FastPathSettings;
import floof.control.plan.Intent;
import floof.control.plan.Step;
import floof.control.port.Links;
import floof.control.port.Ports;
import floof.control.service.Service;
import floof.fpc.Driver;
import floof.linux.netlink.Rtnetlink;
import floof.linux.system.NetworkNamespace;
import floof.testkit.Eventually;
import floof.testkit.Netns;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What is changed by hand, or comes and goes by itself, in real namespaces. */
class ReconcilerTest {

    private static final Path OWN = Path.of("/proc/self/ns/net");

    private final Sandbox sandbox = new Sandbox();
    private final Instance instance = sandbox.instance;
    private final String device = instance.name() + "a";
    private final Alarms alarms = new Alarms(InstantSource.system());
    private final Deque<AutoCloseable> live = new ArrayDeque<>();
    private StandInFastPath fastPath;
    private Bird bird;
    private Reconciler reconciler;
    private Ports ports;

    @BeforeEach
    void start() throws Exception {
        Namespaces.prepare(instance, 4 << 20);
        sandbox.atEnd(this::unplug);
        sandbox.atEnd(() -> Leftovers.giveBack(instance));
        fastPath = new StandInFastPath(instance);
        live.push(fastPath);
        ManagerConnection manager = new ManagerConnection(instance.fastPathSocket());
        live.push(manager);
        ports = new Ports(instance, manager, 8);
        live.push(ports);
        ports.adopt(fastPath);
        bird = new Bird(instance, sandbox.alarms, sandbox.tasks);
        live.push(bird);
        reconciler =
                new Reconciler(
                        List.of(
                                ports,
                                new FastPathDepartment(fastPath, ports::settle),
                                new Routing(bird, instance.log("bird"))),
                        alarms);
    }

    @AfterEach
    void clean() throws Exception {
        while (!live.isEmpty()) {
            live.pop().close();
        }
        sandbox.close();
    }

    private void plug() {
        Netns.run(OWN, "ip link add " + device + " type veth peer name " + device + "p");
        Netns.run(OWN, "ip link set " + device + "p up");
    }

    private void unplug() {
        if (Files.exists(Path.of("/sys/class/net", device + "p"))) {
            Netns.run(OWN, "ip link delete " + device + "p");
        }
    }

    private static Intent.Port port(
            String name, Driver driver, @Nullable String device, String... addresses) {
        return new Intent.Port(
                name,
                Intents.attachment(driver, device),
                false,
                1500,
                Stream.of(addresses).map(InterfaceAddress::parse).toList());
    }

    private static Intent intent(Intent.Port... ports) {
        TreeMap<String, Intent.Port> byName = new TreeMap<>();
        Stream.of(ports).forEach(port -> byName.put(port.name(), port));
        return new Intent(byName, List.of(), null, FastPathSettings.DEFAULT, Set.of());
    }

    private static Intent.Port lan() {
        return port("lan", Driver.TAP, null, "192.0.2.1/24", "192.0.2.2/24");
    }

    private Intent.Port wan() {
        return port("wan", Driver.AF_PACKET, device, "198.51.100.1/24");
    }

    private String in(String line) {
        return Netns.run(instance.dataplane(), line);
    }

    private List<String> alarms() {
        return alarms.active().stream().map(Alarm::id).toList();
    }

    @Test
    void whatIsChangedByHandIsSetBackAtOnce() throws Exception {
        Intent intent = intent(lan());
        assertThat(reconciler.follow(intent, false)).isTrue();
        try (Tasks tasks = new Tasks(alarms, (line, fault) -> {}, () -> {});
                LinkWatch _ = watch(intent, tasks)) {
            String index = in("ip -o link show lan").split(":")[0];
            for (String change :
                    List.of(
                            "ip address delete 192.0.2.1/24 dev lan",
                            "ip address flush dev lan",
                            "ip link set lan mtu 1400",
                            "ip link set lan down",
                            "ip link set lan name other")) {
                in(change);
                assertThat(Eventually.holds(this::isAsConfigured)).as(change).isTrue();
                assertThat(in("ip -o link show lan")).as(change).startsWith(index + ":");
            }
            in("ip address add 203.0.113.1/24 dev lan");
            in("ip link delete lan");
            assertThat(Eventually.holds(this::isAsConfigured)).isTrue();
            assertThat(alarms()).isEmpty();
        }
    }

    /** After each change, and again to one that started. */
    @Test
    void theFastPathKnowsTheFarEndsOfSessions() throws Exception {
        Intent none = intent();
        List<IpAddress> two = List.of(IpAddress.parse("192.0.2.9"), IpAddress.parse("2001:db8::9"));
        Intent.Bgp bgp =
                new Intent.Bgp(
                        65001,
                        IpAddress.parse("192.0.2.1"),
                        List.of(),
                        false,
                        List.of(Intents.peer("other", 65002, two, "")));
        Intent routing = new Intent(none.ports(), List.of(), bgp, none.fastPath(), Set.of());
        reconciler.follow(routing, false);
        assertThat(fastPath.peers).isEqualTo(two);
        fastPath.peers = List.of(); // it was started again
        ports.attachAll();
        assertThat(fastPath.peers).isEqualTo(two);
        reconciler.verify(none);
        assertThat(fastPath.peers).isEmpty();
    }

    /** It repeats what BIRD has, so that is what it goes back to. */
    @Test
    void aFullCommitThatFailsLeavesBirdAsItWas() throws Exception {
        Intent intent = intent();
        String text = BirdConfig.text(intent, instance.log("bird"));
        bird.start(text);
        List<Step> plan = reconciler.plan(intent, true);
        assertThat(plan).extracting(Step::text).containsExactly("reconfigure BIRD");
        Executor.Record full =
                () -> {
                    throw new IOException("disk full");
                };
        assertThatThrownBy(() -> reconciler.execute(plan, step -> {}, full))
                .hasMessageContaining("disk full")
                .hasMessageNotContaining("could not");
        assertThat(bird.text()).isEqualTo(text);
    }

    @Test
    void whatBirdDidNotTakeIsTriedAgain() throws Exception {
        Intent intent = intent();
        String text = BirdConfig.text(intent, instance.log("bird"));
        assertThat(reconciler.follow(intent, true)).as("it does not run").isFalse();
        assertThat(reconciler.isAllToFollow()).isTrue();
        assertThat(alarms()).containsExactly("configuration/routing");
        bird.start(text);
        assertThat(reconciler.follow(intent, false)).as("not asked").isFalse();
        assertThat(reconciler.follow(intent, true)).isTrue();
        assertThat(reconciler.isAllToFollow()).isFalse();
        assertThat(alarms()).isEmpty();
    }

    @Test
    void settingsForAnotherMachineAreTriedAgain() throws Exception {
        FastPathSettings wanted = FastPathSettings.take(new ArrayList<>(List.of("--cores", "5")));
        Intent intent = intent().with(wanted);
        assertThat(reconciler.follow(intent, false)).isFalse();
        assertThat(alarms()).containsExactly("configuration/fast-path");
        assertThat(alarms.active().getFirst().remedy()).startsWith("it is retried automatically");
        assertThat(reconciler.follow(intent, false)).as("it is as it was").isFalse();
        fastPath.cpus(8);
        assertThat(reconciler.follow(intent, false)).isTrue();
        assertThat(fastPath.settings()).isEqualTo(wanted);
        assertThat(alarms()).isEmpty();
    }

    @Test
    void whatACommitMadeWorkIsNoAlarm() throws Exception {
        FastPathSettings wanted = FastPathSettings.take(new ArrayList<>(List.of("--cores", "5")));
        Intent intent = intent().with(wanted);
        bird.start(BirdConfig.text(intent, instance.log("bird")));
        assertThat(reconciler.follow(intent, true)).isFalse();
        assertThat(alarms()).containsExactly("configuration/fast-path");
        assertThat(reconciler.verify(intent)).containsExactly("restart the fast path, --cores 5");
        assertThat(alarms()).contains("configuration/fast-path");
        fastPath.cpus(8);
        reconciler.execute(reconciler.plan(intent, false), step -> {}, () -> {});
        assertThat(reconciler.verify(intent)).isEmpty();
        assertThat(alarms()).isEmpty();
    }

    @Test
    void aServiceThatDidNotStartIsTriedAgain() throws Exception {
        AtomicBoolean isPossible = new AtomicBoolean();
        Service service =
                new Service(
                        "rest",
                        () -> {
                            if (!isPossible.get()) {
                                throw new IOException("disk full");
                            }
                            return () -> {};
                        });
        reconciler = new Reconciler(List.of(ports, service), alarms);
        Intent intent =
                new Intent(
                        intent().ports(),
                        List.of(),
                        null,
                        FastPathSettings.DEFAULT,
                        Set.of("rest"));
        assertThat(reconciler.follow(intent, true)).isFalse();
        assertThat(alarms()).containsExactly("configuration/system/services/rest");
        assertThat(reconciler.follow(intent, false)).as("links changed").isFalse();
        assertThat(reconciler.isAllToFollow()).isTrue();
        assertThat(alarms()).hasSize(1);
        isPossible.set(true);
        assertThat(reconciler.follow(intent, true)).isTrue();
        assertThat(alarms()).isEmpty();
    }

    private LinkWatch watch(Intent intent, Tasks tasks) {
        return new LinkWatch(
                instance, _ -> reconciler.follow(intent, false), reconciler::isWaiting, tasks);
    }

    private boolean isAsConfigured() {
        try {
            String shown = in("ip address show lan");
            return shown.contains("mtu 1500")
                    && shown.contains(",UP")
                    && shown.contains("inet 192.0.2.1/24 brd 192.0.2.255 scope global lan")
                    && shown.contains(
                            "inet 192.0.2.2/24 brd 192.0.2.255 scope global secondary lan");
        } catch (IllegalStateException e) {
            return false; // there is no such link just now
        }
    }

    @Test
    void aDeviceThatIsMissingIsTakenWhenItComesWhileOthersWork() throws Exception {
        Intent intent = intent(lan(), wan());
        assertThat(reconciler.follow(intent, false)).isFalse();
        assertThat(isAsConfigured()).isTrue();
        assertThat(alarms()).containsExactly("configuration/interfaces/wan");
        assertThat(ports.faults(reconciler.left()).get("wan"))
                .contains("there is no device " + device);
        assertThat(reconciler.plan(intent, false))
                .as("another commit; no BIRD runs here")
                .extracting(Step::text)
                .containsExactly("reconfigure BIRD");
        try (Tasks tasks = new Tasks(alarms, (line, fault) -> {}, () -> {});
                LinkWatch _ = watch(intent, tasks)) {
            plug();
            assertThat(Eventually.holds(this::isWanUp)).isTrue();
            assertThat(Eventually.holds(() -> alarms().isEmpty())).isTrue();
            unplug();
            assertThat(Eventually.holds(() -> !alarms().isEmpty())).isTrue();
            assertThat(alarms.active().getFirst().text())
                    .isEqualTo("interfaces wan: its device " + device + " is gone");
            assertThat(in("ip address show wan")).contains("198.51.100.1/24", "NO-CARRIER");
            plug();
            assertThat(Eventually.holds(this::isWanUp)).isTrue();
            assertThat(Eventually.holds(() -> alarms().isEmpty())).isTrue();
        }
    }

    private boolean isWanUp() {
        try {
            String shown = in("ip address show wan");
            return shown.contains("198.51.100.1/24") && shown.contains("LOWER_UP");
        } catch (IllegalStateException e) {
            return false; // there is no such link yet
        }
    }

    @Test
    void whatIsNotAsCommittedIsTold() throws Exception {
        Intent intent = intent(lan());
        bird.start(BirdConfig.text(intent, instance.log("bird")));
        reconciler.execute(reconciler.plan(intent, false), step -> {}, () -> {});
        assertThat(reconciler.verify(intent)).isEmpty();
        assertThat(alarms()).isEmpty();
        in("ip address delete 192.0.2.2/24 dev lan");
        assertThat(reconciler.verify(intent)).containsExactly("add address 192.0.2.2/24 to lan");
        assertThat(alarms.active().getFirst().text())
                .isEqualTo(
                        "the system differs from the committed configuration; still to do: add"
                                + " address 192.0.2.2/24 to lan");
        assertThat(reconciler.follow(intent, false)).isTrue();
        assertThat(alarms()).isEmpty();
    }

    @Test
    void anAddressThatAnotherHostHasIsTold() throws Exception {
        Path peer = sandbox.namespace("peer");
        in("ip link add v0 type veth peer name v0 netns " + peer.getFileName());
        Netns.run(peer, "ip address add 2001:db8::1/64 dev v0 nodad");
        Netns.run(peer, "ip link set v0 up");
        in("ip link set v0 up");
        NetworkNamespace.call(
                instance.dataplane(),
                () -> {
                    try (Rtnetlink linux = Rtnetlink.open("test")) {
                        return linux.addAddress(
                                requireNonNull(linux.link("v0")).index(),
                                InterfaceAddress.parse("2001:db8::1/64"),
                                Links.ADDRESS_PROTOCOL);
                    }
                });
        assertThat(Eventually.holds(() -> in("ip -6 address show v0").contains("dadfailed")))
                .isTrue();
        reconciler.follow(Intent.EMPTY, false);
        assertThat(alarms()).containsExactly("address/v0/2001:db8::1/64");
        reconciler.lookAgain();
        reconciler.follow(Intent.EMPTY, false);
        assertThat(alarms()).as("not known yet").hasSize(1);
        Netns.run(peer, "ip address delete 2001:db8::1/64 dev v0");
        reconciler.lookAgain();
        boolean isTold =
                Eventually.holds(() -> {
                    reconciler.follow(Intent.EMPTY, false);
                    return alarms().isEmpty();
                });
        assertThat(isTold).isTrue();
    }
}
