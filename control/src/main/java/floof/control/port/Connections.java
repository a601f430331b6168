package floof.control.port;

import floof.base.IpAddress;
import floof.config.value.ConfigError;
import floof.linux.error.LinuxException;
import floof.linux.netlink.Link;
import floof.linux.netlink.LinkAddress;
import floof.linux.netlink.Rtnetlink;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;

/** TCP connections of this network namespace, from proc_pid_net(5), tcp and tcp6. */
final class Connections {

    private static final String ESTABLISHED = "01";
    private static final String LISTEN = "0A";

    /** One end: address and port. */
    private record End(IpAddress address, int port) {}

    private record Row(End local, End remote, String state) {}

    private Connections() {}

    /** Those to this machine that end when a port takes a device. */
    static List<ConfigError> endedWith(String port, String device) {
        List<String> ended = through(device);
        return ended.isEmpty()
                ? List.of()
                : List.of(
                        new ConfigError(
                                List.of("interfaces", port, "device"),
                                device,
                                device
                                        + " carries connections to this machine that end with this"
                                        + " commit: "
                                        + String.join(", ", ended)
                                        + "; 'commit confirmed' rolls it back automatically"));
    }

    private static List<String> through(String device) {
        List<IpAddress> own = new ArrayList<>();
        try (Rtnetlink here = Rtnetlink.open("connections")) {
            Link link = here.link(device);
            for (LinkAddress address : here.addresses()) {
                if (link != null && address.ifindex() == link.index()) {
                    own.add(address.address().address());
                }
            }
            return into(own, Path.of("/proc/thread-self/net"));
        } catch (IOException | LinuxException e) {
            return List.of(); // a warning only
        }
    }

    /**
     * Established ones to ports of ours that listen, by the addresses they come to: {@code port 22
     * from 192.0.2.9}.
     *
     * @param net folder with the files {@code tcp} and {@code tcp6}
     */
    static List<String> into(Collection<IpAddress> own, Path net) throws IOException {
        List<Row> rows = new ArrayList<>();
        for (String file : List.of("tcp", "tcp6")) {
            if (Files.exists(net.resolve(file))) {
                for (String line : Files.readAllLines(net.resolve(file))) {
                    String[] words = line.strip().split("\\s+");
                    if (words.length > 3 && words[0].endsWith(":")) {
                        rows.add(new Row(end(words[1]), end(words[2]), words[3]));
                    }
                }
            }
        }
        Set<Integer> listening = new HashSet<>();
        rows.stream()
                .filter(row -> row.state().equals(LISTEN))
                .forEach(row -> listening.add(row.local().port()));
        return rows.stream()
                .filter(row -> row.state().equals(ESTABLISHED))
                .filter(row -> own.contains(row.local().address()))
                .filter(row -> listening.contains(row.local().port()))
                .map(row -> "port " + row.local().port() + " from " + row.remote().address())
                .distinct()
                .toList();
    }

    /** Words of four bytes in this machine's order, a colon, the port. */
    private static End end(String text) {
        int colon = text.indexOf(':');
        ByteBuffer bytes = ByteBuffer.wrap(HexFormat.of().parseHex(text.substring(0, colon)));
        ByteBuffer network = ByteBuffer.allocate(bytes.capacity()).order(ByteOrder.nativeOrder());
        while (bytes.hasRemaining()) {
            network.putInt(bytes.getInt());
        }
        int port = Integer.parseInt(text.substring(colon + 1), 16);
        IpAddress address = IpAddress.of(network.array());
        return new End(
                address.isMapped()
                        ? IpAddress.of(Arrays.copyOfRange(network.array(), 12, 16))
                        : address,
                port);
    }
}
