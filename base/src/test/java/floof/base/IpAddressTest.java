package floof.base;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class IpAddressTest {

    /** The examples of RFC 5952 sections 4 and 5, and their IPv4 company. */
    @ParameterizedTest
    @CsvSource({
        "192.0.2.1, 192.0.2.1",
        "0.0.0.0, 0.0.0.0",
        "255.255.255.255, 255.255.255.255",
        "2001:0db8::0001, 2001:db8::1",
        "2001:db8:0:0:0:0:2:1, 2001:db8::2:1",
        "2001:db8:0:1:1:1:1:1, 2001:db8:0:1:1:1:1:1",
        "2001:0:0:1:0:0:0:1, 2001:0:0:1::1",
        "2001:db8:0:0:1:0:0:1, 2001:db8::1:0:0:1",
        "2001:DB8::A, 2001:db8::a",
        "::, ::",
        "::1, ::1",
        "fe80::, fe80::",
        "::ffff:192.0.2.1, ::ffff:192.0.2.1",
    })
    void printsCanonicalText(String text, String canonical) {
        assertThat(IpAddress.parse(text)).hasToString(canonical);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "1",
                "1.2.3",
                "1.2.3.4.5",
                "256.1.1.1",
                "1.2.3.4 ",
                "a.b.c.d",
                "localhost",
                "0x7f.1",
                "1..2.3",
                ":",
                ":::",
                "1::2::3",
                "fe80::1%eth0",
                "12345::",
                "1:2:3:4:5:6:7:8:9",
                "[::1]"
            })
    void refusesWhatIsNoAddress(String text) {
        assertThatThrownBy(() -> IpAddress.parse(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("'" + text + "'");
    }

    @Test
    void textAndBytesRoundTrip() {
        Random random = new Random(1);
        for (int i = 0; i < 20_000; i++) {
            // Many zero groups, so that compression is exercised.
            long high = random.nextLong() & mask(random);
            long low = random.nextLong() & mask(random);
            IpAddress six = IpAddress.ip6(high, low);
            assertThat(IpAddress.parse(six.toString())).isEqualTo(six);
            assertThat(IpAddress.of(six.bytes())).isEqualTo(six);
            IpAddress four = IpAddress.ip4(random.nextInt());
            assertThat(IpAddress.parse(four.toString())).isEqualTo(four);
            assertThat(IpAddress.of(four.bytes())).isEqualTo(four);
        }
    }

    private static long mask(Random random) {
        long mask = 0;
        for (int i = 0; i < 4; i++) {
            mask = mask << 16 | (random.nextBoolean() ? 0xffff : 0);
        }
        return mask;
    }

    @Test
    void masksAndBitsAgree() {
        Random random = new Random(2);
        for (int i = 0; i < 2_000; i++) {
            IpAddress address =
                    i % 2 == 0
                            ? IpAddress.ip4(random.nextInt())
                            : IpAddress.ip6(random.nextLong(), random.nextLong());
            int bits = address.family().bits();
            int length = random.nextInt(bits + 1);
            IpAddress masked = address.masked(length);
            for (int bit = 0; bit < bits; bit++) {
                assertThat(bit(masked, bit)).isEqualTo(bit < length && bit(address, bit));
            }
        }
    }

    /** Bit {@code index}, counted from the most significant. */
    private static boolean bit(IpAddress address, int index) {
        return (address.bytes()[index / 8] >> (7 - index % 8) & 1) != 0;
    }

    @Test
    void ordersUnsigned() {
        assertThat(IpAddress.parse("200.0.0.0")).isGreaterThan(IpAddress.parse("100.0.0.0"));
        assertThat(IpAddress.parse("ff00::")).isGreaterThan(IpAddress.parse("2000::"));
        assertThat(IpAddress.parse("::")).isGreaterThan(IpAddress.parse("255.0.0.0"));
    }

    @ParameterizedTest
    @CsvSource({
        "127.0.0.1, true, false, false",
        "::1, true, false, false",
        "224.0.0.5, false, true, false",
        "ff02::5, false, true, false",
        "169.254.1.1, false, false, true",
        "fe80::1, false, false, true",
        "febf::1, false, false, true",
        "fec0::1, false, false, false",
        "10.0.0.1, false, false, false",
    })
    void knowsScopes(String text, boolean loopback, boolean multicast, boolean linkLocal) {
        IpAddress address = IpAddress.parse(text);
        assertThat(address.isLoopback()).isEqualTo(loopback);
        assertThat(address.isMulticast()).isEqualTo(multicast);
        assertThat(address.isLinkLocal()).isEqualTo(linkLocal);
    }
}
