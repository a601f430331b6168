package floof.api;

import floof.api.view.UnavailableException;
import floof.base.IpAddress;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The machine below the router, and the router's own parts. Thread: any. */
public interface Machine {

    /**
     * Starts a program.
     *
     * @throws IOException when there is no such user or program; the message is for the operator
     */
    Program.Running start(Program program) throws IOException;

    /** A part of the router that has processes of its own. */
    enum Part {
        CONTROL,
        FAST_PATH,
        ROUTING
    }

    /**
     * Ends a part's process, as gently as it can be; it is started again at once. {@code CONTROL}
     * is floofd itself.
     *
     * @param progress gets each step as it begins; must not block
     * @return what will be lost by it, one line each
     */
    List<String> restart(Part part, Consumer<String> progress) throws UnavailableException;

    /**
     * Makes sessions of BGP anew.
     *
     * @param neighbor one of them, null for all
     * @param soft only ask for their routes again (RFC 2918)
     * @return how many there were
     */
    int resetBgp(@Nullable IpAddress neighbor, boolean soft) throws UnavailableException;

    /**
     * A hash of a password, as the machine's logins check it.
     *
     * @throws IllegalArgumentException for one that cannot be hashed, without it
     */
    String hash(String password);

    /** Processes of the router. */
    List<ProcessState> processes();

    /** File systems the router writes to. */
    List<Storage> storage();

    /** What the machine is made of. */
    List<HardwareItem> hardware();

    /** Kernel devices that a port may take over, by name; empty when they cannot be asked for. */
    List<String> devices();

    /** Folder of the logs, files {@code NAME.log}. */
    Path logs();

    /**
     * A process.
     *
     * @param name of the part: {@code floofd}
     * @param residentBytes memory it has in RAM
     * @param cpuMs time on CPUs since its start
     */
    record ProcessState(
            String name, long pid, @Nullable Instant started, long residentBytes, long cpuMs) {}

    /** A file system, in bytes. */
    record Storage(String path, String kind, long sizeBytes, long usedBytes, long freeBytes) {}

    /** Something that can be counted or touched. */
    record HardwareItem(String item, String description) {}
}
