package floof.tables;

import static org.assertj.core.api.Assertions.assertThat;

import floof.base.Family;
import floof.base.IpAddress;
import floof.base.Prefix;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class OverflowTest {

    private static boolean hasLeft(Tables tables, int vrf, IpAddress address) {
        long generation = tables.generation();
        return address.family() == Family.IP4
                ? Overflow.hasLeft4(tables, generation, vrf, address.ip4Value())
                : Overflow.hasLeft6(tables, generation, vrf, address.high());
    }

    private static Prefix random(Random random) {
        if (random.nextBoolean()) {
            return Prefix.of(IpAddress.ip4(random.nextInt()), random.nextInt(33));
        }
        IpAddress address = IpAddress.ip6(random.nextLong(), random.nextLong());
        return Prefix.of(address, random.nextInt(129));
    }

    private static IpAddress within(Prefix prefix, Random random) {
        IpAddress a = prefix.address();
        if (a.family() == Family.IP4) {
            int host = prefix.length() == 0 ? -1 : (int) ((1L << 32 - prefix.length()) - 1);
            return IpAddress.ip4(a.ip4Value() | random.nextInt() & host);
        }
        int length = prefix.length();
        long high = length >= 64 ? 0 : random.nextLong() & (length == 0 ? -1 : -1L >>> length);
        long low =
                length == 128 ? 0 : random.nextLong() & (length <= 64 ? -1 : -1L >>> length - 64);
        return IpAddress.ip6(a.high() | high, a.low() | low);
    }

    /** No address of an expelled prefix is ever forwarded; when all are back, all are. */
    @Test
    void everyAddressOfAnExpelledPrefixIsLinuxs() throws Exception {
        Random random = new Random(7);
        try (SharedMemory memory = new SharedMemory(Limits.SMALL)) {
            TableWriter writer = memory.writer(Limits.SMALL);
            writer.createVrf(3);
            List<Prefix> expelled = new ArrayList<>();
            for (int round = 0; round < 2_000; round++) {
                int vrf = expelled.size() % 2 == 0 ? 0 : 3;
                if (expelled.size() < 40 || random.nextInt(3) > 0) {
                    Prefix prefix = random(random);
                    writer.overflow().expel(vrf, prefix);
                    expelled.add(prefix);
                } else {
                    int last = expelled.size() - 1;
                    writer.overflow().readmit(1 - last % 2 == 1 ? 0 : 3, expelled.remove(last));
                }
                for (int i = 0; i < 5; i++) {
                    int at = random.nextInt(expelled.size());
                    IpAddress address = within(expelled.get(at), random);
                    assertThat(hasLeft(writer.tables(), at % 2 == 0 ? 0 : 3, address))
                            .as("%s of %s", address, expelled.get(at))
                            .isTrue();
                }
            }
            for (int at = expelled.size() - 1; at >= 0; at--) {
                writer.overflow().readmit(at % 2 == 0 ? 0 : 3, expelled.get(at));
            }
            for (Prefix prefix : expelled) {
                assertThat(hasLeft(writer.tables(), 0, within(prefix, random))).isFalse();
            }
            for (int vrf : new int[] {0, 3}) {
                long at = writer.tables().vrf(writer.tables().generation(), vrf);
                assertThat(Vrf.flags(at)).isEqualTo(Vrf.USED);
            }
        }
    }

    @Test
    void oneHostRouteTakesOneSliceOfItsVrf() throws Exception {
        try (SharedMemory memory = new SharedMemory(Limits.SMALL)) {
            TableWriter writer = memory.writer(Limits.SMALL);
            writer.overflow().expel(0, Prefix.parse("10.1.2.3/32"));
            Tables tables = writer.tables();
            assertThat(hasLeft(tables, 0, IpAddress.parse("10.1.255.255"))).isTrue();
            assertThat(hasLeft(tables, 0, IpAddress.parse("10.2.0.0"))).isFalse();
            assertThat(hasLeft(tables, 1, IpAddress.parse("10.1.2.3"))).isFalse();
            writer.overflow().expel(0, Prefix.parse("2001:db8::/48"));
            assertThat(hasLeft(tables, 0, IpAddress.parse("2001:db8:ffff::1"))).isTrue();
            assertThat(hasLeft(tables, 0, IpAddress.parse("2001:db9::1"))).isFalse();
        }
    }

    /** The next writer does not know which prefixes they were, until it has been told them anew. */
    @Test
    void theNextWriterKeepsThemUntilItHasBeenTold() throws Exception {
        try (SharedMemory memory = new SharedMemory(Limits.SMALL)) {
            Prefix kept = Prefix.parse("10.1.0.0/24");
            Prefix gone = Prefix.parse("10.2.0.0/24");
            TableWriter first = memory.writer(Limits.SMALL);
            first.overflow().expel(0, kept);
            first.overflow().expel(0, gone);
            TableWriter second = memory.writer(Limits.SMALL);
            Tables tables = second.tables();
            assertThat(hasLeft(tables, 0, gone.address())).isTrue();
            second.overflow().expel(0, kept);
            second.overflow().expel(0, gone);
            second.overflow().readmit(0, gone);
            assertThat(hasLeft(tables, 0, gone.address())).isTrue();
            second.overflow().settle();
            assertThat(hasLeft(tables, 0, gone.address())).isFalse();
            assertThat(hasLeft(tables, 0, kept.address())).isTrue();
            long vrf = tables.vrf(tables.generation(), 0);
            assertThat(Vrf.flags(vrf) & Vrf.OVERFLOW).isNotZero();
            second.overflow().readmit(0, kept);
            assertThat(Vrf.flags(vrf) & Vrf.OVERFLOW).isZero();
        }
    }
}
