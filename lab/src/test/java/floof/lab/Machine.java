package floof.lab;

import static org.assertj.core.api.Assertions.assertThat;

import floof.testkit.Eventually;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * A machine that can be started again and whose power can be cut: user-mode-linux, a kernel that
 * runs as a process. Its root is this machine's, read-only; what it changes lies on tmpfs, and in
 * {@code /var/lib/floof} on a disk of its own.
 */
final class Machine implements AutoCloseable {

    private static final long DISK_BYTES = 16 << 20;
    private static final long BOOT_S = 300;

    /** A line on the console that asks for the power to be cut. */
    private static final String CUT = "-- cut";

    /**
     * What a script finds: {@code router} starts the router and waits for it, {@code ctl} is
     * floofctl. Nothing reaches the disk by itself, as the journal is written each five minutes.
     */
    private static final String INIT =
            """
            #!/bin/bash
            export PATH=/usr/sbin:/usr/bin JAVA_HOME=%1$s FLOOF_IS_BUILT=1
            mount -t proc proc /proc
            mount -t sysfs sys /sys
            mount -t tmpfs run /run
            mkdir -p /dev/shm /run/netns /run/modules/lib /run/checkout
            mount --bind %2$s /run/checkout
            mount -t tmpfs tmp /tmp
            mkdir -p %2$s # which may lie in /tmp
            mount --bind /run/checkout %2$s
            mount -t tmpfs shm /dev/shm
            mount -t ext4 -o commit=300 /dev/ubda /var/lib/floof
            ln -s /usr/lib/uml/modules /run/modules/lib
            modprobe -d /run/modules -a ipv6 tun
            ip link set lo up
            answers() {
                for ((i = 0; i < 200; i++)); do
                    [ -S /run/floof/uml/floofd.sock ] && return
                    sleep 0.5
                done
                cat /run/router.log
            }
            router() {
                %2$s/floof run --instance uml >/run/router.log 2>&1 &
                answers
            }
            ctl() { %2$s/floof ctl --instance uml -c "$1"; }
            cut() { echo '%3$s'; sleep 60; }
            %4$s
            halt -f
            """;

    private final Path folder;
    private final Path disk;

    /**
     * @param folder for its disk and the like
     */
    Machine(Path folder) throws IOException {
        this.folder = folder;
        this.disk = folder.resolve("disk");
        Files.createDirectories(Path.of("/var/lib/floof")); // where the disk is mounted, inside
        try (RandomAccessFile file = new RandomAccessFile(disk.toFile(), "rw")) {
            file.setLength(DISK_BYTES);
        }
        Command.of("mkfs.ext4", "-q", disk.toString()).mustRun();
    }

    /** Starts it, runs a script as its only program, and returns what that printed. */
    String boot(String script) throws IOException, InterruptedException {
        Path init = folder.resolve("init");
        Files.writeString(
                init,
                INIT.formatted(System.getProperty("java.home"), Router.repository(), CUT, script));
        assertThat(init.toFile().setExecutable(true)).isTrue();
        Process machine =
                new ProcessBuilder(
                                "linux.uml",
                                "mem=1500m",
                                "root=/dev/root",
                                "rootfstype=hostfs",
                                "rootflags=/",
                                "ro",
                                "init=" + init,
                                "ubd0=" + disk,
                                "uml_dir=" + folder + "/",
                                "con=null",
                                "con0=null,fd:1",
                                "quiet")
                        .redirectErrorStream(true)
                        .start();
        StringBuilder console = new StringBuilder();
        Thread reader = Thread.ofVirtual().name("console").start(() -> read(machine, console));
        boolean ended = reader.join(java.time.Duration.ofSeconds(BOOT_S));
        end(machine);
        reader.join();
        assertThat(ended).as("its console:%n%s", console).isTrue();
        return console.toString();
    }

    /** Until its end, or its wish to be cut off. */
    private void read(Process machine, StringBuilder console) {
        try (BufferedReader lines = machine.inputReader()) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                if (line.equals(CUT)) {
                    end(machine);
                    return;
                }
                console.append(line).append('\n');
            }
        } catch (IOException e) {
            console.append(e).append('\n');
        }
    }

    /** Kills it and the helper processes of its kernel: any of them may keep the disk locked. */
    private void end(Process machine) {
        List<ProcessHandle> all = machine.descendants().toList();
        machine.destroyForcibly();
        all.forEach(ProcessHandle::destroyForcibly);
        Stream.concat(Stream.of(machine.toHandle()), all.stream())
                .forEach(it -> it.onExit().orTimeout(5, TimeUnit.SECONDS).join());
        // The kernel may have started others meanwhile.
        Eventually.await(() -> {
            List<ProcessHandle> late = processes();
            late.forEach(ProcessHandle::destroyForcibly);
            return late.isEmpty();
        });
    }

    private List<ProcessHandle> processes() {
        String init = "init=" + folder + "/";
        return ProcessHandle.allProcesses()
                .filter(it -> it.info().commandLine().orElse("").contains(init))
                .toList();
    }

    @Override
    public void close() {
        Network.removeFolder(folder);
    }
}
