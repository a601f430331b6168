package floof.config.check;

import static org.assertj.core.api.Assertions.assertThat;

import floof.config.TestSchema;
import floof.config.edit.Edit;
import floof.config.text.Loaded;
import floof.config.text.TextParser;
import floof.config.tree.Branch;
import floof.config.tree.TextPrinter;
import floof.config.value.ConfigError;
import floof.config.value.StatementException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvFileSource;
import org.junit.jupiter.params.provider.CsvSource;

class ValidationTest {

    private static List<String> errors(String text) {
        Loaded loaded = TextParser.load(TestSchema.EMPTY, text);
        assertThat(loaded.errors()).isEmpty();
        return Validation.of(loaded.tree()).stream().map(ConfigError::toString).toList();
    }

    @Test
    void aWholeConfigurationIsGood() {
        assertThat(
                        errors(
                                """
                                system { host-name r1; }
                                interfaces {
                                    ge-0 { device eth0; address [ 192.0.2.1/24 2001:db8::1/64 ]; }
                                    lab { driver tap; mtu 576; address [ 10.0.0.0/31 169.254.1.1/16 ]; }
                                    p2p { driver tap; address [ 2001:db8:2::/127 fe80::1/64 64:ff9b::1/96 ]; }
                                }
                                routing { static {
                                    route 10.1.0.0/16 { next-hop [ 192.0.2.2 192.0.2.3 ]; }
                                    route 2001:db8:1::/48 { blackhole; }
                                } }
                                bgp {
                                    asn 65000; router-id 192.0.2.1; prefixes 192.0.2.0/24;
                                    peer a { remote-as 65010; neighbor [ 192.0.2.9 2001:db8::9 ]; }
                                }
                                """))
                .isEmpty();
        assertThat(errors("")).isEmpty();
    }

    /** What lacks a statement goes, as little as possible; what breaks another rule stays. */
    @Test
    void theCompletePart() {
        String peers =
                """
                    peer a {
                        remote-as 1;
                        neighbor 192.0.2.1;
                        session {
                            hold-time 3;
                            keepalive 9;
                        }
                    }
                """;
        String whole = "bgp {\n    asn 1;\n    router-id 192.0.2.9;\n" + peers + "}\n";
        assertThat(complete(whole)).isEqualTo(whole);
        assertThat(complete(whole.replace("peer a", "peer b { remote-as 2; } peer a")))
                .isEqualTo(whole);
        assertThat(complete("system { host-name x; } bgp { asn 1; " + peers + "}"))
                .isEqualTo("system {\n    host-name x;\n}\n");
    }

    private static String complete(String text) {
        return TextPrinter.print(
                Validation.complete(TextParser.load(TestSchema.EMPTY, text).tree()));
    }

    @ParameterizedTest
    @CsvFileSource(resources = "broken-rules.csv", delimiter = '|', quoteCharacter = '~')
    void rulesBetweenStatements(String text, String error) {
        assertThat(errors(text)).singleElement().asString().contains(error);
    }

    /** A fault that YANG's XPath cannot compute. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            textBlock =
                    """
                    interfaces { a { driver tap; address [ 10.0.0.1/24 10.0.0.2/24 ]; } } bgp { asn 1; router-id 1.1.1.1; peer a { remote-as 1; neighbor 10.0.0.255; } }|bgp peer a neighbor: 10.0.0.255 is the broadcast address of a subnet on interface a
                    interfaces { a { driver tap; address 10.0.0.1/24; } } routing { static { route 10.9.0.0/16 { next-hop 10.0.0.255; } } }|next-hop: 10.0.0.255 is the broadcast address of a subnet on interface a
                    interfaces { a { driver tap; address 10.0.0.1/24; } } routing { static { route 10.9.0.0/16 { qualified-next-hop 10.0.0.255; } } }|qualified-next-hop 10.0.0.255: is the broadcast address of a subnet on interface a
                    """)
    void nobodyIsAtABroadcastAddress(String text, String error) {
        rulesBetweenStatements(text, error);
        assertThat(
                        new Validator(TestSchema.ROOT)
                                .of(TextParser.load(TestSchema.EMPTY, text).tree()))
                .hasSize(1);
        String other = text.replace("10.0.0.255", "10.0.0.254");
        assertThat(errors(other)).isEmpty();
        assertThat(
                        new Validator(TestSchema.ROOT)
                                .of(TextParser.load(TestSchema.EMPTY, other).tree()))
                .isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            textBlock =
                    """
                    interfaces { ge-0 { mtu 90; } }|interfaces ge-0 mtu: 90 is below the minimum 576
                    interfaces { ge-0 { mtu 9217; } }|interfaces ge-0 mtu: 9217 is above the maximum 9216
                    interfaces { ge-0 { mtu 1e3; } }|'1e3' is not a number 576..9216
                    interfaces { ge-0 { mtu 99999999999999999999; } }|is not a number
                    interfaces { ge-0 { foo 1; } }|interfaces ge-0: unknown statement 'foo'
                    interfaces { ge-0 { device "a b"; } }|'a b' is not a device name
                    interfaces { ge-0 { device; } }|interfaces ge-0 device: expected <device>
                    interfaces { a { device lo; } }|interfaces a device: lo is the loopback
                    interfaces { ge-0 { driver pigeon; } }|'pigeon' is not af-packet or
                    interfaces { ge-0 { address 224.0.0.1/24; } }|224.0.0.1/24 is not the address of a host on a wire
                    interfaces { ge-0 { address 255.255.255.255/32; } }|is not the address of a host on a wire
                    interfaces { ge-0 { address 240.0.0.1/24; } }|is not the address of a host on a wire
                    interfaces { ge-0 { address 127.0.0.2/32; } }|is not the address of a host on a wire
                    interfaces { ge-0 { address 0.0.0.1/24; } }|is not the address of a host on a wire
                    interfaces { ge-0 { address ::ffff:192.0.2.1/128; } }|is not the address of a host on a wire
                    interfaces { ge-0 { address ::1/128; } }|is not the address of a host on a wire
                    interfaces { ge-0 { address ::/64; } }|is not the address of a host on a wire
                    interfaces { ge-0 { address ff02::1/128; } }|is not the address of a host on a wire
                    interfaces { ge-0 { address 2001:db8::/64; } }|is the subnet's anycast address
                    interfaces { ge-0 { address 2001:db8::1/0; } }|has length 0
                    interfaces { sit0 { driver tap; } }|is reserved by Linux
                    interfaces { ge-0 { pcap { record /var/tmp/; } } }|an absolute path without blanks
                    interfaces { ge-0 { memif { socket /run/; } } }|an absolute path
                    system { host-name 192.0.2.1; }|looks like an address
                    interfaces { ge-0 { address 192.0.2.255/24; } }|is the subnet's broadcast address
                    interfaces { ge-0 { description "\u0007"; } }|character U+0007 is not allowed
                    interfaces { abcdefghijklmnop { disable; } }|has 16 characters; Linux allows interface names of at most 15
                    system { host-name -a; }|is not a host name
                    routing { static { route 224.0.0.0/4 { blackhole; } } }|is multicast
                    routing { static { route 10.0.0.0/8 { next-hop fe80::1; } } }|fe80::1 is link-local
                    bgp { router-id 0.0.0.0; }|is not a router ID
                    bgp { router-id 127.0.0.1; }|is not a router ID
                    bgp { router-id 224.0.0.1; }|is not a router ID
                    bgp { router-id 255.255.255.255; }|is not a router ID
                    bgp { prefixes 127.0.0.0/8; }|can never be routed
                    bgp { prefixes ::1/128; }|can never be routed
                    bgp { prefixes 169.254.1.0/24; }|can never be routed
                    bgp { prefixes fe80::/64; }|can never be routed
                    bgp { prefixes ff02::/16; }|is multicast
                    bgp { prefixes ::ffff:192.0.2.0/120; }|can never be routed
                    bgp { peer a { neighbor 255.255.255.255; } }|is not the address of a host
                    bgp { peer a { neighbor ::ffff:192.0.2.1; } }|is not the address of a host
                    bgp { peer a { neighbor 0.1.2.3; } }|is not the address of a host
                    bgp { peer a { neighbor 240.0.0.1; } }|is not the address of a host
                    bgp { peer a { session { hold-time 2; } } }|2 is below the minimum 3
                    bgp { asn 23456; }|23456 stands for numbers above 65535
                    bgp { asn 4294967295; }|4294967295 is reserved
                    bgp { peer a { remote-as 65535; } }|65535 is reserved
                    bogus { a; }|configuration: unknown statement 'bogus'
                    """)
    void singleValues(String text, String message) {
        assertThat(TextParser.load(TestSchema.EMPTY, text).errors())
                .singleElement()
                .extracting(Loaded.Mistake::message)
                .asString()
                .contains(message);
    }

    @Test
    void defaultsHoldWhatIsNotSet() throws StatementException {
        Branch port =
                Edit.set(TestSchema.EMPTY, List.of("interfaces", "a", "disable"))
                        .entries("interfaces")
                        .getFirst();
        assertThat(port.value("mtu", Long.class)).isEqualTo(1500);
        assertThat(port.value("driver", String.class)).isEqualTo("af-packet");
        assertThat(port.value("description", String.class)).isNull();
    }
}
