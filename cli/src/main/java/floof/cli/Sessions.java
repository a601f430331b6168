package floof.cli;

import floof.api.Router;
import floof.api.view.Commands;
import floof.api.view.Kind;
import floof.api.view.Layout.Column;
import floof.api.view.Layout.Table;
import floof.api.view.Operation;
import floof.api.view.Parameter;
import floof.api.view.Times;
import floof.api.view.UnknownException;
import floof.api.view.View;
import floof.cli.answer.Suggestion;
import floof.cli.limit.Room;
import floof.cli.wire.Client;
import floof.config.access.Permissions;
import floof.config.tree.Branch;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** The sessions that are open, and the commands about them. Thread: any. */
final class Sessions {

    /**
     * One of them, as {@code show system users} tells it.
     *
     * @param permissionClass what the user may do
     * @param terminal {@code -} for none
     * @param pid of the client
     * @param idleSeconds since the last input
     */
    record User(
            String user,
            String permissionClass,
            String terminal,
            String pid,
            Instant since,
            long idleSeconds) {}

    /** A client's process. */
    static final Kind PID = Kind.matching("pid", "<pid>", "[0-9]{1,10}", "a number");

    private static final Table<User> USERS =
            Table.of(
                    Column.of("User", User::user),
                    Column.of("Class", User::permissionClass),
                    Column.of("TTY", User::terminal),
                    Column.of(">PID", User::pid),
                    Column.of("Login", it -> Times.local(it.since())),
                    Column.of(">Idle", it -> Times.age(Duration.ofSeconds(it.idleSeconds()))));

    private final Set<Session> open = ConcurrentHashMap.newKeySet();
    private final Room room = new Room();

    /**
     * @param router whose front ends all tell of them from now on
     */
    Sessions(Router router) {
        router.contribute(commands(router));
    }

    /** For what they read. */
    Room room() {
        return room;
    }

    void add(Session session) {
        open.add(session);
    }

    void remove(Session session) {
        open.remove(session);
    }

    List<Session> all() {
        return List.copyOf(open);
    }

    int size() {
        return open.size();
    }

    /** How many a user has. */
    long of(String user) {
        return open.stream().filter(session -> session.user().equals(user)).count();
    }

    /** The commands about sessions. */
    private Commands commands(Router router) {
        return Commands.of(
                        View.at("system users", "Open CLI sessions")
                                .of(User.class, () -> users(router.running()), USERS),
                        Operation.of(
                                "request system logout pid",
                                "By process ID",
                                (typed, _) -> logout(typed.required("pid")),
                                Parameter.free(
                                                "pid",
                                                "Process ID of the client (see 'show system"
                                                        + " users')",
                                                PID)
                                        .required()))
                .group("request system logout", "End a session");
    }

    private List<User> users(Branch running) {
        List<User> users = new ArrayList<>();
        for (Session session : open) {
            Client client = session.client();
            if (client != null) {
                Permissions permissions = Permissions.of(running, client.user());
                users.add(
                        new User(
                                client.user(),
                                (permissions == null ? Permissions.NONE : permissions).className(),
                                client.tty(),
                                client.pid(),
                                session.since(),
                                session.idle().toSeconds()));
            }
        }
        users.sort(Comparator.comparing(User::since));
        return users;
    }

    List<Suggestion> pids() {
        return open.stream()
                .map(Session::client)
                .filter(java.util.Objects::nonNull)
                .map(client -> new Suggestion(client.pid(), client.user() + " " + client.tty()))
                .toList();
    }

    private String logout(String pid) throws UnknownException {
        List<Session> named = open.stream().filter(s -> isOf(s.client(), pid)).toList();
        if (named.isEmpty()) {
            throw new UnknownException("there is no CLI session with process ID " + pid, List.of());
        }
        named.forEach(session -> session.end("logged out"));
        return "";
    }

    private static boolean isOf(@Nullable Client client, String pid) {
        return client != null && client.pid().equals(pid);
    }
}
