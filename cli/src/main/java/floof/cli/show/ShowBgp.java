package floof.cli.show;

import floof.api.Router;
import floof.api.network.BgpSession;
import floof.api.view.UnavailableException;
import floof.base.IpAddress;
import floof.cli.answer.Answer;
import floof.cli.answer.CommandException;
import floof.cli.answer.Table;
import floof.cli.answer.Times;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Output of {@code show bgp}. */
public final class ShowBgp {

    private ShowBgp() {}

    public static Answer summary(Router router) throws UnavailableException {
        List<BgpSession> sessions = router.bgpSessions();
        long down = sessions.stream().filter(s -> !isUp(s)).count();
        Instant now = Instant.now();
        Table table =
                new Table(
                        "Peer",
                        "Neighbor",
                        ">AS?1",
                        "State",
                        ">Up/Dwn?2",
                        ">Received?4",
                        ">Accepted?5",
                        ">Active?3",
                        ">Exported?6");
        for (BgpSession s : sessions) {
            BgpSession.Counts counts = s.counts();
            table.row(
                    s.peer(),
                    s.neighbor(),
                    s.remoteAs(),
                    s.state(),
                    Times.age(s.since(), now),
                    counts == null ? null : counts.received(),
                    counts == null ? null : counts.accepted(),
                    counts == null ? null : counts.active(),
                    counts == null ? null : counts.exported());
        }
        return Answer.Data.of(
                BgpSession.class,
                sessions,
                "Peers: " + sessions.size() + " Down peers: " + down + "\n",
                table);
    }

    /** An address as it is printed, however it was typed; another text as it is. */
    private static String canonical(String text) {
        try {
            return IpAddress.parse(text).toString();
        } catch (IllegalArgumentException e) {
            return text;
        }
    }

    private static boolean isUp(BgpSession session) {
        return session.state().equals("Established");
    }

    public static Answer neighbors(Router router, @Nullable String which)
            throws UnavailableException, CommandException {
        List<BgpSession> all = router.bgpSessions();
        String address = which == null ? null : canonical(which);
        List<BgpSession> sessions =
                all.stream()
                        .filter(s ->
                                which == null
                                        || s.peer().equals(which)
                                        || s.neighbor().toString().equals(address))
                        .toList();
        if (sessions.isEmpty() && which != null) {
            throw CommandException.unknown(
                    "no BGP neighbor or peer '" + which + "'",
                    all.stream()
                            .flatMap(s -> Stream.of(s.peer(), s.neighbor().toString()))
                            .distinct()
                            .toList());
        }
        StringBuilder text = new StringBuilder();
        Instant now = Instant.now();
        for (BgpSession s : sessions) {
            text.append(text.isEmpty() ? "" : "\n");
            neighbor(text, s, now);
        }
        return Answer.Data.of(BgpSession.class, sessions, text.toString());
    }

    private static void neighbor(StringBuilder out, BgpSession s, Instant now) {
        out.append("Peer: ").append(s.neighbor()).append(" AS ").append(s.remoteAs());
        out.append(" Local: ").append(s.localAddress() == null ? "-" : s.localAddress().toString());
        out.append(" AS ").append(s.localAs());
        out.append("\n  Peer name: ").append(s.peer());
        if (!s.description().isEmpty()) {
            out.append("\n  Description: ").append(s.description());
        }
        out.append("\n  Type: ").append(s.localAs() == s.remoteAs() ? "Internal" : "External");
        out.append("    State: ").append(s.state());
        out.append("    Since: ").append(Times.age(s.since(), now));
        if (s.staleSince() != null) {
            out.append("\n  Stale routes: kept for ").append(Times.age(s.staleSince(), now));
        }
        out.append("\n  Last Error: ").append(s.lastError().isEmpty() ? "None" : s.lastError());
        if (s.lastErrorDirection() != null) {
            out.append("\n    Direction: ").append(s.lastErrorDirection().label());
            out.append("    Ago: ").append(Times.age(s.lastErrorTime(), now));
        }
        out.append("\n  Peer ID: ").append(text(s.remoteRouterId()));
        out.append("    Holdtime: ").append(text(s.holdTimeSeconds()));
        out.append("    Keepalive Interval: ").append(text(s.keepaliveSeconds()));
        BgpSession.Counts counts = s.counts();
        out.append("\n  Received prefixes: ").append(counts == null ? "-" : counts.received());
        out.append("\n  Accepted prefixes: ").append(counts == null ? "-" : counts.accepted());
        out.append("\n  Active prefixes:   ").append(counts == null ? "-" : counts.active());
        out.append("\n  Advertised prefixes: ").append(counts == null ? "-" : counts.exported());
        out.append('\n');
    }

    private static String text(@Nullable Object value) {
        return value == null ? "-" : value.toString();
    }
}
