package floof.linux.net;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_SHORT_UNALIGNED;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import floof.linux.Fd;
import floof.linux.Poll;
import floof.linux.error.Errno;
import floof.linux.system.NetworkNamespace;
import floof.linux.system.PidFd;
import floof.testkit.Netns;
import floof.testkit.Packets;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class TapTest {

    private static final String NEIGHBOUR = "02:00:00:00:00:02";

    private Netns network;
    private Path namespace;
    private Tap tap;

    @BeforeEach
    void open() {
        network = new Netns().silent();
        namespace = network.path();
        tap = NetworkNamespace.call(namespace, () -> Tap.open("twin"));
    }

    @AfterEach
    void close() {
        if (tap != null) {
            tap.close();
        }
        network.close();
    }

    /** Another descriptor of the TAP's open file. */
    private Fd second() {
        try (PidFd self = PidFd.open(ProcessHandle.current().pid())) {
            return self.fetch(tap.fd().number(), "/dev/net/tun");
        }
    }

    private String link() {
        return network.run("ip -d -o link show twin");
    }

    private void address() {
        network.run("ip link set twin up");
        network.run("ip address add 10.1.0.1/24 dev twin");
        network.run("ip neighbour add 10.1.0.2 lladdr " + NEIGHBOUR + " dev twin");
    }

    @Test
    void persistsWithoutCarrierWhenItsLastFileIsClosed() {
        network.run("ip link set twin up");
        assertThat(link()).contains("LOWER_UP", "persist on", "vnet_hdr on", "pi off");
        try (Tap second = Tap.adopt(second(), "twin")) {
            assertThat(second.name()).isEqualTo("twin");
            tap.close();
            assertThat(link()).contains("LOWER_UP");
        }
        assertThat(link()).contains("NO-CARRIER");
        tap = NetworkNamespace.call(namespace, () -> Tap.open("twin"));
        assertThat(link()).contains("LOWER_UP");
    }

    @Test
    void adoptsOnlyTheFileOfThatDevice() {
        Fd file = second();
        assertThatThrownBy(() -> Tap.adopt(file, "other"))
                .hasMessageMatching(
                        "fd \\d+ /dev/net/tun is device twin with flags 0x5002 and a header of 12"
                                + " bytes, expected other, 0x5002, 12");
        assertThat(file.toString()).startsWith("closed");
        Fd none = Fd.open("/dev/null", Fd.O_RDWR, 0);
        assertThatThrownBy(() -> Tap.adopt(none, "twin"))
                .hasMessageMatching("ioctl\\(fd \\d+ /dev/null, TUNGETIFF\\): ENOTTY .*");
    }

    @Test
    void carrierFollowsThePort() {
        network.run("ip link set twin up");
        tap.carrier(false);
        assertThat(link()).contains("NO-CARRIER");
        tap.carrier(true);
        assertThat(link()).contains("LOWER_UP");
    }

    @Test
    void refusesASecondOpeningAndBadNames() {
        assertThatThrownBy(() -> NetworkNamespace.call(namespace, () -> Tap.open("twin")))
                .hasMessageMatching(
                        "ioctl\\(fd \\d+ /dev/net/tun, TUNSETIFF twin\\): EBUSY \\(.*\\)");
        assertThatThrownBy(() -> Tap.open("sixteen-bytes-xx"))
                .hasMessage("device name 'sixteen-bytes-xx' has 16 bytes, expected 1 to 15");
    }

    @Test
    void readsWhatLinuxSendsBehindItsHeader() throws Exception {
        address();
        try (Arena arena = Arena.ofConfined();
                DatagramChannel sender = NetworkNamespace.call(namespace, DatagramChannel::open)) {
            MemorySegment frame = arena.allocate(2048);
            assertThat(tap.fd().read(frame.address(), 2048)).isEqualTo(-Errno.EAGAIN);
            sender.send(ByteBuffer.wrap("hello".getBytes()), new InetSocketAddress("10.1.0.2", 9));
            assertThat(tap.fd().poll(Poll.IN, 1000)).isEqualTo(Poll.IN);
            int length = tap.fd().read(frame.address(), 2048);
            assertThat(length).isEqualTo(12 + 14 + 20 + 8 + 5);
            assertThat(frame.get(JAVA_BYTE, 0)).isEqualTo((byte) 1); // NEEDS_CSUM
            assertThat(frame.get(JAVA_SHORT_UNALIGNED, 6)).isEqualTo((short) (14 + 20));
            assertThat(frame.get(JAVA_BYTE, 12)).isEqualTo((byte) 2); // the neighbour's MAC
            assertThat(frame.get(JAVA_BYTE, length - 1)).isEqualTo((byte) 'o');
        }
    }

    @Test
    void writesToLinuxGatheredFromPieces() {
        address();
        try (Arena arena = Arena.ofConfined()) {
            byte[] request = Packets.arpRequest("10.1.0.3", "10.1.0.1");
            MemorySegment pieces = arena.allocate(12 + request.length, 8);
            MemorySegment.copy(request, 0, pieces, JAVA_BYTE, 12, request.length);
            MemorySegment iovecs = arena.allocate(3 * 16, 8);
            long[] cuts = {0, 12, 30, pieces.byteSize()};
            for (int i = 0; i < 3; i++) {
                iovecs.set(JAVA_LONG, i * 16L, pieces.address() + cuts[i]);
                iovecs.set(JAVA_LONG, i * 16L + 8, cuts[i + 1] - cuts[i]);
            }
            assertThat(tap.fd().writev(iovecs.address(), 3)).isEqualTo(12 + request.length);
            MemorySegment frame = arena.allocate(2048);
            assertThat(tap.fd().poll(Poll.IN, 1000)).isEqualTo(Poll.IN);
            int length = tap.fd().read(frame.address(), 2048);
            assertThat(length).isEqualTo(12 + 42);
            assertThat(frame.get(JAVA_BYTE, 12 + 21)).isEqualTo((byte) 2); // an ARP reply
        }
    }
}
