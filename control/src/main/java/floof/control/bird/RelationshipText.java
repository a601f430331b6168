package floof.control.bird;

import static floof.control.bird.BirdConfig.digit;
import static java.util.Objects.requireNonNull;
import static java.util.stream.Collectors.joining;

import floof.base.Family;
import floof.base.Prefix;
import floof.base.SpecialPrefixes;
import floof.control.plan.Intent;
import floof.control.plan.Intent.Relationship;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Filters of peers whose relationship to us is known: each route is marked with where it came from,
 * and the mark decides to whom it goes (RFC 7454, docs/decisions/071). The mark is a large
 * community ASN:1:N of our own AS, so that it outlives iBGP; such marks from outside are removed.
 */
final class RelationshipText {

    /** Of our own prefixes, on their way through our AS. */
    private static final int OWN = 0;

    private static final int CUSTOMER = 4;

    /** Of a router of our AS that marks nothing. */
    private static final int INSIDE = 5;

    /** Above all that others announce, so that no edge prefers a copy of our own prefix. */
    private static final int OWN_PREFERENCE = 500;

    /**
     * Networks whose transit a customer, a peer or a route server does not sell: a route of theirs
     * with one of them in its path is a leak. Sessions with these networks are not checked.
     * Pathvector's list.
     */
    private static final String TRANSIT_ASNS =
            "[ 174, 701, 702, 1239, 1299, 2914, 3257, 3320, 3356, 3491, 3549, 3561, 4134, 5511,"
                    + " 6453, 6461, 6762, 6830, 7018 ]";

    private RelationshipText() {}

    /** The functions that peers of this configuration need, for a family. */
    static void write(Blocks out, Intent.Bgp bgp, Family family) {
        Set<String> written = new HashSet<>();
        for (Intent.Peer peer : bgp.peers()) {
            Relationship relationship = peer.relationship();
            if (relationship != null && written.add(from(peer))) {
                importRoutes(out, bgp, peer, family);
            }
            if (relationship != null && written.add(to(relationship))) {
                exportRoutes(out, bgp, relationship, family);
            }
        }
    }

    /** Removes marks that another AS must not set. */
    static String withoutMarks(Intent.Bgp bgp) {
        return "bgp_large_community.delete(" + anyMark(bgp) + ");";
    }

    /** What follows {@code import filter} in a channel. */
    static String importFilter(Intent.Peer peer, Family family) {
        return "{ " + from(peer) + digit(family) + "(" + peer.remoteAs() + "); }";
    }

    /** What follows {@code export filter} in a channel. */
    static String exportFilter(Relationship relationship, Family family) {
        return "{ " + to(relationship) + digit(family) + "(); }";
    }

    private static String from(Intent.Peer peer) {
        String from = "from_" + word(requireNonNull(peer.relationship()));
        return peer.rejectBogons() ? from + "_public" : from;
    }

    private static String to(Relationship relationship) {
        return "to_" + word(relationship);
    }

    private static String word(Relationship relationship) {
        return relationship.name().toLowerCase(Locale.ROOT);
    }

    private static void importRoutes(Blocks out, Intent.Bgp bgp, Intent.Peer peer, Family family) {
        Relationship relationship = requireNonNull(peer.relationship());
        out.empty().begin("function " + from(peer) + digit(family) + "(int peer_as)");
        reject(
                out,
                peer.rejectBogons() ? SpecialPrefixes.BOGON : SpecialPrefixes.NEVER_ROUTED,
                family);
        if (relationship == Relationship.IBGP) {
            String inside = mark(bgp, INSIDE);
            out.line(
                    "if ! (bgp_large_community ~ "
                            + anyMark(bgp)
                            + ") then bgp_large_community.add("
                            + inside
                            + ");");
        } else {
            check(out, bgp, relationship, family);
            onlyToCustomer(out, relationship);
            out.line(withoutMarks(bgp));
            out.line("bgp_large_community.add(" + mark(bgp, number(relationship)) + ");");
            out.line("bgp_local_pref = " + localPreference(relationship) + ";");
        }
        out.line("accept;").end();
    }

    /** What another AS may announce (RFC 7454 sections 6 to 9). */
    private static void check(
            Blocks out, Intent.Bgp bgp, Relationship relationship, Family family) {
        String own =
                BgpText.originated(bgp, family).stream()
                        .filter(prefix -> prefix.length() != 0) // its parts are everybody's
                        .map(prefix -> prefix + "+")
                        .collect(joining(", "));
        if (!own.isEmpty()) {
            out.line("if net ~ [ " + own + " ] then reject;");
        }
        String length =
                family == Family.IP4
                        ? "net.len < 8 || net.len > 24"
                        : "net.len < 12 || net.len > 48";
        boolean isUpstream = relationship == Relationship.UPSTREAM;
        out.line(
                isUpstream
                        ? "if net.len != 0 && (" + length + ") then reject;"
                        : "if " + length + " then reject;");
        if (relationship != Relationship.ROUTE_SERVER) {
            out.line("if bgp_path.first != peer_as then reject;");
        }
        if (!isUpstream) {
            out.line(
                    "if ! (peer_as ~ "
                            + TRANSIT_ASNS
                            + ") && bgp_path ~ "
                            + TRANSIT_ASNS
                            + " then reject;");
        }
    }

    /** Finds leaks of others, and lets others find ours (RFC 9234 section 5). */
    private static void onlyToCustomer(Blocks out, Relationship relationship) {
        if (relationship == Relationship.CUSTOMER) {
            out.line("if defined(bgp_otc) then reject;");
            return;
        }
        if (relationship == Relationship.PEER) {
            out.line("if defined(bgp_otc) && bgp_otc != peer_as then reject;");
        }
        out.line("if ! defined(bgp_otc) then bgp_otc = peer_as;");
    }

    private static void reject(Blocks out, SpecialPrefixes.Kind special, Family family) {
        String exceptions = BgpText.orLonger(special.exceptions(), family).collect(joining(", "));
        out.line(
                "if net ~ "
                        + set(BgpText.orLonger(special.covered(), family))
                        + (exceptions.isEmpty() ? "" : " && ! (net ~ [ " + exceptions + " ])")
                        + " then reject;");
    }

    private static String mark(Intent.Bgp bgp, int number) {
        return "(" + bgp.asn() + ", 1, " + number + ")";
    }

    private static String anyMark(Intent.Bgp bgp) {
        return "[(" + bgp.asn() + ", 1, *)]";
    }

    private static int number(Relationship relationship) {
        return switch (relationship) {
            case UPSTREAM -> 1;
            case ROUTE_SERVER -> 2;
            case PEER -> 3;
            case CUSTOMER -> CUSTOMER;
            case IBGP -> INSIDE;
        };
    }

    /** What earns money wins over what is free, that over what costs. */
    private static int localPreference(Relationship relationship) {
        return 100 * number(relationship);
    }

    private static void exportRoutes(
            Blocks out, Intent.Bgp bgp, Relationship relationship, Family family) {
        out.empty().begin("function " + to(relationship) + digit(family) + "()");
        List<Prefix> own = BgpText.originated(bgp, family);
        String isOwn = "if net ~ " + set(own.stream().map(Prefix::toString)) + " then";
        if (relationship == Relationship.IBGP) {
            if (!own.isEmpty()) {
                out.begin(isOwn);
                out.line("bgp_large_community.add(" + mark(bgp, OWN) + ");");
                out.line("bgp_local_pref = " + OWN_PREFERENCE + ";");
                out.line("accept;").end();
            }
            acceptMarked(out, "(" + bgp.asn() + ", 1, " + OWN + ".." + INSIDE + ")");
            return;
        }
        boolean isCustomer = relationship == Relationship.CUSTOMER;
        out.line("if net.len = 0 then reject;");
        if (!isCustomer) {
            out.line("if defined(bgp_otc) then reject;");
        }
        if (isCustomer || relationship == Relationship.PEER) {
            out.line("if ! defined(bgp_otc) then bgp_otc = " + bgp.asn() + ";");
        }
        if (!own.isEmpty()) {
            out.line(isOwn + " accept;");
        }
        if (!isCustomer) {
            reject(out, SpecialPrefixes.BOGON, family);
        }
        acceptMarked(
                out,
                isCustomer
                        ? "(" + bgp.asn() + ", 1, " + OWN + ".." + CUSTOMER + ")"
                        : mark(bgp, OWN) + ", " + mark(bgp, CUSTOMER));
    }

    private static void acceptMarked(Blocks out, String marks) {
        out.line("if bgp_large_community ~ [ " + marks + " ] then accept;");
        out.line("reject;").end();
    }

    private static String set(Stream<String> members) {
        return "[ " + members.collect(joining(", ")) + " ]";
    }
}
