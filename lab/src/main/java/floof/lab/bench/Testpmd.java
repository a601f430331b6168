package floof.lab.bench;

import floof.lab.Network;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * {@code dpdk-testpmd --forward-mode=io}: what C reaches in the router's place when it does nothing
 * but receive and send. It polls all the time on its core, served first as our worker, until it is
 * closed.
 */
final class Testpmd implements AutoCloseable {

    private static final Duration START = Duration.ofSeconds(30);

    private final Process process;

    private Testpmd(Process process) {
        this.process = process;
    }

    /**
     * Starts it; it forwards.
     *
     * @param host whose network namespace it works in
     * @param core of the forwarding thread
     * @param devices two: driver, number and arguments
     * @throws IllegalStateException when it does not start, with what it said
     */
    static Testpmd start(Network network, String host, int core, List<String> devices) {
        List<String> words = new ArrayList<>(List.of("dpdk-testpmd"));
        words.addAll(List.of("--no-huge", "--no-pci", "--no-shconf", "--no-telemetry"));
        words.addAll(List.of("-m", "256", "--file-prefix", network.name()));
        words.addAll(List.of("--lcores", "0@0,1@" + core));
        devices.forEach(device -> words.add("--vdev=" + device));
        words.addAll(List.of("--", "--total-num-mbufs=16383", "--forward-mode=io"));
        // The first statistics, which say that it forwards, come when the CPU's counter exceeds the
        // period, however long before the machine was started.
        words.addAll(List.of("--burst=64", "--stats-period=1", "-a"));
        Process process = network.start("testpmd", network.in(host, words.toArray(String[]::new)));
        Testpmd testpmd = new Testpmd(process);
        if (!Network.await(START, () -> network.log("testpmd").contains("Port statistics"))) {
            testpmd.close();
            throw new IllegalStateException("testpmd: " + network.log("testpmd"));
        }
        testpmd.processes()
                .map(ProcessHandle::pid)
                .forEach(pid -> {
                    Pinning.serveFirst(pid);
                    Pinning.threads(pid, "worker").forEach(thread -> Pinning.pin(thread, core));
                });
        return testpmd;
    }

    /** Its own, and that of the programs that started it. */
    private Stream<ProcessHandle> processes() {
        return Stream.concat(process.descendants(), Stream.of(process.toHandle()));
    }

    @Override
    public void close() {
        processes().forEach(ProcessHandle::destroyForcibly);
        try {
            process.waitFor();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
