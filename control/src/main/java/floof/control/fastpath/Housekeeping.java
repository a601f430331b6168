package floof.control.fastpath;

import floof.base.Durable;
import floof.control.instance.Instance;
import floof.control.plan.CommitException;
import floof.control.plan.CoreAssignment;
import floof.control.plan.FastPathSettings;
import floof.linux.error.LinuxException;
import floof.linux.system.Cpus;
import floof.linux.system.CurrentThread;
import java.io.IOException;
import java.nio.file.Files;
import java.util.BitSet;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps everything of an instance but its workers off the workers' CPUs: the supervisor starts
 * floofd there, whose children, the fast path with its compilers and collector among them, inherit
 * that; only the workers leave. A commit that chooses other CPUs moves what runs. Thread: any.
 */
public record Housekeeping(Instance instance) {

    private static final Logger LOG = LoggerFactory.getLogger(Housekeeping.class);

    /** Which CPUs the router may use, handed on by {@code -D} from the supervisor. */
    public static final String CPUS = "floof.cpus";

    /** CPUs that the router may use: what its first process was allowed. */
    public static BitSet cpus() {
        String list = System.getProperty(CPUS);
        return list == null ? CurrentThread.cpus() : Cpus.parse(list);
    }

    /**
     * @throws CommitException when this machine cannot follow the settings
     */
    CoreAssignment assignment(FastPathSettings settings) throws CommitException {
        return CoreAssignment.of(cpus(), Cpus::threadsOfCore, settings);
    }

    /** Where floofd is to run: as its predecessor settled it, or as it would be assigned. */
    public BitSet forFloofd() {
        try {
            if (Files.exists(instance.housekeepingCpus())) {
                return Cpus.parse(Files.readString(instance.housekeepingCpus()));
            }
            return assignment(FastPathSettings.DEFAULT).others();
        } catch (IOException | IllegalArgumentException | CommitException e) {
            LOG.warn("CPUs for floofd: {}", e.getMessage());
            return cpus();
        }
    }

    /** Moves floofd and BIRD to the CPUs left by the workers, and remembers them. */
    void settle(FastPathSettings settings) {
        try {
            BitSet others = assignment(settings).others();
            Durable.replace(instance.housekeepingCpus(), Cpus.text(others));
            Cpus.confine(ProcessHandle.current().pid(), others);
            if (Files.exists(instance.birdPid())) {
                Cpus.confine(Long.parseLong(Files.readString(instance.birdPid()).strip()), others);
            }
        } catch (IOException | CommitException | LinuxException | NumberFormatException e) {
            LOG.warn("CPUs for everything but the workers: {}", e.getMessage());
        }
    }
}
