package floof.lab.bench;

import floof.engine.Frame;
import floof.engine.PortEnd;
import floof.engine.TimeStampCounter;
import floof.linux.dpdk.BurstQueue;
import floof.linux.dpdk.EthDevice;
import floof.memory.Memory;
import floof.memory.Region;
import java.util.List;
import java.util.concurrent.FutureTask;

/**
 * {@code ./floof bench dpdk [--json]}: clocks per packet to receive from DPDK's null device and to
 * send to it, in bursts of 256. Rows {@code null-device} call the driver alone, on a thread that is
 * registered and on one that is not: that one has no cache of the mempool. {@code null-port} is the
 * port of the fast path over it.
 */
public final class DpdkNull {

    private static final int RUNS = 5;
    private static final int BURSTS = 20_000;
    private static final int WARM_UP_RUNS = 3;

    private final double clocksPerNs = TimeStampCounter.clocksPerNs();
    private final DpdkHost host = new DpdkHost();
    private final EthDevice device = host.eal().plug("vdev", "net_null99", "size=64");
    private final Region array = Memory.allocate("burst", 8L * Frame.SIZE, 64);

    private final Frame frame = new Frame();
    private final BurstQueue receiver;
    private final BurstQueue sender;

    private DpdkNull() throws Exception {
        device.configure(1, 1, 512, 0, 0, 0, host.mbufs());
        device.start();
        receiver = device.receiver(0);
        sender = device.sender(0);
    }

    public static void main(String[] words) throws Exception {
        boolean isJson = List.of(words).contains("--json");
        Results results = new Results(isJson);
        DpdkNull bench = new DpdkNull();
        bench.row(results, "null-device", true, bench::driver);
        bench.row(results, "null-device-unregistered", false, bench::driver);
        PortEnd end = bench.host.open("net_null", "size=64").end(0);
        bench.row(results, "null-port", true, () -> bench.port(end));
        if (isJson) {
            System.out.println(results.json());
        }
    }

    /** Each row on a thread of its own, as threads stay registered. */
    private void row(Results results, String name, boolean isRegistered, Runnable burst)
            throws Exception {
        FutureTask<double[]> task =
                new FutureTask<>(() -> {
                    if (isRegistered) {
                        host.eal().registerThread();
                    }
                    try {
                        return runs(burst);
                    } finally {
                        if (isRegistered) {
                            host.eal().unregisterThread();
                        }
                    }
                });
        Thread.ofPlatform().name("bench-" + name).start(task);
        double[] three = results.add(name, "clocks/packet", task.get());
        results.say("%-26s %6.1f clocks/packet (%.1f .. %.1f)", name, three[1], three[0], three[2]);
    }

    private double[] runs(Runnable burst) {
        double[] clocks = new double[RUNS];
        for (int run = -WARM_UP_RUNS; run < RUNS; run++) {
            long startNs = System.nanoTime();
            for (int i = 0; i < BURSTS; i++) {
                burst.run();
            }
            double ns = System.nanoTime() - startNs;
            if (run >= 0) {
                clocks[run] = ns * clocksPerNs / BURSTS / Frame.SIZE;
            }
        }
        return clocks;
    }

    private void driver() {
        int count = receiver.run(array.address(), Frame.SIZE);
        if (sender.run(array.address(), count) != Frame.SIZE) {
            throw new IllegalStateException("a burst of " + count + "; expected " + Frame.SIZE);
        }
    }

    private void port(PortEnd end) {
        int count = end.receive(frame, Frame.SIZE);
        if (end.transmit(frame.packets, count) != Frame.SIZE) {
            throw new IllegalStateException("a burst of " + count + "; expected " + Frame.SIZE);
        }
        frame.count = 0;
    }
}
