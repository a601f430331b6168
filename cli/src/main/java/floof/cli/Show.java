package floof.cli;

import floof.api.InterfaceState;
import floof.api.Neighbour;
import floof.api.Router;
import floof.api.Version;
import floof.api.view.UnavailableException;
import floof.base.InterfaceAddress;
import floof.base.Plural;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Output of the commands about interfaces, neighbours and the system. */
final class Show {

    /** How much is told of an interface. */
    enum Form {
        DETAIL("All"),
        TERSE("One line each"),
        DESCRIPTIONS("Those with a description");

        private final String help;

        Form(String help) {
            this.help = help;
        }

        String help() {
            return help;
        }
    }

    private Show() {}

    static Answer version(String hostName, Version version) {
        return new Answer.Data(
                version,
                "Hostname: "
                        + hostName
                        + "\nModel: FloofOS\nFloofOS: "
                        + version.version()
                        + "\nJava: "
                        + version.java()
                        + "\nKernel: "
                        + version.kernel()
                        + "\nInstance: "
                        + version.instance()
                        + "\n");
    }

    static Answer uptime(Version version) {
        Instant now = Instant.now();
        return new Answer.Data(
                version,
                "Current time: "
                        + Times.local(now)
                        + "\nControl plane started: "
                        + started(version.started(), now)
                        + "\nFast path started: "
                        + started(version.fastPathStarted(), now)
                        + "\nAhead-of-time cache: "
                        + version.fastPathCache()
                        + "\n");
    }

    private static String started(@Nullable Instant time, Instant now) {
        return time == null
                ? "-"
                : Times.local(time) + " (" + Times.age(Duration.between(time, now)) + " ago)";
    }

    static Answer neighbours(List<Neighbour> neighbours, boolean ip6) {
        Table table =
                ip6
                        ? new Table(
                                "IPv6 Address",
                                "Linklayer Address",
                                "State?1",
                                "Rtr?2",
                                "Interface")
                        : new Table("MAC Address", "Address", "Interface", "State");
        for (Neighbour n : neighbours) {
            if (ip6) {
                table.row(
                        n.address(),
                        n.mac(),
                        n.state(),
                        n.router() ? "yes" : "no",
                        n.interfaceName());
            } else {
                table.row(n.mac(), n.address(), n.interfaceName(), n.state());
            }
        }
        return Answer.Data.of(
                Neighbour.class, neighbours, table, "Total entries: " + neighbours.size() + "\n");
    }

    static Answer interfaces(Router router, @Nullable String name, Form form)
            throws UnavailableException, CommandException {
        List<InterfaceState> all = router.interfaces();
        List<InterfaceState> wanted =
                all.stream().filter(i -> name == null || i.name().equals(name)).toList();
        if (wanted.isEmpty() && name != null) {
            throw CommandException.unknown(
                    "device " + name + " not found",
                    all.stream().map(InterfaceState::name).toList());
        }
        return switch (form) {
            case DETAIL -> Answer.Data.of(InterfaceState.class, wanted, detail(wanted));
            case TERSE -> Answer.Data.of(InterfaceState.class, wanted, terse(wanted));
            case DESCRIPTIONS -> descriptions(wanted);
        };
    }

    private static Answer descriptions(List<InterfaceState> interfaces) {
        List<InterfaceState> described =
                interfaces.stream().filter(i -> !i.description().isEmpty()).toList();
        Table table = new Table("Interface", "Admin", "Link", "Description");
        described.forEach(
                i -> table.row(i.name(), state(i.up()), state(i.running()), i.description()));
        return Answer.Data.of(InterfaceState.class, described, table);
    }

    private static String state(boolean up) {
        return up ? "up" : "down";
    }

    /** Columns at 0, 24, 30, 35, 44 and 66; further addresses on lines of their own. */
    static String terse(List<InterfaceState> interfaces) {
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

    static String detail(List<InterfaceState> interfaces) {
        StringBuilder text = new StringBuilder();
        for (InterfaceState i : interfaces) {
            text.append(text.isEmpty() ? "" : "\n");
            text.append("Physical interface: ")
                    .append(i.name())
                    .append(i.up() ? ", Enabled" : ", Administratively down")
                    .append(", Physical link is ")
                    .append(i.running() ? "Up" : "Down")
                    .append("\n  Interface index: ")
                    .append(i.ifindex());
            if (!i.description().isEmpty()) {
                text.append("\n  Description: ").append(i.description());
            }
            if (!i.fault().isEmpty()) {
                text.append("\n  Fault: ").append(i.fault());
            }
            text.append("\n  Driver: ")
                    .append(i.driver() == null ? "-" : i.driver())
                    .append(", Device: ")
                    .append(i.device() == null ? "-" : i.device())
                    .append("\n  MTU: ")
                    .append(i.mtu())
                    .append(", Hardware address: ")
                    .append(i.mac() == null ? "-" : i.mac().toString())
                    .append("\n  Input : ")
                    .append(traffic(i.rx()))
                    .append("\n  Output: ")
                    .append(traffic(i.tx()))
                    .append('\n');
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
        return text.toString();
    }

    /** What keeps Linux from using an address. */
    private static String note(InterfaceState i, InterfaceAddress address) {
        return i.duplicates().contains(address)
                ? " (duplicate)"
                : i.tentative().contains(address) ? " (tentative)" : "";
    }

    private static String traffic(InterfaceState.@Nullable Traffic traffic) {
        return traffic == null
                ? "- packets, - bytes"
                : Plural.of(traffic.packets(), "packet")
                        + ", "
                        + Plural.of(traffic.bytes(), "byte");
    }
}
