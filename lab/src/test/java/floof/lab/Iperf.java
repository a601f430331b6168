package floof.lab;

import static org.assertj.core.api.Assertions.assertThat;

import floof.testkit.Eventually;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** TCP between stock hosts by iperf3: that all of it arrives, however fast the machine is. */
final class Iperf {

    /** What iperf3 asks for; the kernel gives twice that to a socket, on each side. */
    private static final long WINDOW = 128 << 10;

    private static final JsonMapper JSON = JsonMapper.builder().build();

    private Iperf() {}

    /** Starts a server; it listens. */
    static void serve(Network network, String host) {
        network.start("iperf-" + host, network.in(host, "iperf3", "-s"));
        Command sockets = network.in(host, "ss", "-Hltn", "sport = :5201");
        assertThat(Eventually.holds(() -> !sockets.run().output().isBlank())).isTrue();
    }

    /**
     * Some megabytes arrive, but for what was on its way at the end; a server that is busy with the
     * last client is asked again.
     */
    static void carries(
            Network network, String host, String server, int megabytes, String... options) {
        List<String> words = new ArrayList<>(List.of("iperf3", "-J", "-c", server));
        words.addAll(List.of("-n", megabytes + "M", "-w", "" + WINDOW));
        words.addAll(List.of(options));
        Command command = network.in(host, words.toArray(String[]::new));
        JsonNode[] end = new JsonNode[1];
        String[] output = {""};
        boolean isMeasured =
                Eventually.holds(() -> {
                    output[0] = command.run().output();
                    end[0] = end(output[0]);
                    return end[0].path("sum_received").has("bytes");
                });
        assertThat(isMeasured).as("%s: %s", words, output[0]).isTrue();
        JsonNode received = end[0].get("sum_received");
        long waiting = end[0].get("streams").size() * 4 * WINDOW;
        long sent = end[0].at("/sum_sent/bytes").asLong();
        assertThat(sent).isGreaterThanOrEqualTo(megabytes << 20);
        assertThat(received.get("bytes").asLong())
                .as("all but what two socket buffers hold of %d: %s: %s", sent, words, output[0])
                .isGreaterThanOrEqualTo(sent - waiting);
        System.out.printf(
                "%s: %.0f Mbit/s%n", words, received.get("bits_per_second").asDouble() / 1e6);
    }

    private static JsonNode end(String output) {
        // Warnings may come first.
        int start = output.indexOf('{');
        return JSON.readTree(start < 0 ? "{}" : output.substring(start)).path("end");
    }
}
