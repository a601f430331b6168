package floof.lab;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.function.BooleanSupplier;

/**
 * Namespaces and veth links under one name, with their processes. Closing ends every process
 * started here, by pid, and deletes the namespaces; also from a shutdown hook, so Ctrl-C leaves
 * nothing.
 */
public class Network implements AutoCloseable {

    private final String name;
    private final Path folder;
    private final List<String> namespaces = new ArrayList<>();
    private final Deque<Runnable> ends = new ArrayDeque<>();
    private final Thread hook;
    private boolean closed;

    /**
     * @param name prefix of every namespace, at most 8 characters
     */
    public Network(String name) {
        this.name = name;
        try {
            this.folder = Files.createTempDirectory("floof-lab-" + name + "-");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        this.hook = new Thread(this::end, "lab-end-" + name);
        Runtime.getRuntime().addShutdownHook(hook);
    }

    /** A name that no other process on the machine takes. */
    public static String unique(String prefix) {
        return prefix + ProcessHandle.current().pid() % 10_000;
    }

    public String name() {
        return name;
    }

    /** Scratch files: logs, configurations, captures. */
    public Path folder() {
        return folder;
    }

    /** Full name of a host's namespace. */
    public String namespace(String host) {
        return name + "-" + host;
    }

    /** The file that holds it. */
    public Path path(String host) {
        return Path.of("/run/netns", namespace(host));
    }

    /** Adds a host: a namespace of its own with loopback up. */
    public void host(String host) {
        String namespace = namespace(host);
        Command.of("ip", "netns", "add", namespace).mustRun();
        namespaces.add(namespace);
        ip(host, "link set lo up");
        // Without duplicate address detection an address is usable at once.
        sysctl(host, "net.ipv6.conf.all.accept_dad=0");
        sysctl(host, "net.ipv6.conf.default.accept_dad=0");
        sysctl(host, "net.ipv6.conf.default.accept_ra=0");
    }

    /** Joins two hosts by a veth pair with stock offloads, both ends up. */
    public void link(String host, String device, String otherHost, String otherDevice) {
        link(host, device, otherHost, otherDevice, 1);
    }

    /** The same with so many queues each way at both ends. */
    public void link(String host, String device, String otherHost, String otherDevice, int queues) {
        String many = " numrxqueues " + queues + " numtxqueues " + queues;
        ip(
                host,
                "link add %s%s type veth peer name %s netns %s%s"
                        .formatted(device, many, otherDevice, namespace(otherHost), many));
        ip(host, "link set " + device + " up");
        ip(otherHost, "link set " + otherDevice + " up");
    }

    public void address(String host, String device, String... addresses) {
        for (String address : addresses) {
            ip(
                    host,
                    "addr add %s dev %s%s"
                            .formatted(address, device, address.contains(":") ? " nodad" : ""));
        }
    }

    public void sysctl(String host, String setting) {
        in(host, "sysctl", "-qw", setting).mustRun();
    }

    /** Runs ip(8) in the host. */
    public String ip(String host, String arguments) {
        return in(host, ("ip " + arguments).split(" ")).mustRun();
    }

    /** Starts a router on the host {@code router}, and commits. */
    public Router router(List<String> statements) {
        Router router = new Router(this, "router", name);
        router.awaitReady();
        router.commit(statements);
        return router;
    }

    /** Whether a ping from a host is answered within a second. */
    public boolean reaches(String host, String target) {
        return in(host, "ping", "-c", "1", "-W", "1", target).run().isGood();
    }

    /**
     * Whether all of fifty pings, a fiftieth of a second apart, are answered. The first packets to
     * a neighbour are Linux's until the fast path knows it, and policed per next hop: fewer could
     * all pass.
     */
    public boolean reachesSteadily(String host, String target) {
        return in(host, "ping", "-nqc", "50", "-i", "0.02", "-W", "1", target)
                .run()
                .output()
                .contains(" 50 received, 0% packet loss");
    }

    public Command in(String host, String... words) {
        return Command.of(words).in(namespace(host));
    }

    /**
     * Starts a process that lives until the network is closed; its output goes to a file of that
     * name.
     */
    public Process start(String label, Command command) {
        Process process = command.start(folder.resolve(label + ".log").toFile());
        atEnd(() -> {
            process.descendants().forEach(ProcessHandle::destroy);
            process.destroy();
            if (!await(Duration.ofSeconds(3), () -> !process.isAlive())) {
                process.destroyForcibly();
            }
        });
        return process;
    }

    public String log(String label) {
        try {
            File file = folder.resolve(label + ".log").toFile();
            return file.exists() ? Files.readString(file.toPath()) : "";
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public Path write(String file, String text) {
        try {
            return Files.writeString(folder.resolve(file), text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Something to be done when the network is closed, in reverse order. */
    public void atEnd(Runnable action) {
        synchronized (ends) {
            ends.push(action);
        }
    }

    /** Waits until the condition holds; false when it did not within the limit. */
    public static boolean await(Duration limit, BooleanSupplier condition) {
        long deadlineNs = System.nanoTime() + limit.toNanos();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() - deadlineNs > 0) {
                return false;
            }
            try {
                Thread.sleep(20);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return false;
            }
        }
        return true;
    }

    /** The same, but fails when it did not. */
    public static void mustAwait(Duration limit, BooleanSupplier condition) {
        if (!await(limit, condition)) {
            throw new IllegalStateException("not within " + limit.toSeconds() + " s");
        }
    }

    @Override
    public void close() {
        end();
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException e) {
            // The hook itself is running: end() has been done once.
        }
    }

    private synchronized void end() {
        if (closed) {
            return;
        }
        closed = true;
        while (true) {
            Runnable action;
            synchronized (ends) {
                action = ends.poll();
            }
            if (action == null) {
                break;
            }
            try {
                action.run();
            } catch (RuntimeException e) {
                System.err.println("while closing lab " + name + ": " + e.getMessage());
            }
        }
        for (String namespace : namespaces) {
            Command.of("ip", "netns", "del", namespace).run();
        }
        removeFolder(folder);
    }

    /** Removes a folder and all in it, if it exists. */
    static void removeFolder(Path folder) {
        if (!Files.exists(folder)) {
            return;
        }
        try (var files = Files.walk(folder)) {
            files.sorted(java.util.Comparator.reverseOrder())
                    .map(Path::toFile)
                    .forEach(File::delete);
        } catch (IOException e) {
            System.err.println("cannot remove " + folder + ": " + e.getMessage());
        }
    }
}
