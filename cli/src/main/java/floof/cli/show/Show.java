package floof.cli.show;

import floof.api.Version;
import floof.api.network.Neighbour;
import floof.cli.answer.Answer;
import floof.cli.answer.Table;
import floof.cli.answer.Times;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Output of the commands about neighbours and the system. */
public final class Show {

    private Show() {}

    public static Answer version(String hostName, Version version) {
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

    public static Answer uptime(Version version) {
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

    public static Answer neighbours(List<Neighbour> neighbours, boolean ip6) {
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
}
