package floof.control.bird;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import floof.base.IpAddress;
import floof.control.Intents;
import floof.control.Namespaces;
import floof.control.Sandbox;
import floof.control.instance.Processes;
import floof.control.plan.Intent;
import floof.testkit.Eventually;
import floof.testkit.Netns;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Our BIRD against a stock one over a veth. */
class BirdTest {

    private final Sandbox sandbox = new Sandbox();
    private final Bird bird = new Bird(sandbox.instance, sandbox.alarms, sandbox.tasks);
    private final Path ours = sandbox.instance.dataplane();
    private Path peer = Path.of("/");
    private Path peerSocket = Path.of("/");

    @BeforeEach
    void wire() throws IOException {
        Namespaces.prepare(sandbox.instance, 4 << 20);
        sandbox.atEnd(() -> Bird.end(sandbox.instance));
        sandbox.atEnd(bird::close);
        peer = sandbox.namespace("peer");
        Netns.run(ours, "ip link add v0 type veth peer name v0 netns " + peer.getFileName());
        Netns.run(ours, "ip address add 192.0.2.1/24 dev v0");
        Netns.run(peer, "ip address add 192.0.2.2/24 dev v0");
        for (Path namespace : List.of(ours, peer)) {
            Netns.run(namespace, "ip link set v0 up");
        }
        Netns.run(ours, "ip route add 100.64.0.0/24 dev v0 proto 99");
        startPeer();
    }

    @AfterEach
    void clean() {
        sandbox.close();
    }

    private void startPeer() throws IOException {
        Path folder = sandbox.instance.run();
        peerSocket = folder.resolve("peer.sock");
        Files.writeString(
                folder.resolve("peer.conf"),
                """
                router id 192.0.2.2;
                protocol device {}
                protocol static kept { ipv4; route 172.16.1.0/24 blackhole; }
                protocol static gone { ipv4; route 172.16.2.0/24 blackhole; }
                protocol bgp r {
                    local as 65001; neighbor 192.0.2.1 as 65000; graceful restart on;
                    connect delay time 1;
                    ipv4 { import all; export where source = RTS_STATIC; };
                }
                """);
        String command =
                "bird -c %1$s/peer.conf -s %2$s -P %1$s/peer.pid".formatted(folder, peerSocket);
        Netns.run(peer, command);
        sandbox.atEnd(() ->
                Processes.find(words -> words.contains(peerSocket.toString()))
                        .forEach(found -> Processes.end(found, 1_000)));
    }

    private static Intent intent(String prefix) {
        return BirdLab.intent(
                "interfaces { v0 { driver tap; address 192.0.2.1/24; } } bgp { asn 65000;"
                        + " router-id 192.0.2.1; prefixes "
                        + prefix
                        + "; peer peer { remote-as 65001; neighbor 192.0.2.2; } }");
    }

    private String text(String prefix) {
        return BirdConfig.text(intent(prefix), sandbox.instance.log("bird"));
    }

    private boolean hasRoutes(String... prefixes) {
        String routes = Netns.run(ours, "ip route show proto bird");
        return List.of(prefixes).stream().allMatch(routes::contains);
    }

    private List<BirdRoute> routes(String what) throws IOException, BirdException {
        try (BirdRoutes routes = bird.routes(what)) {
            return routes.all();
        }
    }

    private boolean peerHas(String prefix) {
        return Netns.run(peer, "birdc -s " + peerSocket + " show route").contains(prefix);
    }

    private long pid() {
        List<ProcessHandle> found =
                Processes.find(words -> words.contains(sandbox.instance.birdSocket().toString()));
        return found.isEmpty() ? 0 : found.getFirst().pid();
    }

    @Test
    void learnsAndAnnounces() throws Exception {
        bird.start(text("203.0.113.0/24"));
        assertThat(Eventually.holds(() -> hasRoutes("172.16.1.0/24", "172.16.2.0/24"))).isTrue();
        assertThat(Eventually.holds(() -> peerHas("203.0.113.0/24"))).isTrue();
        assertThat(Netns.run(ours, "ip route"))
                .contains("blackhole 203.0.113.0/24 proto bird metric 4294967295")
                .contains("100.64.0.0");

        Protocol session =
                bird.protocols().stream()
                        .filter(protocol -> protocol.name().equals("bgp_peer_1"))
                        .findFirst()
                        .orElseThrow();
        assertThat(session.detail("BGP state")).isEqualTo("Established");
        assertThat(session.detail("Neighbor AS")).isEqualTo("65001");
        assertThat(session.count("imported")).isEqualTo(2);
        assertThat(session.count("exported")).isEqualTo(1);
        assertThat(routes("table master4 in 0.0.0.0/0"))
                .anySatisfy(route -> {
                    assertThat(route.prefix()).hasToString("172.16.1.0/24");
                    assertThat(route.protocol()).isEqualTo("bgp_peer_1");
                    assertThat(route.attribute("BGP.as_path")).isEqualTo("65001");
                    assertThat(route.hops())
                            .containsExactly(
                                    new BirdRoute.Hop(IpAddress.parse("192.0.2.2"), "v0", 1));
                });
        assertThat(routes("172.16.9.0/24 table master4")).as("none is no error").isEmpty();

        bird.configure(text("198.51.100.0/24"));
        assertThat(Eventually.holds(() -> peerHas("198.51.100.0/24") && !peerHas("203.0.113.0/24")))
                .isTrue();
        assertThat(hasRoutes("172.16.1.0/24")).isTrue();
    }

    /** The longest names, and those of other characters than BIRD's own. */
    @Test
    void everyNameThatAPeerMayHaveIsASession() throws Exception {
        Intent one = intent("203.0.113.0/24");
        List<String> names = List.of("p" + "-".repeat(31), "_".repeat(32), "9._-", "a", "a_1");
        List<Intent.Peer> peers = new ArrayList<>();
        for (String name : names) {
            int last = 10 + peers.size();
            IpAddress neighbor = IpAddress.parse("192.0.2." + last);
            peers.add(Intents.peer(name, 65001, List.of(neighbor), ""));
        }
        Intent.Bgp bgp =
                new Intent.Bgp(65000, IpAddress.parse("192.0.2.1"), List.of(), false, peers);
        Intent all = new Intent(one.ports(), List.of(), bgp, one.fastPath(), Set.of());
        bird.start(BirdConfig.text(all, sandbox.instance.log("bird")));
        for (String name : BgpSessions.of(bgp).keySet()) {
            bird.reset(name, false);
            assertThat(bird.protocol(name)).extracting(Protocol::name).containsExactly(name);
        }
    }

    @Test
    void aBadConfigurationChangesNothing() throws Exception {
        bird.start(text("203.0.113.0/24"));
        String before = bird.text();
        assertThatThrownBy(() -> bird.check("router id 1.2.3.4;\nnonsense;\n"))
                .isInstanceOf(BirdException.class)
                .hasMessageContaining(":2:");
        assertThatThrownBy(() -> bird.configure("router id 1.2.3.4;\nnonsense;\n"))
                .isInstanceOf(BirdException.class);
        assertThat(bird.text()).isEqualTo(before);
    }

    /** It has read the configuration, and is at work with it for longer than we wait. */
    @Test
    void whatWasGivenUpIsNotTakenLater() throws Exception {
        String before = text("203.0.113.0/24");
        bird.start(before);
        bird.close();
        Bird hasty = new Bird(sandbox.instance, sandbox.alarms, sandbox.tasks, 1);
        sandbox.atEnd(hasty::close);
        hasty.start("unused");
        StringBuilder next = new StringBuilder(before).append("protocol static many { ipv4;\n");
        for (int i = 0; i < 50_000; i++) {
            next.append("route 20.%d.%d.0/24 blackhole;\n".formatted(i >> 8, i & 255));
        }
        next.append("}\n");
        assertThatThrownBy(() -> hasty.configure(next.toString()))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("BIRD does not answer");
        assertThat(hasty.text()).isEqualTo(before);
        assertThat(Eventually.holds(() -> !hasMany(hasty))).isTrue();
    }

    /** Also while it does not answer. */
    private static boolean hasMany(Bird asked) {
        try {
            return asked.summaries().stream().anyMatch(it -> it.name().equals("many"));
        } catch (IOException | BirdException e) {
            return true;
        }
    }

    @Test
    void aLivingBirdIsAdopted() throws Exception {
        bird.start(text("203.0.113.0/24"));
        long pid = pid();
        bird.close();
        Bird next = new Bird(sandbox.instance, sandbox.alarms, sandbox.tasks);
        sandbox.atEnd(next::close);
        next.start("unused");
        assertThat(pid()).isEqualTo(pid);
    }

    private static String events(File file) {
        try {
            return Files.readString(file.toPath());
        } catch (IOException e) {
            return "" + e.getMessage();
        }
    }

    /** RFC 4724: what was learned stays until End-of-RIB; what was withdrawn meanwhile goes. */
    @Test
    void learnedRoutesOutliveAKill() throws Exception {
        bird.start(text("203.0.113.0/24"));
        assertThat(Eventually.holds(() -> hasRoutes("172.16.1.0/24", "172.16.2.0/24"))).isTrue();
        File events = sandbox.instance.run().resolve("monitor").toFile();
        Process monitor =
                new ProcessBuilder("nsenter", "--net=" + ours, "ip", "monitor", "route")
                        .redirectErrorStream(true)
                        .redirectOutput(events)
                        .start();
        sandbox.atEnd(monitor::destroyForcibly);
        String heard = "blackhole 192.0.2.99";
        assertThat(Eventually.holds(() -> isHeard(heard, events))).isTrue();
        long pid = pid();
        ProcessHandle.of(pid).orElseThrow().destroyForcibly();
        Netns.run(peer, "birdc -s " + peerSocket + " disable gone");
        assertThat(Eventually.holds(() -> pid() != 0 && pid() != pid)).isTrue();
        assertThat(Eventually.holds(() -> !hasRoutes("172.16.2.0/24"))).isTrue();
        assertThat(hasRoutes("172.16.1.0/24")).as(() -> events(events)).isTrue();
        assertThat(Eventually.holds(() -> peerHas("203.0.113.0/24"))).isTrue();
        assertThat(Files.readAllLines(events.toPath()))
                .filteredOn(line -> line.contains("Deleted") && !line.contains(heard))
                .allMatch(line -> line.contains("172.16.2.0/24"));
        assertThat(Netns.run(ours, "ip route")).contains("100.64.0.0");
    }

    /** Whether the monitor listens: it tells of a route that comes and goes. */
    private boolean isHeard(String route, File events) {
        Netns.run(ours, "ip route add " + route);
        Netns.run(ours, "ip route del " + route);
        try {
            return Files.readString(events.toPath()).contains(route);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
