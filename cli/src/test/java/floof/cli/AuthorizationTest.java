package floof.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import floof.api.Access;
import floof.api.commit.CommitRequest;
import floof.api.commit.Origin;
import floof.api.view.Arguments;
import floof.api.view.Command;
import floof.api.view.DeniedException;
import floof.api.view.Kind;
import floof.api.view.Operation;
import floof.api.view.Parameter;
import floof.api.view.UnknownException;
import floof.api.view.View;
import floof.cli.screen.InputPipe;
import floof.cli.screen.ScriptScreen;
import floof.cli.wire.Client;
import floof.config.access.Permissions;
import floof.config.text.Loaded;
import floof.config.text.TextParser;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** For random classes, the shell and {@link Access}, by which REST asks, give the same answer. */
class AuthorizationTest {

    private static final int CLASSES = 30;

    private static final List<String> COMMANDS =
            List.of(
                    "show",
                    "show .*",
                    "show route",
                    "show route protocol bgp",
                    "show route protocol bgp table inet.0",
                    "show route table",
                    "show route hidden",
                    "show (arp|bgp|dpdk)",
                    "show bgp neighbor .*",
                    "show interfaces ge-0 terse",
                    "show .* terse",
                    "show fast-path (nodes|ports)",
                    "show system audit",
                    "clear",
                    "clear (arp|log).*",
                    "clear bgp neighbor [0-9.]+ soft",
                    "restart routing",
                    "request system .*",
                    "trace add 5");

    private static final List<String> STATEMENTS =
            List.of("bgp", "bgp peer secret.*", "system", "interfaces .* mtu", "routing static");

    private static final Map<String, String> VALUES =
            Map.of(
                    Kind.INTERFACE.name(),
                    "ge-0",
                    Kind.LINK.name(),
                    "ge-0",
                    Kind.DPDK_PORT.name(),
                    "ge-1",
                    Kind.NEIGHBOR.name(),
                    "198.51.100.2",
                    Kind.PEER.name(),
                    "transit",
                    Kind.PREFIX.name(),
                    "192.0.2.0/24",
                    Kind.LOG.name(),
                    "nosuch",
                    Sessions.PID.name(),
                    "4711",
                    "number",
                    "5");

    private final Random random = new Random(1);
    private final FakeRouter router = new FakeRouter();

    private static final Map<String, String> PARTS =
            Map.of(
                    "interfaces ge-0 mtu", "interfaces ge-0 { mtu 1400; }",
                    "routing static", "routing { static { route 192.0.2.0/24 { blackhole; } } }",
                    "bgp", "bgp { asn 1; router-id 192.0.2.1; }",
                    "bgp peer secret-1",
                            "bgp { peer secret-1 { remote-as 3; neighbor 192.0.2.3; } }");

    /**
     * @param absent statements that are left out
     */
    private static void commit(FakeRouter to, String permissions, List<String> absent) {
        StringBuilder text = new StringBuilder();
        text.append("system { host-name r1; login { class some { ").append(permissions);
        text.append(" } user ann { class some; } } }\ninterfaces ge-0 { driver tap; }\n");
        PARTS.forEach((path, part) -> text.append(absent.contains(path) ? "" : part + "\n"));
        Loaded loaded = TextParser.load(TestSchema.EMPTY, text.toString());
        assertThat(loaded.errors()).isEmpty();
        Origin origin = new Origin("root", "file", "");
        assertThat(to.commit(CommitRequest.of(loaded.tree(), origin)).isDone()).isTrue();
    }

    private String permissions() {
        String flags =
                Stream.of(Permissions.Flag.values())
                        .filter(flag -> flag != Permissions.Flag.ALL && random.nextInt(3) == 0)
                        .map(Permissions.Flag::word)
                        .collect(Collectors.joining(" "));
        return (flags.isEmpty() ? "" : "permissions [ " + flags + " ]; ")
                + some("allow-commands", COMMANDS)
                + some("deny-commands", COMMANDS)
                + some("allow-configuration", STATEMENTS)
                + some("deny-configuration", STATEMENTS);
    }

    private String some(String leaf, List<String> patterns) {
        return random.nextBoolean() ? "" : leaf + " \"" + any(patterns) + "\"; ";
    }

    private <T> T any(List<T> of) {
        return of.get(random.nextInt(of.size()));
    }

    /** What a shell of the user prints, errors too. */
    private static String shell(FakeRouter router, String user, String line) {
        StringBuilder text = new StringBuilder();
        Shell shell =
                new Shell(
                        router,
                        new ScriptScreen(
                                new InputPipe(),
                                (type, bytes, offset, length) ->
                                        text.append(new String(bytes, offset, length, UTF_8))),
                        new Client(user, "-", "1", Path.of("/")),
                        new Sessions(router));
        try {
            shell.execute(line);
        } finally {
            shell.close();
        }
        return text.toString();
    }

    @Test
    void everyCommandIsPermittedByItsCanonicalLine() throws Exception {
        int denied = 0;
        int permitted = 0;
        for (int i = 0; i < CLASSES; i++) {
            commit(router, permissions(), List.of());
            for (Command command : router.commands().all()) {
                Arguments arguments = arguments(command);
                boolean isDenied = isDenied(command, arguments);
                denied += isDenied ? 1 : 0;
                permitted += isDenied ? 0 : 1;
                String line = typed(command, arguments);
                assertThat(shell(router, "ann", line).contains("permission denied"))
                        .as("%s by %s", line, router.running())
                        .isEqualTo(isDenied);
            }
        }
        assertThat(Math.min(denied, permitted)).isGreaterThan(CLASSES);
    }

    private boolean isDenied(Command command, Arguments arguments) throws Exception {
        Access ann = router.as("ann");
        try {
            switch (command) {
                case View<?> view -> ann.open(view, arguments).close();
                case Operation operation -> ann.run(operation, arguments);
                default -> throw new AssertionError(command.line());
            }
            return false;
        } catch (DeniedException e) {
            return true;
        } catch (UnknownException | IOException e) {
            return false; // permitted, but there is no such thing
        }
    }

    private Arguments arguments(Command command) {
        Arguments arguments = Arguments.NONE;
        for (Parameter parameter : command.parameters()) {
            String after = parameter.after();
            boolean isPossible = after == null || arguments.has(after);
            if (isPossible && (parameter.isRequired() || random.nextBoolean())) {
                Kind kind = parameter.kind();
                String value =
                        kind != null
                                ? VALUES.get(kind.name())
                                : parameter.words().isEmpty() ? "" : any(parameter.words()).word();
                arguments = arguments.with(parameter.name(), String.valueOf(value));
            }
        }
        return arguments;
    }

    /** The line with its arguments in any order, but for those that must come behind others. */
    private String typed(Command command, Arguments arguments) {
        List<Parameter> order = new ArrayList<>(command.parameters());
        Collections.shuffle(order, random);
        List<String> late = new ArrayList<>();
        StringBuilder line = new StringBuilder(command.line());
        for (Parameter parameter : order) {
            String value = arguments.get(parameter.name());
            if (value == null) {
                continue;
            }
            String keyword = parameter.keyword();
            String words = ((keyword == null ? "" : keyword + " ") + value).strip();
            if (parameter.after() == null) {
                line.append(' ').append(words);
            } else {
                late.add(words);
            }
        }
        late.forEach(words -> line.append(' ').append(words));
        return line.toString();
    }

    /** The shell matches pipes in addition. */
    @Test
    void aPatternMayWantAPipe() {
        commit(router, "allow-commands \"show arp \\| count\";", List.of());
        assertThat(shell(router, "ann", "show arp | count")).contains("Count: ");
        assertThat(shell(router, "ann", "show arp")).contains("permission denied");
    }

    @Test
    void aHiddenStatementIsAnAbsentOne() {
        int hidden = 0;
        for (int i = 0; i < CLASSES; i++) {
            String permissions = permissions();
            commit(router, permissions, List.of());
            for (String path : PARTS.keySet()) {
                List<String> words = List.of(path.split(" "));
                if (!router.as("ann").permissions().maySee(words)) {
                    hidden++;
                    FakeRouter bare = new FakeRouter();
                    boolean isAll = path.equals("bgp");
                    commit(
                            bare,
                            permissions,
                            isAll ? List.of(path, path + " peer secret-1") : List.of(path));
                    for (String line : List.of("", " " + path, " " + words.getFirst())) {
                        String command = "show configuration" + line + " | display json";
                        assertThat(shell(router, "ann", command))
                                .as("%s by %s", command, permissions)
                                .isEqualTo(shell(bare, "ann", command));
                    }
                    assertThat(router.as("ann").running().find(words)).isNull();
                }
            }
        }
        assertThat(hidden).isGreaterThan(CLASSES / 2);
    }
}
