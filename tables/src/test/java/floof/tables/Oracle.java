package floof.tables;

import floof.base.Family;
import floof.base.IpAddress;
import floof.base.Prefix;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;

/** Longest-prefix match the slow and obvious way, and prefixes that collide a lot. */
final class Oracle {

    final Map<Prefix, Integer> routes = new HashMap<>();

    /** The leaf of the longest prefix, 0 = none. */
    int leaf(IpAddress address) {
        for (int length = address.family().bits(); length >= 0; length--) {
            Integer leaf = routes.get(Prefix.of(address, length));
            if (leaf != null) {
                return leaf;
            }
        }
        return 0;
    }

    /** An address near others: each byte is one of few, but for some that are anything. */
    static IpAddress address(Random random, Family family) {
        byte[] bytes = new byte[family.sizeBytes()];
        for (int i = 0; i < bytes.length; i++) {
            int choice = random.nextInt(20);
            bytes[i] = (byte) (choice == 0 ? random.nextInt() : choice < 10 ? 0x20 : 0xa5);
        }
        bytes[0] = (byte) (0x20 + random.nextInt(3));
        return IpAddress.of(bytes);
    }

    static Prefix prefix(Random random, Family family) {
        int bits = family.bits();
        int length =
                switch (random.nextInt(8)) {
                    case 0 -> random.nextInt(bits + 1);
                    case 1 -> bits;
                    case 2 -> random.nextInt(4);
                    default -> bits / 4 + random.nextInt(bits * 3 / 4 + 1);
                };
        return Prefix.of(address(random, family), length);
    }

    /** An address inside a prefix or right beside it. */
    static IpAddress near(Random random, Prefix prefix) {
        byte[] bytes = prefix.address().bytes();
        int from = Math.max(0, prefix.length() - random.nextInt(3));
        for (int bit = from; bit < 8 * bytes.length; bit++) {
            if (random.nextBoolean()) {
                bytes[bit >> 3] ^= (byte) (0x80 >> (bit & 7));
            }
        }
        return IpAddress.of(bytes);
    }

    static int lookup(Tables tables, int vrf, IpAddress address) {
        return lookup(tables, tables.generation(), vrf, address);
    }

    static int lookup(Tables tables, long generation, int vrf, IpAddress address) {
        return address.family() == Family.IP4
                ? Ip4Lookup.leaf(tables.fib4(generation, vrf), address.ip4Value())
                : Ip6Lookup.leaf(tables.fib6(generation, vrf), address.high(), address.low());
    }
}
