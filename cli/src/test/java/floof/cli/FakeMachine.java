package floof.cli;

import floof.api.Machine;
import floof.api.Program;
import floof.base.IpAddress;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Programs run with pipes as whoever we are; the rest is remembered or made up. */
final class FakeMachine implements Machine {

    /** What was asked of it. */
    final List<String> asked = new ArrayList<>();

    /** Programs that run now. */
    final List<Process> processes = new ArrayList<>();

    Path logs = Path.of("/nowhere");

    @Override
    public String hash(String password) {
        return "$y$j9T$" + Integer.toHexString(password.hashCode()) + "00000000";
    }

    @Override
    public Program.Running start(Program program) throws IOException {
        asked.add(program.place() + " " + String.join(" ", program.words()));
        Process process =
                new ProcessBuilder(program.words())
                        .directory(program.folder().toFile())
                        .redirectErrorStream(true)
                        .start();
        processes.add(process);
        InputStream output = process.getInputStream();
        return new Program.Running() {

            @Override
            public int read(byte[] to) throws IOException {
                return output.read(to);
            }

            @Override
            public void write(byte[] keys, int count) throws IOException {
                for (int i = 0; i < count; i++) {
                    if (keys[i] == 3) {
                        process.destroy(); // as a terminal's line discipline
                    }
                }
                process.getOutputStream().write(keys, 0, count);
                process.getOutputStream().flush();
            }

            @Override
            public void endInput() throws IOException {
                process.getOutputStream().close();
            }

            @Override
            public void resize(int columns, int rows) {
                asked.add("resize " + columns + " " + rows);
            }

            @Override
            public int await() {
                try {
                    return process.waitFor();
                } catch (InterruptedException e) {
                    throw new AssertionError(e);
                }
            }

            @Override
            public void close() {
                process.destroy();
            }
        };
    }

    /** How long a restart takes. */
    volatile Duration restartDelay = Duration.ZERO;

    @Override
    public List<String> restart(Part part, Consumer<String> progress) {
        progress.accept("wait for it");
        LockSupport.parkNanos(restartDelay.toNanos());
        asked.add("restart " + part);
        return List.of();
    }

    @Override
    public int resetBgp(@Nullable IpAddress neighbor, boolean soft) {
        asked.add("reset " + neighbor + (soft ? " soft" : ""));
        return neighbor == null ? 2 : 1;
    }

    @Override
    public List<ProcessState> processes() {
        return List.of(
                new ProcessState(
                        "floofd", 4711, Instant.now().minusSeconds(3661), 200L << 20, 12_340));
    }

    @Override
    public List<Storage> storage() {
        return List.of(new Storage("/", "ext4", 100L << 30, 40L << 30, 60L << 30));
    }

    @Override
    public List<HardwareItem> hardware() {
        return List.of(
                new HardwareItem("CPU", "2 x Test"),
                new HardwareItem("Port ge-0", "driver af-packet, device eth0"));
    }

    @Override
    public List<String> devices() {
        return List.of("eth0", "eth1");
    }

    @Override
    public Path logs() {
        return logs;
    }
}
