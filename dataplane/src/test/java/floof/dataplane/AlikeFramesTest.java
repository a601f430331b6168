package floof.dataplane;

import static org.assertj.core.api.Assertions.assertThat;

import floof.base.IpAddress;
import floof.base.MacAddress;
import floof.base.Reason;
import floof.tables.Counters;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The short ways do what their plain twins do. */
class AlikeFramesTest {

    /**
     * A stray packet by another adjacency sends the same packets the other way through each node.
     */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    @Tag("slow")
    void packetsOfOneAdjacencyAreTreatedAsAmongOthers(boolean isIp6) {
        Random random = new Random(isIp6 ? 6 : 4);
        for (int round = 0; round < 12; round++) {
            int count = round < 4 ? 1 + round : 1 + random.nextInt(255);
            List<byte[]> frames = new ArrayList<>();
            for (int i = 0; i < count; i++) {
                frames.add(frame(random, isIp6));
            }
            try (TestRouter alike = new TestRouter();
                    TestRouter mixed = new TestRouter()) {
                int stray = other(mixed);
                alike.receive(0, frames);
                List<byte[]> among = new ArrayList<>(frames);
                among.add(random.nextInt(count + 1), strayFrame(isIp6));
                mixed.receive(0, among);
                assertThat(mixed.devices[0].sent).hasSize(1);
                assertThat(alike.devices[0].sent).isEmpty();
                assertThat(mixed.devices[1].sent).containsExactlyElementsOf(alike.devices[1].sent);
                assertThat(mixed.twins[0].sent).containsExactlyElementsOf(alike.twins[0].sent);
                for (Reason reason : Reason.values()) {
                    assertThat(mixed.count(reason)).isEqualTo(alike.count(reason));
                }
                assertThat(counted(mixed)).isEqualTo(counted(alike));
                assertThat(stray).isNotEqualTo(alike.adjacency);
                assertThat(alike.unaccounted()).isZero();
                assertThat(mixed.unaccounted()).isZero();
            }
        }
    }

    private static List<Long> counted(TestRouter router) {
        List<Long> counts = new ArrayList<>();
        for (int counter : new int[] {Counters.PACKETS, Counters.BYTES}) {
            counts.add(
                    Counters.adjacencyTotal(
                            router.tables, router.view.generation, router.adjacency, counter));
        }
        return counts;
    }

    /** Good, expired, too big; of any length. */
    private static byte[] frame(Random random, boolean isIp6) {
        int ttl = random.nextInt(8) == 0 ? random.nextInt(2) : 2 + random.nextInt(254);
        int length = random.nextInt(10) == 0 ? 1600 : 64 + random.nextInt(1400);
        return frame(isIp6 ? "2001:db8:3::" + 1 : "203.0.113." + random.nextInt(255), ttl, length);
    }

    private static byte[] strayFrame(boolean isIp6) {
        return frame(isIp6 ? "2001:db8:77::1" : "198.18.0.1", 64, 64);
    }

    private static byte[] frame(String destination, int ttl, int length) {
        String source = destination.indexOf(':') < 0 ? "192.0.2.2" : "2001:db8:1::2";
        return SampleFrame.udp(
                TestRouter.MAC0,
                IpAddress.parse(source),
                IpAddress.parse(destination),
                ttl,
                length);
    }

    /** A neighbour at port 0, and routes by it. */
    private static int other(TestRouter router) {
        int index =
                router.writer.addAdjacency(
                        router.interfaces[0], 0, null, Reason.NEIGHBOUR_UNRESOLVED);
        router.writer.forward(
                index, MacAddress.parse("02:00:00:00:00:09"), TestRouter.MAC0, 0, 1500);
        router.route("198.18.0.0/15", index);
        router.route("2001:db8:77::/48", index);
        return index;
    }

    @Test
    void aChecksumIsRightWhenTheFoldedSumIsAllOnes() {
        Random random = new Random(1071);
        for (int i = 0; i < 200_000; i++) {
            // Up to 15 words of 32 bits; every other one moved to a multiple of 65,535.
            long sum = 1 + random.nextLong(15L << 32);
            sum = i % 2 == 0 ? sum : Math.max(0xffff, sum - sum % 0xffff);
            if (Ip4InputNode.isRight(sum) != isAllOnes(sum)) {
                throw new AssertionError("sum " + sum);
            }
        }
        for (long sum : new long[] {1, 0xfffe, 0xffff, 0x1_0000, 0x1_fffe, 15L * 0xffff_ffffL}) {
            assertThat(Ip4InputNode.isRight(sum)).isEqualTo(isAllOnes(sum));
        }
    }

    private static boolean isAllOnes(long sum) {
        long folded = sum;
        while (folded >>> 16 != 0) {
            folded = (folded & 0xffff) + (folded >>> 16);
        }
        return folded == 0xffff;
    }
}
