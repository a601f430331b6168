package floof.cli;

import floof.api.Router;
import floof.api.network.InterfaceState;
import floof.api.network.InterfaceState.Traffic;
import floof.api.view.Layout;
import floof.api.view.Layout.Column;
import floof.api.view.Times;
import floof.api.view.UnavailableException;
import floof.cli.answer.Answer;
import floof.cli.answer.CommandException;
import floof.cli.answer.Table;
import floof.cli.screen.Screen;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * {@code monitor interface}: counters and rates once a second, over the whole screen. Totals are
 * those of {@code show interfaces}, deltas begin with the command. Keys: n the next interface, d
 * deltas instead of totals and back, f freeze, r go on, c deltas from now, q the end. Thread: the
 * session's.
 */
final class MonitorInterface {

    private static final String KEYS = "Freeze='f', Resume='r', Clear='c', Quit='q' or Ctrl-C";

    private record Counter(
            String name, @Nullable Long total, @Nullable String rate, @Nullable Long delta) {}

    private static final Layout.Table<Counter> COUNTERS =
            Layout.Table.of(
                    Column.of("Traffic statistics", Counter::name),
                    Column.of(">Total", Counter::total),
                    Column.of(">Rate", Counter::rate),
                    Column.of(">Delta", Counter::delta));

    private final Router router;
    private final Screen screen;
    private final Map<String, InterfaceState> base = new HashMap<>();
    private Map<String, InterfaceState> before = Map.of();
    private long beforeNs;
    private boolean frozen;
    private boolean isDelta;

    /** The interface that is shown alone; null for the table of all. */
    private @Nullable String shown;

    MonitorInterface(Router router, Screen screen) {
        this.router = router;
        this.screen = screen;
    }

    /**
     * @param name of the interface; null for the table of all
     */
    Answer show(@Nullable String name) {
        return Output.alone("monitor interface", pipes -> run(name));
    }

    private void run(@Nullable String name) throws CommandException {
        if (!screen.isTerminal()) {
            throw new CommandException(
                    "error: 'monitor interface' needs a terminal; scripts use 'show interfaces'");
        }
        shown = name;
        screen.turns(this::turn);
    }

    private boolean turn() throws CommandException {
        if (!frozen) {
            draw();
        }
        switch (screen.key(1000)) {
            case 'n' -> shown = shown == null ? null : next(shown);
            case 'd' -> isDelta = !isDelta;
            case 'f' -> frozen = true;
            case 'r', 't' -> frozen = false;
            case 'c' -> base.putAll(before);
            case 'q', 'Q', 3, 4, 27, -1 -> {
                return false;
            }
            default -> {
                // The second is over, or a key without meaning.
            }
        }
        return true;
    }

    private String next(String shown) {
        List<String> names = before.keySet().stream().sorted().toList();
        return names.get((names.indexOf(shown) + 1) % names.size());
    }

    private List<InterfaceState> interfaces() throws CommandException {
        try {
            return router.interfaces();
        } catch (UnavailableException e) {
            throw new CommandException("error: " + e.getMessage());
        }
    }

    private void draw() throws CommandException {
        Map<String, InterfaceState> now = new HashMap<>();
        List<InterfaceState> all = interfaces();
        all.forEach(i -> now.put(i.name(), i));
        all.forEach(this::base); // deltas of all begin at the same time, whatever is shown
        long nowNs = System.nanoTime();
        double seconds = before.isEmpty() ? 0 : (nowNs - beforeNs) / 1e9;
        List<String> lines = new ArrayList<>();
        if (shown == null) {
            lines.addAll(lines(table(seconds).of(all)));
        } else {
            InterfaceState one = now.get(shown);
            if (one == null) {
                throw new CommandException("error: device " + shown + " not found");
            }
            lines.addAll(detail(one, seconds));
        }
        lines.add("");
        lines.add((shown != null ? "Next='n', " : isDelta ? "Totals='d', " : "Delta='d', ") + KEYS);
        screen.replace(
                "Seconds between: "
                        + String.format("%.1f", seconds)
                        + "   Time: "
                        + Times.local(Instant.now()),
                lines);
        before = now;
        beforeNs = nowNs;
    }

    private List<String> lines(Layout.Filled<?> filled) {
        return Table.of(filled).text(screen.columns(), false).lines().toList();
    }

    private Layout.Table<InterfaceState> table(double seconds) {
        String counted = isDelta ? "delta" : "packets";
        return Layout.Table.of(
                Column.of("Interface", InterfaceState::name),
                Column.of("Link", i -> i.running() ? "Up" : "Down"),
                Column.of(">Input " + counted, i -> packets(i.rx(), isDelta ? base(i).rx() : null)),
                Column.of(
                        ">(pps)",
                        i -> rate(packets(i.rx(), null), packets(before(i).rx(), null), seconds)),
                Column.of(
                        ">Output " + counted, i -> packets(i.tx(), isDelta ? base(i).tx() : null)),
                Column.of(
                        ">(pps)",
                        i -> rate(packets(i.tx(), null), packets(before(i).tx(), null), seconds)));
    }

    private InterfaceState base(InterfaceState i) {
        return base.computeIfAbsent(i.name(), name -> i);
    }

    private InterfaceState before(InterfaceState i) {
        return before.getOrDefault(i.name(), i);
    }

    private List<String> detail(InterfaceState i, double seconds) {
        List<String> lines = new ArrayList<>();
        lines.add(
                "Interface: "
                        + i.name()
                        + ", "
                        + (i.up() ? "Enabled" : "Administratively down")
                        + ", Link is "
                        + (i.running() ? "Up" : "Down"));
        if (!i.description().isEmpty()) {
            lines.add("Description: " + i.description());
        }
        List<Counter> counters =
                List.of(
                        counter("Input bytes", i, InterfaceState::rx, true, seconds),
                        counter("Output bytes", i, InterfaceState::tx, true, seconds),
                        counter("Input packets", i, InterfaceState::rx, false, seconds),
                        counter("Output packets", i, InterfaceState::tx, false, seconds));
        lines.addAll(lines(COUNTERS.of(counters)));
        return lines;
    }

    private Counter counter(
            String name,
            InterfaceState i,
            Function<InterfaceState, @Nullable Traffic> traffic,
            boolean bytes,
            double seconds) {
        Function<InterfaceState, @Nullable Long> count =
                state -> bytes ? bytes(traffic.apply(state)) : packets(traffic.apply(state), null);
        Long value = count.apply(i);
        Long first = count.apply(base(i));
        Long rate = rate(value, count.apply(before(i)), seconds);
        return new Counter(
                name,
                value,
                rate == null ? null : bytes ? 8 * rate + " bps" : rate + " pps",
                value == null || first == null ? null : value - first);
    }

    private static @Nullable Long bytes(@Nullable Traffic traffic) {
        return traffic == null ? null : traffic.bytes();
    }

    /** Since {@code base}, or all. */
    private static @Nullable Long packets(@Nullable Traffic traffic, @Nullable Traffic base) {
        return traffic == null ? null : traffic.packets() - (base == null ? 0 : base.packets());
    }

    private static @Nullable Long rate(@Nullable Long now, @Nullable Long before, double seconds) {
        return now == null || before == null || seconds == 0
                ? null
                : Math.round((now - before) / seconds);
    }
}
