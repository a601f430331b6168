package floof.control.audit;

import floof.api.AuditLog;
import floof.api.Origin;
import floof.config.Branch;
import floof.config.Change;
import floof.config.Diff;
import floof.config.Marks;
import floof.config.Node;
import floof.config.Secret;
import floof.config.Statement;
import floof.linux.Syslog;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a commit did, statement by statement, for the audit log and the system log: {@code User 'u'
 * set: path "old" -> "new"}. Secrets are told by their type, without any value. Thread: any.
 */
public final class CommitRecords {

    /**
     * Statements of one commit that the system log gets, each by itself; the audit log gets all.
     */
    static final int SYSLOG_MAX = 1000;

    /** Between statements that share an entry. */
    private static final String SEPARATOR = "; ";

    private static final Logger LOG = LoggerFactory.getLogger(CommitRecords.class);

    private final AuditLog audit;
    private final Syslog syslog;

    public CommitRecords(AuditLog audit, Syslog syslog) {
        this.audit = audit;
        this.syslog = syslog;
    }

    /** The configuration {@code before} was replaced. */
    public void committed(Branch before, Branch after, Origin origin) {
        String user = "User '" + origin.user() + "' ";
        String comment = origin.comment().isEmpty() ? "none" : origin.comment();
        List<String> changes = lines(Diff.between(before, after));
        try {
            for (String entry : entries(changes)) {
                audit.add(origin.user(), origin.client(), AuditLog.Kind.CHANGE, entry);
            }
            for (String change : changes.subList(0, Math.min(changes.size(), SYSLOG_MAX))) {
                syslog.send("UI_CFG_AUDIT_SET: " + user + change);
            }
            if (changes.size() > SYSLOG_MAX) {
                syslog.send(
                        "UI_CFG_AUDIT_SET: "
                                + user
                                + "and "
                                + (changes.size() - SYSLOG_MAX)
                                + " more");
            }
            String done = changes.size() + " statements changed (comment: " + comment + ")";
            audit.add(origin.user(), origin.client(), AuditLog.Kind.COMMIT, done);
            syslog.send("UI_COMMIT_COMPLETED: " + user + "commit complete, " + done);
        } catch (IOException e) {
            LOG.error("audit log: a commit of {} is not recorded: {}", origin.user(), e.toString());
        }
    }

    /**
     * An entry for each statement; of a large commit several share one, as each entry's code costs
     * some 20 microseconds and each line has its part of the log's bounds.
     */
    static List<String> entries(List<String> changes) {
        if (changes.size() <= SYSLOG_MAX) {
            return changes;
        }
        List<String> entries = new ArrayList<>();
        StringBuilder entry = new StringBuilder();
        for (String change : changes) {
            if (!entry.isEmpty()
                    && entry.length() + SEPARATOR.length() + change.length() > Line.TEXT_MAX) {
                entries.add(entry.toString());
                entry.setLength(0);
            }
            entry.append(entry.isEmpty() ? "" : SEPARATOR).append(change);
        }
        entries.add(entry.toString());
        return entries;
    }

    /** One line for each statement. */
    static List<String> lines(List<Change> changes) {
        List<String> lines = new ArrayList<>();
        for (Change change : changes) {
            String path = String.join(" ", change.path());
            switch (change) {
                case Change.Added(_, var node) -> lines("set: ", path, node, lines);
                case Change.Removed(_, var node) -> lines("delete: ", path, node, lines);
                case Change.Changed(_, var old, var now) ->
                        lines.add("set: " + path + " " + values(old) + " -> " + values(now));
                case Change.Marked(_, var old, var now) ->
                        marks(path, old.marks(), now.marks(), lines);
                case Change.Reordered(_, _, var now) ->
                        lines.add(
                                "insert: "
                                        + path
                                        + " "
                                        + now.entries().stream()
                                                .map(Branch::name)
                                                .collect(Collectors.joining(" ")));
            }
        }
        return lines;
    }

    private static void marks(String path, Marks old, Marks now, List<String> out) {
        if (old.inactive() != now.inactive()) {
            out.add((now.inactive() ? "deactivate: " : "activate: ") + path);
        }
        if (old.isProtected() != now.isProtected()) {
            out.add((now.isProtected() ? "protect: " : "unprotect: ") + path);
        }
        if (!Objects.equals(old.annotation(), now.annotation())) {
            out.add("annotate: " + path + " \"" + now.annotation() + "\"");
        }
    }

    private static void lines(String verb, String path, Node node, List<String> out) {
        marks(path, Marks.NONE, node.marks(), out);
        if (node instanceof Statement statement) {
            out.add(verb + path + (statement.values().isEmpty() ? "" : " " + values(statement)));
            return;
        }
        Branch branch = (Branch) node;
        if (branch.isEmpty()) {
            out.add(verb + path);
        }
        for (Node child : branch.children()) {
            lines(verb, path + " " + child.name(), child, out);
        }
    }

    private static String values(Statement statement) {
        return statement.schema().isSecret()
                ? Secret.MASK
                : statement.values().stream()
                        .map(value -> "\"" + value + "\"")
                        .collect(Collectors.joining(" "));
    }
}
