package floof.cli.show;

import floof.api.Machine;
import floof.api.Machine.HardwareItem;
import floof.api.Machine.ProcessState;
import floof.api.Machine.Storage;
import floof.cli.answer.Answer;
import floof.cli.answer.Table;
import floof.cli.answer.Times;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;

/** Output of {@code show system} and {@code show chassis}. */
public final class ShowSystem {

    private ShowSystem() {}

    public static Answer processes(Machine machine) {
        List<ProcessState> processes = machine.processes();
        Table table = new Table("Process", ">PID", ">Running", ">CPU", ">Memory");
        Instant now = Instant.now();
        for (ProcessState p : processes) {
            table.row(
                    p.name(),
                    p.pid(),
                    Times.age(p.started(), now),
                    Times.age(Duration.ofMillis(p.cpuMs())),
                    size(p.residentBytes()));
        }
        return Answer.Data.of(Machine.ProcessState.class, processes, table);
    }

    public static Answer storage(Machine machine) {
        List<Storage> storage = machine.storage();
        Table table =
                new Table("Filesystem", ">Size", ">Used", ">Avail", ">Capacity", "Mounted on");
        for (Storage s : storage) {
            long percent = s.sizeBytes() == 0 ? 0 : 100 * s.usedBytes() / s.sizeBytes();
            table.row(
                    s.kind(),
                    size(s.sizeBytes()),
                    size(s.usedBytes()),
                    size(s.freeBytes()),
                    percent + "%",
                    s.path());
        }
        return Answer.Data.of(Machine.Storage.class, storage, table);
    }

    public static Answer hardware(Machine machine) {
        List<HardwareItem> hardware = machine.hardware();
        Table table = new Table("Item", "Description");
        hardware.forEach(item -> table.row(item.item(), item.description()));
        return Answer.Data.of(Machine.HardwareItem.class, hardware, "Hardware inventory:\n", table);
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
