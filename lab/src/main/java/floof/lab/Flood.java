package floof.lab;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.nio.file.Path;
import java.util.concurrent.locks.LockSupport;

/**
 * UDP datagrams for a number of seconds, as fast as one thread sends them or so many per
 * millisecond: {@code Flood ADDRESS SECONDS [PER_MS]}.
 */
public final class Flood {

    private Flood() {}

    public static void main(String[] args) throws IOException {
        long startNs = System.nanoTime();
        long endNs = startNs + Long.parseLong(args[1]) * 1_000_000_000L;
        long perMs = args.length > 2 ? Long.parseLong(args[2]) : Long.MAX_VALUE;
        long sent = 0;
        try (DatagramChannel channel = DatagramChannel.open()) {
            InetSocketAddress target = new InetSocketAddress(args[0], 9);
            ByteBuffer payload = ByteBuffer.allocateDirect(18);
            while (System.nanoTime() - endNs < 0) {
                long ms = (System.nanoTime() - startNs) / 1_000_000 + 1;
                if (sent / ms >= perMs) {
                    LockSupport.parkNanos(500_000);
                    continue;
                }
                payload.clear();
                channel.send(payload, target);
                sent++;
            }
        }
    }

    /** This program as a command, to be run in a host. */
    static String[] command(String address, int seconds) {
        return command(address, seconds, Long.MAX_VALUE);
    }

    /**
     * The same.
     *
     * @param perMs datagrams per millisecond at most
     */
    public static String[] command(String address, int seconds, long perMs) {
        return new String[] {
            Path.of(System.getProperty("java.home"), "bin/java").toString(),
            "-cp",
            Router.repository().resolve("lab/target/classes").toString(),
            Flood.class.getName(),
            address,
            "" + seconds,
            "" + perMs
        };
    }
}
