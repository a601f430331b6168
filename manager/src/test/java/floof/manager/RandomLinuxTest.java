package floof.manager;

import static org.assertj.core.api.Assertions.assertThat;

import floof.base.InterfaceAddress;
import floof.base.IpAddress;
import floof.base.MacAddress;
import floof.base.Prefix;
import floof.fpc.LinkKind;
import floof.fpc.Message;
import floof.fpc.NeighbourState;
import floof.fpc.RouteType;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A random Linux of a few links, addresses, neighbours and routes that get in each other's way,
 * with resyncs, losses and restarts; after each step every address fares as Linux would send it.
 */
class RandomLinuxTest {

    private static final int[] IFINDEXES = {7, 8};

    private record Neighbour(int ifindex, IpAddress address) implements Comparable<Neighbour> {
        @Override
        public int compareTo(Neighbour other) {
            int order = Integer.compare(ifindex, other.ifindex);
            return order == 0 ? address.compareTo(other.address) : order;
        }
    }

    @TempDir Path directory;

    private final Map<Integer, Boolean> links = new TreeMap<>();
    private final Map<Integer, Boolean> ports = new TreeMap<>();
    private final Map<Neighbour, MacAddress> neighbours = new TreeMap<>();
    private final Map<Prefix, Message.Route> routes = new TreeMap<>();
    private final Map<InterfaceAddress, Integer> addresses = new TreeMap<>();
    private int resync;

    @ParameterizedTest
    @ValueSource(
            longs = {
                11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30
            })
    void everyAddressFaresAsLinuxWouldSendIt(long seed) throws Exception {
        Random random = new Random(seed);
        try (Fixture linux = new Fixture(directory)) {
            for (int step = 0; step < 400; step++) {
                boolean isHeard = random.nextInt(12) != 0;
                List<Message.Request> messages = change(random);
                if (isHeard) {
                    send(linux, messages);
                }
                boolean isRestarted = random.nextInt(25) == 0;
                if (isRestarted) {
                    linux.restart();
                    send(linux, portMessages());
                }
                if (isHeard) {
                    check(linux, step);
                }
                if (!isHeard || isRestarted || random.nextInt(25) == 0) {
                    linux.resync(++resync, () -> send(linux, everything()));
                }
                check(linux, step);
            }
            links.clear();
            neighbours.clear();
            routes.clear();
            addresses.clear();
            linux.resync(++resync, () -> {});
            for (String table : List.of("ip4-routes", "adjacencies", "groups", "interfaces")) {
                assertThat(linux.used(table)).as(table).isZero();
            }
        }
    }

    private static void send(Fixture linux, List<Message.Request> messages) throws IOException {
        for (Message.Request message : messages) {

            linux.client.tell(message);
        }
    }

    // ---- Linux --------------------------------------------------------------------------------

    private static IpAddress address(Random random) {
        return IpAddress.ip4(0x0a00_0000 | random.nextInt(2) << 8 | random.nextInt(8));
    }

    private List<Message.Request> change(Random random) {
        int ifindex = IFINDEXES[random.nextInt(2)];
        return switch (random.nextInt(10)) {
            case 0 -> changeLink(random, ifindex);
            case 1 -> {
                boolean isPort = random.nextBoolean();
                ports.put(ifindex, isPort);
                yield List.of(new Message.Port(ifindex, "eth" + ifindex, isPort));
            }
            case 2, 3, 4 -> changeNeighbour(random, ifindex);
            case 5 -> changeAddress(random, ifindex);
            default -> changeRoute(random, ifindex);
        };
    }

    /** With a link go its addresses, neighbours and routes, as in Linux, in some order. */
    private List<Message.Request> changeLink(Random random, int ifindex) {
        boolean isPresent = random.nextInt(3) > 0;
        List<Message.Request> messages = new ArrayList<>();
        links.put(ifindex, isPresent);
        messages.add(link(ifindex, isPresent));
        if (!isPresent) {
            links.remove(ifindex);
            neighbours.keySet().removeIf(neighbour -> neighbour.ifindex() == ifindex);
            addresses.values().removeIf(on -> on == ifindex);
            for (Message.Route route : List.copyOf(routes.values())) {
                if (route.nextHops().stream().anyMatch(hop -> hop.ifindex() == ifindex)) {
                    routes.remove(route.prefix());
                    messages.add(random.nextInt(messages.size() + 1), gone(route));
                }
            }
        }
        return messages;
    }

    private List<Message.Request> changeNeighbour(Random random, int ifindex) {
        if (!links.containsKey(ifindex)) {
            return List.of();
        }
        Neighbour neighbour = new Neighbour(ifindex, address(random));
        if (random.nextInt(3) == 0) {
            neighbours.remove(neighbour);
            return List.of(neighbour(neighbour, MacAddress.ZERO, false));
        }
        MacAddress mac = new MacAddress(0x0600_0000_0000L + random.nextInt(100));
        neighbours.put(neighbour, mac);
        return List.of(neighbour(neighbour, mac, true));
    }

    private List<Message.Request> changeAddress(Random random, int ifindex) {
        InterfaceAddress address = new InterfaceAddress(address(random), 32);
        Integer on = addresses.get(address);
        if (on != null) {
            addresses.remove(address);
            return List.of(new Message.Address(0, on, address, null, false));
        }
        if (!links.containsKey(ifindex)) {
            return List.of();
        }
        addresses.put(address, ifindex);
        return List.of(new Message.Address(0, ifindex, address, null, true));
    }

    private List<Message.Request> changeRoute(Random random, int ifindex) {
        int[] lengths = {0, 8, 24, 29, 30, 31, 32};
        Prefix prefix = Prefix.of(address(random), lengths[random.nextInt(lengths.length)]);
        if (random.nextInt(3) == 0 || !links.containsKey(ifindex)) {
            Message.Route former = routes.remove(prefix);
            return former == null ? List.of() : List.of(gone(former));
        }
        List<Message.NextHop> hops = new ArrayList<>();
        RouteType type = random.nextInt(5) == 0 ? RouteType.BLACKHOLE : RouteType.UNICAST;
        int count = type == RouteType.BLACKHOLE ? 0 : 1 + random.nextInt(5) / 4;
        for (int i = 0; i < count; i++) {
            IpAddress gateway = random.nextInt(3) == 0 && count == 1 ? null : address(random);
            hops.add(new Message.NextHop(gateway, ifindex, 1, false, false));
        }
        Message.Route route = new Message.Route(0, prefix, type, 0, 12, hops, true);
        routes.put(prefix, route);
        return List.of(route);
    }

    private static Message.Route gone(Message.Route route) {
        return new Message.Route(0, route.prefix(), route.type(), 0, 12, List.of(), false);
    }

    private static Message.Link link(int ifindex, boolean isPresent) {
        return Fixture.linkMessage(0, ifindex, "eth" + ifindex, LinkKind.ETHERNET, isPresent);
    }

    private static Message.Neighbour neighbour(
            Neighbour neighbour, MacAddress mac, boolean isPresent) {
        return new Message.Neighbour(
                0,
                neighbour.ifindex(),
                neighbour.address(),
                mac,
                NeighbourState.REACHABLE,
                isPresent);
    }

    private List<Message.Request> portMessages() {
        List<Message.Request> all = new ArrayList<>();
        ports.forEach(
                (ifindex, isPort) -> all.add(new Message.Port(ifindex, "eth" + ifindex, isPort)));
        return all;
    }

    private List<Message.Request> everything() {
        List<Message.Request> all = portMessages();
        links.keySet().forEach(ifindex -> all.add(link(ifindex, true)));
        addresses.forEach((at, on) -> all.add(new Message.Address(0, on, at, null, true)));
        neighbours.forEach((neighbour, mac) -> all.add(neighbour(neighbour, mac, true)));
        all.addAll(routes.values());
        return all;
    }

    // ---- what must become of a packet ---------------------------------------------------------

    private void check(Fixture linux, int step) {
        for (int i = 0; i < 16; i++) {
            IpAddress address = IpAddress.ip4(0x0a00_0000 | i / 8 << 8 | i % 8);
            assertThat(linux.fate(address.toString()))
                    .as("step %d, %s, routes %s", step, address, routes.keySet())
                    .isEqualTo(fate(address));
        }
    }

    private String fate(IpAddress address) {
        if (addresses.containsKey(new InterfaceAddress(address, 32))) {
            return "LOCAL";
        }
        for (int length = 32; length >= 0; length--) {
            Message.Route route = routes.get(Prefix.of(address, length));
            if (route != null) {
                return route.type() == RouteType.BLACKHOLE
                        ? "ROUTE_BLACKHOLE"
                        : through(route.nextHops().getFirst(), address);
            }
        }
        return "NO_ROUTE";
    }

    /** Hash 0 takes the first next hop. */
    private String through(Message.NextHop hop, IpAddress destination) {
        if (!ports.getOrDefault(hop.ifindex(), false)) {
            return "UNSUPPORTED_ROUTE";
        }
        IpAddress gateway = hop.gateway();
        MacAddress mac =
                neighbours.get(
                        new Neighbour(hop.ifindex(), gateway == null ? destination : gateway));
        return mac == null ? "NEIGHBOUR_UNRESOLVED" : mac + "@" + hop.ifindex();
    }
}
