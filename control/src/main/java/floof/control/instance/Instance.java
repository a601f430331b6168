package floof.control.instance;

import java.nio.file.Path;

/**
 * Names and places of one instance of the router. A name has 1 to 8 characters of {@code a-z 0-9
 * -}: {@code /run/floof/NAME/fastpath.sock} and its siblings stay far below the 108 bytes of {@code
 * sockaddr_un} (unix(7)), and {@code floof-NAME} fits the 15 characters of a link name.
 */
public record Instance(String name) {

    /** The instance that is meant when none is named. */
    public static final Instance DEFAULT = new Instance("default");

    public Instance {
        if (!name.matches("[a-z0-9-]{1,8}")) {
            throw new IllegalArgumentException(
                    "instance '" + name + "': expected 1 to 8 of a-z, 0-9 and -");
        }
    }

    /** State that ends with the machine. */
    public Path run() {
        return Path.of("/run/floof", name);
    }

    /** Held by {@code ./floof run}, from before floofd is started. */
    public Path running() {
        return Path.of("/run/floof", name + ".run");
    }

    /** State that outlives the machine's restart: configuration and history. */
    public Path state() {
        return Path.of("/var/lib/floof", name);
    }

    /** Name of the namespace with twins and BIRD: {@code dataplane} or {@code floof-NAME}. */
    public String dataplaneName() {
        return equals(DEFAULT) ? "dataplane" : "floof-" + name;
    }

    /** The namespace with twins and BIRD, where {@code ip netns} finds it. */
    public Path dataplane() {
        return Path.of("/run/netns", dataplaneName());
    }

    /** Folder of the namespaces that only the instance knows. */
    public Path namespaces() {
        return run().resolve("netns");
    }

    /** The hidden namespace with the claimed devices. */
    public Path ports() {
        return namespaces().resolve("ports");
    }

    /** Bind mount of the namespace that a claimed device came from. */
    public Path origin(String port) {
        return namespaces().resolve("origin-" + port);
    }

    /** Records of the ports, one line each. */
    public Path claims() {
        return run().resolve("claims.jsonl");
    }

    /** Held by the living floofd. */
    public Path floofdLock() {
        return run().resolve("floofd.lock");
    }

    /** Held by the living supervisor, and by who gives back what a dead one left. */
    public Path supervisorLock() {
        return run().resolve("supervisor.lock");
    }

    public Path floofdSocket() {
        return run().resolve("floofd.sock");
    }

    public Path restSocket() {
        return run().resolve("rest.sock");
    }

    public Path fpcSocket() {
        return run().resolve("fpc.sock");
    }

    public Path fastPathSocket() {
        return run().resolve("fastpath.sock");
    }

    /** Mount point of the instance's tmpfs. */
    public Path shm() {
        return run().resolve("shm");
    }

    /** The shared memory file. */
    public Path tables() {
        return shm().resolve("tables");
    }

    /** List of the CPUs for everything but the workers; read before floofd is started. */
    public Path housekeepingCpus() {
        return run().resolve("cpus");
    }

    public Path birdConfig() {
        return run().resolve("bird.conf");
    }

    public Path birdSocket() {
        return run().resolve("bird.sock");
    }

    public Path birdPid() {
        return run().resolve("bird.pid");
    }

    /** Folder of the logs. */
    public Path logs() {
        return run().resolve("log");
    }

    /** Log file of a part: floofd, fastpath, bird. */
    public Path log(String part) {
        return logs().resolve(part + ".log");
    }
}
