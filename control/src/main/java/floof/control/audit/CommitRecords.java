package floof.control.audit;

import floof.api.AuditLog;
import floof.api.commit.Origin;
import floof.config.text.Diff;
import floof.config.tree.Branch;
import floof.config.tree.Change;
import floof.config.tree.Marks;
import floof.config.tree.Node;
import floof.config.tree.SchemaNode;
import floof.config.tree.Statement;
import floof.config.tree.TextPrinter;
import floof.config.value.Secret;
import floof.linux.system.Syslog;
import java.io.IOException;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a commit did, statement by statement, for the audit log and the system log: {@code User 'u'
 * set: path "old" -> "new"}. Of secrets only the type is recorded. Thread: any.
 */
public record CommitRecords(AuditLog audit, Syslog syslog) {

    /**
     * Statements of one commit that are recorded one by one; more than that, the system log does
     * not get, and share entries of the audit log: each entry's code costs some 20 microseconds.
     */
    static final int SINGLE_MAX = 1000;

    /**
     * Bytes of the audit log that one commit's statements may take: a 64th of all. What is beyond
     * is named by the digest of the revision that holds it.
     */
    static final int BYTES_MAX = (int) (ChainedLog.FILES_MAX * ChainedLog.FILE_BYTES / 64);

    /** Between statements that share an entry. */
    private static final String SEPARATOR = "; ";

    private static final Logger LOG = LoggerFactory.getLogger(CommitRecords.class);

    /**
     * The configuration {@code before} was replaced. It must not fail: the commit is done.
     *
     * @param digest of the revision that {@code after} is
     */
    public void committed(Branch before, Branch after, Origin origin, String digest) {
        String user = "User '" + origin.user() + "' ";
        String comment = origin.comment().isEmpty() ? "none" : origin.comment();
        try {
            Entries entries = new Entries(origin, user);
            lines(Diff.between(before, after), entries);
            entries.end(digest);
            String done = entries.count + " statements changed (comment: " + comment + ")";
            audit.add(origin.user(), origin.client(), AuditLog.Kind.COMMIT, done);
            syslog.send("UI_COMMIT_COMPLETED: " + user + "commit complete, " + done);
        } catch (IOException | RuntimeException e) {
            LOG.error("audit log: a commit of {} is not recorded: {}", origin.user(), e.toString());
        }
    }

    /** Records one statement after the other in both logs. */
    private final class Entries implements Lines {

        private final Origin origin;
        private final String user;
        private final StringBuilder entry = new StringBuilder();
        private int count;
        private int recorded;
        private long bytes;

        Entries(Origin origin, String user) {
            this.origin = origin;
            this.user = user;
        }

        @Override
        public void take(String line) throws IOException {
            count++;
            if (count <= SINGLE_MAX) {
                syslog.send("UI_CFG_AUDIT_SET: " + user + line);
            }
            if (bytes >= BYTES_MAX) {
                return;
            }
            boolean isFull = entry.length() + SEPARATOR.length() + line.length() > Line.TEXT_MAX;
            if (!entry.isEmpty() && isFull) {
                flush();
            }
            if (bytes < BYTES_MAX) {
                entry.append(entry.isEmpty() ? "" : SEPARATOR).append(line);
                recorded++;
            }
            if (count <= SINGLE_MAX) {
                flush();
            }
        }

        private void flush() throws IOException {
            if (!entry.isEmpty()) {
                add(entry.toString());
                entry.setLength(0);
            }
        }

        private void add(String text) throws IOException {
            audit.add(origin.user(), origin.client(), AuditLog.Kind.CHANGE, text);
            bytes += Line.bytes(text);
        }

        void end(String digest) throws IOException {
            flush();
            if (recorded < count) {
                add("and " + (count - recorded) + " more, in the revision of digest " + digest);
            }
            if (count > SINGLE_MAX) {
                syslog.send("UI_CFG_AUDIT_SET: " + user + "and " + (count - SINGLE_MAX) + " more");
            }
        }
    }

    /** Takes lines. */
    interface Lines {
        void take(String line) throws IOException;
    }

    /** One line for each statement; several for one of many values. */
    static void lines(List<Change> changes, Lines out) throws IOException {
        for (Change change : changes) {
            String path = path(change.path());
            switch (change) {
                case Change.Added(_, var node) -> lines("set: ", path, node, out);
                case Change.Removed(_, var node) -> lines("delete: ", path, node, out);
                case Change.Changed(_, var old, var now) -> changed(path, old, now, out);
                case Change.Marked(_, var old, var now) ->
                        marks(path, old.marks(), now.marks(), out);
                case Change.Reordered(_, _, var now) ->
                        out.take(
                                "insert: "
                                        + path
                                        + " "
                                        + now.entries().stream()
                                                .map(entry -> TextPrinter.quoted(entry.name()))
                                                .collect(Collectors.joining(" ")));
            }
        }
    }

    /** Words that can be told apart again. */
    private static String path(List<String> words) {
        return words.stream().map(TextPrinter::quoted).collect(Collectors.joining(" "));
    }

    /** Of values without an order, which may be many, those that came and went. */
    private static void changed(String path, Statement old, Statement now, Lines out)
            throws IOException {
        marks(path, old.marks(), now.marks(), out);
        boolean isSet =
                now.schema().kind() == SchemaNode.Kind.LEAF_LIST && !now.schema().isUserOrdered();
        if (!isSet) {
            out.take("set: " + path + " " + values(old) + " -> " + values(now));
            return;
        }
        values("delete: ", path, without(old.values(), now.values()), out);
        values("set: ", path, without(now.values(), old.values()), out);
    }

    private static List<Comparable<?>> without(
            List<? extends Comparable<?>> values, List<? extends Comparable<?>> others) {
        Set<Comparable<?>> left = new LinkedHashSet<>(values);
        left.removeAll(Set.copyOf(others));
        return List.copyOf(left);
    }

    /** As many values on a line as an entry has room for. */
    private static void values(
            String verb, String path, List<? extends Comparable<?>> values, Lines out)
            throws IOException {
        StringBuilder line = new StringBuilder();
        for (Comparable<?> value : values) {
            String word = quoted(value.toString());
            if (!line.isEmpty() && line.length() + 1 + word.length() > Line.TEXT_MAX) {
                out.take(line.toString());
                line.setLength(0);
            }
            line.append(line.isEmpty() ? verb + path : "").append(' ').append(word);
        }
        if (!line.isEmpty()) {
            out.take(line.toString());
        }
    }

    private static void marks(String path, Marks old, Marks now, Lines out) throws IOException {
        if (old.inactive() != now.inactive()) {
            out.take((now.inactive() ? "deactivate: " : "activate: ") + path);
        }
        if (old.isProtected() != now.isProtected()) {
            out.take((now.isProtected() ? "protect: " : "unprotect: ") + path);
        }
        if (!Objects.equals(old.annotation(), now.annotation())) {
            out.take("annotate: " + path + " " + quoted(now.annotation()));
        }
    }

    private static void lines(String verb, String path, Node node, Lines out) throws IOException {
        marks(path, Marks.NONE, node.marks(), out);
        if (node instanceof Statement statement) {
            if (statement.values().isEmpty()) {
                out.take(verb + path);
            } else if (statement.schema().isSecret()) {
                out.take(verb + path + " " + Secret.MASK);
            } else {
                values(verb, path, statement.values(), out);
            }
            return;
        }
        Branch branch = (Branch) node;
        if (branch.isEmpty()) {
            out.take(verb + path);
        }
        for (Node child : branch.children()) {
            lines(verb, path + " " + TextPrinter.quoted(child.name()), child, out);
        }
    }

    private static String values(Statement statement) {
        return statement.schema().isSecret()
                ? Secret.MASK
                : statement.values().stream()
                        .map(value -> quoted(value.toString()))
                        .collect(Collectors.joining(" "));
    }

    /** In quotes; those of the text have a backslash before them. */
    private static String quoted(String text) {
        return '"' + text.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
    }
}
