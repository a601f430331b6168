package floof.cli;

import floof.api.Machine;
import floof.api.Program.Place;
import floof.api.Router;
import floof.api.view.Kind;
import floof.api.view.UnavailableException;
import floof.base.IpAddress;
import floof.base.Plural;
import floof.cli.answer.Answer;
import floof.cli.answer.CommandException;
import floof.cli.grammar.Known;
import floof.cli.grammar.Pipe;
import floof.cli.grammar.Position;
import floof.cli.grammar.Position.Action;
import floof.cli.grammar.Position.Argument;
import floof.cli.grammar.Position.Keyword;
import floof.cli.tool.Tools;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Commands that change the state of the router or the machine: clear, restart, request. */
final class Upkeep {

    private final Router router;
    private final Shell shell;
    private final Tools tools;
    private final Known known;

    Upkeep(Router router, Shell shell, Known known) {
        this.router = router;
        this.shell = shell;
        this.tools = shell.tools();
        this.known = known;
    }

    /** Behind {@code clear}. */
    List<Keyword> clears() {
        return List.of(
                new Keyword("arp", "Learned IPv4 neighbours", () -> neighbours("-4")),
                new Keyword(
                        "bgp",
                        "Sessions of BGP",
                        () -> Position.of(new Keyword("neighbor", "Sessions", this::clearBgp))),
                new Keyword(
                        "ipv6",
                        "IPv6",
                        () ->
                                Position.of(
                                        new Keyword(
                                                "neighbors",
                                                "Learned IPv6 neighbours",
                                                () -> neighbours("-6")))),
                new Keyword("log", "Lines of a log", () -> log(this::clearLog)));
    }

    private Position neighbours(String family) {
        Argument name =
                new Argument(
                        ' ',
                        "<interface>",
                        "Name of an interface",
                        text ->
                                text.matches("[A-Za-z0-9_][A-Za-z0-9_.-]{0,14}")
                                        ? null
                                        : "expected the name of an interface",
                        known::interfaces,
                        text -> Position.end(words -> flush(family, "dev", text)));
        return Position.optional(
                words -> flush(family, "nud", "all"),
                new Keyword("interface", "Of one interface", () -> Position.then(name)));
    }

    /** What the kernel has learned; it asks again (ip-neighbour(8)). */
    private Answer flush(String family, String... which) throws CommandException {
        List<String> words = new ArrayList<>(List.of("ip", family, "neigh", "flush"));
        words.addAll(List.of(which));
        Tools.must(
                "clear neighbours",
                tools.captureAs("root", Place.DATAPLANE, words, new byte[0], 1 << 16));
        return Answer.NONE;
    }

    private Position clearBgp() {
        Argument neighbor =
                known.argument(
                        Kind.NEIGHBOR,
                        "Address of a neighbor",
                        text -> softOrHard(IpAddress.parse(text)));
        Position all = softOrHard(null);
        return new Position(all.keywords(), neighbor, all.action());
    }

    private Position softOrHard(@Nullable IpAddress neighbor) {
        return Position.optional(
                words -> resetBgp(neighbor, false),
                new Keyword(
                        "soft",
                        "Only ask for their routes again",
                        () -> Position.end(words -> resetBgp(neighbor, true))));
    }

    private Answer resetBgp(@Nullable IpAddress neighbor, boolean soft) throws CommandException {
        try {
            int count = router.machine().resetBgp(neighbor, soft);
            if (count == 0 && neighbor != null) {
                throw new CommandException("error: no BGP neighbor '" + neighbor + "'");
            }
            return new Answer.Text("Cleared " + Plural.of(count, "session") + "\n");
        } catch (UnavailableException e) {
            throw new CommandException("error: " + e.getMessage());
        }
    }

    /** Names of logs, for completion and as the only ones that there are. */
    Position log(OnLog run) {
        return new Position(
                Logs.names(router.machine().logs()).stream()
                        .map(name ->
                                new Keyword(
                                        name, "Log", () -> Position.end(words -> run.run(name))))
                        .toList());
    }

    /** What is done with a log. */
    interface OnLog {
        Answer run(String name) throws CommandException;
    }

    private Answer clearLog(String name) throws CommandException {
        Logs.clear(router.machine().logs(), name);
        return Answer.NONE;
    }

    /** Behind {@code restart}. */
    Position restarts() {
        return Position.of(
                part("control-plane", "floofd; this session ends", Machine.Part.CONTROL),
                part("fast-path", "Workers; packets of that time are lost", Machine.Part.FAST_PATH),
                part("routing", "BIRD; its sessions end", Machine.Part.ROUTING));
    }

    private Keyword part(String word, String help, Machine.Part part) {
        Action restart =
                words -> {
                    try {
                        StringBuilder text = new StringBuilder("Restarting " + word + "\n");
                        Consumer<String> progress =
                                step -> shell.screen().progress("restart " + word + ": " + step);
                        for (String loss : router.machine().restart(part, progress)) {
                            text.append("warning: ").append(loss).append('\n');
                        }
                        return new Answer.Text(text.toString());
                    } catch (UnavailableException e) {
                        throw new CommandException("error: " + e.getMessage());
                    }
                };
        return new Keyword(word, help, () -> Position.end(restart));
    }

    /** Behind {@code request system}. */
    List<Keyword> system() {
        return List.of(
                power("halt", "Halt the system ? [yes,no] (no) ", "--halt"),
                power("power-off", "Power off the system ? [yes,no] (no) ", "--poweroff"),
                power("reboot", "Reboot the system ? [yes,no] (no) ", "--reboot"));
    }

    private Keyword power(String word, String question, String option) {
        Argument in =
                Pipe.number("<minutes>", 1, 65_535)
                        .leadingTo(
                                text -> Position.end(words -> down(question, option, "+" + text)));
        Argument at =
                new Argument(
                        ' ',
                        "<time>",
                        "Time of day, hh:mm",
                        text ->
                                text.matches("([01][0-9]|2[0-3]):[0-5][0-9]")
                                        ? null
                                        : "expected hh:mm",
                        List::of,
                        text -> Position.end(words -> down(question, option, text)));
        return new Keyword(
                word,
                "The machine",
                () ->
                        Position.optional(
                                words -> down(question, option, "now"),
                                new Keyword("at", "At a time of day", () -> Position.then(at)),
                                new Keyword("in", "After some minutes", () -> Position.then(in))));
    }

    /** shutdown(8). */
    private Answer down(String question, String option, String time) throws CommandException {
        if (!shell.screen().isTerminal() || !isYes(shell.screen().ask(question))) {
            throw new CommandException("error: not done: it wants a 'yes' at a terminal");
        }
        Tools.Captured done =
                tools.captureAs(
                        "root",
                        Place.MANAGEMENT,
                        List.of("shutdown", option, time),
                        new byte[0],
                        1 << 16);
        return new Answer.Text(Tools.must("end the machine", done).text());
    }

    private static boolean isYes(@Nullable String answer) {
        return answer != null && !answer.isBlank() && "yes".startsWith(answer.strip());
    }
}
