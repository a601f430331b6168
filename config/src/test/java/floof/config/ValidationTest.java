package floof.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ValidationTest {

    private static List<String> errors(String text) {
        Loaded loaded = TextParser.load(Schema.EMPTY, text);
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
                                    lab { driver tap; mtu 576; address 10.0.0.0/31; }
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

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            textBlock =
                    """
                    interfaces { a { mtu 1500; } }|interfaces a device: is missing
                    interfaces { a { driver tap; device x; } }|interfaces a device: x is set, but driver tap
                    interfaces { a { device x; } b { device x; } }|interfaces b device: x already belongs to interface a
                    interfaces { a { driver tap; address 10.0.0.1/24; } b { driver tap; address 10.0.0.1/25; } }|interfaces b address: 10.0.0.1/25 has an address that is also on interface a
                    interfaces { a { driver tap; address [ 10.0.0.1/24 10.0.0.1/25 ]; } }|interfaces a address: 10.0.0.1/25 has an address that is also on interface a
                    interfaces { a { driver dpdk; } }|interfaces a dpdk: expected one of pci-address and vdev
                    interfaces { a { driver dpdk; dpdk { vdev net_null; pci-address 0000:01:00.0; } } }|interfaces a dpdk: expected one of pci-address and vdev
                    interfaces { a { driver tap; dpdk { vdev net_null; } } }|interfaces a dpdk: is set, but the driver is another
                    interfaces { a { driver dpdk; dpdk { vdev net_af_xdp; } } }|interfaces a device: is missing; vdev net_af_xdp needs a kernel device
                    interfaces { a { driver dpdk; device x; dpdk { vdev net_memif; } } }|interfaces a device: x is set, but only vdev net_af_packet
                    interfaces { a { driver dpdk; dpdk { pci-address 0000:01:00.0; } } b { driver dpdk; dpdk { pci-address 0000:01:00.0; } } }|interfaces b dpdk pci-address: 0000:01:00.0 already belongs to interface a
                    interfaces { a { driver pcap; } }|interfaces a pcap: expected replay, record or both
                    interfaces { a { driver generator; generator { source 10.0.0.1; } } }|interfaces a generator: expected source and destination
                    interfaces { a { driver generator; generator { source 10.0.0.1; destination 2001:db8::1; } } }|interfaces a generator destination: 2001:db8::1 is not of the source's family
                    interfaces { a { driver tap; checksum-repair on; } }|interfaces a checksum-repair: is set, but driver tap
                    interfaces { a { driver memif; } }|interfaces a memif: expected socket
                    interfaces { a { driver tap; memif { socket /s; } } }|interfaces a memif: is set, but the driver is another
                    interfaces { a { driver memif; memif { socket /s; role server; } } b { driver memif; memif { socket /s; role server; } } }|interfaces b memif socket: /s is listened at by interface a
                    interfaces { a { driver tap; mtu 1000; address 2001:db8::1/64; } }|interfaces a mtu: 1000 is below 1280
                    interfaces { a { device x; receive-spreading on; } }|receive-spreading: is set, but with driver af-packet no worker shares
                    routing { static { route 10.0.0.0/8; } }|routing static route 10.0.0.0/8: expected next-hop or blackhole
                    routing { static { route 10.0.0.0/8 { blackhole; next-hop 192.0.2.1; } } }|has both next-hop and blackhole
                    routing { static { route 10.0.0.0/8 { next-hop 2001:db8::1; } } }|2001:db8::1 is not of the prefix's family
                    interfaces { a { driver tap; address 192.0.2.1/24; } } routing { static { route 10.0.0.0/8 { next-hop 192.0.2.1; } } }|192.0.2.1 is our own address, on interface a
                    interfaces { a { driver tap; address 10.0.0.1/24; } } bgp { asn 1; router-id 1.1.1.1; peer a { remote-as 1; neighbor 10.0.0.1; } }|bgp peer a neighbor: 10.0.0.1 is our own address, on interface a
                    bgp { asn 1; }|bgp router-id: is missing
                    bgp { router-id 1.1.1.1; peer a { remote-as 1; neighbor 10.0.0.1; } }|bgp asn: is missing; expected 1..4294967295
                    bgp { asn 1; router-id 1.1.1.1; peer a { neighbor 10.0.0.1; } }|bgp peer a remote-as: is missing
                    bgp { asn 1; router-id 1.1.1.1; peer a { remote-as 1; } }|bgp peer a neighbor: is missing
                    bgp { asn 1; router-id 1.1.1.1; peer a { remote-as 1; neighbor 10.0.0.1; } peer b { remote-as 1; neighbor 10.0.0.1; } }|bgp peer b neighbor: 10.0.0.1 already belongs to peer a
                    """)
    void rulesBetweenStatements(String text, String error) {
        assertThat(errors(text)).singleElement().asString().contains(error);
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
                    interfaces { ge-0 { address 224.0.0.1/24; } }|224.0.0.1/24 is not an address for an interface
                    interfaces { ge-0 { address 192.0.2.255/24; } }|is the subnet's broadcast address
                    interfaces { ge-0 { description "\u0007"; } }|character U+0007 is not allowed
                    interfaces { abcdefghijklmnop { disable; } }|has 16 characters; Linux allows interface names of at most 15
                    system { host-name -a; }|is not a host name
                    routing { static { route 224.0.0.0/4 { blackhole; } } }|is multicast
                    routing { static { route 10.0.0.0/8 { next-hop fe80::1; } } }|fe80::1 is link-local
                    bgp { router-id 0.0.0.0; }|is no router id
                    bogus { a; }|configuration: unknown statement 'bogus'
                    """)
    void singleValues(String text, String message) {
        assertThat(TextParser.load(Schema.EMPTY, text).errors())
                .singleElement()
                .extracting(Loaded.Mistake::message)
                .asString()
                .contains(message);
    }

    @Test
    void defaultsHoldWhatIsNotSet() throws StatementException {
        Branch port =
                Edit.set(Schema.EMPTY, List.of("interfaces", "a", "disable"))
                        .entries("interfaces")
                        .getFirst();
        assertThat(port.value("mtu", Long.class)).isEqualTo(1500);
        assertThat(port.value("driver", String.class)).isEqualTo("af-packet");
        assertThat(port.value("description", String.class)).isNull();
    }
}
