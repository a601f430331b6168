package floof.linux.net;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import floof.linux.Fd;
import floof.linux.Poll;
import floof.linux.error.Errno;
import floof.linux.error.LinuxException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.junit.jupiter.api.Test;

class SocketTest {

    /** RTM_GETLINK dump by hand: nlmsghdr 16 bytes, ifinfomsg 16 bytes. */
    private static byte[] linkDump() {
        return ByteBuffer.allocate(32)
                .order(ByteOrder.nativeOrder())
                .putInt(32)
                .putShort((short) 18)
                .putShort((short) 0x301)
                .putInt(7)
                .array();
    }

    private static Socket netlink(int flags) {
        return Socket.open(Socket.AF_NETLINK, Socket.SOCK_RAW | flags, 0, "netlink");
    }

    @Test
    void asksNetlinkAndReceivesADatagramOfAnySize() {
        try (Socket socket = netlink(0)) {
            socket.bind(new byte[] {16, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0});
            assertThat(ByteBuffer.wrap(socket.address()).order(ByteOrder.nativeOrder()).getInt(4))
                    .isNotZero();
            socket.send(linkDump());
            assertThat(socket.fd().poll(Poll.IN, 1000)).isEqualTo(Poll.IN);
            byte[] reply = socket.receive();
            ByteBuffer header = ByteBuffer.wrap(reply).order(ByteOrder.nativeOrder());
            assertThat(reply.length).isGreaterThan(32);
            assertThat(header.getShort(4)).isEqualTo((short) 16); // RTM_NEWLINK
            assertThat(header.getInt(8)).isEqualTo(7);
        }
    }

    @Test
    void tellsTheFullLengthOfWhatDidNotFitAndWhoSentIt() {
        try (Socket socket = netlink(0);
                Arena arena = Arena.ofConfined()) {
            socket.send(linkDump());
            MemorySegment small = arena.allocate(8);
            MemorySegment sender = arena.allocate(12, 4);
            sender.fill((byte) 1);
            int peeked = socket.receive(small, Socket.MSG_PEEK | Socket.MSG_TRUNC, sender);
            assertThat(peeked).isGreaterThan(32);
            assertThat(sender.get(JAVA_INT, 4)).isZero();
            assertThat(socket.receive()).hasSize(peeked);
        }
    }

    @Test
    void returnsTheErrnoOfAnEmptySocketAndKeepsItsOptions() {
        try (Socket socket = netlink(Socket.SOCK_NONBLOCK);
                Arena arena = Arena.ofConfined()) {
            assertThat(socket.receive(arena.allocate(8), 0)).isEqualTo(-Errno.EAGAIN);
            assertThat(socket.fd().poll(Poll.IN, 10)).isZero();
            socket.option(Socket.SOL_SOCKET, Socket.SO_RCVBUFFORCE, 4 << 20);
            assertThat(socket.option(Socket.SOL_SOCKET, Socket.SO_RCVBUF)).isEqualTo(8 << 20);
        }
    }

    @Test
    void namesTheCallTheArgumentsAndTheError() {
        assertThatThrownBy(() -> Fd.open("/no/such", Fd.O_RDONLY, 0))
                .isInstanceOf(LinuxException.class)
                .hasMessage("open(/no/such, 0x0): ENOENT (No such file or directory)")
                .extracting(e -> ((LinuxException) e).errno())
                .isEqualTo(Errno.ENOENT);
        try (Socket socket = netlink(0)) {
            assertThatThrownBy(() -> socket.option(Socket.SOL_NETLINK, 999, 1))
                    .hasMessageMatching(
                            "setsockopt\\(fd \\d+ netlink, 270, 999, 1\\): ENOPROTOOPT \\(.*\\)");
        }
    }

    @Test
    void refusesAClosedDescriptor() {
        Socket socket = netlink(0);
        socket.close();
        socket.close();
        assertThatThrownBy(() -> socket.send(new byte[1]))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("netlink is closed");
    }
}
