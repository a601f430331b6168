package floof.lab.bench;

import floof.base.Family;
import floof.base.IpAddress;
import floof.base.Prefix;
import floof.dataplane.Rehearsal;
import floof.dataplane.SampleFrame;
import floof.engine.Frame;
import floof.engine.Traffic;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;

/**
 * Routes and the packets that meet them.
 *
 * @param family of the routes, and so of the packets
 * @param routes beside those of {@link Rehearsal}
 * @param ways by which they lead
 * @param destinations how many packets differ
 * @param traffic made of them
 */
public record Workload(
        Family family, List<Prefix> routes, Ways ways, int destinations, Traffic traffic) {

    /** Where the source address of an IPv4 packet begins; the destination follows it. */
    static final int IP4_ADDRESSES = 26;

    /** Where the destination address of an IPv6 packet begins. */
    static final int IP6_DESTINATION = 38;

    /** Of all prefixes. */
    static final int IP4_BITS = 14;

    static final int IP6_BITS = 29;

    private static final int FEW = 1 << 16;
    private static final int MANY = 1_000_000;

    /** Lengths of IPv4 prefixes per thousand, about as in the Internet's table. */
    private static final int[][] INTERNET = {
        {24, 600}, {22, 120}, {23, 100}, {21, 50}, {20, 45}, {19, 30}, {32, 13}, {18, 14}, {17, 10},
        {16, 12}, {15, 3}, {14, 3}
    };

    private static final int[] IP6_LENGTHS = {29, 32, 36, 40, 44, 48, 52, 56, 60, 64};

    /** 256 flows to one destination. */
    public static Workload ip4One() {
        return one(Family.IP4, "192.0.2.2", 35);
    }

    /** 256 flows to one destination. */
    public static Workload ip6One() {
        return one(Family.IP6, "2001:db8:1::2", 55);
    }

    /** The one destination of a family, behind a route that {@link Rehearsal} has. */
    private static IpAddress destination(Family family) {
        return IpAddress.parse(family == Family.IP4 ? "203.0.113.2" : "2001:db8:3::2");
    }

    private static Workload one(Family family, String from, int portAt) {
        byte[] first = frame(from, destination(family));
        List<byte[]> frames = new ArrayList<>();
        for (int flow = 0; flow < Frame.SIZE; flow++) {
            frames.add(SampleFrame.with(first, portAt, flow));
        }
        return new Workload(family, List.of(), Ways.ONE, 1, Traffic.of(frames));
    }

    private static byte[] frame(String from, IpAddress to) {
        return SampleFrame.udp(
                Rehearsal.ROUTER, IpAddress.parse(from), to, 64, SampleFrame.BYTES_MIN);
    }

    /** 16.0.0.0/24 and the 9,999 that follow. */
    public static Workload ip4Few(Ways ways) {
        Random random = new Random(4);
        List<Prefix> routes = new ArrayList<>();
        for (int i = 0; i < 10_000; i++) {
            routes.add(new Prefix(IpAddress.ip4((16 << 24) + (i << 8)), 24));
        }
        return ip4(routes, ways, random, FEW);
    }

    public static Workload ip4Many(Ways ways) {
        Random random = new Random(41);
        return ip4(ip4Prefixes(random, MANY), ways, random, MANY);
    }

    /**
     * Different prefixes, lengths as in the Internet, anywhere in 1.0.0.0 to 223.255.255.255 but
     * where addresses are special.
     */
    private static List<Prefix> ip4Prefixes(Random random, int count) {
        Set<Prefix> routes = new HashSet<>();
        while (routes.size() < count) {
            int address = random.nextInt();
            int first = address >>> 24;
            if (first != 0 && first != 127 && first != 169 && first < 224) {
                routes.add(Prefix.of(IpAddress.ip4(address), internetLength(random)));
            }
        }
        return List.copyOf(routes);
    }

    /** Different prefixes of a family in no order, scattered as those of the large workloads. */
    public static List<Prefix> prefixes(Family family, int count) {
        Random random = new Random(count);
        return family == Family.IP4 ? ip4Prefixes(random, count) : ip6Prefixes(random, count);
    }

    /** A length drawn from the Internet's. */
    static int internetLength(Random random) {
        int share = random.nextInt(1000);
        for (int[] length : INTERNET) {
            share -= length[1];
            if (share < 0) {
                return length[0];
            }
        }
        throw new IllegalStateException("shares of less than a thousand");
    }

    /** Addresses in a route drawn at random; the source makes up for the checksum. */
    private static Workload ip4(List<Prefix> routes, Ways ways, Random random, int count) {
        byte[] frame = frame("192.0.0.0", IpAddress.parse("0.0.0.0"));
        long[] words = new long[count];
        for (int i = 0; i < count; i++) {
            Prefix prefix = routes.get(random.nextInt(routes.size()));
            int host = (int) (random.nextInt() & (1L << 32 - prefix.length()) - 1);
            int destination = prefix.address().ip4Value() | host;
            int sum = (destination >>> 16) + (destination & 0xffff);
            int rest = ~((sum & 0xffff) + (sum >>> 16)) & 0xffff;
            long addresses = (192L << 24 | rest) << 32 | destination & 0xffff_ffffL;
            words[i] = Long.reverseBytes(addresses);
        }
        Traffic traffic = Traffic.varied(frame, IP4_ADDRESSES, 1, words);
        return new Workload(Family.IP4, routes, ways, count, traffic);
    }

    private static Workload ip6(int count, Ways ways, int destinations) {
        Random random = new Random(6 + count);
        List<Prefix> list = ip6Prefixes(random, count);
        byte[] frame = frame("2001:db8:1::2", IpAddress.parse("::"));
        long[] words = new long[2 * destinations];
        for (int i = 0; i < destinations; i++) {
            Prefix prefix = list.get(random.nextInt(count));
            long host = prefix.length() == 64 ? 0 : random.nextLong() >>> prefix.length();
            words[2 * i] = Long.reverseBytes(prefix.address().high() | host);
            words[2 * i + 1] = random.nextLong();
        }
        Traffic traffic = Traffic.varied(frame, IP6_DESTINATION, 2, words);
        return new Workload(Family.IP6, list, ways, destinations, traffic);
    }

    /** Different prefixes, ten lengths in equal parts, anywhere in 2000::/3. */
    private static List<Prefix> ip6Prefixes(Random random, int count) {
        Set<Prefix> routes = new HashSet<>();
        while (routes.size() < count) {
            long high = random.nextLong() >>> 3 | 1L << 61;
            int length = IP6_LENGTHS[routes.size() % IP6_LENGTHS.length];
            routes.add(Prefix.of(IpAddress.ip6(high, 0), length));
        }
        return List.copyOf(routes);
    }

    public static Workload ip6Few(Ways ways) {
        return ip6(10_000, ways, FEW);
    }

    public static Workload ip6Many(Ways ways) {
        return ip6(MANY, ways, MANY);
    }

    /** Puts the routes into the tables. */
    public void insert(Rehearsal rehearsal) {
        int[] leaves = ways.leaves(rehearsal);
        for (Prefix prefix : routes) {
            rehearsal.route(prefix, leaves[ways.of(high(prefix.address()))]);
        }
    }

    /** The first 64 bits of an address, of IPv4 in the upper half. */
    public static long high(IpAddress address) {
        return address.family() == Family.IP4 ? (long) address.ip4Value() << 32 : address.high();
    }

    /** The same of the destination of a packet of the traffic. */
    public long high(int packet) {
        if (destinations == 1) {
            return high(destination(family));
        }
        long word = Long.reverseBytes(traffic.word(packet, 0));
        return family == Family.IP4 ? word << 32 : word;
    }

    /** The rest of it. */
    public long low(int packet) {
        if (destinations == 1) {
            return destination(family).low();
        }
        return family == Family.IP4 ? 0 : Long.reverseBytes(traffic.word(packet, 1));
    }

    /** The way by which a packet of the traffic must leave. */
    int way(int packet) {
        return ways.ways() == 1 ? 0 : ways.of(high(packet));
    }
}
