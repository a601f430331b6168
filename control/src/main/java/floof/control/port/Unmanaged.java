package floof.control.port;

import floof.base.Durable;
import floof.control.instance.Access;
import floof.control.instance.Instance;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;

/**
 * Tells the network managers of the host to keep off a claimed device, by files under /run that
 * they read (NetworkManager.conf(5) unmanaged-devices, systemd.network(5) Unmanaged=), where they
 * are installed. A claimed device and its twin lie in namespaces that those do not look into; the
 * files are for the moments before and after, and for a manager that is started meanwhile.
 *
 * @param run where they keep their files: {@code /run}
 */
record Unmanaged(Path run) {

    private static final String NETWORK_MANAGER = "NetworkManager";
    private static final String SYSTEMD = "systemd";

    void add(Instance instance, Claim claim) throws IOException {
        Claim.Device device = claim.device();
        if (device == null) {
            return;
        }
        String name = claim.hiddenName(instance);
        if (Files.isDirectory(run.resolve(NETWORK_MANAGER))) {
            write(
                    networkManager(name),
                    "[keyfile]\nunmanaged-devices+=interface-name:%s;interface-name:%s;mac:%s\n"
                            .formatted(device.name(), name, device.mac()));
        }
        if (Files.isDirectory(run.resolve(SYSTEMD))) {
            write(
                    systemd(name),
                    "[Match]\nName=%s %s\n\n[Link]\nUnmanaged=yes\n"
                            .formatted(device.name(), name));
        }
    }

    void remove(Instance instance, Claim claim) throws IOException {
        String name = claim.hiddenName(instance);
        Files.deleteIfExists(networkManager(name));
        Files.deleteIfExists(systemd(name));
    }

    private Path networkManager(String name) {
        return run.resolve(NETWORK_MANAGER + "/conf.d/floof-" + name + ".conf");
    }

    private Path systemd(String name) {
        return run.resolve(SYSTEMD + "/network/00-floof-" + name + ".network");
    }

    /** Managers that are not root read it, too. */
    private static void write(Path file, String text) throws IOException {
        Access.list(file.resolveSibling(""));
        Durable.replace(file, text);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));
    }
}
