package floof.control;

import static java.util.Objects.requireNonNull;

import floof.base.IpAddress;
import floof.base.Prefix;
import floof.config.text.TextParser;
import floof.control.plan.Intent;
import floof.fpc.Driver;
import java.util.List;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Parts of intents in which nothing but the least is said. */
public final class Intents {

    private Intents() {}

    /** One whose driver needs nothing but the device. */
    public static Intent.Attachment attachment(Driver driver, @Nullable String device) {
        return new Intent.Attachment(driver, device, new TreeMap<>());
    }

    /** To all of these in equal parts; silently nowhere when there are none. */
    public static Intent.StaticRoute route(Prefix prefix, List<IpAddress> gateways) {
        return new Intent.StaticRoute(
                prefix,
                gateways.isEmpty() ? Intent.Refusal.DISCARD : null,
                gateways.stream()
                        .map(gateway -> new Intent.NextHop(gateway, null, false, 1, null))
                        .toList(),
                Intent.Rank.DEFAULT);
    }

    private static final Intent.SessionOptions SESSION =
            requireNonNull(
                            Intent.of(
                                            TextParser.load(
                                                            TestSchema.EMPTY,
                                                            "bgp { asn 1; router-id 192.0.2.1;"
                                                                    + " peer p { remote-as 1; neighbor"
                                                                    + " 192.0.2.2; } }")
                                                    .tree())
                                    .bgp())
                    .peers()
                    .getFirst()
                    .session();

    /** One whose sessions have no password and nothing out of the ordinary. */
    public static Intent.Peer peer(
            String name, long remoteAs, List<IpAddress> neighbors, String description) {
        return new Intent.Peer(name, remoteAs, null, neighbors, description, null, SESSION, false);
    }
}
