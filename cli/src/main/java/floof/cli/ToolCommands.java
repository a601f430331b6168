package floof.cli;

import static floof.cli.tool.Options.Option.flag;
import static floof.cli.tool.Options.Option.value;

import floof.api.Program.Place;
import floof.api.view.Arguments;
import floof.api.view.Commands;
import floof.api.view.Kind;
import floof.api.view.Parameter;
import floof.cli.answer.Answer;
import floof.cli.answer.CommandException;
import floof.cli.grammar.ShellCommand;
import floof.cli.tool.Options;
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

    /** No option of the program, whatever it is. */
    private static final Kind HOST = host("host");

    /** One of our own. */
    static final Kind ADDRESS = host("address");

    private static final Kind SECONDS = Kind.number("<seconds>", 1, 3600);
    private static final Kind HOPS = Kind.number("<hops>", 1, 255);
    private static final Parameter TO = Parameter.free("host", "Name or address of a host", HOST);
    private static final Parameter FILE =
            Parameter.free("file", "Name of the file", UserFiles.FILE);

    /** Options that no program knows: the expression goes last. */
    private static final String MATCHING = "--matching";

    private static final String RESOLVE = "--resolve";

    private static final Options PING =
            Options.after(
                    TO,
                    value(
                            "count",
                            "Number of requests",
                            Kind.number("<count>", 1, 2_000_000),
                            "-c"),
                    flag("do-not-fragment", "Set the don't-fragment bit", "-M", "do"),
                    flag("inet", "IPv4", "-4"),
                    flag("inet6", "IPv6", "-6"),
                    value("interface", "Interface to send from", Kind.LINK, "-I"),
                    value("interval", "Seconds between requests", SECONDS, "-i"),
                    flag("no-resolve", "Do not resolve addresses to names", "-n"),
                    flag("rapid", "Send the next request when a reply arrives", "-A"),
                    value(
                            "size",
                            "Bytes of data in a request",
                            Kind.number("<bytes>", 0, 65_468),
                            "-s"),
                    value("source", "Address to send from", ADDRESS, "-I"),
                    value("ttl", "Time to live", HOPS, "-t"),
                    value("wait", "Seconds to wait for a reply", SECONDS, "-W"));

    private static final Options TRACEROUTE =
            Options.after(
                    TO,
                    flag("as-number-lookup", "Look up AS numbers", "-A"),
                    flag("inet", "IPv4", "-4"),
                    flag("inet6", "IPv6", "-6"),
                    value("interface", "Interface to send from", Kind.LINK, "-i"),
                    flag("no-resolve", "Do not resolve addresses to names", "-n"),
                    value("source", "Address to send from", ADDRESS, "-s"),
                    value("ttl", "Maximum number of hops", HOPS, "-m"),
                    value(
                            "wait",
                            "Seconds to wait for a reply",
                            Kind.number("<seconds>", 1, 60),
                            "-w"));

    private static final Options TCPDUMP =
            Options.after(
                    Parameter.value("interface", "Interface to capture on", Kind.LINK),
                    value("count", "Packet count", Kind.number("<count>", 1, 1_000_000_000), "-c"),
                    flag("detail", "Verbose", "-v"),
                    flag("extensive", "Very verbose", "-vvv"),
                    flag("layer2-headers", "Print MAC addresses", "-e"),
                    value(
                            "matching",
                            "Only packets that match a filter expression, see pcap-filter(7)",
                            Kind.any("expression", "<expression>"),
                            MATCHING),
                    flag("no-resolve", "Do not resolve addresses to names (default)", "-n"),
                    flag("resolve", "Resolve addresses to names with DNS", RESOLVE),
                    value(
                            "size",
                            "Bytes to capture of each packet",
                            Kind.number("<bytes>", 0, 262_144),
                            "-s"),
                    value("write-file", "Write the packets to a pcap file", UserFiles.FILE, "-w"));

    private final Shell shell;
    private final Tools tools;
    private final UserFiles files;

    ToolCommands(Shell shell) {
        this.shell = shell;
        this.tools = shell.tools();
        this.files = shell.files();
    }

    private static Kind host(String name) {
        return Kind.matching(
                name,
                "<host>",
                "[A-Za-z0-9_:][A-Za-z0-9_.:%-]{0,252}",
                "a name or an address of at most 253 characters");
    }

    Commands all() {
        return Commands.of(
                        ShellCommand.of(
                                "ping", "Send ICMP echo requests", this::ping, PING.parameters()),
                        ShellCommand.of(
                                "traceroute",
                                "Trace the path to a host",
                                this::traceroute,
                                TRACEROUTE.parameters()),
                        ShellCommand.of(
                                "monitor traffic",
                                "Capture packets on an interface",
                                this::monitorTraffic,
                                TCPDUMP.parameters()),
                        ShellCommand.of(
                                "start shell",
                                "Start a shell",
                                this::startShell,
                                Parameter.value(
                                        "command",
                                        "Run one command",
                                        Kind.any("command", "<command>"))))
                .group("start", "Start a program")
                .and(fileCommands());
    }

    private Answer ping(Arguments typed) {
        List<String> program = PING.words(typed, "ping");
        if (!shell.screen().isTerminal() && !typed.has("count")) {
            program.addAll(List.of("-c", "5")); // nobody could end it
        }
        program.addAll(List.of("--", typed.required("host")));
        return tools.onScreen(Place.DATAPLANE, RAW, program);
    }

    private Answer traceroute(Arguments typed) {
        List<String> program = TRACEROUTE.words(typed, "traceroute");
        program.addAll(List.of("--", typed.required("host")));
        return tools.onScreen(Place.DATAPLANE, RAW, program);
    }

    /** {@code monitor traffic interface NAME}: what Linux sees of it. */
    private Answer monitorTraffic(Arguments typed) {
        List<String> program =
                TCPDUMP.words(typed, "tcpdump", "-l", "-i", typed.required("interface"));
        int matching = program.indexOf(MATCHING);
        if (matching >= 0) {
            program.subList(matching, matching + 2).clear();
        }
        if (!program.remove(RESOLVE) && !program.contains("-n")) {
            program.add("-n"); // DNS may be what is broken, and would be asked for each packet
        }
        program.add("--");
        String expression = typed.get("matching");
        if (expression != null) {
            program.add(expression);
        }
        return tools.onScreen(Place.DATAPLANE, CAPTURE, program);
    }

    private Answer startShell(Arguments typed) throws CommandException {
        String command = typed.get("command");
        if (command != null) {
            return tools.onScreen(Place.MANAGEMENT, Set.of(), List.of("bash", "-c", command));
        }
        if (!shell.screen().isTerminal()) {
            throw new CommandException(
                    "error: 'start shell' needs a terminal; scripts use 'start shell command'");
        }
        return Output.alone(
                "start shell", tools.onScreen(Place.MANAGEMENT, Set.of(), List.of("bash", "-l")));
    }

    private Commands fileCommands() {
        Parameter first = Parameter.free("file", "Name of the first file", UserFiles.FILE);
        Parameter second = Parameter.free("other", "Name of the second file", UserFiles.FILE);
        Parameter[] two = {first.required(), second.required().after("file")};
        return Commands.of(
                        checksum("md5", "MD5", "md5sum"),
                        checksum("sha-256", "SHA256", "sha256sum"),
                        checksum("sha1", "SHA1", "sha1sum"),
                        ShellCommand.of(
                                "file compare files",
                                "Compare two files",
                                typed -> compare(typed.required("file"), typed.required("other")),
                                two),
                        done("copy", "Copy a file", "cp", two),
                        done("delete", "Delete a file", "rm", FILE.required()),
                        ShellCommand.of(
                                "file list",
                                "List files",
                                this::list,
                                Parameter.flag("detail", "Owners, sizes and times").without("file"),
                                FILE.without("detail")),
                        done("rename", "Rename a file", "mv", two),
                        ShellCommand.of(
                                "file show",
                                "Show a text file",
                                typed -> new Answer.Text(files.read(typed.required("file"))),
                                FILE.required()))
                .group("file", "Manage your files")
                .group("file checksum", "Checksum of a file")
                .group("file compare", "Differences of two files");
    }

    private ShellCommand checksum(String word, String label, String program) {
        return ShellCommand.of(
                "file checksum " + word,
                label,
                typed -> {
                    String name = typed.required("file");
                    String sum = tools.must("read '" + name + "'", List.of(program, "--", name));
                    String digest = sum.replaceFirst("^\\\\", "").split("\\s", 2)[0];
                    return new Answer.Text(label + " (" + name + ") = " + digest + "\n");
                },
                FILE.required());
    }

    private Answer list(Arguments typed) throws CommandException {
        String name = typed.values().getOrDefault("file", ".");
        List<String> words = List.of("ls", typed.has("detail") ? "-lA" : "-1Ap", "--", name);
        return new Answer.Text(tools.must("list '" + name + "'", words));
    }

    /** What a program does with one file or two. */
    private ShellCommand done(String word, String help, String program, Parameter... parameters) {
        return ShellCommand.of(
                "file " + word,
                help,
                typed -> {
                    List<String> words =
                            new ArrayList<>(List.of(program, "--", typed.required("file")));
                    String other = typed.get("other");
                    if (other != null) {
                        words.add(other);
                    }
                    tools.must(word + " '" + typed.required("file") + "'", words);
                    return Answer.NONE;
                },
                parameters);
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
