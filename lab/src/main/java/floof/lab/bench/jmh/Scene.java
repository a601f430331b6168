package floof.lab.bench.jmh;

import floof.base.Family;
import floof.base.IpAddress;
import floof.dataplane.Rehearsal;
import floof.dataplane.SampleFrame;
import floof.engine.Traffic;
import floof.lab.bench.Ways;
import floof.lab.bench.Workload;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * A node and the packets that it is measured with.
 *
 * @param name of the row
 * @param node under test
 * @param from the node for which the packets wait when they are taken: mostly the same; empty:
 *     none, they are as received
 * @param next where all of them must go on, empty: anywhere, or nowhere
 * @param workload routes and packets
 */
record Scene(String name, String node, String from, String next, Supplier<Workload> workload) {

    private static final Ways NEXT_HOPS = Ways.of(1, 24);
    private static final Ways EQUAL_NEXT_HOPS = Ways.of(8, 24);

    /** All; {@link NodeBenchmark} names them again, as annotations cannot be computed. */
    static final List<Scene> ALL =
            List.of(
                    of("ethernet-input", "ip4-input", Workload::ip4One),
                    of("ip4-input", "ip4-lookup", Workload::ip4One),
                    of("ip6-input", "ip6-lookup", Workload::ip6One),
                    of("ip4-lookup", "ip4-rewrite", Workload::ip4One),
                    of("ip6-lookup", "ip6-rewrite", Workload::ip6One),
                    of("ip4-rewrite", "port-output", Workload::ip4One),
                    of("ip6-rewrite", "port-output", Workload::ip6One),
                    of("port-output", "", Workload::ip4One),
                    received("twin-input", "port-output"),
                    received("receive-spread", "ethernet-input"),
                    of("exception", "", Scene::forLinux),
                    new Scene("twin-output", "twin-output", "exception", "", Scene::forLinux),
                    of("drop", "", Scene::bad),
                    of("ip4-lookup", "ip4-rewrite", () -> Workload.ip4Few(EQUAL_NEXT_HOPS))
                            .as("ip4-lookup-ecmp8"),
                    of("ip4-rewrite", "port-output", () -> Workload.ip4Few(NEXT_HOPS))
                            .as("ip4-rewrite-16-next-hops"),
                    of("ip6-rewrite", "port-output", () -> Workload.ip6Few(Ways.of(1, 29)))
                            .as("ip6-rewrite-16-next-hops"),
                    of("port-output", "", () -> Workload.ip4Few(NEXT_HOPS))
                            .as("port-output-4-ports"));

    private static Scene of(String node, String next, Supplier<Workload> workload) {
        return new Scene(node, node, node, next, workload);
    }

    /** Of a node where packets enter. */
    private static Scene received(String node, String next) {
        return new Scene(node, node, "", next, Workload::ip4One);
    }

    private Scene as(String other) {
        return new Scene(other, node, from, next, workload);
    }

    static Scene named(String name) {
        return ALL.stream().filter(scene -> scene.name.equals(name)).findFirst().orElseThrow();
    }

    /** For ourselves, with a spent TTL, to a neighbour that nobody knows: a third each. */
    private static Workload forLinux() {
        return sent(packet("192.0.2.1", 64), packet("203.0.113.2", 1), packet("198.51.100.9", 64));
    }

    /** Of an impossible destination, with a wrong checksum, for another station: a third each. */
    private static Workload bad() {
        byte[] good = packet("203.0.113.2", 64);
        return sent(
                packet("127.0.0.1", 64),
                SampleFrame.with(good, 24, 0x11),
                SampleFrame.with(good, 5, 9));
    }

    private static byte[] packet(String destination, int ttl) {
        return SampleFrame.udp(
                Rehearsal.ROUTER,
                IpAddress.parse("192.0.2.2"),
                IpAddress.parse(destination),
                ttl,
                SampleFrame.BYTES_MIN);
    }

    private static Workload sent(byte[]... frames) {
        return new Workload(
                Family.IP4, List.of(), Ways.ONE, 1, Traffic.of(Stream.of(frames).toList()));
    }
}
