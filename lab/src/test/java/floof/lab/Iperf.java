package floof.lab;

import static org.assertj.core.api.Assertions.assertThat;

import floof.testkit.Eventually;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** TCP between stock hosts by iperf3: that all of it arrives, however fast the machine is. */
final class Iperf {

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
        words.addAll(List.of("-n", megabytes + "M"));
        words.addAll(List.of(options));
        Command command = network.in(host, words.toArray(String[]::new));
        JsonNode[] received = new JsonNode[1];
        String[] output = {""};
        boolean isMeasured =
                Eventually.holds(() -> {
                    output[0] = command.run().output();
                    received[0] = received(output[0]);
                    return received[0].has("bytes");
                });
        assertThat(isMeasured).as("%s: %s", words, output[0]).isTrue();
        assertThat(received[0].get("bytes").asLong())
                .as("%s: %s", words, output[0])
                .isGreaterThanOrEqualTo(megabytes * 500_000L);
        System.out.printf(
                "%s: %.0f Mbit/s%n", words, received[0].get("bits_per_second").asDouble() / 1e6);
    }

    private static JsonNode received(String output) {
        // Warnings may come first.
        int start = output.indexOf('{');
        return JSON.readTree(start < 0 ? "{}" : output.substring(start))
                .path("end")
                .path("sum_received");
    }
}
