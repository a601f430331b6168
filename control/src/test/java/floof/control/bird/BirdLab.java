package floof.control.bird;

import floof.config.text.TextParser;
import floof.control.Namespaces;
import floof.control.Sandbox;
import floof.control.TestSchema;
import floof.control.bgp.SessionWatch;
import floof.control.instance.Processes;
import floof.control.plan.Intent;
import floof.testkit.Netns;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Our BIRD in a namespace of its own, and neighbours with a stock BIRD, each on a veth: number N is
 * 192.0.N.2 and 2001:db8:N::2 of AS 65000 + N; we are .1 of AS 65000.
 */
public final class BirdLab implements AutoCloseable {

    public final Sandbox sandbox = new Sandbox();
    public final Bird bird = new Bird(sandbox.instance, sandbox.alarms, sandbox.tasks);
    public final Path ours = sandbox.instance.dataplane();

    public BirdLab() throws IOException {
        Namespaces.prepare(sandbox.instance, 4 << 20);
        sandbox.atEnd(() -> Bird.end(sandbox.instance));
        sandbox.atEnd(bird::close);
    }

    /** A neighbour: a router with a network of its own and a stock BIRD. */
    public final class Neighbour {
        public final Path namespace;
        private final String name;
        private final Path folder = sandbox.instance.run();

        private Neighbour(int number, Path router) {
            name = "n" + number;
            namespace = sandbox.namespace(name);
            String wire = "v" + number;
            Netns.run(
                    router,
                    "ip link add %1$s type veth peer name %1$s netns %2$s"
                            .formatted(wire, namespace.getFileName()));
            for (Path here : new Path[] {router, namespace}) {
                int host = here.equals(router) ? 1 : 2;
                Netns.run(here, "sysctl -qw net.ipv4.ip_forward=1");
                Netns.run(here, "ip link set lo up");
                Netns.run(
                        here, "ip address add 192.0.%d.%d/24 dev %s".formatted(number, host, wire));
                Netns.run(
                        here,
                        "ip address add 2001:db8:%d::%d/64 dev %s nodad"
                                .formatted(number, host, wire));
                Netns.run(here, "ip link set " + wire + " up");
            }
        }

        /** Starts its BIRD. */
        public Neighbour start(String configuration) throws IOException {
            write(configuration);
            Netns.run(
                    namespace,
                    "bird -c %1$s/%2$s.conf -s %1$s/%2$s.sock -P %1$s/%2$s.pid"
                            .formatted(folder, name));
            sandbox.atEnd(this::kill);
            return this;
        }

        public void configure(String configuration) throws IOException {
            write(configuration);
            birdc("configure");
        }

        private void write(String configuration) throws IOException {
            Files.writeString(folder.resolve(name + ".conf"), configuration);
        }

        public String birdc(String command) {
            return Netns.run(
                    namespace, "birdc -s " + folder.resolve(name + ".sock") + " " + command);
        }

        /** Ends its BIRD as a crash would. */
        public void kill() {
            Processes.find(words -> words.contains(folder.resolve(name + ".sock").toString()))
                    .forEach(ProcessHandle::destroyForcibly);
        }
    }

    public Neighbour neighbour(int number) {
        return neighbour(number, ours);
    }

    /** One of another router, which is .1 to it. */
    public Neighbour neighbour(int number, Path router) {
        return new Neighbour(number, router);
    }

    /** Starts to watch our BIRD's sessions. */
    public SessionWatch watch(Supplier<Intent.@Nullable Bgp> configured) {
        SessionWatch watch =
                new SessionWatch(
                        sandbox.instance,
                        bird,
                        sandbox.alarms,
                        sandbox.tasks,
                        InstantSource.system(),
                        configured);
        sandbox.atEnd(watch::close);
        return watch;
    }

    public static Intent intent(String configuration) {
        return Intent.of(TextParser.load(TestSchema.EMPTY, configuration).tree());
    }

    /** Starts our BIRD, or gives it another configuration. */
    public void run(String configuration) throws IOException, BirdException {
        String text = BirdConfig.text(intent(configuration), sandbox.instance.log("bird"));
        if (bird.text().isEmpty()) {
            bird.start(text);
        } else {
            bird.configure(text);
        }
    }

    /** Our kernel's routes to exactly this prefix, best first, without what varies. */
    public String kernel(String prefix) {
        String family = prefix.contains(":") ? "-6" : "-4";
        return Netns.run(ours, "ip " + family + " route show exact " + prefix)
                .replaceAll("dev lo |pref medium| +(?=\n)", "")
                .strip();
    }

    @Override
    public void close() {
        sandbox.close();
    }
}
