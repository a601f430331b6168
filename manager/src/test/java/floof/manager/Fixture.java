package floof.manager;

import static org.assertj.core.api.Assertions.assertThat;

import floof.base.Family;
import floof.base.InterfaceAddress;
import floof.base.IpAddress;
import floof.base.MacAddress;
import floof.base.Prefix;
import floof.base.Reason;
import floof.base.alarm.Alarms;
import floof.base.task.Tasks;
import floof.fpc.FpcClient;
import floof.fpc.LinkKind;
import floof.fpc.Message;
import floof.fpc.NeighbourState;
import floof.fpc.RouteType;
import floof.memory.Memory;
import floof.memory.Region;
import floof.tables.Adjacency;
import floof.tables.Interface;
import floof.tables.Ip4Lookup;
import floof.tables.Ip6Lookup;
import floof.tables.Limits;
import floof.tables.Overflow;
import floof.tables.Space;
import floof.tables.TableWriter;
import floof.tables.Tables;
import floof.tables.Vrf;
import java.io.IOException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/** A manager on a socket, a client of it, and a reader of its tables. */
final class Fixture implements AutoCloseable {

    static final MacAddress OURS = MacAddress.parse("02:00:00:00:00:01");
    static final MacAddress THEIRS = MacAddress.parse("06:00:00:00:00:0a");

    /** Memory of this process, all of it always there. */
    private static final class Heap implements Space {
        private final Region region;

        Heap(Region region) {
            this.region = region;
        }

        @Override
        public void reserve(long offset, long sizeBytes) {}

        @Override
        public void release(long offset, long sizeBytes) {
            Memory.fill(region.address() + offset, sizeBytes, (byte) 0);
        }
    }

    final Path socket;
    private final Limits limits;
    final Region region;
    final Tables tables;
    private TableServer server;
    FpcClient client;

    final Alarms alarms = new Alarms(InstantSource.system());

    /** How often the manager said that its tables hold all. */
    volatile int sweeps;

    /** Whether the next write that asks for readers fails. */
    volatile boolean tears;

    Fixture(Path directory) throws Exception {
        this(directory, Limits.SMALL);
    }

    Fixture(Path directory, Limits limits) throws Exception {
        socket = directory.resolve("fpc.sock");
        this.limits = limits;
        region = Memory.allocate("tables", Tables.fileBytes(limits), 2 << 20);
        start();
        tables = Tables.open(region);
    }

    private boolean areReadersAlive() {
        if (tears) {
            tears = false;
            throw new IllegalStateException("a fault within a write");
        }
        return true;
    }

    private synchronized void swept() {
        sweeps++;
    }

    /** Whether packets to this address are left to Linux for want of room. */
    boolean isLeftToLinux(String address) {
        long generation = tables.generation();
        boolean isOverflowing = (Vrf.flags(tables.vrf(generation, 0)) & Vrf.OVERFLOW) != 0;
        int destination = IpAddress.parse(address).ip4Value();
        return isOverflowing && Overflow.hasLeft4(tables, generation, 0, destination);
    }

    private void start() throws Exception {
        server =
                TableServer.open(
                        socket,
                        () ->
                                TableWriter.open(
                                        region, limits, new Heap(region), this::areReadersAlive),
                        this::swept,
                        alarms,
                        Tasks.printing());
        client = connected(socket);
    }

    /** Connects again after the server dropped the client. */
    void connect() throws IOException {
        client = connected(socket);
    }

    private static FpcClient connected(Path socket) throws IOException {
        FpcClient client = FpcClient.connect(socket, "test-client", 64);
        client.ask(new Message.Hello(1, 0, 0, 1), Message.Hello.class);
        return client;
    }

    /** Another manager takes over the tables. */
    void restart() throws Exception {
        client.close();
        server.close();
        start();
    }

    @Override
    public void close() throws IOException {
        client.close();
        server.close();
        Memory.remove(region);
    }

    // ---- what Linux says ----------------------------------------------------------------------

    void link(int ifindex, String name) throws IOException {
        client.tell(linkMessage(0, ifindex, name, LinkKind.ETHERNET, true));
    }

    static Message.Link linkMessage(
            int vrf, int ifindex, String name, LinkKind kind, boolean present) {
        return new Message.Link(
                vrf, ifindex, name, OURS, 1500, true, true, kind, List.of(), false, present);
    }

    void port(int index, String name) throws IOException {
        client.tell(new Message.Port(index, name, true));
    }

    void address(int ifindex, String address, boolean present) throws IOException {
        client.tell(
                new Message.Address(0, ifindex, InterfaceAddress.parse(address), null, present));
    }

    void neighbour(int ifindex, String address, NeighbourState state) throws IOException {
        client.tell(
                new Message.Neighbour(0, ifindex, IpAddress.parse(address), THEIRS, state, true));
    }

    void noNeighbour(int ifindex, String address) throws IOException {
        client.tell(
                new Message.Neighbour(
                        0,
                        ifindex,
                        IpAddress.parse(address),
                        MacAddress.ZERO,
                        NeighbourState.STALE,
                        false));
    }

    static Message.NextHop via(String gateway, int ifindex) {
        return via(gateway, ifindex, 1);
    }

    static Message.NextHop via(String gateway, int ifindex, int weight) {
        return new Message.NextHop(IpAddress.parse(gateway), ifindex, weight, false, false);
    }

    static Message.NextHop on(int ifindex) {
        return new Message.NextHop(null, ifindex, 1, false, false);
    }

    void route(String prefix, Message.NextHop... hops) throws IOException {
        client.tell(routeMessage(0, prefix, RouteType.UNICAST, true, hops));
    }

    void route(String prefix, RouteType type) throws IOException {
        client.tell(routeMessage(0, prefix, type, true));
    }

    void noRoute(String prefix) throws IOException {
        client.tell(routeMessage(0, prefix, RouteType.UNICAST, false));
    }

    static Message.Route routeMessage(
            int vrf, String prefix, RouteType type, boolean present, Message.NextHop... hops) {
        return new Message.Route(vrf, Prefix.parse(prefix), type, 20, 12, List.of(hops), present);
    }

    /** A link eth1 (ifindex 7, port 3) with 192.0.2.1/24 and 2001:db8:1::1/64. */
    void connected() throws IOException {
        port(3, "eth1");
        link(7, "eth1");
        address(7, "192.0.2.1/24", true);
        route("192.0.2.0/24", on(7));
        address(7, "2001:db8:1::1/64", true);
        route("2001:db8:1::/64", on(7));
    }

    Message.Swept resync(int resync, Sending what) throws IOException {
        client.tell(new Message.Mark(resync));
        what.send();
        return client.ask(new Message.Sweep(resync), Message.Swept.class);
    }

    interface Sending {
        void send() throws IOException;
    }

    // ---- what the fast path sees --------------------------------------------------------------

    int leaf(int vrf, String address) {
        IpAddress ip = IpAddress.parse(address);
        long generation = tables.generation();
        return ip.family() == Family.IP4
                ? Ip4Lookup.leaf(tables.fib4(generation, vrf), ip.ip4Value())
                : Ip6Lookup.leaf(tables.fib6(generation, vrf), ip.high(), ip.low());
    }

    long adjacency(int index) {
        return tables.adjacency(tables.generation(), index);
    }

    /** What becomes of a packet: a reason's name, or {@code MAC@PORT}. */
    String fate(String address) {
        return fate(0, address);
    }

    String fate(int vrf, String address) {
        return fateOf(tables.adjacencyIndex(tables.generation(), leaf(vrf, address), 0));
    }

    String fateOf(int adjacency) {
        long at = adjacency(adjacency);
        long action = Adjacency.action(at);
        return Adjacency.kind(action) == Adjacency.FORWARD
                ? Adjacency.destinationMac(at) + "@" + Adjacency.port(action)
                : Reason.values()[Adjacency.reason(action)].name();
    }

    /** The fates of the 64 hashes that a group tells apart, sorted. */
    List<String> fates(String address) {
        int leaf = leaf(0, address);
        assertThat(leaf & Tables.GROUP).isNotZero();
        return IntStream.range(0, 64)
                .mapToObj(hash -> fateOf(tables.adjacencyIndex(tables.generation(), leaf, hash)))
                .sorted()
                .toList();
    }

    int flags(int port) {
        int index = tables.interfaceOfPort(tables.generation(), port);
        return index == 0 ? 0 : Interface.flags(tables.iface(tables.generation(), index));
    }

    long used(String table) throws IOException {
        return filling(table).used();
    }

    long refused(String table) throws IOException {
        return filling(table).refused();
    }

    private Message.FillingRow filling(String table) throws IOException {
        Message.Filling filling = client.ask(new Message.FillingRequest(), Message.Filling.class);
        return filling.rows().stream()
                .filter(row -> row.table().equals(table))
                .findFirst()
                .orElseThrow();
    }

    static List<String> repeated(String... fatesAndCounts) {
        return Arrays.stream(fatesAndCounts)
                .flatMap(text -> {
                    String[] parts = text.split(" x", 2);
                    return IntStream.range(0, Integer.parseInt(parts[1])).mapToObj(i -> parts[0]);
                })
                .toList();
    }
}
