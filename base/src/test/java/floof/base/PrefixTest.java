package floof.base;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PrefixTest {

    @ParameterizedTest
    @ValueSource(strings = {"0.0.0.0/0", "10.0.0.0/8", "192.0.2.1/32", "::/0", "2001:db8::/32"})
    void parsesCanonicalPrefixes(String text) {
        assertThat(Prefix.parse(text)).hasToString(text);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "10.0.0.0",
                "10.0.0.0/",
                "10.0.0.0/33",
                "10.0.0.0/-1",
                "10.0.0.0/ 8",
                "::/129"
            })
    void refusesOthers(String text) {
        assertThatThrownBy(() -> Prefix.parse(text)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void hostBitsAreRefusedWithTheExpectation() {
        assertThatThrownBy(() -> Prefix.parse("10.0.0.1/8"))
                .hasMessage("10.0.0.1/8 has host bits set; expected 10.0.0.0/8");
    }

    @Test
    void containsByBitsAndFamily() {
        Prefix eight = Prefix.parse("10.0.0.0/8");
        assertThat(eight.contains(IpAddress.parse("10.255.1.1"))).isTrue();
        assertThat(eight.contains(IpAddress.parse("11.0.0.0"))).isFalse();
        assertThat(eight.contains(IpAddress.parse("::10.0.0.1"))).isFalse();
        assertThat(eight.contains(Prefix.parse("10.1.0.0/16"))).isTrue();
        assertThat(eight.contains(Prefix.parse("0.0.0.0/0"))).isFalse();
    }

    @Test
    void interfaceAddressKeepsHostBitsAndKnowsItsSubnet() {
        InterfaceAddress address = InterfaceAddress.parse("192.0.2.9/24");
        assertThat(address).hasToString("192.0.2.9/24");
        assertThat(address.subnet()).isEqualTo(Prefix.parse("192.0.2.0/24"));
    }

    @Test
    void macAddressesRoundTrip() {
        MacAddress mac = MacAddress.parse("02:00:5E:10:00:ff");
        assertThat(mac).hasToString("02:00:5e:10:00:ff").isEqualTo(MacAddress.of(mac.bytes()));
        assertThat(mac.isGroup()).isFalse();
        assertThat(MacAddress.parse("ff:ff:ff:ff:ff:ff").isGroup()).isTrue();
        assertThatThrownBy(() -> MacAddress.parse("02:00:5e:10:00"))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void everyReasonHasProseAndALabel() {
        for (Reason reason : Reason.values()) {
            assertThat(reason.text()).isNotBlank();
            assertThat(reason.label()).matches("[a-z0-9-]+");
            assertThat(reason.packetsPerSecond() == 0).isEqualTo(reason.isDrop());
        }
    }
}
