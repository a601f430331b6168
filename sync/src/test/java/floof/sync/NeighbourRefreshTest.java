package floof.sync;

import static org.assertj.core.api.Assertions.assertThat;

import floof.base.IpAddress;
import floof.fpc.Message;
import floof.fpc.NeighbourState;
import floof.testkit.Eventually;
import floof.testkit.Netns;
import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Entries that the fast path uses, against kernel timers made short. */
class NeighbourRefreshTest extends MirrorScene {
    /** A station behind e0 that answers ARP for 192.0.2.2 and 192.0.2.3; silent about IPv6. */
    private Netns station() {
        Netns station = Netns.withPair().addressed();
        open.add(station);
        for (Netns each : List.of(network, station)) {
            each.sysctl("ipv6/conf/all/disable_ipv6", 1);
            each.sysctl("ipv6/conf/default/disable_ipv6", 1);
        }
        station.ip("link del e0");
        network.ip("link set e1 netns " + station.name());
        station.ip("link set e1 up");
        station.ip("addr add 192.0.2.2/24 dev e1");
        station.ip("addr add 192.0.2.3/24 dev e1");
        eventually(() -> network.ip("link show e0").contains("LOWER_UP"));
        return station;
    }

    @Test
    @Tag("slow")
    void neighboursInUseAreProbedOncePerIntervalAndOthersNot() throws IOException {
        Netns station = station();
        int intervalMs = 500;
        // At its shortest, half of this, longer than the delay: else Linux goes on probing.
        network.sysctl("ipv4/neigh/e0/base_reachable_time_ms", 2100);
        network.sysctl("ipv4/neigh/e0/delay_first_probe_time", 1);
        network.sysctl("ipv4/neigh/e0/retrans_time_ms", 100);
        RecordingManager manager = manager();
        Mirror mirror = mirror(settings(8 << 20, intervalMs, 3_600_000));
        network.run("ping -c 1 -W 1 192.0.2.2");
        network.run("ping -c 1 -W 1 192.0.2.3");
        int ifindex = network.ipJson("link show e0").get(0).get("ifindex").asInt();
        IpAddress used = IpAddress.parse("192.0.2.2");
        IpAddress unused = IpAddress.parse("192.0.2.3");
        eventually(() -> isStale(manager, used) && isStale(manager, unused));
        assertThat(mirror.state().probes()).isZero();

        long receivedBefore = received(station);
        int lossesBefore = manager.removals();
        manager.hits(List.of(new Message.Hit(0, ifindex, used)));
        long startNs = System.nanoTime();
        int refreshed = 0;
        boolean wasStale = true;
        while (refreshed < 2) {
            NeighbourState state = state(manager, used);
            refreshed += wasStale && state == NeighbourState.REACHABLE ? 1 : 0;
            wasStale = wasStale ? state != NeighbourState.REACHABLE : state == NeighbourState.STALE;
            assertThat(state(manager, unused)).isEqualTo(NeighbourState.STALE);
            assertThat(System.nanoTime() - startNs).isLessThan(Eventually.LIMIT.toNanos());
            pause(5);
        }
        long intervals = (System.nanoTime() - startNs) / 1_000_000 / intervalMs + 1;
        assertThat(mirror.state().probes()).isBetween(2L, intervals);
        assertThat(received(station) - receivedBefore).isBetween(2L, intervals);
        assertThat(manager.removals()).isEqualTo(lossesBefore);

        // A station that went away fails its probes, and its entry goes.
        station.ip("addr flush dev e1");
        eventually(() -> state(manager, used) == null);
        assertThat(state(manager, unused)).isEqualTo(NeighbourState.STALE);
    }

    private static boolean isStale(RecordingManager manager, IpAddress address) {
        return state(manager, address) == NeighbourState.STALE;
    }

    private static @Nullable NeighbourState state(RecordingManager manager, IpAddress address) {
        return manager.all(Message.Neighbour.class).stream()
                .filter(neighbour -> neighbour.address().equals(address))
                .map(Message.Neighbour::state)
                .findFirst()
                .orElse(null);
    }

    private static long received(Netns station) {
        return station.ipJson("-s link show e1").get(0).at("/stats64/rx/packets").asLong();
    }
}
