package floof.cli;

import floof.api.Program.Place;
import floof.cli.answer.Answer;
import floof.cli.answer.CommandException;
import floof.cli.grammar.Known;
import floof.cli.grammar.Options;
import floof.cli.grammar.Pipe;
import floof.cli.grammar.Position;
import floof.cli.grammar.Position.Argument;
import floof.cli.grammar.Position.Keyword;
import floof.cli.tool.Tools;
import floof.cli.tool.UserFiles;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** Commands that run a program: ping, traceroute, monitor traffic, start shell, file. */
final class ToolCommands {

    /** What ping and traceroute need for sockets of their own, and tcpdump(8) for its. */
    private static final Set<String> RAW = Set.of("net_raw");

    private static final Set<String> CAPTURE = Set.of("net_raw", "net_admin");

    private final Shell shell;
    private final Tools tools;
    private final UserFiles files;
    private final Known known;

    ToolCommands(Shell shell, Known known) {
        this.shell = shell;
        this.tools = shell.tools();
        this.files = shell.files();
        this.known = known;
    }

    private static Argument word(String placeholder, String help, String pattern, String expected) {
        return new Argument(
                ' ',
                placeholder,
                help,
                text -> text.matches(pattern) ? null : "expected " + expected,
                List::of,
                text -> Pipe.end());
    }

    /** No option of the program, whatever it is. */
    private static Argument host(String help) {
        return word(
                "<host>",
                help,
                "[A-Za-z0-9_:][A-Za-z0-9_.:%-]{0,252}",
                "a name or an address of at most 253 characters");
    }

    private static Argument number(String placeholder, int minimum, int maximum) {
        return Pipe.number(placeholder, minimum, maximum);
    }

    private Argument interfaceName() {
        Argument name =
                word(
                        "<interface>",
                        "Name of an interface",
                        "[A-Za-z0-9_][A-Za-z0-9_.-]{0,14}",
                        "the name of an interface");
        return name.knowing(known::interfaces);
    }

    /** The words of one command; only those that may stand behind {@code run} too. */
    List<Keyword> keywords() {
        return List.of(
                new Keyword("file", "Files of yours", this::file),
                new Keyword("ping", "Ask a host for an answer", this::ping),
                new Keyword(
                        "start",
                        "Programs of the system",
                        () -> Position.of(new Keyword("shell", "A shell", this::shells))),
                new Keyword("traceroute", "The way to a host", this::traceroute));
    }

    private Position ping() {
        Options options =
                new Options()
                        .value("count", "Number of requests", number("<count>", 1, 2_000_000), "-c")
                        .flag("do-not-fragment", "Set the don't-fragment bit", "-M", "do")
                        .flag("inet", "IPv4", "-4")
                        .flag("inet6", "IPv6", "-6")
                        .value("interface", "Interface to send from", interfaceName(), "-I")
                        .value(
                                "interval",
                                "Seconds between requests",
                                number("<seconds>", 1, 3600),
                                "-i")
                        .flag("no-resolve", "Addresses instead of names", "-n")
                        .flag("rapid", "The next as soon as an answer is there", "-A")
                        .value(
                                "size",
                                "Bytes of data in a request",
                                number("<bytes>", 0, 65_468),
                                "-s")
                        .value(
                                "source",
                                "Address to send from",
                                host("Address").knowing(known::addresses),
                                "-I")
                        .value("ttl", "Time to live", number("<hops>", 1, 255), "-t")
                        .value(
                                "wait",
                                "Seconds to wait for an answer",
                                number("<seconds>", 1, 3600),
                                "-W");
        return to(
                options,
                (words, host) -> {
                    List<String> program = new ArrayList<>(words);
                    boolean endless = !shell.screen().isTerminal() && !words.contains("-c");
                    if (endless) {
                        program.addAll(List.of("-c", "5")); // nobody could end it
                    }
                    program.addAll(List.of("--", host));
                    return tools.onScreen(Place.DATAPLANE, RAW, program);
                },
                "ping");
    }

    private Position traceroute() {
        Options options =
                new Options()
                        .flag("as-number-lookup", "Numbers of autonomous systems", "-A")
                        .flag("inet", "IPv4", "-4")
                        .flag("inet6", "IPv6", "-6")
                        .value("interface", "Interface to send from", interfaceName(), "-i")
                        .flag("no-resolve", "Addresses instead of names", "-n")
                        .value(
                                "source",
                                "Address to send from",
                                host("Address").knowing(known::addresses),
                                "-s")
                        .value("ttl", "Most hops", number("<hops>", 1, 255), "-m")
                        .value(
                                "wait",
                                "Seconds to wait for an answer",
                                number("<seconds>", 1, 60),
                                "-w");
        return to(
                options,
                (words, host) -> {
                    List<String> program = new ArrayList<>(words);
                    program.addAll(List.of("--", host));
                    return tools.onScreen(Place.DATAPLANE, RAW, program);
                },
                "traceroute");
    }

    /** What is done with a program's options and the host. */
    private interface ToHost {
        Answer run(List<String> words, String host) throws CommandException;
    }

    private static Position to(Options options, ToHost run, String program) {
        return Position.then(
                host("Name or address of a host")
                        .leadingTo(host ->
                                options.position(List.of(program), words -> run.run(words, host))));
    }

    /** {@code monitor traffic interface NAME}: what Linux sees of it. */
    Position monitorTraffic() {
        Options options =
                new Options()
                        .value("count", "Packets", number("<count>", 1, 1_000_000_000), "-c")
                        .flag("detail", "More of each packet", "-v")
                        .flag("extensive", "Most of each packet", "-vvv")
                        .flag("layer2-headers", "MAC addresses too", "-e")
                        .value(
                                "matching",
                                "Only packets that an expression selects",
                                Argument.any("<expression>", "As pcap-filter(7)", Pipe.end()),
                                "--matching")
                        .flag("no-resolve", "Addresses instead of names; the default", "-n")
                        .flag("resolve", "Names instead of addresses, asking DNS", RESOLVE)
                        .value("size", "Bytes of each packet", number("<bytes>", 0, 262_144), "-s")
                        .value(
                                "write-file",
                                "Into a file, for other programs",
                                files.argument("<file>", "Name of the file", text -> Pipe.end()),
                                "-w");
        Argument name =
                interfaceName()
                        .leadingTo(text ->
                                options.position(
                                        List.of("tcpdump", "-l", "-i", text), this::capture));
        return Position.of(new Keyword("interface", "Of an interface", () -> Position.then(name)));
    }

    /** The expression goes last; no program knows this option. */
    private static final String RESOLVE = "--resolve";

    private Answer capture(List<String> words) throws CommandException {
        List<String> program = new ArrayList<>(words);
        int matching = program.indexOf("--matching");
        String expression = null;
        if (matching >= 0) {
            program.remove(matching);
            expression = program.remove(matching);
        }
        if (!program.remove(RESOLVE) && !program.contains("-n")) {
            program.add("-n"); // DNS may be what is broken, and would be asked for each packet
        }
        program.add("--");
        if (expression != null) {
            program.add(expression);
        }
        return tools.onScreen(Place.DATAPLANE, CAPTURE, program);
    }

    private Position shells() {
        Argument command =
                Argument.any(
                        "<command>",
                        "Words for the shell",
                        Position.end(words ->
                                tools.onScreen(
                                        Place.MANAGEMENT,
                                        Set.of(),
                                        List.of("bash", "-c", words.getLast()))));
        return Position.optional(
                words -> {
                    if (!shell.screen().isTerminal()) {
                        throw new CommandException(
                                "error: a shell needs a terminal; a script has 'start shell"
                                        + " command'");
                    }
                    return Output.alone(
                            "start shell",
                            tools.onScreen(Place.MANAGEMENT, Set.of(), List.of("bash", "-l")));
                },
                new Keyword("command", "One command", () -> Position.then(command)));
    }

    private Position file() {
        return Position.of(
                new Keyword(
                        "checksum",
                        "Digest of a file",
                        () ->
                                Position.of(
                                        checksum("md5", "MD5", "md5sum"),
                                        checksum("sha-256", "SHA256", "sha256sum"),
                                        checksum("sha1", "SHA1", "sha1sum"))),
                new Keyword(
                        "compare",
                        "Differences of two files",
                        () ->
                                Position.of(
                                        new Keyword(
                                                "files", "Two files", () -> two(this::compare)))),
                new Keyword(
                        "copy",
                        "Copy a file",
                        () -> two((from, to) -> done("copy", "cp", from, to))),
                new Keyword(
                        "delete", "Delete a file", () -> one(name -> done("delete", "rm", name))),
                new Keyword(
                        "list",
                        "Names of files",
                        () -> {
                            Position one = one(name -> list(name, "-1Ap"));
                            return new Position(
                                    List.of(
                                            new Keyword(
                                                    "detail",
                                                    "Owners, sizes and times",
                                                    () -> Position.end(words -> list(".", "-lA")))),
                                    one.argument(),
                                    words -> list(".", "-1Ap"));
                        }),
                new Keyword(
                        "rename",
                        "Rename a file",
                        () -> two((from, to) -> done("rename", "mv", from, to))),
                new Keyword(
                        "show",
                        "Text of a file",
                        () -> one(name -> new Answer.Text(files.read(name)))));
    }

    private interface OnFile {
        Answer run(String name) throws CommandException;
    }

    private interface OnFiles {
        Answer run(String first, String second) throws CommandException;
    }

    private Position one(OnFile run) {
        return Position.then(
                files.argument(
                        "<file>",
                        "Name of the file",
                        name -> Position.end(words -> run.run(name))));
    }

    private Position two(OnFiles run) {
        return Position.then(
                files.argument(
                        "<file>",
                        "Name of the first file",
                        first -> one(second -> run.run(first, second))));
    }

    private Keyword checksum(String word, String label, String program) {
        return new Keyword(
                word,
                label,
                () ->
                        one(name -> {
                            String sum =
                                    tools.must("read '" + name + "'", List.of(program, "--", name));
                            String digest = sum.replaceFirst("^\\\\", "").split("\\s", 2)[0];
                            return new Answer.Text(label + " (" + name + ") = " + digest + "\n");
                        }));
    }

    private Answer list(String name, String how) throws CommandException {
        return new Answer.Text(tools.must("list '" + name + "'", List.of("ls", how, "--", name)));
    }

    private Answer done(String doing, String program, String... names) throws CommandException {
        List<String> words = new ArrayList<>(List.of(program, "--"));
        words.addAll(List.of(names));
        tools.must(doing + " '" + names[0] + "'", words);
        return Answer.NONE;
    }

    private Answer compare(String first, String second) throws CommandException {
        Tools.Captured diff =
                tools.capture(
                        List.of("diff", "-u", "--", first, second),
                        new byte[0],
                        UserFiles.SHOWN_MAX);
        // 1: they differ (diff(1)).
        Tools.Captured good = diff.status() == 1 ? diff : Tools.must("compare", diff);
        return new Answer.Text(good.text());
    }
}
