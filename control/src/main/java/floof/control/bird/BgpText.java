package floof.control.bird;

import static floof.control.bird.BirdConfig.channel;
import static floof.control.bird.BirdConfig.digit;
import static floof.control.bird.BirdConfig.preference;
import static floof.control.bird.BirdConfig.quote;
import static java.util.stream.Collectors.joining;

import floof.base.Family;
import floof.base.IpAddress;
import floof.base.Prefix;
import floof.base.SpecialPrefixes;
import floof.control.plan.Intent;
import floof.control.plan.Intent.GracefulRestart;
import floof.control.plan.Intent.SessionOptions;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;

/** The part of BIRD's configuration that is about BGP: filters, BFD, sessions. */
final class BgpText {

    /**
     * How long neighbours shall keep our routes while BIRD restarts, in seconds: BIRD is back
     * within seconds or not at all.
     */
    private static final int RESTART_TIME_S = 60;

    /** The same for the life of the process: another text would make BIRD's sessions anew. */
    private static final String UNKNOWN = UUID.randomUUID().toString();

    private BgpText() {}

    static void write(Blocks out, Intent.Bgp bgp) {
        for (Family family : Family.values()) {
            importFilter(out, bgp, "routable", family, SpecialPrefixes.NEVER_ROUTED);
            if (bgp.peers().stream().anyMatch(Intent.Peer::rejectBogons)) {
                importFilter(out, bgp, "public", family, SpecialPrefixes.BOGON);
            }
            exportFilter(out, family, originated(bgp, family));
            RelationshipText.write(out, bgp, family);
        }
        if (bgp.peers().stream().anyMatch(peer -> peer.session().bfd() != null)) {
            out.empty().line("protocol bfd {}");
        }
        BgpSessions.of(bgp).forEach((name, session) -> session(out, bgp, name, session));
    }

    /** Prefixes of that family that we announce. */
    static List<Prefix> originated(Intent.Bgp bgp, Family family) {
        return bgp.prefixes().stream().filter(prefix -> prefix.family() == family).toList();
    }

    private static String importFilter(Intent.Peer peer, Family family) {
        return peer.relationship() != null
                ? RelationshipText.importFilter(peer, family)
                : (peer.rejectBogons() ? "public" : "routable") + digit(family);
    }

    private static String exportFilter(Intent.Peer peer, Family family) {
        return peer.relationship() != null
                ? RelationshipText.exportFilter(peer.relationship(), family)
                : "own" + digit(family);
    }

    /** Refuses what is special. What is filtered stays known, so that it can be counted. */
    private static void importFilter(
            Blocks out, Intent.Bgp bgp, String name, Family family, SpecialPrefixes.Kind special) {
        out.empty().begin("filter " + name + digit(family));
        if (bgp.peers().stream().anyMatch(peer -> peer.relationship() != null)) {
            out.line(RelationshipText.withoutMarks(bgp));
        }
        when(out, orLonger(special.exceptions(), family), "accept");
        when(out, orLonger(special.covered(), family), "reject");
        out.line("accept;").end();
    }

    private static void exportFilter(Blocks out, Family family, List<Prefix> originated) {
        out.empty().begin("filter own" + digit(family));
        when(out, originated.stream().map(Prefix::toString), "accept");
        out.line("reject;").end();
    }

    static Stream<String> orLonger(List<Prefix> prefixes, Family family) {
        return prefixes.stream()
                .filter(prefix -> prefix.family() == family)
                .map(prefix -> prefix + "+");
    }

    private static void when(Blocks out, Stream<String> patterns, String verdict) {
        String set = patterns.collect(joining(", "));
        if (!set.isEmpty()) {
            out.line("if net ~ [ " + set + " ] then " + verdict + ";");
        }
    }

    private static void session(
            Blocks out, Intent.Bgp bgp, String name, BgpSessions.Session session) {
        Intent.Peer peer = session.peer();
        String description = peer.description().isEmpty() ? peer.name() : peer.description();
        out.empty().begin(BgpSessions.head(name));
        out.line("description " + quote(description) + ";");
        IpAddress local = peer.session().local().get(session.neighbor().family());
        out.line("local " + (local == null ? "" : local + " ") + "as " + bgp.asn() + ";");
        out.line("neighbor " + session.neighbor() + " as " + peer.remoteAs() + ";");
        password(out, peer);
        options(out, peer.session());
        out.line("connect delay time 1;");
        out.line("connect retry time 10;");
        out.line("error wait time 1, 30;");
        routes(out, session.neighbor().family(), peer);
        out.end();
    }

    /**
     * The statement for the peer's key. One that cannot be opened (the router's own key is another)
     * becomes a password that nobody knows: no session rather than one without.
     */
    private static void password(Blocks out, Intent.Peer peer) {
        if (peer.key() != null) {
            String clear = peer.key().open();
            out.line("password " + quote(clear == null ? UNKNOWN : clear) + ";");
        }
    }

    /**
     * Long-lived graceful restart stays off: it keeps routes for hours where the peer asks for it.
     */
    private static void options(Blocks out, SessionOptions options) {
        options.rendered().forEach(out::line);
        out.line("graceful restart " + gracefulRestart(options.gracefulRestart()) + ";");
        out.line("graceful restart time " + RESTART_TIME_S + ";");
        out.line("long lived graceful restart off;");
        Intent.Bfd bfd = options.bfd();
        if (bfd != null) {
            out.line(
                    "bfd { interval %d ms; multiplier %d; };"
                            .formatted(bfd.interval(), bfd.multiplier()));
        }
    }

    private static String gracefulRestart(GracefulRestart mode) {
        return switch (mode) {
            case FULL -> "on";
            case HELPER -> "aware";
            case OFF -> "off";
        };
    }

    private static void routes(Blocks out, Family family, Intent.Peer peer) {
        out.begin(channel(family));
        out.line("preference " + preference(BirdConfig.BGP) + ";");
        out.line("import keep filtered yes;");
        out.line("import filter " + importFilter(peer, family) + ";");
        out.line("export filter " + exportFilter(peer, family) + ";");
        out.line("next hop self;");
        out.end("};");
    }
}
