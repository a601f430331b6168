package floof.lab;

import floof.cli.client.Floofctl;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A FloofOS router as a user runs it: {@code ./floof run} in a host of a network. */
public final class Router {

    private static final JsonMapper JSON = JsonMapper.builder().build();

    private final Network network;
    private final String host;
    private final String instance;
    private final String floof;
    private final String environment;
    private Process supervisor;

    /**
     * @param host where the router is started (its management namespace)
     * @param instance its name
     */
    public Router(Network network, String host, String instance) {
        this(network, host, instance, repository());
    }

    /**
     * @param checkout of the router that runs
     */
    public Router(Network network, String host, String instance, Path checkout) {
        this(network, host, instance, checkout, "FLOOF_CACHE=/var/cache/floof");
    }

    /**
     * @param environment variables, separated by blanks
     */
    public Router(Network network, String host, String instance, String environment) {
        this(network, host, instance, repository(), environment);
    }

    private Router(
            Network network, String host, String instance, Path checkout, String environment) {
        this.environment = environment;
        this.network = network;
        this.host = host;
        this.instance = instance;
        this.floof = checkout.resolve("floof").toString();
        forget();
        network.atEnd(() -> {
            stop();
            forget();
        });
        this.supervisor = start();
    }

    /** The checkout: the folder above this module's. */
    public static Path repository() {
        Path folder = Path.of("").toAbsolutePath();
        while (!Files.exists(folder.resolve("floof"))) {
            Path parent = folder.getParent();
            if (parent == null) {
                throw new IllegalStateException("not inside a checkout of FloofOS: no ./floof");
            }
            folder = parent;
        }
        return folder;
    }

    private Process start() {
        String namespace = network.namespace(host);
        String line = "env %s ip netns exec %s %s run --instance %s";
        return Command.line(line.formatted(environment, namespace, floof, instance))
                .start(network.folder().resolve("router-" + instance + ".log").toFile());
    }

    /** The instance is the lab's: what it committed must not greet the next one of that name. */
    private void forget() {
        Network.removeFolder(Path.of("/var/lib/floof", instance));
    }

    /** Starts it again after {@link #stop}. */
    public void restart() {
        supervisor = start();
        awaitReady();
    }

    public String instance() {
        return instance;
    }

    /** The namespace with the twins and BIRD. */
    public String dataplane() {
        return instance.equals("default") ? "dataplane" : "floof-" + instance;
    }

    public Path runFolder() {
        return Path.of("/run/floof", instance);
    }

    /** Waits until floofctl gets an answer. */
    public void awaitReady() {
        if (!Network.await(Duration.ofSeconds(120), () -> ctl("show version").isGood())) {
            throw new IllegalStateException(
                    "router " + instance + " does not answer; its log:\n" + log());
        }
    }

    public String log() {
        return network.log("router-" + instance)
                + read(runFolder().resolve("log/floofd.log"))
                + read(runFolder().resolve("log/fastpath.log"));
    }

    private static String read(Path file) {
        try {
            return Files.exists(file) ? "\n== " + file + "\n" + Files.readString(file) : "";
        } catch (java.io.IOException e) {
            return "\n== " + file + ": " + e.getMessage();
        }
    }

    /**
     * Runs commands as {@code floofctl -c} does, without starting it: who asks time and again what
     * a router does must not take the CPU that it needs. {@code OperationTest} and others use the
     * program itself.
     */
    public Command.Outcome ctl(String... commands) {
        FutureTask<Command.Outcome> session = new FutureTask<>(() -> session(commands));
        Thread thread = Thread.ofPlatform().daemon().name("ctl-" + instance).start(session);
        try {
            return session.get(Command.TIME_LIMIT.toSeconds(), TimeUnit.SECONDS);
        } catch (TimeoutException e) {
            thread.interrupt(); // which closes its connection
            return new Command.Outcome(-1, "no answer within " + Command.TIME_LIMIT);
        } catch (ExecutionException e) {
            throw new IllegalStateException(String.join("; ", commands), e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while asking " + instance, e);
        }
    }

    private Command.Outcome session(String... commands) {
        ByteArrayOutputStream output = new ByteArrayOutputStream();
        PrintStream both = new PrintStream(output, true, StandardCharsets.UTF_8);
        int status =
                new Floofctl(InputStream.nullInputStream(), both, both)
                        .run("--instance", instance, "-c", String.join("; ", commands));
        String text = output.toString(StandardCharsets.UTF_8);
        // On a busy machine floofd is slow, and floofctl says so.
        String answer = text.replace(Floofctl.SILENT, "").replace(Floofctl.ANSWERING, "");
        return new Command.Outcome(status, answer);
    }

    /**
     * Runs commands and expects that all succeed.
     *
     * @throws IllegalStateException with what floofctl printed
     */
    public String must(String... commands) {
        Command.Outcome outcome = ctl(commands);
        if (!outcome.isGood()) {
            throw new IllegalStateException(
                    String.join("; ", commands) + " failed: " + outcome.output());
        }
        return outcome.output();
    }

    /** A show command's data. */
    public JsonNode json(String command) {
        String text = must(command + " | display json");
        try {
            return JSON.readTree(text);
        } catch (tools.jackson.core.JacksonException e) {
            throw new IllegalStateException(command + " printed no JSON: " + text, e);
        }
    }

    /** Configures by set lines and commits. */
    public String commit(List<String> lines) {
        List<String> commands = new ArrayList<>();
        commands.add("configure");
        commands.addAll(lines);
        commands.add("commit and-quit");
        return must(commands.toArray(String[]::new));
    }

    /** Its Linux knows a neighbour from now on, as if that had answered. */
    public void learn(String address, String mac, String device) {
        inDataplane(
                        "ip",
                        "neigh",
                        "replace",
                        address,
                        "lladdr",
                        mac,
                        "nud",
                        "reachable",
                        "dev",
                        device)
                .mustRun();
    }

    /** Runs a program in the namespace with the twins. */
    public Command inDataplane(String... words) {
        return Command.of(words).in(dataplane());
    }

    /** Entries in use of one of the shared tables; 0 while nobody answers. */
    public long tableUse(String table) {
        if (!ctl("show version").isGood()) {
            return 0;
        }
        for (JsonNode row : json("show fast-path memory").get("tables")) {
            if (row.get("table").asString().equals(table)) {
                return row.get("used").asLong();
            }
        }
        return 0;
    }

    /** The living fast path's process. */
    public ProcessHandle fastPath() {
        return process("floof.app.FastPath");
    }

    /** The living floofd's process. */
    public ProcessHandle floofd() {
        return process("floof.app.Floofd");
    }

    private ProcessHandle process(String mainClass) {
        String found =
                Command.of("pgrep", "-f", mainClass + ".*--instance " + instance + "( |$)")
                        .mustRun()
                        .strip();
        return ProcessHandle.of(Long.parseLong(found)).orElseThrow();
    }

    /** The supervisor's process. */
    public Process supervisor() {
        return supervisor;
    }

    /**
     * Stops the router as an operator does, by SIGTERM to the supervisor; it gives everything back.
     */
    public void stop() {
        supervisor.destroy();
        try {
            if (!supervisor.waitFor(20, TimeUnit.SECONDS)) {
                supervisor.descendants().forEach(ProcessHandle::destroyForcibly);
                supervisor.destroyForcibly();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        if (Files.exists(runFolder())) {
            Command.of(floof, "release", "--instance", instance).run();
        }
    }
}
