package floof.linux.system;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class CpusTest {

    @Test
    void whatWasStolenIsWhatProcStatSays() throws Exception {
        for (int cpu = 0; cpu < Runtime.getRuntime().availableProcessors(); cpu++) {
            long before = said(cpu);
            long stolen = Cpus.stolen(cpu);
            assertThat(stolen).as("CPU %d", cpu).isBetween(before, said(cpu));
        }
        assertThat(Cpus.stolen(99_999)).isZero();
    }

    private static long said(int cpu) throws IOException {
        return Files.readAllLines(Path.of("/proc/stat")).stream()
                .filter(line -> line.startsWith("cpu" + cpu + " "))
                .mapToLong(line -> Long.parseLong(line.split(" ")[8]))
                .findFirst()
                .orElseThrow();
    }
}
