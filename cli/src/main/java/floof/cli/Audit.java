package floof.cli;

import floof.api.AuditLog;
import floof.api.AuditLog.Kind;
import floof.api.AuditLog.Verification;
import floof.api.LogFiles;
import floof.api.view.Commands;
import floof.base.Plural;
import floof.cli.answer.Answer;
import floof.cli.answer.CommandException;
import floof.cli.grammar.ShellCommand;
import floof.cli.screen.Screen;
import floof.cli.wire.Client;
import java.io.IOException;
import java.util.function.Supplier;

/** What one session tells the audit log, and the commands that show and check it. */
final class Audit {

    private final Supplier<AuditLog> log;
    private final Client client;
    private final Screen screen;

    Audit(Supplier<AuditLog> log, Client client, Screen screen) {
        this.log = log;
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
            String why = "the audit log cannot be written: " + LogFiles.reason(e);
            if (!client.user().equals("root")) {
                throw new CommandException("error: " + why);
            }
            screen.error("warning: " + why + "\n");
        }
    }

    Commands commands() {
        return Commands.of(
                        ShellCommand.of(
                                "request system audit verify",
                                "Find altered and missing entries",
                                typed -> verify()))
                .group("request system audit", "The audit log");
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
            throw new CommandException("error: " + LogFiles.reason(e));
        }
    }

    private static String intact(long entries, String which) {
        return Plural.of(entries, "entry") + which + " " + Plural.are(entries) + " intact";
    }
}
