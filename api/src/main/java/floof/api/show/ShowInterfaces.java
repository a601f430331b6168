package floof.api.show;

import static floof.api.show.ShowFastPath.ask;

import floof.api.Router;
import floof.api.fastpath.FastPathStatistics.InterfaceCount;
import floof.api.network.InterfaceState;
import floof.api.network.InterfaceState.Traffic;
import floof.api.network.InterfaceStatistics;
import floof.api.network.InterfaceStatistics.Rate;
import floof.api.network.Port;
import floof.api.view.Arguments;
import floof.api.view.Commands;
import floof.api.view.Cursor;
import floof.api.view.Kind;
import floof.api.view.Layout;
import floof.api.view.Layout.Column;
import floof.api.view.Layout.Table;
import floof.api.view.Parameter;
import floof.api.view.Reader;
import floof.api.view.UnavailableException;
import floof.api.view.UnknownException;
import floof.api.view.View;
import floof.base.InterfaceAddress;
import floof.base.Plural;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.ToLongFunction;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** {@code show interfaces}. */
final class ShowInterfaces {

    /** How much is shown of an interface. */
    enum Form {
        NORMAL("State, addresses and traffic"),
        BRIEF("State and addresses"),
        DESCRIPTIONS("Interfaces with a description"),
        DETAIL("State, addresses, traffic with rates, exchange with Linux"),
        EXTENSIVE("Same as detail, plus drops and errors by cause"),
        STATISTICS("Traffic, rates and errors"),
        TERSE("One line each");

        private final String help;

        Form(String help) {
            this.help = help;
        }

        private static Form of(Arguments typed) {
            String word = typed.values().getOrDefault("form", NORMAL.word());
            return Form.valueOf(word.toUpperCase(Locale.ROOT));
        }

        String word() {
            return name().toLowerCase(Locale.ROOT);
        }

        private boolean hasRates() {
            return this == DETAIL || this == EXTENSIVE || this == STATISTICS;
        }
    }

    /** Between the two readings that make a rate. */
    private static final int RATE_MS = 500;

    private static final Table<InterfaceState> DESCRIPTIONS =
            Table.of(
                    Column.of("Interface", InterfaceState::name),
                    Column.of("Admin", it -> state(it.up())),
                    Column.of("Link", it -> state(it.running())),
                    Column.of("Description", InterfaceState::description));

    private ShowInterfaces() {}

    static Commands of(Router router) {
        return Commands.of(
                new Shown(
                        router,
                        "show interfaces",
                        "Interfaces",
                        List.of(
                                Parameter.free("name", "Name of an interface", Kind.INTERFACE),
                                Parameter.oneOf(
                                        "form",
                                        Stream.of(Form.values())
                                                .filter(it -> it != Form.NORMAL)
                                                .map(it -> new Parameter.Word(it.word(), it.help))
                                                .toList()))));
    }

    /** {@code show interfaces [NAME] [FORM]}. */
    private record Shown(Router router, String line, String help, List<Parameter> parameters)
            implements View<Record> {

        @Override
        public Class<? extends Record> type(Arguments typed) {
            return Form.of(typed).hasRates() ? InterfaceStatistics.class : InterfaceState.class;
        }

        @Override
        public Answer<Record> open(Arguments typed, Reader reader)
                throws UnavailableException, UnknownException {
            Form form = Form.of(typed);
            List<InterfaceState> wanted = named(router.interfaces(), typed.get("name"));
            if (form == Form.DESCRIPTIONS) {
                wanted = wanted.stream().filter(i -> !i.description().isEmpty()).toList();
                return answer(List.of(), wanted, DESCRIPTIONS.of(wanted));
            }
            if (!form.hasRates()) {
                return answer(List.of(), wanted, text(wanted, form));
            }
            List<String> warnings = new ArrayList<>();
            List<InterfaceStatistics> all = statistics(router, wanted, typed.get("name"), warnings);
            return answer(warnings, all, statistics(all, form));
        }

        private static Answer<Record> answer(
                List<String> warnings, List<? extends Record> records, Object text) {
            Layout.Whole<Record> layout = all -> List.of(text);
            return new Answer<>(warnings, Cursor.of(records), layout);
        }
    }

    private static List<InterfaceState> named(List<InterfaceState> all, @Nullable String name)
            throws UnknownException {
        List<InterfaceState> wanted =
                all.stream().filter(i -> name == null || i.name().equals(name)).toList();
        if (wanted.isEmpty() && name != null) {
            throw new UnknownException(
                    "device " + name + " not found",
                    all.stream().map(InterfaceState::name).toList());
        }
        return wanted;
    }

    /**
     * @param warnings gets what is missing
     */
    private static List<InterfaceStatistics> statistics(
            Router router, List<InterfaceState> first, @Nullable String name, List<String> warnings)
            throws UnavailableException, UnknownException {
        Map<String, InterfaceState> before = new HashMap<>();
        first.forEach(i -> before.put(i.name(), i));
        long startNs = System.nanoTime();
        try {
            Thread.sleep(RATE_MS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new UnavailableException("interrupted", e);
        }
        List<InterfaceState> now = named(router.interfaces(), name);
        double seconds = (System.nanoTime() - startNs) / 1e9;
        Map<String, InterfaceCount> counts = new HashMap<>();
        ask(router.fastPath()::statistics)
                .read()
                .interfaces()
                .forEach(count -> counts.put(count.name(), count));
        Map<String, Port> ports = new HashMap<>();
        try {
            ask(router.fastPath()::ports).read().forEach(port -> ports.put(port.name(), port));
        } catch (UnavailableException e) {
            warnings.add(e.getMessage() + "; errors of ports are not known");
        }
        List<InterfaceStatistics> all = new ArrayList<>();
        for (InterfaceState i : now) {
            InterfaceState earlier = before.getOrDefault(i.name(), i);
            Port port = ports.get(i.name());
            all.add(
                    new InterfaceStatistics(
                            i,
                            Rate.of(earlier.rx(), i.rx(), seconds),
                            Rate.of(earlier.tx(), i.tx(), seconds),
                            counts.get(i.name()),
                            port == null ? null : port.counters()));
        }
        return all;
    }

    private static String state(boolean up) {
        return up ? "up" : "down";
    }

    static String text(List<InterfaceState> interfaces, Form form) {
        return form == Form.TERSE ? terse(interfaces) : normal(interfaces, form != Form.BRIEF);
    }

    /** Columns at 0, 24, 30, 35, 44 and 66; further addresses on lines of their own. */
    private static String terse(List<InterfaceState> interfaces) {
        String format = "%-23s %-5s %-4s %-8s %-21s %s";
        StringBuilder text = new StringBuilder();
        line(text, format, "Interface", "Admin", "Link", "Proto", "Local", "Remote");
        for (InterfaceState i : interfaces) {
            String[] left = {i.name(), state(i.up()), state(i.running())};
            if (i.addresses().isEmpty()) {
                line(text, format, left[0], left[1], left[2], "", "", "");
            }
            String family = "";
            for (InterfaceAddress address : i.addresses()) {
                String label = address.address().family().label();
                line(
                        text,
                        format,
                        left[0],
                        left[1],
                        left[2],
                        label.equals(family) ? "" : label,
                        address + note(i, address),
                        "");
                left = new String[] {"", "", ""};
                family = label;
            }
        }
        return text.toString();
    }

    private static void line(StringBuilder out, String format, Object... cells) {
        out.append(String.format(format, cells).stripTrailing()).append('\n');
    }

    private static String normal(List<InterfaceState> interfaces, boolean hasTraffic) {
        StringBuilder text = new StringBuilder();
        for (InterfaceState i : interfaces) {
            begin(text, i);
            if (hasTraffic) {
                identity(text, i);
                text.append("  Input : ").append(traffic(i.rx())).append('\n');
                text.append("  Output: ").append(traffic(i.tx())).append('\n');
            } else {
                notes(text, i);
            }
            addresses(text, i);
        }
        return text.toString();
    }

    private static String statistics(List<InterfaceStatistics> all, Form form) {
        StringBuilder text = new StringBuilder();
        for (InterfaceStatistics one : all) {
            begin(text, one.state());
            if (form != Form.STATISTICS) {
                identity(text, one.state());
            }
            rates(text, one);
            counts(text, one.counts(), form != Form.DETAIL);
            if (form != Form.DETAIL) {
                errors(text, one.driver());
            }
            if (form != Form.STATISTICS) {
                addresses(text, one.state());
            }
        }
        return text.toString();
    }

    private static void begin(StringBuilder text, InterfaceState i) {
        text.append(text.isEmpty() ? "" : "\n")
                .append("Physical interface: ")
                .append(i.name())
                .append(i.up() ? ", Enabled" : ", Administratively down")
                .append(", Physical link is ")
                .append(i.running() ? "Up" : "Down")
                .append('\n');
    }

    private static void notes(StringBuilder text, InterfaceState i) {
        if (!i.description().isEmpty()) {
            text.append("  Description: ").append(i.description()).append('\n');
        }
        if (!i.fault().isEmpty()) {
            text.append("  Fault: ").append(i.fault()).append('\n');
        }
    }

    private static void identity(StringBuilder text, InterfaceState i) {
        text.append("  Interface index: ").append(i.ifindex()).append('\n');
        notes(text, i);
        line(text, "  Driver: %s, Device: %s", known(i.driver()), known(i.device()));
        line(text, "  MTU: %s, Hardware address: %s", i.mtu(), known(i.mac()));
    }

    private static String known(@Nullable Object value) {
        return value == null ? "-" : value.toString();
    }

    private static void rates(StringBuilder text, InterfaceStatistics one) {
        text.append("  Traffic statistics:\n");
        String bytes = "   %-6s bytes   : %20s %20s bps";
        rates(text, bytes, one, Traffic::bytes, Rate::bitsPerSecond);
        String packets = "   %-6s packets : %20s %20s pps";
        rates(text, packets, one, Traffic::packets, Rate::packetsPerSecond);
    }

    private static void rates(
            StringBuilder text,
            String format,
            InterfaceStatistics one,
            ToLongFunction<Traffic> total,
            ToLongFunction<Rate> rate) {
        line(text, format, "Input", cell(one.state().rx(), total), cell(one.input(), rate));
        line(text, format, "Output", cell(one.state().tx(), total), cell(one.output(), rate));
    }

    private static <T> String cell(@Nullable T counted, ToLongFunction<T> number) {
        return counted == null ? "-" : Long.toString(number.applyAsLong(counted));
    }

    private static void counts(
            StringBuilder text, @Nullable InterfaceCount counts, boolean hasReasons) {
        if (counts != null) {
            line(
                    text,
                    "  Exchange with Linux: %d to Linux, %d from Linux",
                    counts.excepted(),
                    counts.fromLinux());
            line(text, "  Drops: %d", counts.dropped());
            if (hasReasons) {
                counts.drops()
                        .forEach(it -> line(text, "    %-20s: %15d", it.reason(), it.packets()));
            }
        }
    }

    private static void errors(StringBuilder text, Port.@Nullable Counters driver) {
        if (driver != null) {
            line(
                    text,
                    "  Input errors: %d, Ring full: %d, No buffer: %d, Bad length: %d",
                    driver.lost(),
                    driver.missed(),
                    driver.noBuffer(),
                    driver.badLength());
            line(
                    text,
                    "  Output errors: %d, Device full: %d, Refused: %d, Unfit for offload: %d",
                    driver.unsent(),
                    driver.full(),
                    driver.refused(),
                    driver.unfit());
            line(
                    text,
                    "  Checksums: %d repaired on input, %d finished on output, Frames cut: %d",
                    driver.repaired(),
                    driver.finished(),
                    driver.cut());
        }
    }

    private static void addresses(StringBuilder text, InterfaceState i) {
        for (InterfaceAddress address : i.addresses()) {
            text.append("  Protocol ")
                    .append(address.address().family().label())
                    .append(", Local: ")
                    .append(address)
                    .append(note(i, address))
                    .append(", Destination: ")
                    .append(address.subnet())
                    .append('\n');
        }
    }

    /** What keeps Linux from using an address. */
    private static String note(InterfaceState i, InterfaceAddress address) {
        return i.duplicates().contains(address)
                ? " (duplicate)"
                : i.tentative().contains(address) ? " (tentative)" : "";
    }

    private static String traffic(@Nullable Traffic traffic) {
        return traffic == null
                ? "- packets, - bytes"
                : Plural.of(traffic.packets(), "packet")
                        + ", "
                        + Plural.of(traffic.bytes(), "byte");
    }
}
