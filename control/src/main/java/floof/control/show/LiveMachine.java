package floof.control.show;

import floof.api.Machine;
import floof.api.Program;
import floof.api.view.UnavailableException;
import floof.base.IpAddress;
import floof.config.tree.Branch;
import floof.control.bird.BgpSessions;
import floof.control.bird.Bird;
import floof.control.bird.BirdException;
import floof.control.bird.Protocol;
import floof.control.daemon.Living;
import floof.control.fastpath.FastPath;
import floof.control.fastpath.FastPathProcess;
import floof.control.instance.Instance;
import floof.control.instance.Processes;
import floof.control.plan.Intent;
import floof.control.port.Claim;
import floof.control.port.Devices;
import floof.linux.error.LinuxException;
import floof.linux.netlink.Link;
import floof.linux.netlink.Rtnetlink;
import floof.linux.system.Crypt;
import java.io.IOException;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The machine this router runs on. Thread: any.
 *
 * @param running the running configuration
 * @param claims the ports
 */
public record LiveMachine(
        Instance instance,
        Bird bird,
        FastPath fastPath,
        Supplier<Branch> running,
        Supplier<Collection<Claim>> claims)
        implements Machine {

    private static final Path DMI = Path.of("/sys/class/dmi/id");

    private static final Logger LOG = LoggerFactory.getLogger(LiveMachine.class);

    /** From the end of a fast path until the next one answers. */
    private static final Duration AGAIN = Duration.ofSeconds(20);

    @Override
    public Program.Running start(Program program) throws IOException {
        return new Programs(instance).start(program);
    }

    @Override
    public List<String> restart(Part part, Consumer<String> progress) throws UnavailableException {
        try {
            List<String> losses = List.of();
            switch (part) {
                case FAST_PATH -> restartFastPath(progress);
                case ROUTING -> {
                    progress.accept("query the BGP sessions");
                    losses = ungraceful();
                    progress.accept("restart BIRD");
                    bird.recycle();
                }
                case CONTROL -> endOurselves();
            }
            return losses;
        } catch (IOException e) {
            throw new UnavailableException("" + e.getMessage(), e);
        }
    }

    /** If the fast path died meanwhile, its watch starts it; a failed start is reported. */
    private void restartFastPath(Consumer<String> progress) throws IOException {
        progress.accept("warm up a new fast path");
        Living before = null;
        try {
            before = fastPath.process();
            fastPath.replace();
            return;
        } catch (IOException e) {
            if (before != null && before.isAlive()) {
                throw e;
            }
            LOG.info("restart fast-path: {}", e.getMessage());
        }
        long deadlineNs = System.nanoTime() + AGAIN.toNanos();
        String why = "";
        progress.accept("wait for the new fast path");
        while (System.nanoTime() - deadlineNs < 0) {
            try {
                fastPath.process();
                return;
            } catch (IOException e) {
                why = "" + e.getMessage();
            }
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(20));
        }
        throw new IOException("the fast path did not start again: " + why);
    }

    /** Sessions whose ends have not agreed to keep each other's routes over a restart of BIRD. */
    private List<String> ungraceful() {
        Intent.Bgp bgp = Intent.bgpOf(running.get());
        Map<String, BgpSessions.Session> sessions = bgp == null ? Map.of() : BgpSessions.of(bgp);
        List<String> losses = new ArrayList<>();
        try {
            for (Protocol protocol : sessions.isEmpty() ? List.<Protocol>of() : bird.protocols()) {
                BgpSessions.Session session = sessions.get(protocol.name());
                if (session != null
                        && protocol.detail("BGP state").equals("Established")
                        && !protocol.isGraceful()) {
                    losses.add(
                            "peer "
                                    + session.peer().name()
                                    + " ("
                                    + session.neighbor()
                                    + ") has no graceful restart: it drops our routes until the"
                                    + " session is up again");
                }
            }
        } catch (IOException | BirdException e) {
            losses.add("BIRD does not report its sessions: " + e.getMessage());
        }
        return losses;
    }

    /** A moment later, so that the operator still reads the answer. */
    private static void endOurselves() throws IOException {
        String command = "sleep 0.5; kill " + ProcessHandle.current().pid();
        new ProcessBuilder("sh", "-c", command).start();
    }

    @Override
    public int resetBgp(@Nullable IpAddress neighbor, boolean soft) throws UnavailableException {
        Intent.Bgp bgp = Intent.bgpOf(running.get());
        int count = 0;
        try {
            if (bgp != null) {
                for (Map.Entry<String, BgpSessions.Session> session :
                        BgpSessions.of(bgp).entrySet()) {
                    if (neighbor == null || session.getValue().neighbor().equals(neighbor)) {
                        bird.reset(session.getKey(), soft);
                        count++;
                    }
                }
            }
            return count;
        } catch (IOException | BirdException e) {
            throw new UnavailableException("BIRD refuses: " + e.getMessage(), e);
        }
    }

    @Override
    public String hash(String password) {
        return Crypt.hash(password);
    }

    @Override
    public List<ProcessState> processes() {
        List<ProcessState> states = new ArrayList<>();
        add(states, "supervisor", Processes.findMain("floof.app.Supervisor", instance));
        add(states, "floofd", Processes.findMain("floof.app.Floofd", instance));
        add(states, "fast-path", Processes.findMain(FastPathProcess.MAIN, instance));
        add(states, "bird", Bird.find(instance));
        return states;
    }

    private static void add(List<ProcessState> states, String name, List<ProcessHandle> found) {
        for (ProcessHandle process : found) {
            ProcessHandle.Info info = process.info();
            states.add(
                    new ProcessState(
                            name,
                            process.pid(),
                            info.startInstant().orElse(null),
                            residentBytes(process.pid()),
                            info.totalCpuDuration().orElse(Duration.ZERO).toMillis()));
        }
    }

    /** {@code VmRSS} of proc_pid_status(5); 0 for one that is gone. */
    private static long residentBytes(long pid) {
        String line = line(Path.of("/proc/" + pid + "/status"), "VmRSS:");
        String number = line.replaceAll("\\D", "");
        return number.isEmpty() ? 0 : Long.parseLong(number) << 10;
    }

    /** What follows {@code start} in the first such line of a file; empty when there is none. */
    private static String line(Path file, String start) {
        try {
            return Files.readAllLines(file).stream()
                    .filter(line -> line.startsWith(start))
                    .map(line -> line.substring(start.length()).strip())
                    .findFirst()
                    .orElse("");
        } catch (IOException e) {
            return "";
        }
    }

    @Override
    public List<Storage> storage() {
        Map<FileStore, Storage> stores = new LinkedHashMap<>();
        for (Path path : List.of(Path.of("/"), instance.state(), instance.run(), instance.shm())) {
            try {
                FileStore store = Files.getFileStore(path);
                stores.putIfAbsent(
                        store,
                        new Storage(
                                path.toString(),
                                store.type(),
                                store.getTotalSpace(),
                                store.getTotalSpace() - store.getUnallocatedSpace(),
                                store.getUsableSpace()));
            } catch (IOException e) {
                // It is not there (yet): nothing to tell.
            }
        }
        return List.copyOf(stores.values());
    }

    @Override
    public List<HardwareItem> hardware() {
        List<HardwareItem> items = new ArrayList<>();
        String chassis =
                line(DMI.resolve("sys_vendor"), "") + " " + line(DMI.resolve("product_name"), "");
        items.add(new HardwareItem("Chassis", chassis.isBlank() ? "-" : chassis.strip()));
        String model = line(Path.of("/proc/cpuinfo"), "model name").replaceFirst("^:\\s*", "");
        items.add(
                new HardwareItem(
                        "CPU", Runtime.getRuntime().availableProcessors() + " x " + model));
        items.add(new HardwareItem("Memory", line(Path.of("/proc/meminfo"), "MemTotal:")));
        for (Claim claim : claims.get()) {
            Claim.Device device = claim.device();
            String more =
                    device == null ? "" : ", device " + device.name() + ", MAC " + device.mac();
            String what = "driver " + claim.driver().label() + more;
            items.add(new HardwareItem("Port " + claim.port(), what));
        }
        return items;
    }

    @Override
    public List<String> devices() {
        try (Rtnetlink here = Rtnetlink.open("devices")) {
            return here.links().stream()
                    .filter(link -> Devices.refusal(link.name(), link) == null)
                    .map(Link::name)
                    .sorted()
                    .toList();
        } catch (LinuxException e) {
            return List.of();
        }
    }

    @Override
    public Path logs() {
        return instance.logs();
    }
}
