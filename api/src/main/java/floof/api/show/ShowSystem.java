package floof.api.show;

import static floof.api.view.Layout.whole;

import floof.api.AuditLog.Entry;
import floof.api.AuditLog.Kind;
import floof.api.Machine;
import floof.api.Machine.HardwareItem;
import floof.api.Machine.ProcessState;
import floof.api.Machine.Storage;
import floof.api.Router;
import floof.api.Version;
import floof.api.commit.PendingCommit;
import floof.api.view.Arguments;
import floof.api.view.Commands;
import floof.api.view.Layout;
import floof.api.view.Layout.Column;
import floof.api.view.Layout.Table;
import floof.api.view.Parameter;
import floof.api.view.Reader;
import floof.api.view.Times;
import floof.api.view.UnavailableException;
import floof.api.view.View;
import floof.config.store.Revision;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** {@code show system}, {@code chassis} and {@code version}. */
public final class ShowSystem {

    /** Entries of the audit log that are shown when no number is said. */
    private static final String AUDIT_SHOWN = "100";

    private static final Table<ProcessState> PROCESSES =
            Table.of(
                    Column.of("Process", ProcessState::name),
                    Column.of(">PID", ProcessState::pid),
                    Column.of(">Running", it -> Times.age(it.started(), Instant.now())),
                    Column.of(">CPU", it -> Times.age(Duration.ofMillis(it.cpuMs()))),
                    Column.of(">Memory", it -> size(it.residentBytes())));

    private static final Table<Storage> STORAGE =
            Table.of(
                    Column.of("Filesystem", Storage::kind),
                    Column.of(">Size", it -> size(it.sizeBytes())),
                    Column.of(">Used", it -> size(it.usedBytes())),
                    Column.of(">Avail", it -> size(it.freeBytes())),
                    Column.of(">Capacity", ShowSystem::percent),
                    Column.of("Mounted on", Storage::path));

    private static final Table<HardwareItem> HARDWARE =
            Table.of(
                    Column.of("Item", HardwareItem::item),
                    Column.of("Description", HardwareItem::description));

    private static final Table<Entry> AUDIT =
            Table.of(
                    Column.of(">Number", Entry::sequence),
                    Column.of("Time", it -> Times.local(it.time())),
                    Column.of("User", Entry::user),
                    Column.of("Client?2", Entry::client),
                    Column.of("Kind?1", it -> it.kind().name().toLowerCase(Locale.ROOT)),
                    Column.of("Text", Entry::text));

    private ShowSystem() {}

    static Commands of(Router router) {
        Machine machine = router.machine();
        Layout.Whole<HardwareItem> hardware =
                items -> List.of("Hardware inventory:\n", HARDWARE.of(items));
        return Commands.of(
                        View.at("system audit", "Audit log of user actions")
                                .of(
                                        Entry.class,
                                        (typed, reader) -> audit(router, typed, reader),
                                        AUDIT)
                                .with(Parameter.number("number", 1, 100_000)),
                        View.at("system commit", "Committed and pending configurations")
                                .of(
                                        Revision.class,
                                        (typed, reader) -> history(router, reader),
                                        whole(history ->
                                                List.of(
                                                        waiting(router.pending())
                                                                + text(history)))),
                        View.at("system processes", "Processes of the router")
                                .of(ProcessState.class, machine::processes, PROCESSES),
                        View.at("system storage", "File systems")
                                .of(Storage.class, machine::storage, STORAGE),
                        View.at("system uptime", "Start times")
                                .one(Version.class, router::version, ShowSystem::uptime),
                        View.at("version", "Software versions")
                                .one(
                                        Version.class,
                                        router::version,
                                        version -> List.of(version(router.hostName(), version))),
                        View.at("chassis hardware", "Hardware inventory")
                                .of(HardwareItem.class, machine::hardware, hardware))
                .group("show chassis", "The machine")
                .group("show system", "The system");
    }

    /**
     * Entries of other users reveal what they saw: only a reader who sees everything gets the text.
     */
    private static List<Entry> audit(Router router, Arguments typed, Reader reader)
            throws UnavailableException {
        String number = typed.values().getOrDefault("number", AUDIT_SHOWN);
        boolean seesAll = reader.permissions().seesAll();
        try {
            return router.audit().last(Integer.parseInt(number)).stream()
                    .map(e ->
                            seesAll || e.user().equals(reader.user()) && e.kind() != Kind.CHANGE
                                    ? e
                                    : e.withoutText())
                    .toList();
        } catch (IOException e) {
            throw new UnavailableException("the audit log cannot be read: " + e.getMessage(), e);
        }
    }

    /** Comments reveal what changed: only their author, or who sees everything, gets them. */
    public static List<Revision> history(Router router, Reader reader) {
        boolean seesAll = reader.permissions().seesAll();
        return router.history().stream()
                .map(r -> seesAll || r.user().equals(reader.user()) ? r : r.withoutComment())
                .toList();
    }

    private static String waiting(@Nullable PendingCommit pending) {
        if (pending == null) {
            return "";
        }
        String by = " by " + pending.origin().user() + " via " + pending.origin().client();
        String what =
                switch (pending.kind()) {
                    case CONFIRMATION -> "commit" + by + " is rolled back at ";
                    case TIME -> "commit requested" + by + " for ";
                    case REBOOT -> "commit requested" + by + " for the machine's next start";
                };
        return what + (pending.deadline() == null ? "" : Times.local(pending.deadline())) + "\n";
    }

    private static String text(List<Revision> history) {
        StringBuilder text = new StringBuilder();
        for (Revision revision : history) {
            text.append(
                    String.format(
                            "%-3d %s by %s via %s%n",
                            revision.number(),
                            Times.local(revision.time()),
                            revision.user(),
                            revision.client()));
            if (!revision.comment().isEmpty()) {
                text.append("    ").append(revision.comment()).append('\n');
            }
        }
        return text.toString();
    }

    private static String version(String hostName, Version version) {
        return """
        Hostname: %s
        Model: FloofOS
        FloofOS: %s
        Java: %s
        Kernel: %s
        Instance: %s
        """
                .formatted(
                        hostName,
                        version.version(),
                        version.java(),
                        version.kernel(),
                        version.instance());
    }

    private static List<String> uptime(Version version) {
        Instant now = Instant.now();
        return List.of(
                """
                Current time: %s
                Control plane started: %s
                Fast path started: %s
                Ahead-of-time cache: %s
                """
                        .formatted(
                                Times.local(now),
                                started(version.started(), now),
                                started(version.fastPathStarted(), now),
                                version.fastPathCache()));
    }

    private static String started(@Nullable Instant time, Instant now) {
        return time == null ? "-" : Times.local(time) + " (" + Times.age(time, now) + " ago)";
    }

    private static String percent(Storage s) {
        return (s.sizeBytes() == 0 ? 0 : 100 * s.usedBytes() / s.sizeBytes()) + "%";
    }

    /** {@code 1.5G}, as df(1) does. */
    static String size(long bytes) {
        double value = bytes;
        String units = "BKMGTP";
        int unit = 0;
        while (value >= 1024 && unit < units.length() - 1) {
            value /= 1024;
            unit++;
        }
        return unit == 0
                ? bytes + "B"
                : String.format(
                        Locale.ROOT, value < 10 ? "%.1f%c" : "%.0f%c", value, units.charAt(unit));
    }
}
