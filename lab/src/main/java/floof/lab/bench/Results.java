package floof.lab.bench;

import floof.engine.TimeStampCounter;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import tools.jackson.databind.ObjectMapper;

/** What a benchmark found, as text while it runs or as the JSON object that all of them print. */
public final class Results {

    private final List<Map<String, Object>> rows = new ArrayList<>();
    private final Map<String, Object> machine = new LinkedHashMap<>();
    private final boolean isQuiet;

    /**
     * @param isQuiet nothing is printed but {@link #json}, by whoever wants it
     */
    public Results(boolean isQuiet) throws IOException {
        this.isQuiet = isQuiet;
        machine.put("cpu", TimeStampCounter.processor());
        machine.put("clocks-per-ns", TimeStampCounter.clocksPerNs());
        machine.put("kernel", System.getProperty("os.version"));
        machine.put("jdk", System.getProperty("java.runtime.version"));
        machine.put(
                "flags",
                ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
                        .filter(flag -> flag.startsWith("-X") || flag.startsWith("-D"))
                        .toList());
        machine.forEach((name, value) -> say("%-14s %s", name, value));
    }

    /**
     * Adds a figure of several runs, of which the median counts.
     *
     * @return least, median, most
     */
    public double[] add(String name, String unit, double[] runs) {
        double[] sorted = runs.clone();
        Arrays.sort(sorted);
        double[] three = {sorted[0], sorted[sorted.length / 2], sorted[sorted.length - 1]};
        Map<String, Object> row = new LinkedHashMap<>();
        row.put("name", name);
        row.put("value", rounded(three[1]));
        row.put("unit", unit);
        row.put("runs", Arrays.stream(three).map(Results::rounded).boxed().toList());
        rows.add(row);
        return three;
    }

    static double median(double[] values) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        return sorted[sorted.length / 2];
    }

    private static double rounded(double value) {
        return Math.round(value * 100) / 100.0;
    }

    public void say(String format, Object... values) {
        if (!isQuiet) {
            System.out.printf(Locale.ROOT, format + "%n", values);
        }
    }

    /** Bytes of this process that lie on huge pages, transparent or reserved. */
    static long hugePageBytes() throws IOException {
        return Files.readAllLines(Path.of("/proc/self/smaps_rollup")).stream()
                .filter(line -> line.matches("(AnonHugePages|ShmemPmdMapped|Private_Hugetlb):.*"))
                .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) << 10)
                .sum();
    }

    public String json() throws IOException {
        Map<String, Object> all = new LinkedHashMap<>();
        all.put("machine", machine);
        all.put("rows", rows);
        return new ObjectMapper().writeValueAsString(all);
    }
}
