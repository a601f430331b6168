package floof.config.schema;

import static floof.config.tree.Condition.atLeast;
import static floof.config.tree.Condition.hasIp6;
import static floof.config.tree.Condition.is;
import static floof.config.tree.Condition.set;
import static floof.config.tree.Disturbance.NOTHING;
import static floof.config.tree.Disturbance.PORT;
import static floof.config.tree.Disturbance.PORT_DOWN;
import static floof.config.tree.SchemaNode.blockList;
import static floof.config.tree.SchemaNode.container;
import static floof.config.tree.SchemaNode.flag;
import static floof.config.tree.SchemaNode.leaf;
import static floof.config.tree.SchemaNode.leafList;

import floof.base.Family;
import floof.base.InterfaceAddress;
import floof.base.IpAddress;
import floof.config.tree.Condition;
import floof.config.tree.Rule;
import floof.config.tree.SchemaNode;
import floof.config.value.InterfaceName;
import floof.config.value.ValueType;
import floof.config.value.ValueType.Choice;
import floof.config.value.ValueType.Shape;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The statements below {@code interfaces}. */
final class InterfacesChapter {

    /**
     * Of Linux: devices and settings of every namespace, and what modules make in each by itself.
     */
    private static final Set<String> RESERVED =
            Set.of(
                    "lo",
                    "all",
                    "default",
                    "bonding_masters",
                    "tunl0",
                    "sit0",
                    "gre0",
                    "gretap0",
                    "erspan0",
                    "ip_vti0",
                    "ip6_vti0",
                    "ip6tnl0",
                    "ip6gre0");

    /** Lowest MTU of IPv4 networks in use (RFC 791: every host takes 576 bytes). */
    private static final long MTU_MIN = 576;

    /** RFC 8200 section 5: IPv6 needs a link that carries 1280 bytes. */
    private static final long IP6_MTU_MIN = 1280;

    /** Jumbo frames as switches commonly carry them. */
    private static final long MTU_MAX = 9216;

    /**
     * Names of Linux network devices (net/core/dev.c, dev_valid_name: at most 15 bytes, no slash,
     * colon or white space), without characters that other tools give a meaning.
     */
    private static final ValueType<String> DEVICE =
            ValueType.word(
                            "<device>",
                            "[A-Za-z0-9_][A-Za-z0-9_.@-]{0,14}",
                            "a device name: 1..15 letters, digits, '-', '_', '.', '@'")
                    .where(name ->
                            name.equals("lo")
                                    ? "is the loopback; expected an Ethernet device"
                                    : null)
                    .example("eth1");

    private static final String INTERFACE_NAME = "[A-Za-z0-9_][A-Za-z0-9_.-]*";

    static final ValueType<InterfaceName> INTERFACE =
            ValueType.of(
                            "<interface>",
                            "1..15 letters, digits, '-', '_', '.'",
                            InterfaceName.class,
                            new Shape.Pattern(INTERFACE_NAME),
                            InterfacesChapter::interfaceName)
                    .example("ge-0");

    private static final ValueType<InterfaceAddress> INTERFACE_ADDRESS =
            ValueType.of(
                            "<address/length>",
                            "ADDRESS/LENGTH",
                            InterfaceAddress.class,
                            new Shape.Pattern("[0-9.]+/[0-9]{1,2}|[0-9a-fA-F:.]+/[0-9]{1,3}"),
                            InterfaceAddress::parse)
                    .where(InterfacesChapter::notAnInterfaceAddress)
                    .example("192.0.2.1/24");

    private static final ValueType<String> DRIVER =
            ValueType.oneOf(
                    "<driver>",
                    new Choice(
                            "af-packet", "a kernel device, through a memory-mapped packet socket"),
                    new Choice(
                            "af-xdp", "a kernel device, through AF_XDP sockets in our own buffers"),
                    new Choice("tap", "no device: a twin without a wire, for labs"),
                    new Choice("dpdk", "a card or virtual device of DPDK"),
                    new Choice(
                            "pcap",
                            "no device: receives frames from a file, writes sent ones to another"),
                    new Choice("generator", "no device: receives generated packets"),
                    new Choice(
                            "memif", "no device: shared memory with VPP, DPDK or another router"));

    private static final ValueType<String> MEMIF_ROLE =
            ValueType.oneOf(
                    "<role>",
                    new Choice("server", "listens at the socket"),
                    new Choice("client", "connects there; its memory is shared"));

    private static final ValueType<String> SOCKET =
            ValueType.word(
                            "<socket>",
                            "/[^\\s\"]{0,105}[^\\s\"/]",
                            "an absolute path of 107 characters at most, without blanks")
                    .example("/run/memif.sock");

    private static final ValueType<String> RING_SIZE =
            ValueType.word(
                            "<ring-size>",
                            "64|128|256|512|1024|2048|4096|8192|16384",
                            "a power of two from 64 to 16384")
                    .example("2048");

    private static final ValueType<String> FILE =
            ValueType.word("<file>", "/[^\\s\"]{0,249}[^\\s\"/]", "an absolute path without blanks")
                    .example("/var/tmp/ge-0.pcap");

    private static final ValueType<Long> TIMES = ValueType.number("<times>", 0, 1_000_000_000_000L);

    private static final ValueType<Long> RATE = ValueType.number("<packets>", 1, 1_000_000_000L);

    private static final ValueType<Long> FRAME_SIZE = ValueType.number("<bytes>", 64, 1514);

    private static final ValueType<Long> FLOWS = ValueType.number("<flows>", 1, 65536);

    private static final ValueType<Long> MEMIF_ID = ValueType.number("<id>", 0, 0xffff_ffffL);

    private static final ValueType<Long> QUEUES = ValueType.number("<queues>", 1, 64);

    private static final ValueType<Long> DESCRIPTORS = ValueType.number("<descriptors>", 64, 32768);

    private static final ValueType<String> PCI_ADDRESS =
            ValueType.word(
                            "<pci-address>",
                            "[0-9a-f]{4}:[0-9a-f]{2}:[01][0-9a-f]\\.[0-7]",
                            "a PCI address: DOMAIN:BUS:DEVICE.FUNCTION, such as 0000:03:00.0")
                    .example("0000:03:00.0");

    private static final ValueType<String> VDEV =
            ValueType.oneOf(
                    "<vdev>",
                    new Choice("net_memif", "shared memory with another process"),
                    new Choice("net_af_xdp", "a kernel device, through AF_XDP"),
                    new Choice("net_af_packet", "a kernel device, through AF_PACKET"),
                    new Choice("net_tap", "a new TAP device of the kernel"),
                    new Choice("net_pcap", "files of packets, to replay and record"),
                    new Choice("net_ring", "a ring that returns what is sent"),
                    new Choice("net_null", "receives empty packets, forgets others"));

    private static final ValueType<String> ON_OFF =
            ValueType.oneOf("<on|off>", new Choice("on", "always"), new Choice("off", "never"));

    private static final SchemaNode DPDK =
            container(
                    "dpdk",
                    "Device and parameters of driver dpdk",
                    leaf("pci-address", PCI_ADDRESS, "Card on the PCI bus"),
                    leaf("vdev", VDEV, "Virtual device, by DPDK's driver for it"),
                    leaf(
                            "arguments",
                            Types.DESCRIPTION,
                            "Arguments of DPDK's driver: key=value,..."),
                    leaf("queues", QUEUES, "Receive queues, shared by the workers").orElse("1"),
                    leaf("descriptors", DESCRIPTORS, "Packets that a queue holds").orElse("1024"));

    private static final SchemaNode PCAP =
            container(
                    "pcap",
                    "Files of driver pcap",
                    leaf("replay", FILE, "Capture file whose frames are received"),
                    leaf("record", FILE, "Capture file for sent frames; replaced if it exists"),
                    leaf("loops", TIMES, "Number of replays; 0 = endless").orElse("1"),
                    leaf("rate", RATE, "Packets per second at most"));

    private static final SchemaNode GENERATOR =
            container(
                    "generator",
                    "Packets of driver generator, UDP to the port's own MAC",
                    leaf("source", Types.HOST, "Source address"),
                    leaf("destination", Types.HOST, "Destination address"),
                    leaf("size", FRAME_SIZE, "Length of the frame in bytes").orElse("64"),
                    leaf("flows", FLOWS, "Source ports").orElse("1"),
                    leaf("count", TIMES, "Packets in all; 0 = endless").orElse("0"),
                    leaf("rate", RATE, "Packets per second at most").orElse("1000"));

    private static final SchemaNode MEMIF =
            container(
                    "memif",
                    "Connection of driver memif",
                    leaf("socket", SOCKET, "Path of the control socket"),
                    leaf("role", MEMIF_ROLE, "Our side of the connection").orElse("client"),
                    leaf("id", MEMIF_ID, "Number of the memif, the same on both sides").orElse("0"),
                    leaf("ring-size", RING_SIZE, "Packets that a ring holds, if we are the client")
                            .orElse("1024"));

    static final SchemaNode CHAPTER =
            blockList(
                            "interfaces",
                            INTERFACE,
                            "Interface",
                            flag("disable", "Administratively down").disturbs(PORT_DOWN),
                            leaf("description", Types.DESCRIPTION, "Description in free text")
                                    .disturbs(NOTHING),
                            leaf("device", DEVICE, "Kernel device that the fast path takes over")
                                    .device(),
                            leaf("driver", DRIVER, "How the fast path reaches the device")
                                    .orElse("af-packet"),
                            DPDK,
                            PCAP,
                            GENERATOR,
                            MEMIF,
                            leaf(
                                    "checksum-repair",
                                    ON_OFF,
                                    "Complete received TCP and UDP checksums that the sender left"
                                            + " to its device (default: on for veth and TAP devices)"),
                            leaf(
                                    "receive-spreading",
                                    ON_OFF,
                                    "Distribute packets to all workers by flow, where there are"
                                            + " fewer receive queues than workers (default: off)"),
                            leaf(
                                            "mtu",
                                            ValueType.number("<mtu>", MTU_MIN, MTU_MAX)
                                                    .example("9000"),
                                            "Longest IP packet in bytes")
                                    .orElse("1500")
                                    .disturbs(NOTHING),
                            leafList(
                                            "address",
                                            INTERFACE_ADDRESS,
                                            "IPv4 or IPv6 address with prefix length")
                                    .disturbs(NOTHING))
                    .disturbs(PORT)
                    .rules(deviceRules())
                    .rules(blockRules())
                    .rules(addressRules());

    private InterfacesChapter() {}

    /** What a driver does with a kernel device. */
    private static Rule[] deviceRules() {
        Condition onDevice = is("driver", "af-packet", "af-xdp");
        return new Rule[] {
            new Rule.Must(
                    "device",
                    onDevice.implies(set("device")),
                    "is missing; driver <driver> needs a kernel device (driver tap is a twin"
                            + " without a wire)"),
            new Rule.Must(
                    "device",
                    set("device").not().or(onDevice).or(is("driver", "dpdk")),
                    "<value> is set, but driver <driver> has no device"),
            new Rule.Unique("device", "device", "<value> already belongs to interface <owner>"),
            new Rule.Must(
                    "checksum-repair",
                    set("checksum-repair").implies(is("driver", "af-xdp", "dpdk", "memif")),
                    "is set, but with driver <driver> Linux marks partial checksums itself"),
            new Rule.Must(
                    "receive-spreading",
                    set("receive-spreading").and(is("driver", "af-packet", "tap")).not(),
                    "is set, but with driver <driver> no worker shares a receive queue"),
        };
    }

    /** What belongs to one driver. */
    private static Rule[] blockRules() {
        Condition isDpdk = is("driver", "dpdk");
        Condition dpdkOnDevice = is("dpdk/vdev", "net_af_packet", "net_af_xdp");
        Condition hasEnds = set("generator/source").and(set("generator/destination"));
        String needed = "is set, but needs driver ";
        return new Rule[] {
            new Rule.Must("dpdk", set("dpdk").implies(isDpdk), needed + "dpdk"),
            new Rule.Must(
                    "dpdk",
                    isDpdk.implies(set("dpdk/vdev").same(set("dpdk/pci-address")).not()),
                    "expected one of pci-address and vdev"),
            new Rule.Unique(
                    "dpdk/pci-address", "card", "<value> already belongs to interface <owner>"),
            new Rule.Must(
                    "device",
                    isDpdk.and(dpdkOnDevice).implies(set("device")),
                    "is missing; vdev <dpdk/vdev> needs a kernel device"),
            new Rule.Must(
                    "device",
                    isDpdk.and(set("device")).implies(dpdkOnDevice),
                    "<value> is set, but only vdev net_af_packet and net_af_xdp use a kernel"
                            + " device"),
            new Rule.Must("pcap", set("pcap").implies(is("driver", "pcap")), needed + "pcap"),
            new Rule.Must(
                    "pcap",
                    is("driver", "pcap").not().or(set("pcap/replay")).or(set("pcap/record")),
                    "expected replay, record or both"),
            new Rule.Unique(
                    "pcap/record",
                    "recorded file",
                    "<value> is already the capture file of interface <owner>"),
            new Rule.Unused(
                    "pcap/replay",
                    "recorded file",
                    "<value> is already the capture file of interface <owner>"),
            new Rule.Must(
                    "generator",
                    set("generator").implies(is("driver", "generator")),
                    needed + "generator"),
            new Rule.Must(
                    "generator",
                    is("driver", "generator").implies(hasEnds),
                    "expected source and destination"),
            new Rule.Must(
                    "generator/destination",
                    hasEnds.implies(
                            hasIp6("generator/source").same(hasIp6("generator/destination"))),
                    "<value> has another family than the source"),
            new Rule.Must("memif", set("memif").implies(is("driver", "memif")), needed + "memif"),
            new Rule.Must(
                    "memif", is("driver", "memif").implies(set("memif/socket")), "expected socket"),
            new Rule.Unique(
                    "memif/socket",
                    "listening socket",
                    is("memif/role", "server"),
                    "<value> is already the socket of interface <owner>"),
        };
    }

    private static Rule[] addressRules() {
        return new Rule[] {
            new Rule.Unique(
                    "address",
                    "address",
                    "<value> has an address that is also on interface <owner>"),
            new Rule.Implies("address", "broadcast", InterfacesChapter::broadcast),
            new Rule.Must(
                    "mtu",
                    hasIp6("address").implies(atLeast("mtu", IP6_MTU_MIN)),
                    "<value> is below " + IP6_MTU_MIN + ", which IPv6 needs (RFC 8200)"),
        };
    }

    private static InterfaceName interfaceName(String text) {
        if (!text.matches(INTERFACE_NAME)) {
            throw new IllegalArgumentException(
                    "'" + text + "' is not an interface name: letters, digits, '-', '_', '.'");
        }
        if (text.length() > 15) {
            throw new IllegalArgumentException(
                    "'"
                            + text
                            + "' has "
                            + text.length()
                            + " characters; Linux allows interface names of at most 15");
        }
        if (RESERVED.contains(text)) {
            throw new IllegalArgumentException(
                    "'" + text + "' is reserved by Linux; expected another name");
        }
        return new InterfaceName(text);
    }

    /** Where the subnet has one, its last address. */
    private static @Nullable Comparable<?> broadcast(Comparable<?> value) {
        InterfaceAddress address = (InterfaceAddress) value;
        if (address.address().family() == Family.IP6 || address.length() > 30) {
            return null;
        }
        return IpAddress.ip4(address.address().ip4Value() | -1 >>> address.length());
    }

    private static @Nullable String notAnInterfaceAddress(InterfaceAddress value) {
        IpAddress address = value.address();
        String wrong = Types.notOnAWire(address);
        if (wrong != null) {
            return wrong;
        }
        if (value.length() == 0) {
            return "has length 0; expected the length of the subnet";
        }
        if (address.family() == Family.IP4 && value.length() < 31) {
            int hostBits = -1 >>> value.length();
            if ((address.ip4Value() & hostBits) == 0) {
                return "is the subnet itself; expected a host's address";
            }
            if ((address.ip4Value() & hostBits) == hostBits) {
                return "is the subnet's broadcast address; expected a host's address";
            }
        }
        if (address.family() == Family.IP6
                && value.length() < 127
                && address.equals(value.subnet().address())) {
            return "is the subnet's anycast address (RFC 4291); expected a host's address";
        }
        return null;
    }
}
