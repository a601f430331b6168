package floof.cli;

import floof.api.AuditLog;
import floof.api.AuditLog.Entry;
import floof.api.AuditLog.Kind;
import floof.api.AuditLog.Verification;
import floof.base.Plural;
import floof.cli.answer.Answer;
import floof.cli.answer.CommandException;
import floof.cli.answer.Table;
import floof.cli.answer.Times;
import floof.cli.grammar.Pipe;
import floof.cli.grammar.Position;
import floof.cli.grammar.Position.Argument;
import floof.cli.grammar.Position.Keyword;
import floof.cli.screen.Screen;
import floof.cli.wire.Client;
import floof.config.access.Permissions;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.function.Supplier;

/** What one session tells the audit log, and the commands that show and check it. */
final class Audit {

    /** Entries that {@code show system audit} shows when no number is said. */
    private static final int SHOWN = 100;

    private static final int SHOWN_MAX = 100_000;

    private final Supplier<AuditLog> log;
    private final Supplier<Permissions> permissions;
    private final Client client;
    private final Screen screen;

    Audit(Supplier<AuditLog> log, Supplier<Permissions> permissions, Client client, Screen screen) {
        this.log = log;
        this.permissions = permissions;
        this.client = client;
        this.screen = screen;
    }

    /**
     * Writes it down. Nobody but root does what cannot be written down: root may have to make room
     * for it.
     */
    void tell(Kind kind, String text) throws CommandException {
        try {
            log.get().add(client.user(), client.tty() + " " + client.pid(), kind, text);
        } catch (IOException e) {
            String why = "the audit log cannot be written: " + Shell.reason(e);
            if (!client.user().equals("root")) {
                throw new CommandException("error: " + why);
            }
            screen.error("warning: " + why + "\n");
        }
    }

    /** Behind {@code show system audit}. */
    Position shows() {
        Argument number =
                Pipe.number("<number>", 1, SHOWN_MAX)
                        .leadingTo(text ->
                                Position.end(words -> show(Integer.parseInt(text))).detailed());
        return new Position(List.of(), number, words -> show(SHOWN)).detailed();
    }

    private Answer show(int count) throws CommandException {
        try {
            List<Entry> entries = log.get().last(count).stream().map(this::seen).toList();
            Table table = new Table(">Number", "Time", "User", "Client?2", "Kind?1", "Text");
            for (Entry e : entries) {
                table.row(
                        e.sequence(),
                        Times.local(e.time()),
                        e.user(),
                        e.client(),
                        e.kind().name().toLowerCase(Locale.ROOT),
                        e.text());
            }
            return Answer.Data.of(Entry.class, entries, table);
        } catch (IOException e) {
            throw new CommandException("error: " + Shell.reason(e));
        }
    }

    /** What others did tells of what they see: their texts are for who sees all of it. */
    private Entry seen(Entry e) {
        boolean isOwn = e.user().equals(client.user()) && e.kind() != Kind.CHANGE;
        return isOwn || permissions.get().seesAll()
                ? e
                : new Entry(e.sequence(), e.time(), e.user(), e.client(), e.kind(), "");
    }

    /** Behind {@code request system audit}. */
    Position requests() {
        return Position.of(
                new Keyword(
                        "verify",
                        "Find altered and missing entries",
                        () -> Position.end(words -> verify())));
    }

    private Answer verify() throws CommandException {
        try {
            Verification found = log.get().verify();
            if (found.fault() != null) {
                throw new CommandException(
                        "error: audit log: "
                                + found.fault()
                                + " ("
                                + intact(found.checked(), " before")
                                + ")");
            }
            return new Answer.Text("audit log: " + intact(found.checked(), "") + "\n");
        } catch (IOException e) {
            throw new CommandException("error: " + Shell.reason(e));
        }
    }

    private static String intact(long entries, String which) {
        return Plural.of(entries, "entry") + which + " " + Plural.are(entries) + " intact";
    }
}
