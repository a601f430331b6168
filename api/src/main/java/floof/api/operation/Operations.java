package floof.api.operation;

import floof.api.LogFiles;
import floof.api.Machine;
import floof.api.Machine.Part;
import floof.api.Program;
import floof.api.Program.Place;
import floof.api.Router;
import floof.api.view.Arguments;
import floof.api.view.Commands;
import floof.api.view.Kind;
import floof.api.view.Operation;
import floof.api.view.Parameter;
import floof.api.view.UnavailableException;
import floof.api.view.UnknownException;
import floof.base.IpAddress;
import floof.base.Plural;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** Operations of the router itself. Those that ask or need a session are the shell's. */
public final class Operations {

    private static final Parameter OF_ONE =
            Parameter.value("interface", "On one interface", Kind.LINK);

    private Operations() {}

    public static Commands of(Router router) {
        return clears(router).and(restarts(router.machine()), others(router));
    }

    private static Commands clears(Router router) {
        Machine machine = router.machine();
        return Commands.of(
                        Operation.of(
                                "clear arp",
                                "Learned IPv4 neighbours",
                                (typed, _) -> forgetNeighbours(machine, "-4", typed),
                                OF_ONE),
                        Operation.of(
                                "clear ipv6 neighbors",
                                "Learned IPv6 neighbours",
                                (typed, _) -> forgetNeighbours(machine, "-6", typed),
                                OF_ONE),
                        Operation.of(
                                "clear bgp neighbor",
                                "Reset BGP sessions",
                                (typed, _) -> resetBgp(machine, typed),
                                Parameter.free("neighbor", "Address of a neighbor", Kind.NEIGHBOR),
                                Parameter.flag("soft", "Only request the routes again")),
                        Operation.of(
                                "clear log",
                                "Empty a log",
                                (typed, _) -> clearLog(machine, typed),
                                Parameter.free("name", "Name of a log", Kind.LOG).required()),
                        Operation.of(
                                "clear system commit",
                                "Cancel the scheduled commit",
                                (_, _) ->
                                        router.clearPending()
                                                ? "scheduled commit cancelled\n"
                                                : "no commit is scheduled\n"))
                .group("clear", "Clear information in the system")
                .group("clear bgp", "BGP sessions")
                .group("clear ipv6", "IPv6")
                .group("clear system", "The system");
    }

    /** What the kernel has learned; it asks again (ip-neighbour(8)). */
    private static String forgetNeighbours(Machine machine, String family, Arguments typed)
            throws IOException {
        String name = typed.get("interface");
        List<String> words = new ArrayList<>(List.of("ip", family, "neigh", "flush"));
        words.addAll(name == null ? List.of("nud", "all") : List.of("dev", name));
        Program flush = new Program(words, "root", Path.of("/"), Place.DATAPLANE, Set.of(), null);
        try (Program.Running running = machine.start(flush)) {
            running.endInput();
            ByteArrayOutputStream said = new ByteArrayOutputStream();
            byte[] bytes = new byte[4096];
            for (int n = running.read(bytes); n >= 0; n = running.read(bytes)) {
                said.write(bytes, 0, said.size() == 0 ? n : 0);
            }
            if (running.await() != 0) {
                String why =
                        said.toString(StandardCharsets.UTF_8)
                                .lines()
                                .findFirst()
                                .orElse("it failed");
                throw new IOException("cannot clear neighbours: " + why);
            }
        }
        return "";
    }

    private static String resetBgp(Machine machine, Arguments typed)
            throws UnavailableException, UnknownException {
        String neighbor = typed.get("neighbor");
        int count =
                machine.resetBgp(
                        neighbor == null ? null : IpAddress.parse(neighbor), typed.has("soft"));
        if (count == 0 && neighbor != null) {
            throw new UnknownException("no BGP neighbor '" + neighbor + "'", List.of());
        }
        return "Cleared " + Plural.of(count, "session") + "\n";
    }

    private static String clearLog(Machine machine, Arguments typed)
            throws IOException, UnknownException {
        LogFiles logs = new LogFiles(machine.logs());
        String name = typed.required("name");
        if (!logs.names().contains(name)) {
            throw new UnknownException("there is no log '" + name + "'", logs.names());
        }
        logs.clear(name);
        return "";
    }

    private static Commands restarts(Machine machine) {
        return Commands.of(
                        restart(
                                machine,
                                "control-plane",
                                "Restart floofd (ends this session)",
                                Part.CONTROL),
                        restart(
                                machine,
                                "fast-path",
                                "Restart the fast path (drops packets meanwhile)",
                                Part.FAST_PATH),
                        restart(
                                machine,
                                "routing",
                                "Restart BIRD (ends its BGP sessions)",
                                Part.ROUTING))
                .group("restart", "Restart a component");
    }

    private static Operation restart(Machine machine, String word, String help, Part part) {
        return Operation.of(
                "restart " + word,
                help,
                (_, progress) -> {
                    StringBuilder text = new StringBuilder("Restarting " + word + "\n");
                    machine.restart(part, progress)
                            .forEach(it -> text.append("warning: ").append(it).append('\n'));
                    return text.toString();
                });
    }

    private static Commands others(Router router) {
        String rescue = "request system configuration rescue";
        return Commands.of(
                        Operation.of(
                                rescue + " delete",
                                "Delete the rescue configuration",
                                (_, _) ->
                                        router.deleteRescue()
                                                ? "rescue configuration deleted\n"
                                                : "there is no rescue configuration\n"),
                        Operation.of(
                                rescue + " save",
                                "Save the running configuration as rescue",
                                (_, _) -> {
                                    router.saveRescue();
                                    return "rescue configuration saved\n";
                                }),
                        Operation.of(
                                "trace add",
                                "Trace the next packets",
                                (typed, _) -> {
                                    int count = Integer.parseInt(typed.required("count"));
                                    router.fastPath().addTrace(count);
                                    return "Tracing the next " + Plural.of(count, "packet") + "\n";
                                },
                                Parameter.number("count", 1, 1000).required()))
                .group("request", "Request an action")
                .group("request system", "The machine and its configurations")
                .group("request system configuration", "Configurations")
                .group(rescue, "The rescue configuration")
                .group("trace", "Trace packets through the fast path");
    }
}
