package floof.control.bgp;

import static java.util.Comparator.comparing;

import floof.api.network.BgpSession;
import floof.base.Family;
import floof.base.IpAddress;
import floof.base.Prefix;
import floof.config.tree.Branch;
import floof.control.bird.BgpSessions;
import floof.control.bird.Bird;
import floof.control.bird.BirdException;
import floof.control.bird.Protocol;
import floof.control.plan.Intent;
import floof.linux.netlink.Route;
import floof.linux.netlink.Rtnetlink;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The answer to {@code show bgp}. Thread: any. */
public record BgpViews(Bird bird, Rtnetlink dataplane, SessionWatch watch) {

    /** RTPROT_BIRD (linux/rtnetlink.h). */
    private static final int RTPROT_BIRD = 12;

    /** Every session, by peer and neighbour. */
    public List<BgpSession> sessions(Branch running) throws IOException, BirdException {
        Intent.Bgp bgp = Intent.bgpOf(running);
        if (bgp == null) {
            return List.of();
        }
        Map<IpAddress, Long> shared = bgp.mergePaths() ? forwarding(running) : Map.of();
        Map<String, BgpSessions.Session> configured = BgpSessions.of(bgp);
        List<BgpSession> sessions = new ArrayList<>();
        for (Protocol protocol : bird.protocols()) {
            BgpSessions.Session session = configured.get(protocol.name());
            if (session != null) {
                long used = shared.getOrDefault(session.neighbor(), 0L);
                sessions.add(session(bgp, session, protocol, used));
            }
        }
        sessions.sort(comparing(BgpSession::peer).thenComparing(BgpSession::neighbor));
        return sessions;
    }

    private BgpSession session(
            Intent.Bgp bgp, BgpSessions.Session session, Protocol protocol, long used) {
        String state = protocol.detail("BGP state");
        boolean isUp = state.equals("Established");
        SessionWatch.Known known = watch.known(protocol.name());
        Failure failure = known.failure();
        return new BgpSession(
                session.peer().name(),
                session.peer().description(),
                session.neighbor(),
                session.peer().remoteAs(),
                bgp.asn(),
                state.isEmpty() || state.equals("Down") ? "Idle" : state,
                protocol.sinceEpochS() == 0 ? null : Instant.ofEpochSecond(protocol.sinceEpochS()),
                failure == null ? "" : failure.text(),
                failure == null ? null : failure.direction(),
                failure == null ? null : failure.time(),
                known.staleSince(),
                address(protocol.detail("Source address")),
                address(protocol.detail("Neighbor ID")),
                seconds(protocol.detail("Hold timer")),
                seconds(protocol.detail("Keepalive timer")),
                !isUp
                        ? null
                        : new BgpSession.Counts(
                                protocol.count("imported") + protocol.count("filtered"),
                                protocol.count("imported"),
                                Math.max(protocol.count("preferred"), used),
                                protocol.count("exported")));
    }

    /**
     * How many routes of BGP forward by each gateway. BIRD counts only the best route of a prefix,
     * not the others that share its flows.
     */
    private Map<IpAddress, Long> forwarding(Branch running) {
        Set<Prefix> statics =
                Intent.of(running).routes().stream()
                        .map(Intent.StaticRoute::prefix)
                        .collect(Collectors.toUnmodifiableSet());
        Map<IpAddress, Long> counts = new HashMap<>();
        for (Family family : Family.values()) {
            dataplane.routes(
                    family,
                    Route.RT_TABLE_MAIN,
                    0,
                    route -> {
                        if (route.protocol() == RTPROT_BIRD && !statics.contains(route.prefix())) {
                            route.nextHops().stream()
                                    .map(Route.NextHop::gateway)
                                    .distinct()
                                    .forEach(it -> {
                                        if (it != null) {
                                            counts.merge(it, 1L, Long::sum);
                                        }
                                    });
                        }
                    });
        }
        return counts;
    }

    private static @Nullable IpAddress address(String text) {
        return text.isEmpty() ? null : IpAddress.parse(text);
    }

    /** {@code 191.476/240}: what is left of the timer's time, and that. */
    private static @Nullable Integer seconds(String text) {
        String total = text.substring(text.indexOf('/') + 1);
        return total.matches("[0-9]{1,5}") ? Integer.valueOf(total) : null;
    }
}
