package floof.lab.bench;

import floof.engine.TimeStampCounter;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.ObjectMapper;

/** What a benchmark found, as the JSON object that all benchmarks print. */
final class Results {

    private final List<Map<String, Object>> rows = new ArrayList<>();

    /**
     * Adds a figure of several runs, of which the median counts.
     *
     * @return the median
     */
    double add(String name, String unit, double[] runs) {
        double[] sorted = runs.clone();
        Arrays.sort(sorted);
        double median = sorted[sorted.length / 2];
        double max = sorted[sorted.length - 1];
        Map<String, Object> row = new LinkedHashMap<>();
        row.put("name", name);
        row.put("value", rounded(median));
        row.put("unit", unit);
        row.put("runs", List.of(rounded(sorted[0]), rounded(median), rounded(max)));
        rows.add(row);
        return median;
    }

    static double median(double[] values) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        return sorted[sorted.length / 2];
    }

    private static double rounded(double value) {
        return Math.round(value * 100) / 100.0;
    }

    String json() throws IOException {
        Map<String, Object> machine = new LinkedHashMap<>();
        machine.put("cpu", TimeStampCounter.processor());
        machine.put("clocks-per-ns", TimeStampCounter.clocksPerNs());
        machine.put("jdk", System.getProperty("java.runtime.version"));
        machine.put(
                "flags",
                ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
                        .filter(flag -> flag.startsWith("-X") || flag.startsWith("-D"))
                        .toList());
        Map<String, Object> all = new LinkedHashMap<>();
        all.put("machine", machine);
        all.put("rows", rows);
        return new ObjectMapper().writeValueAsString(all);
    }
}
