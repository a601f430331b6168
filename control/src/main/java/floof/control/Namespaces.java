package floof.control;

import floof.control.instance.Access;
import floof.control.instance.Instance;
import floof.linux.netlink.Link;
import floof.linux.netlink.Rtnetlink;
import floof.linux.system.Mount;
import floof.linux.system.NetworkNamespace;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The namespaces and the memory of an instance: made when missing, used as they are when a floofd
 * before this one made them.
 */
public final class Namespaces {

    /** A file of {@code /proc/sys} and its value; {@code *} stands for {@code all, default}. */
    private record Setting(String key, String value) {}

    /**
     * The dataplane namespace routes. Reverse path filters would judge exceptions by where they
     * came from a second time; router advertisements are for hosts; IPv6 addresses of a commit stay
     * when a link goes down, as IPv4's do; and IPv4 addresses do not go with the first one of their
     * subnet.
     */
    private static final List<Setting> DATAPLANE =
            List.of(
                    new Setting("net/ipv4/ip_forward", "1"),
                    new Setting("net/ipv6/conf/*/forwarding", "1"),
                    new Setting("net/ipv6/conf/*/accept_ra", "0"),
                    new Setting("net/ipv6/conf/*/keep_addr_on_down", "1"),
                    new Setting("net/ipv4/conf/*/rp_filter", "0"),
                    new Setting("net/ipv4/conf/*/promote_secondaries", "1"));

    /**
     * The namespace of claimed devices is silent: no IPv6 means no router solicitation, duplicate
     * address detection or MLD; no address and no ARP answer (arp_ignore 8) nothing of IPv4.
     */
    private static final List<Setting> PORTS =
            List.of(
                    new Setting("net/ipv4/ip_forward", "0"),
                    new Setting("net/ipv6/conf/*/disable_ipv6", "1"),
                    new Setting("net/ipv6/conf/*/forwarding", "0"),
                    new Setting("net/ipv4/conf/*/arp_ignore", "8"));

    /** Besides the tables' files the tmpfs holds nothing; its own bookkeeping is one page. */
    private static final long SHM_SPARE_BYTES = 2 << 20;

    private static final Logger LOG = LoggerFactory.getLogger(Namespaces.class);

    private Namespaces() {}

    /**
     * Makes what is missing.
     *
     * @param shmBytes size of the tables in shared memory
     */
    public static void prepare(Instance instance, long shmBytes) throws IOException {
        for (Path folder :
                List.of(instance.namespaces(), instance.logs(), instance.shm(), instance.state())) {
            Files.createDirectories(folder);
        }
        Access.restrict(instance);
        Access.list(instance.dataplane().resolveSibling(""));
        // Old tables of another size may stand beside new ones for a while.
        long bothBytes = shmBytes + SHM_SPARE_BYTES + sizeBytes(instance.tables());
        if (Mount.isMountPoint(instance.shm())) {
            Mount.resize(instance.shm(), bothBytes);
        } else if (!Mount.hugeTmpfs(instance.shm(), bothBytes)) {
            LOG.warn("no huge pages for a tmpfs: lookups in large tables will be slower");
        }
        namespace(instance.dataplane(), DATAPLANE);
        namespace(instance.ports(), PORTS);
        NetworkNamespace.call(instance.dataplane(), Namespaces::loopbackUp);
    }

    private static long sizeBytes(Path file) throws IOException {
        return Files.exists(file) ? Files.size(file) : 0;
    }

    private static boolean loopbackUp() {
        try (Rtnetlink dataplane = Rtnetlink.open("loopback")) {
            Link loopback = dataplane.link("lo");
            if (loopback != null && !loopback.isUp()) {
                dataplane.setUp(loopback.index(), true);
            }
        }
        return true;
    }

    private static void namespace(Path path, List<Setting> settings) throws IOException {
        if (!NetworkNamespace.exists(path)) {
            NetworkNamespace.create(path);
        }
        for (Setting setting : settings) {
            for (String scope : List.of("all", "default")) {
                sysctl(path, setting.key().replace("*", scope), setting.value());
            }
        }
    }

    /** Writes one of {@code /proc/sys} inside a namespace, when it differs. */
    static void sysctl(Path namespace, String key, String value) throws IOException {
        Path file = Path.of("/proc/sys", key);
        NetworkNamespace.call(
                namespace,
                () -> {
                    if (!Files.readString(file).strip().equals(value)) {
                        Files.writeString(file, value);
                    }
                    return true;
                });
    }

    /** Removes both namespaces and the memory, with everything in them. */
    static void remove(Instance instance) {
        NetworkNamespace.delete(instance.dataplane());
        Path folder = instance.namespaces();
        try {
            if (Files.isDirectory(folder)) {
                // The hidden one, and origins whose claim was cut off before it was recorded.
                try (Stream<Path> files = Files.list(folder)) {
                    files.forEach(NetworkNamespace::delete);
                }
            }
            // The folder of namespaces is a mount of its own, shared with every mount namespace.
            for (Path mounted : List.of(instance.shm(), folder)) {
                while (Files.exists(mounted) && Mount.isMountPoint(mounted)) {
                    Mount.unmount(mounted);
                }
            }
            Files.deleteIfExists(instance.shm());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
