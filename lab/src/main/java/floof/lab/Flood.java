package floof.lab;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.nio.file.Path;

/**
 * UDP datagrams as fast as one thread sends them, for a number of seconds: {@code Flood ADDRESS
 * SECONDS}.
 */
public final class Flood {

    private Flood() {}

    public static void main(String[] args) throws IOException {
        long endNs = System.nanoTime() + Long.parseLong(args[1]) * 1_000_000_000L;
        try (DatagramChannel channel = DatagramChannel.open()) {
            InetSocketAddress target = new InetSocketAddress(args[0], 9);
            ByteBuffer payload = ByteBuffer.allocateDirect(18);
            while (System.nanoTime() - endNs < 0) {
                payload.clear();
                channel.send(payload, target);
            }
        }
    }

    /** This program as a command, to be run in a host. */
    public static String[] command(String address, int seconds) {
        return new String[] {
            Path.of(System.getProperty("java.home"), "bin/java").toString(),
            "-cp",
            Router.repository().resolve("lab/target/classes").toString(),
            Flood.class.getName(),
            address,
            "" + seconds
        };
    }
}
