package floof.api.show;

import static floof.api.view.Layout.whole;
import static java.util.stream.Collectors.joining;

import floof.api.Router;
import floof.api.network.BgpSession;
import floof.api.view.Commands;
import floof.api.view.Kind;
import floof.api.view.Layout.Column;
import floof.api.view.Layout.Table;
import floof.api.view.Parameter;
import floof.api.view.Times;
import floof.api.view.UnknownException;
import floof.api.view.View;
import floof.base.IpAddress;
import java.time.Instant;
import java.util.List;
import java.util.function.ToLongFunction;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** {@code show bgp}. */
final class ShowBgp {

    private static final Table<BgpSession> SUMMARY =
            Table.of(
                    Column.of("Peer", BgpSession::peer),
                    Column.of("Neighbor", BgpSession::neighbor),
                    Column.of(">AS?1", BgpSession::remoteAs),
                    Column.of("State", BgpSession::state),
                    Column.of(">Up/Dwn?2", it -> Times.age(it.since(), Instant.now())),
                    count(">Received?4", BgpSession.Counts::received),
                    count(">Accepted?5", BgpSession.Counts::accepted),
                    count(">Active?3", BgpSession.Counts::active),
                    count(">Exported?6", BgpSession.Counts::exported));

    private ShowBgp() {}

    private static Column<BgpSession> count(String head, ToLongFunction<BgpSession.Counts> count) {
        return Column.of(
                head,
                session -> {
                    BgpSession.Counts counts = session.counts();
                    return counts == null ? null : count.applyAsLong(counts);
                });
    }

    static Commands of(Router router) {
        return Commands.of(
                        View.at("bgp neighbor", "BGP sessions in detail")
                                .of(
                                        BgpSession.class,
                                        (typed, reader) ->
                                                named(router.bgpSessions(), typed.get("peer")),
                                        whole(all ->
                                                List.of(
                                                        all.stream()
                                                                .map(ShowBgp::text)
                                                                .collect(joining("\n")))))
                                .with(
                                        Parameter.free(
                                                "peer",
                                                "Address of a neighbor, or name of a peer",
                                                Kind.PEER)),
                        View.at("bgp summary", "One line per BGP session")
                                .of(
                                        BgpSession.class,
                                        router::bgpSessions,
                                        whole(all -> List.of(heading(all), SUMMARY.of(all))))
                                .detailed())
                .group("show bgp", "Border Gateway Protocol");
    }

    private static String heading(List<BgpSession> sessions) {
        long down = sessions.stream().filter(it -> !it.state().equals("Established")).count();
        return "Peers: " + sessions.size() + " Down peers: " + down + "\n";
    }

    private static List<BgpSession> named(List<BgpSession> all, @Nullable String which)
            throws UnknownException {
        if (which == null) {
            return all;
        }
        String address = canonical(which);
        List<BgpSession> sessions =
                all.stream()
                        .filter(s ->
                                s.peer().equals(which) || s.neighbor().toString().equals(address))
                        .toList();
        if (sessions.isEmpty()) {
            throw new UnknownException(
                    "no BGP neighbor or peer '" + which + "'",
                    all.stream()
                            .flatMap(s -> Stream.of(s.peer(), s.neighbor().toString()))
                            .distinct()
                            .toList());
        }
        return sessions;
    }

    /** An address as it is printed, however it was typed; another text as it is. */
    private static String canonical(String text) {
        try {
            return IpAddress.parse(text).toString();
        } catch (IllegalArgumentException e) {
            return text;
        }
    }

    private static String text(BgpSession s) {
        Instant now = Instant.now();
        StringBuilder out = new StringBuilder();
        out.append("Peer: ").append(s.neighbor()).append(" AS ").append(s.remoteAs());
        out.append(" Local: ").append(text(s.localAddress()));
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
        return out.append('\n').toString();
    }

    private static String text(@Nullable Object value) {
        return value == null ? "-" : value.toString();
    }
}
