package floof.engine;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** The rate of the processor's time stamp counter. */
public final class TimeStampCounter {

    private static final Path CPU_INFO = Path.of("/proc/cpuinfo");

    private TimeStampCounter() {}

    /**
     * Clocks per nanosecond. x86 Linux derives its "bogomips" from the time stamp counter: two per
     * clock and microsecond (calibrate_delay_is_known in arch/x86/kernel/tsc.c). Elsewhere 1, which
     * makes clocks nanoseconds.
     */
    public static double clocksPerNs() {
        try {
            return Files.readAllLines(CPU_INFO).stream()
                    .filter(line -> line.startsWith("bogomips"))
                    .mapToDouble(line -> Double.parseDouble(line.split(":")[1].strip()) / 2000)
                    .findFirst()
                    .orElse(1);
        } catch (IOException e) {
            return 1;
        }
    }

    /** The name of the first processor in /proc/cpuinfo. */
    public static String processor() throws IOException {
        List<String> lines = Files.readAllLines(CPU_INFO);
        return lines.stream()
                .filter(line -> line.startsWith("model name"))
                .map(line -> line.split(":")[1].strip())
                .findFirst()
                .orElse("unknown");
    }
}
