package floof.app;

import floof.base.Family;
import floof.base.IpAddress;
import floof.base.MacAddress;
import floof.dataplane.SampleFrame;
import floof.engine.BufferPool;
import floof.engine.Traffic;
import floof.fpc.Message;
import floof.ports.GeneratorPort;
import floof.ports.MemifPort;
import floof.ports.PcapPort;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * Creates ports without a device of the kernel or DPDK, from their settings in the configuration.
 * Thread: any.
 */
final class FilePorts {

    /** Offsets of the UDP header. */
    private static final int UDP_IP4 = 14 + 20;

    private static final int UDP_IP6 = 14 + 40;

    private FilePorts() {}

    /**
     * @throws floof.ports.PcapException if a file cannot be used
     */
    static PcapPort pcap(Message.PortAttach request, List<BufferPool> pools) {
        SortedMap<String, String> settings = request.settings();
        return PcapPort.open(
                request.index(),
                request.name(),
                path(settings.get("replay")),
                path(settings.get("record")),
                number(settings.get("loops"), 1),
                number(settings.get("rate"), 0),
                pools);
    }

    /**
     * @throws floof.linux.error.LinuxException if the server's socket cannot be created
     */
    static MemifPort memif(
            Message.PortAttach request, List<BufferPool> pools, List<? extends Executor> workers) {
        SortedMap<String, String> settings = request.settings();
        return MemifPort.open(
                request.index(),
                request.name(),
                new MemifPort.Settings(
                        Path.of(settings.getOrDefault("socket", "")),
                        "server".equals(settings.get("role")),
                        (int) number(settings.get("id"), 0),
                        (int) number(settings.get("ring-size"), 1024),
                        "on".equals(settings.get("checksum-repair"))),
                pools,
                workers);
    }

    private static @Nullable Path path(@Nullable String setting) {
        return setting == null ? null : Path.of(setting);
    }

    private static long number(@Nullable String setting, long otherwise) {
        return setting == null ? otherwise : Long.parseLong(setting);
    }

    /**
     * The packet generator. Without a {@code source} it only sends. A {@code ring} is for
     * measurements and cannot be configured.
     *
     * @param mac of the port, the destination of its packets
     */
    static GeneratorPort generator(
            Message.PortAttach request, MacAddress mac, List<BufferPool> pools) {
        SortedMap<String, String> settings = request.settings();
        GeneratorPort.Pace pace =
                new GeneratorPort.Pace(
                        number(settings.get("count"), 0),
                        number(settings.get("rate"), 0),
                        (int) number(settings.get("ring"), 0));
        String source = settings.get("source");
        List<byte[]> frames = source == null ? List.of() : frames(settings, source, mac);
        return new GeneratorPort(request.index(), request.name(), pace, Traffic.of(frames), pools);
    }

    /** One frame per flow. */
    private static List<byte[]> frames(
            SortedMap<String, String> settings, String source, MacAddress mac) {
        IpAddress from = IpAddress.parse(source);
        byte[] first =
                SampleFrame.udp(
                        mac,
                        from,
                        IpAddress.parse(settings.getOrDefault("destination", "")),
                        64,
                        (int) number(settings.get("size"), SampleFrame.BYTES_MIN));
        List<byte[]> frames = new ArrayList<>();
        int port = from.family() == Family.IP4 ? UDP_IP4 : UDP_IP6;
        for (int flow = 0; flow < number(settings.get("flows"), 1); flow++) {
            byte[] high = SampleFrame.with(first, port, flow >> 8);
            frames.add(SampleFrame.with(high, port + 1, flow));
        }
        return frames;
    }
}
